// SPDX-License-Identifier: MIT
#include "pages/conn-words.h"

#include "detect/findings.h"
#include "tcp/closer.h"
#include "tcp/connect-result.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

static void process_text(const struct owner *o, struct text *t)
{
	if (o->comm)
		text_str(t, o->comm);
	if (o->pid > 0)
		text_printf(t, o->comm ? "[%d]" : "process %d", o->pid);
}

/* Whose subflow it is. */
static void subflow_text(const struct tcp_conn *c, uint32_t token, struct text *t)
{
	if (!c->subflow)
		return;
	text_str(t,
		 c->subflow == TCP_SUBFLOW_FIRST ? "; the first subflow of " : "; a subflow of ");
	if (token)
		text_printf(t, "MPTCP connection %x, and a part of its bytes", token);
	else
		text_str(t, "an MPTCP connection, and a part of its bytes");
}

static void began_text(const struct conn_story *s, struct text *t)
{
	const struct tcp_conn *c = &s->conn;
	const struct owner opener = tcp_conn_opener(c);

	switch ((enum tcp_origin)c->origin) {
	case TCP_ORIGIN_CONNECT:
		if (tcp_conn_is_join(c)) {
			text_str(t, "the kernel of this host connected");
			return;
		}
		text_str(t, "this host connected");
		if (opener.basis == OWNER_CONNECT && (opener.comm || opener.pid > 0)) {
			text_str(t, ": ");
			process_text(&opener, t);
		}
		return;
	case TCP_ORIGIN_ACCEPT: text_str(t, "the peer connected, this host accepted"); return;
	case TCP_ORIGIN_HALF_OPEN:
		text_str(t, "the peer connected, and its handshake was not completed");
		return;
	default: break;
	}
	text_str(t, "before the recording");
	if (c->was_connecting)
		text_str(t, ", and was still connecting");
	else if (c->is_client)
		text_str(t, ": this host connected");
}

void conn_began_text(const struct conn_story *s, struct text *t)
{
	began_text(s, t);
	subflow_text(&s->conn, s->attempt.mptcp_token, t);
}

static void attempt_ended_text(const struct conn_story *s, struct text *t)
{
	enum connect_result r = connect_result_of(&s->conn);
	const char *name = connect_result_name(r), *why = connect_why(&s->conn, r);

	text_printf(t, "the connect failed: %s", name ? name : "?");
	if (why)
		text_printf(t, " (%s)", why);
}

void conn_ended_text(const struct conn_story *s, struct text *t)
{
	static const char *const words[] = {
		[TCP_ENDING_OPEN] = "it is open where the tape ends",
		[TCP_ENDING_LOCAL_FIN] = "this host closed first",
		[TCP_ENDING_REMOTE_FIN] = "the peer closed first",
		[TCP_ENDING_BOTH_FIN] = "both ends closed at once",
		[TCP_ENDING_LOCAL_RESET] = "this host sent a RST",
		[TCP_ENDING_REMOTE_RESET] = "the peer sent a RST",
		[TCP_ENDING_TIMEOUT] = "the kernel gave it up, as nothing was acknowledged",
		[TCP_ENDING_ERROR] = "an error ended it",
		[TCP_ENDING_DESTROYED] = "somebody destroyed the socket (ss -K)",
		[TCP_ENDING_ABORTED] = "its process gave it up without FIN or RST",
		[TCP_ENDING_UNSEEN] = "its end is not on the tape",
	};
	const struct tcp_conn *c = &s->conn;
	const char *err = s->cold.err ? tcp_errno_name(s->cold.err) : NULL;

	if (tcp_conn_is_attempt(c) && connect_has_failed(c, connect_result_of(c)) &&
	    c->ending != TCP_ENDING_OPEN)
		attempt_ended_text(s, t);
	else
		text_str(t, c->ending < ARRAY_SIZE(words) ? words[c->ending] : "?");
	if (err)
		text_printf(t, ", %s", err);
}

/* Who had closed before the RST, by the TCP state that it found. */
static const char *closed_before(unsigned int state)
{
	switch (state) {
	case TCP_STATE_FIN_WAIT1:
	case TCP_STATE_FIN_WAIT2: return "this host had closed before";
	case TCP_STATE_CLOSE_WAIT: return "the peer had closed before";
	case TCP_STATE_LAST_ACK:
	case TCP_STATE_CLOSING:
	case TCP_STATE_TIME_WAIT: return "both had closed before";
	case TCP_STATE_ESTABLISHED: return "nobody had closed before";
	default: return NULL;
	}
}

void conn_reset_text(const struct conn_story *s, struct text *t)
{
	const struct tcp_conn_reset *r = &s->cold.reset;
	const char *kind = reset_kind_name(reset_kind_at_end(r->kind, &s->conn));
	const char *state = tcp_state_name(r->state), *closed = closed_before(r->state);

	if (!r->ts_ns)
		return;
	text_printf(t, "%s: %s", r->is_sent ? "sent" : "received", kind ? kind : "?");
	if (state)
		text_printf(t, ", in %s", state);
	if (r->reason)
		text_printf(t, ", for %s", r->reason);
	if (closed)
		text_printf(t, "; %s", closed);
}

static void comma_plural(struct text *t, size_t from, uint64_t n, const char *what)
{
	if (!n)
		return;
	text_str(t, t->len > from ? ", " : "");
	plural_text(t, n, what);
}

bool conn_retrans_text(const struct tcp_conn *c, struct text *t)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	uint32_t handshake = cold->n_syns + cold->n_synacks;
	size_t from = t->len;

	comma_plural(t, from, c->n_retrans > handshake ? c->n_retrans - handshake : 0,
		     "retransmission");
	comma_plural(t, from, cold->n_timeouts > cold->n_syns ? cold->n_timeouts - cold->n_syns : 0,
		     "timeout");
	comma_plural(t, from, cold->n_syns, "retransmitted SYN");
	comma_plural(t, from, cold->n_synacks, "retransmitted SYN-ACK");
	comma_plural(t, from, cold->n_probes, "tail loss probe");
	comma_plural(t, from, cold->n_failed, "failed attempt");
	return t->len > from;
}

void conn_worst_text(const struct worst_conn *c, struct text *t)
{
	const struct conn_history *h = c->conn_history;
	size_t from = t->len;

	if (c->badness <= 1 && !c->traffic.probes) {
		text_str(t, "nothing went wrong with any, and it moved the most data");
		return;
	}
	if (c->life.ending == TCP_ENDING_TIMEOUT && c->life.was_established)
		text_str(t, "the kernel gave it up");
	else if (c->life.origin == TCP_ORIGIN_CONNECT && !c->life.was_established)
		text_str(t, "it was never established");
	if (h && h->worst_run.n > 2)
		comma_plural(t, from, h->worst_run.n, "consecutive timeout");
	else
		comma_plural(t, from, c->traffic.timeouts, "timeout");
	comma_plural(t, from, c->traffic.retrans, "retransmission");
	comma_plural(t, from, c->traffic.handshake_retrans, "handshake retransmission");
	comma_plural(t, from, c->traffic.resets, "RST");
	comma_plural(t, from, c->traffic.probes, "tail loss probe");
	if (t->len == from)
		text_str(t, "the way it ended");
}
