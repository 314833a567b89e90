// SPDX-License-Identifier: MIT
#include "detect/mtu-healing.h"

#include <stdio.h>

#include "counter/book.h"
#include "tcp/names.h"

/* The headers of IPv4 and TCP without options, and of IPv6 and TCP with the options of everyday: a
 * packet has so many bytes beside a segment's data, at least and at most. */
#define HEADERS_LEAST 40u
#define HEADERS_MOST  100u

/* True if the connection went on after a stall, and its figures are known. */
static bool has_gone_on(const struct conn_history *t)
{
	return t && t->worst_run.n >= STALL_TIMEOUTS && t->worst_run.moved_ns &&
	       t->figures.is_known && t->figures.mss;
}

static bool is_seen(const struct conn_history *t)
{
	const struct stall_figures *f = &t->figures;

	return f->mss < t->mss_most && f->pmtu >= t->mss_most + HEADERS_LEAST;
}

static bool has_grown(const struct gathered *in, uint32_t netns, const char *counter)
{
	const struct counter_book *book = in->context->counters;
	struct counter_change c;

	return book && netns && counter_book_get_of(book, netns, counter, &c) && c.grew;
}

/* The kernel has probed for a path MTU in the network namespace. */
static bool has_probed(const struct gathered *in, uint32_t netns)
{
	return has_grown(in, netns, "TcpExt.TCPMTUPFail") ||
	       has_grown(in, netns, "TcpExt.TCPMTUPSuccess");
}

static bool is_counted(const struct gathered *in, uint32_t netns, const struct conn_history *t)
{
	return t->figures.pmtu > t->figures.mss + HEADERS_MOST && has_probed(in, netns);
}

enum mtu_basis mtu_healed_by(const struct gathered *in, uint32_t netns,
			     const struct conn_history *t)
{
	if (!has_gone_on(t))
		return MTU_NOT_HEALED;
	if (is_seen(t))
		return MTU_SEEN;
	return is_counted(in, netns, t) ? MTU_COUNTED : MTU_NOT_HEALED;
}

static struct counters healed_sums(const struct tcp_conn *c, const struct conn_history *t)
{
	const struct tcp_conn_cold *cold = tcp_conn_cold(c);
	uint32_t handshake = cold->n_syns + cold->n_synacks;
	uint32_t timeouts = cold->n_timeouts > handshake ? cold->n_timeouts - handshake : 0;
	uint32_t all = c->n_retrans > handshake ? c->n_retrans - handshake : 0;
	struct counters s = {0};

	s.conns.with_retrans = 1;
	s.conns.timed_out = 1;
	s.events.retrans[TCP_CAUSE_RTO] = timeouts;
	s.events.retrans[TCP_CAUSE_LOSS] = all > timeouts ? all - timeouts : 0;
	s.events.retrans[TCP_CAUSE_TLP] = cold->n_probes;
	s.events.series = 1;
	s.events.stall_retrans = t->stall_retrans;
	s.tcp_info.with_retrans = t->figures.retrans_bytes > 0;
	s.tcp_info.retrans_segs = t->figures.retrans_segs;
	s.tcp_info.retrans_bytes = t->figures.retrans_bytes;
	s.tcp_info.timeouts = timeouts;
	s.tcp_info.timeouts_ms = t->figures.timeouts_ms;
	return s;
}

void mtu_healing_note(struct mtu_healing *m, const struct gathered *in, const struct tcp_conn *c,
		      const struct conn_history *t)
{
	struct mtu_healed *h;

	if (m->n >= MTU_HEALING_MAX || !has_gone_on(t) ||
	    (!is_seen(t) && t->figures.pmtu <= t->figures.mss + HEADERS_MOST))
		return;
	h = &m->items[m->n++];
	*h = (struct mtu_healed){.subject = gathered_subject_of_conn(in, c),
				 .netns = c->netns,
				 .is_seen = is_seen(t),
				 .sums = healed_sums(c, t)};
	if (h->subject.comm)
		snprintf(h->comm, sizeof(h->comm), "%s", h->subject.comm);
}

int mtu_healing_explain(const struct mtu_healing *m, struct gathered *in)
{
	int r = 0;

	for (size_t i = 0; !r && i < m->n; i++) {
		const struct mtu_healed *h = &m->items[i];
		struct conn_subject s = h->subject;

		if (!h->is_seen && !has_probed(in, h->netns))
			continue;
		s.comm = s.comm ? h->comm : NULL;
		r = gathered_explain(in, &s, &h->sums);
	}
	return r;
}
