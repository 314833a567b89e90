// SPDX-License-Identifier: MIT
/*
 * conn-facts: the head of a connection's story: which one it is, whose, how it began and ended, and
 * its last figures.
 */
#include "base/units.h"
#include "cells/conn-cells.h"
#include "detect/findings.h"
#include "pages/conn-page.h"
#include "pages/conn-words.h"
#include "pages/fact-list.h"
#include "tcp/connect-result.h"
#include "tcp/container.h"
#include "tcp/names.h"

/* What the recording adds to a field of struct tcp_info, where the field is known at both times;
 * else the field itself. False: it is not known. */
static bool figure_growth(const struct conn_figures *f, enum tcp_info_field field, uint64_t *ret)
{
	uint64_t base, last;

	if (!f || !tcp_info_get(&f->last, field, &last))
		return false;
	*ret = tcp_info_get(&f->base, field, &base) && base <= last ? last - base : last;
	return true;
}

static void facts_of_choice(struct facts *l, const struct conn_page *p)
{
	if (!p->n_conns)
		return;
	if (p->n_conns == 1) {
		text_str(&l->text, "the only connection of the tape");
	} else {
		text_str(&l->text, "the worst of ");
		plural_text(&l->text, p->n_conns, "connection");
		text_str(&l->text, ": ");
		conn_worst_text(p->told, &l->text);
	}
	facts_add_words(l, "chosen", "chosen");
}

static void facts_of_identity(struct facts *l, const struct conn_page *p)
{
	const struct labels *names = gathered_labels(p->in);
	const struct tcp_conn *c = &p->in->story.conn;
	struct document_item *item;

	facts_add(l, "family", NULL)->cell = cell_conn_family(c);
	facts_add(l, "laddr", NULL)->cell = cell_addr(&c->local.addr);
	facts_add(l, "lport", NULL)->cell = cell_port(c->local.port);
	facts_add(l, "raddr", NULL)->cell = cell_addr(&c->remote.addr);
	facts_add(l, "rport", NULL)->cell = cell_port(c->remote.port);
	facts_add_str(l, "llabel", NULL, labels_name(names, &c->local));
	facts_add_str(l, "rlabel", NULL, labels_name(names, &c->remote));
	facts_add(l, "number", NULL)->cell = cell_u64(c->id);
	if (c->sk) {
		text_str(&l->text, "sk 0x");
		text_hex(&l->text, c->sk);
	}
	if (c->cookie)
		text_printf(&l->text, "%scookie %llu", l->text.len ? ", " : "",
			    (unsigned long long)c->cookie);
	if (c->netns)
		text_printf(&l->text, "%snetwork namespace %u", l->text.len ? ", " : "", c->netns);
	item = facts_add(l, "sk", l->text.len ? "socket" : NULL);
	item->cell = c->sk ? cell_hex(c->sk) : cell_absent();
	item->words = document_builder_text(l->builder, &l->text);
	facts_add(l, "cookie", NULL)->cell = cell_some(c->cookie);
	facts_add(l, "netns", NULL)->cell = cell_some(c->netns);
}

static void facts_of_owner(struct facts *l, const struct conn_page *p)
{
	const struct tcp_conn *c = &p->in->story.conn;
	const struct owner *o = &c->owner;
	const struct owner_cgroup *cgroup = view_cgroup_of(p->in->context, o);
	const char *basis = owner_basis_name(o->basis);
	struct container container;
	struct document_item *item;

	if (o->comm)
		text_str(&l->text, o->comm);
	if (o->pid > 0)
		text_printf(&l->text, o->comm ? "[%d]" : "process %d", o->pid);
	if (l->text.len && basis)
		text_printf(&l->text, ", by %s", basis);
	item = facts_add(l, "pid", l->text.len ? "process" : NULL);
	item->cell = cell_pid(o->pid);
	item->words = document_builder_text(l->builder, &l->text);
	facts_add(l, "comm", NULL)->cell = o->comm ? cell_str(o->comm) : cell_absent();
	facts_add(l, "owner", NULL)->cell = cell_owner(o);
	facts_add_str(l, "cgroup", NULL, cgroup ? cgroup->path : NULL);
	if (!cgroup)
		return;
	container_of_path(cgroup->path, &container);
	if (!container.name[0])
		return;
	facts_add_str(l, "container", "container",
		      document_builder_string(l->builder, container.name));
	facts_add_str(l, "pod", "pod", document_builder_string(l->builder, container.pod));
	facts_add_str(l, "container_by", NULL, cgroup_basis_name(cgroup->by));
}

static void facts_of_life(struct facts *l, const struct conn_page *p)
{
	const struct conn_story *s = &p->in->story;
	const struct tcp_conn *c = &s->conn;
	const char *began = tcp_origin_name(c->origin), *ended = tcp_ending_name(c->ending);
	struct document_item *item;
	uint64_t ns;
	bool is_exact = tcp_conn_duration(c, &ns);

	facts_add(l, "started", c->is_born ? "from" : "seen from")->cell = cell_time(c->seen_ns);
	conn_began_text(s, &l->text);
	item = facts_add(l, "began", "began");
	item->cell = cell_word(began);
	item->words = document_builder_text(l->builder, &l->text);
	item = facts_add(l, "ended_at", c->ending == TCP_ENDING_OPEN ? NULL : "to");
	item->cell = cell_time(c->end_ns);
	conn_ended_text(s, &l->text);
	item = facts_add(l, "ended", "ended");
	item->cell = cell_word(ended);
	item->words = document_builder_text(l->builder, &l->text);
	units_duration(&l->text, ns);
	if (!is_exact)
		text_str(&l->text, " on the tape");
	facts_add_number(l, is_exact ? "duration_ns" : "observed_ns", "length", ns);
	facts_add(l, "state", NULL)->cell = cell_state(c->state);
	facts_add(l, "err", NULL)->cell =
		s->cold.err ? cell_str(tcp_errno_name(s->cold.err)) : cell_absent();
	if (s->attempt.icmp_ns)
		facts_add(l, "icmp_error", "ICMP error")->cell = cell_time(s->attempt.icmp_ns);
}

static void facts_of_handshake(struct facts *l, const struct conn_story *s)
{
	const struct tcp_conn *c = &s->conn;
	uint64_t ns;

	if (c->is_born && c->established_ns) {
		ns = c->established_ns - c->seen_ns;
		units_duration(&l->text, ns);
		if (s->cold.n_syns) {
			text_str(&l->text, ", ");
			plural_text(&l->text, s->cold.n_syns, "retransmitted SYN");
		}
		if (s->cold.n_synacks) {
			text_str(&l->text, ", ");
			plural_text(&l->text, s->cold.n_synacks, "retransmitted SYN-ACK");
		}
		facts_add_number(l, "connect_ns", "handshake", ns);
	}
	facts_add(l, "syn_retrans", NULL)->cell = cell_some(s->cold.n_syns);
	facts_add(l, "synack_retrans", NULL)->cell = cell_some(s->cold.n_synacks);
}

static void facts_of_bytes(struct facts *l, const struct tcp_conn *c)
{
	uint64_t tx, rx;
	enum tcp_bytes_by by = tcp_conn_bytes(c, &tx, &rx);

	if (by == TCP_BYTES_UNKNOWN)
		return;
	units_size(&l->text, tx);
	text_str(&l->text, " sent, ");
	units_size(&l->text, rx);
	text_str(&l->text, " received");
	facts_add_number(l, "tx_bytes", "data", tx);
	facts_add(l, "rx_bytes", NULL)->cell = cell_u64(rx);
	facts_add(l, "bytes_by", NULL)->cell = cell_word(tcp_bytes_by_name(by));
}

static void facts_of_retransmissions(struct facts *l, const struct conn_page *p)
{
	const struct conn_story *s = &p->in->story;
	const struct tcp_conn *c = &s->conn;
	const struct conn_figures *f = p->told->conn_history ? p->told->conn_history->story : NULL;
	bool is_known = c->n_retrans || c->knows_retrans;
	uint64_t spurious = 0;
	uint32_t segs = 0;
	bool has_segs;

	if (!is_known)
		text_str(&l->text, "not recorded");
	else if (!conn_retrans_text(c, &l->text))
		text_str(&l->text, "none");
	if (figure_growth(f, TCP_INFO_DSACK_DUPS, &spurious) && spurious) {
		text_str(&l->text, "; ");
		units_count(&l->text, spurious);
		text_str(&l->text, " spurious: the peer got them twice (DSACK)");
	}
	facts_add_number(l, "retrans", "retransmitted", c->n_retrans);
	if (!is_known)
		l->items[l->n - 1].cell = cell_absent();
	facts_add(l, "timeouts", NULL)->cell = cell_some(s->cold.n_timeouts);
	facts_add(l, "loss_probes", NULL)->cell = cell_some(s->cold.n_probes);
	facts_add(l, "failed_attempts", NULL)->cell = cell_some(s->cold.n_failed);
	has_segs = tcp_conn_retrans_segs(c, &segs);
	facts_add(l, "retrans_segs", NULL)->cell = cell_if(has_segs, segs);
	facts_add(l, "spurious", NULL)->cell = cell_some(spurious);
	conn_reset_text(s, &l->text);
	facts_add_words(l, "reset", "RST");
	facts_add(l, "resets_sent", NULL)->cell = cell_some(s->cold.n_resets_sent);
	facts_add(l, "resets_received", NULL)->cell = cell_some(s->cold.n_resets_received);
}

static void fact_of_rtt(struct facts *l, const struct conn_figures *f)
{
	uint64_t rtt, least;

	if (!tcp_info_get(&f->last, TCP_INFO_RTT_US, &rtt) || !rtt)
		return;
	units_duration(&l->text, rtt * NSEC_PER_USEC);
	text_str(&l->text, " at the end, smoothed");
	if (tcp_info_get(&f->last, TCP_INFO_MIN_RTT_US, &least) && least != UINT32_MAX) {
		text_str(&l->text, "; ");
		units_duration(&l->text, least * NSEC_PER_USEC);
		text_str(&l->text, " at least");
	}
	facts_add_number(l, "rtt_us", "round trip", rtt);
}

/* The time in which something else than the network held the sender back. */
static void fact_of_limits(struct facts *l, const struct conn_figures *f)
{
	static const struct {
		enum tcp_info_field field;
		const char *words;
	} limits[] = {
		{TCP_INFO_RWND_LIMITED_US, "by the peer's receive window"},
		{TCP_INFO_SNDBUF_LIMITED_US, "by its own send buffer"},
	};
	bool is_held = false;
	uint64_t us;

	if (figure_growth(f, TCP_INFO_BUSY_TIME_US, &us) && us) {
		text_str(&l->text, "had data to send for ");
		units_duration(&l->text, us * NSEC_PER_USEC);
	}
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		if (!figure_growth(f, limits[i].field, &us) || !us)
			continue;
		text_str(&l->text, l->text.len ? ", " : "");
		text_str(&l->text, is_held ? "" : "held back ");
		is_held = true;
		units_duration(&l->text, us * NSEC_PER_USEC);
		text_printf(&l->text, " %s", limits[i].words);
	}
	facts_add_words(l, "limited", "sending");
}

/* All fields of the last struct tcp_info, for machines. */
static void facts_of_figures(struct facts *l, const struct conn_page *p)
{
	const struct conn_figures *f = p->told->conn_history ? p->told->conn_history->story : NULL;

	if (!f || !f->last_ns)
		return;
	fact_of_rtt(l, f);
	fact_of_limits(l, f);
	facts_add(l, "tcp_info_ts_ns", NULL)->cell = cell_u64(f->last_ns);
	for (unsigned int i = 0; i < TCP_INFO_N; i++) {
		uint64_t value;

		if (!tcp_info_get(&f->last, i, &value))
			continue;
		text_printf(&l->text, "tcp_info_%s", tcp_info_fields[i].name);
		facts_add(l, document_builder_text(l->builder, &l->text), NULL)->cell =
			cell_u64(value);
	}
}

/* How much of the life lies in stretches of time in which events were lost. */
static void facts_of_losses(struct facts *l, const struct conn_page *p)
{
	const struct worst_conn_life *life = &p->told->life;
	const struct tape_facts *facts = p->facts;
	uint64_t ns = 0, n = 0;

	for (size_t i = 0; i < facts->n_gaps; i++) {
		uint64_t from = facts->gaps[i].from_ns, to = facts->gaps[i].to_ns;

		from = from > life->seen_ns ? from : life->seen_ns;
		to = to < life->end_ns ? to : life->end_ns;
		if (from > to)
			continue;
		ns += to - from;
		n++;
	}
	if (!n)
		return;
	text_str(&l->text, "events were lost in ");
	units_duration(&l->text, ns);
	text_str(&l->text, " of its life: counts are lower bounds");
	facts_add_number(l, "lost_ns", "lost", ns);
}

void conn_page_facts(struct conn_page *p)
{
	const struct conn_story *s = &p->in->story;
	struct facts l;

	if (!facts_init(&l, &p->builder))
		return;
	facts_of_choice(&l, p);
	facts_of_identity(&l, p);
	facts_of_owner(&l, p);
	facts_of_life(&l, p);
	facts_of_handshake(&l, s);
	facts_of_bytes(&l, &s->conn);
	facts_of_retransmissions(&l, p);
	facts_of_figures(&l, p);
	facts_of_losses(&l, p);
	text_done(&l.text);
	p->document.facts = l.items;
	p->document.n_facts = l.n;
}
