// SPDX-License-Identifier: MIT
#include "track/resolve-cause.h"

#include "tcp/names.h"

static void set_cause(struct tcp_event *e, enum tcp_cause cause, enum tcp_basis basis)
{
	e->cause = cause;
	e->cause_by = basis;
}

/*
 * Decides the cause of a retransmission that was deferred until the process released the socket
 * (tcp_release_cb): the call chain does not show which work was deferred, the congestion state
 * does. In Recovery it is a recovery that TCP small queues had held up (tcp_tsq_write). The first
 * retransmission in Loss answers a smaller path MTU (tcp_simple_retransmit), because a
 * retransmission timer has a frame of its own; that needs the field `err` (from 6.17 on), without
 * which an earlier attempt in Loss may have failed unseen.
 */
static void cause_of_deferred(struct tcp_event *e, int ca, bool is_first_in_loss)
{
	if (ca == TCP_CA_STATE_RECOVERY) {
		set_cause(e, TCP_CAUSE_FAST, TCP_BASIS_CA_STATE);
		e->trigger = TCP_TRIGGER_TSQ;
	} else if (ca == TCP_CA_STATE_LOSS && is_first_in_loss && tcp_event_has(e, TCP_FIELD_ERR)) {
		set_cause(e, TCP_CAUSE_PMTU, TCP_BASIS_CA_STATE);
		e->trigger = TCP_TRIGGER_ICMP;
	}
}

static void cause_by_stack(struct tcp_event *e, int state, int ca, bool is_first_in_loss)
{
	e->trigger = e->chain.trigger;
	set_cause(e, e->chain.cause, TCP_BASIS_STACK);
	if (e->cause == TCP_CAUSE_RTO && state == TCP_STATE_SYN_SENT)
		e->cause = TCP_CAUSE_SYN;
	if (e->cause == TCP_CAUSE_RECOVERY && ca == TCP_CA_STATE_RECOVERY)
		set_cause(e, TCP_CAUSE_FAST, TCP_BASIS_CA_STATE);
	else if (e->cause == TCP_CAUSE_RECOVERY && ca == TCP_CA_STATE_LOSS)
		set_cause(e, TCP_CAUSE_LOSS, TCP_BASIS_CA_STATE);
	else if (e->cause == TCP_CAUSE_DEFERRED)
		cause_of_deferred(e, ca, is_first_in_loss);
}

/* Without a call chain that tells something the result is right for about nine retransmissions in
 * ten. */
static void cause_by_state(struct tcp_event *e, int state, int ca, bool is_first_in_loss)
{
	if (state == TCP_STATE_SYN_SENT)
		set_cause(e, TCP_CAUSE_SYN, TCP_BASIS_STATE);
	else if (ca == TCP_CA_STATE_OPEN)
		set_cause(e, TCP_CAUSE_TLP, TCP_BASIS_CA_STATE);
	else if (ca == TCP_CA_STATE_RECOVERY)
		set_cause(e, TCP_CAUSE_FAST, TCP_BASIS_CA_STATE);
	else if (ca == TCP_CA_STATE_LOSS)
		set_cause(e, is_first_in_loss ? TCP_CAUSE_RTO : TCP_CAUSE_LOSS, TCP_BASIS_CA_STATE);
	else
		set_cause(e, TCP_CAUSE_UNKNOWN, TCP_BASIS_NONE);
}

void resolve_cause(struct tcp_event *e, struct tcp_conn *c)
{
	int ca = c && c->has_ca ? c->ca : -1;
	int state = tcp_event_has(e, TCP_FIELD_STATE) ? e->state : c ? c->state : 0;
	bool is_first_in_loss;

	if (e->kind == TCP_KIND_RETRANSMIT_SYNACK) {
		/* The kind of the event gives the cause; the chain adds only the trigger. */
		bool by_chain = e->chain.cause == TCP_CAUSE_SYNACK;

		e->trigger = by_chain ? e->chain.trigger : TCP_TRIGGER_NONE;
		set_cause(e, TCP_CAUSE_SYNACK, by_chain ? TCP_BASIS_STACK : TCP_BASIS_STATE);
		return;
	}
	if (e->kind != TCP_KIND_RETRANSMIT)
		return;
	is_first_in_loss = c && !c->has_resent_in_loss;
	/* A chain without a known function is cut, as unwinders of some architectures leave it, or
	 * has names that are not known here. It tells no more than none. */
	if (e->chain.cause != TCP_CAUSE_NONE && e->chain.cause != TCP_CAUSE_UNKNOWN)
		cause_by_stack(e, state, ca, is_first_in_loss);
	else
		cause_by_state(e, state, ca, is_first_in_loss);
	if (c)
		c->has_resent_in_loss = true;
}
