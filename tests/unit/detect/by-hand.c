// SPDX-License-Identifier: MIT
#include "by-hand.h"

#include <string.h>

#include "base/units.h"

int by_hand_setup(void **state)
{
	struct by_hand *h = calloc(1, sizeof(*h));

	if (!h)
		return -1;
	h->context = (struct view_context){
		.filter = &h->filter, .until_ns = UINT64_MAX, .recorded = TCP_KINDS_ALL};
	h->facts = (struct tape_facts){.tape = "a.tape", .recorded = 1000};
	if (gather_view.init(&h->in, NULL, &h->context, NULL, NULL) < 0)
		return -1;
	h->in.from_ns = 1000 * NSEC_PER_SEC;
	h->in.to_ns = 1010 * NSEC_PER_SEC;
	h->in.n_events = 100;
	*state = h;
	return 0;
}

int by_hand_teardown(void **state)
{
	struct by_hand *h = *state;

	findings_done(&h->findings);
	document_builder_done(&h->builder);
	gather_view.done(&h->in);
	free(h);
	return 0;
}

static struct conn_subject between(uint8_t net, uint8_t peer)
{
	const uint8_t here[] = {192, 0, 2, 1}, there[] = {10, 0, net, peer};

	return (struct conn_subject){
		.local.addr = ip_addr_v4(here),
		.remote.addr = ip_addr_v4(there),
	};
}

struct conn_subject caller_of(uint8_t net, uint8_t peer, uint16_t port)
{
	struct conn_subject s = between(net, peer);

	s.is_caller = true;
	s.local.port = 40000;
	s.remote.port = port;
	return s;
}

struct conn_subject served_at(uint8_t net, uint8_t peer, uint16_t port)
{
	struct conn_subject s = between(net, peer);

	s.is_served = true;
	s.local.port = port;
	s.remote.port = 50000;
	return s;
}

static void add(struct by_hand *h, struct counters *to, const struct counters *s)
{
	to->conns += s->conns;
	to->established += s->established;
	to->with_retrans += s->with_retrans;
	to->timed_out += s->timed_out;
	to->accepted += s->accepted;
	to->half_open += s->half_open;
	to->series += s->series;
	to->stall_series += s->stall_series;
	to->stall_retrans += s->stall_retrans;
	to->segs += s->segs;
	to->waited_ns += s->waited_ns;
	to->recoveries += s->recoveries;
	to->tlp_recovered += s->tlp_recovered;
	to->bad_csums += s->bad_csums;
	to->attempts += s->attempts;
	to->syns += s->syns;
	to->slow_by_syn += s->slow_by_syn;
	to->unanswered += s->unanswered;
	to->with_tcp_info += s->with_tcp_info;
	to->sent_bytes += s->sent_bytes;
	to->resent_bytes += s->resent_bytes;
	to->resegs += s->resegs;
	to->spurious_bytes += s->spurious_bytes;
	to->timeouts += s->timeouts;
	to->timeouts_ms += s->timeouts_ms;
	to->io_tx += s->io_tx;
	for (unsigned int i = 0; i < TCP_CAUSE_N; i++)
		to->retrans[i] += s->retrans[i];
	for (unsigned int i = 0; i < CONNECT_RESULTS; i++)
		to->results[i] += s->results[i];
	if (!s->latency)
		return;
	if (!to->latency)
		to->latency = arena_alloc(&h->in.arena, sizeof(*to->latency));
	assert_non_null(to->latency);
	to->latency->count += s->latency->count;
	for (unsigned int i = 0; i < LATENCY_STEPS; i++)
		to->latency->steps[i] += s->latency->steps[i];
	if (s->latency->greatest_ns > to->latency->greatest_ns)
		to->latency->greatest_ns = s->latency->greatest_ns;
}

void by_hand_add(struct by_hand *h, const struct conn_subject *subject, const struct counters *s)
{
	struct counter_sets sets;

	assert_int_equal(gathered_sets_of(&h->in, subject, &sets), 0);
	for (size_t i = 0; i < sets.n; i++)
		add(h, sets.items[i], s);
}

void by_hand_find(struct by_hand *h)
{
	findings_done(&h->findings);
	h->findings = (struct findings){.builder = &h->builder, .in = &h->in, .facts = &h->facts};
	assert_int_equal(findings_make(&h->findings), 0);
	/* Something is always said, and all of it. */
	assert_true(h->findings.n > 0);
	for (size_t i = 0; i < h->findings.n; i++) {
		const struct document_finding *x = &h->findings.items[i]->shown;

		assert_true(strlen(x->title) > 0);
		assert_non_null(x->meaning);
		assert_non_null(x->rule);
		assert_non_null(x->sure);
		assert_non_null(x->command);
		assert_true(x->until_ns >= x->since_ns);
		assert_true(!i || x->level <= h->findings.items[i - 1]->shown.level);
		for (size_t k = 0; k < x->n_evidence; k++) {
			for (size_t j = 0; j < k; j++)
				assert_string_not_equal(x->evidence[j].key, x->evidence[k].key);
		}
	}
}

size_t by_hand_count(const struct by_hand *h, const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < h->findings.n; i++)
		n += !strcmp(h->findings.items[i]->shown.id, id);
	return n;
}

const struct document_finding *by_hand_first(const struct by_hand *h, const char *id)
{
	for (size_t i = 0; i < h->findings.n; i++) {
		if (!strcmp(h->findings.items[i]->shown.id, id))
			return &h->findings.items[i]->shown;
	}
	return NULL;
}

void by_hand_expect(struct by_hand *h, const char *id, int level)
{
	const struct document_finding *x;

	by_hand_find(h);
	x = by_hand_first(h, id);
	assert_int_equal(x ? (int)x->level : NOTHING, level);
}
