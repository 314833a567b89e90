// SPDX-License-Identifier: MIT
#include "support/scene.h"

#include <string.h>

#include "base/units.h"
#include "counter/book.h"
#include "gather/gather-view.h"
#include "support/tape-script.h"
#include "tape/reader.h"
#include "tcp/names.h"

static uint64_t scene_start(void *userdata)
{
	return SCENE_START_S * NSEC_PER_SEC;
}

int scene_setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));

	if (!s)
		return -1;
	s->context = (struct view_context){
		.filter = &s->filter,
		.until_ns = UINT64_MAX,
		.recorded = TCP_KINDS_ALL,
		.clock = {.start = scene_start},
	};
	s->facts = (struct tape_facts){.tape = "a.tape", .recorded = 1000};
	s->now_ns = (SCENE_START_S + 1) * NSEC_PER_SEC;
	*state = s;
	return gather_view.init(&s->in, &detectors_gather_options, &s->context, NULL, NULL);
}

int scene_teardown(void **state)
{
	struct scene *s = *state;

	findings_done(&s->findings);
	document_builder_done(&s->builder);
	gather_view.done(&s->in);
	counter_book_free(s->book);
	tape_reader_close(s->reader);
	buffer_done(&s->tape);
	arena_done(&s->arena);
	free(s);
	return 0;
}

struct scene *scene_anew(void **state)
{
	scene_teardown(state);
	assert_int_equal(scene_setup(state), 0);
	return *state;
}

void scene_counters(struct scene *s, const char *script)
{
	struct source *source;
	struct tape_section section;

	s->tape = tape_script(script);
	assert_int_equal(source_open_memory(s->tape.data, s->tape.len, &source), 0);
	assert_int_equal(tape_reader_open(source, &s->reader, NULL), 0);
	assert_int_equal(counter_book_new(tape_reader_meta(s->reader), &s->book), 0);
	while (tape_reader_next(s->reader, NULL, NULL, &section, NULL) > 0) {
		if (section.header.kind == TAPE_KIND_COUNTERS)
			assert_int_equal(
				counter_book_take(s->book, section.payload, section.header.raw_len),
				0);
	}
	s->context.counters = s->book;
}

struct endpoint scene_peer(uint8_t net, uint8_t host, uint16_t port)
{
	const uint8_t bytes[] = {10, 0, net, host};

	return (struct endpoint){ip_addr_v4(bytes), port};
}

static struct tcp_conn *scene_conn(struct scene *s, struct endpoint remote, uint16_t lport)
{
	const uint8_t here[] = {192, 0, 2, 1};
	struct tcp_conn *c = arena_alloc(&s->arena, sizeof(*c));

	assert_non_null(c);
	*c = (struct tcp_conn){
		.id = ++s->n_conns,
		.family = 4,
		.local = {ip_addr_v4(here), lport},
		.remote = remote,
		.is_born = true,
		.was_established = true,
		.seen_ns = (SCENE_START_S + 1) * NSEC_PER_SEC,
		.established_ns = (SCENE_START_S + 1) * NSEC_PER_SEC + NSEC_PER_MSEC,
		.end_ns = (SCENE_END_S - 1) * NSEC_PER_SEC,
		.state = TCP_STATE_ESTABLISHED,
		.ending = TCP_ENDING_LOCAL_FIN,
	};
	return c;
}

struct tcp_conn *scene_call(struct scene *s, uint8_t net, uint8_t host, uint16_t port)
{
	struct tcp_conn *c = scene_conn(s, scene_peer(net, host, port), 40000);

	c->origin = TCP_ORIGIN_CONNECT;
	return c;
}

struct tcp_conn *scene_serve(struct scene *s, uint8_t net, uint8_t host, uint16_t port)
{
	struct tcp_conn *c = scene_conn(s, scene_peer(net, host, 50000), port);

	c->origin = TCP_ORIGIN_ACCEPT;
	return c;
}

struct tcp_conn_cold *scene_cold(struct scene *s, struct tcp_conn *c)
{
	if (!c->cold)
		c->cold = arena_alloc(&s->arena, sizeof(*c->cold));
	assert_non_null(c->cold);
	return c->cold;
}

struct tcp_conn_attempt *scene_attempt(struct scene *s, struct tcp_conn *c)
{
	struct tcp_conn_cold *cold = scene_cold(s, c);

	if (!cold->attempt)
		cold->attempt = arena_alloc(&s->arena, sizeof(*cold->attempt));
	assert_non_null(cold->attempt);
	return cold->attempt;
}

void scene_end(struct scene *s, struct tcp_conn *c)
{
	assert_int_equal(gather_view.conn(&s->in, c, NULL, NULL), 0);
}

void scene_end_calls(struct scene *s, size_t n, uint8_t net, uint8_t host, uint16_t port)
{
	while (n--)
		scene_end(s, scene_call(s, net, host, port));
}

void scene_end_serves(struct scene *s, size_t n, uint8_t net, uint8_t host, uint16_t port)
{
	while (n--)
		scene_end(s, scene_serve(s, net, host, port));
}

void scene_end_attempts(struct scene *s, size_t n, uint8_t net, uint8_t host, uint16_t port,
			enum tcp_ending ending, int32_t err, uint32_t syns)
{
	while (n--) {
		struct tcp_conn *c = scene_call(s, net, host, port);

		c->was_established = false;
		c->established_ns = 0;
		c->ending = ending;
		c->n_retrans = syns;
		scene_cold(s, c)->n_syns = syns;
		c->cold->n_timeouts = syns;
		c->cold->err = err;
		c->cold->n_resets_received = ending == TCP_ENDING_REMOTE_RESET;
		scene_end(s, c);
	}
}

struct tcp_event scene_event(const struct scene *s, enum tcp_kind kind, const struct tcp_conn *c)
{
	return (struct tcp_event){
		.ts_ns = s->now_ns,
		.kind = kind,
		.local = c->local,
		.remote = c->remote,
		.family = c->family,
		.conn = c,
	};
}

void scene_feed(struct scene *s, const struct tcp_event *e)
{
	assert_int_equal(gather_view.feed(&s->in, e, NULL, NULL), 0);
}

void scene_retransmit(struct scene *s, const struct tcp_conn *c, enum tcp_cause cause)
{
	struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT, c);

	e.cause = cause;
	scene_feed(s, &e);
}

void scene_congestion(struct scene *s, const struct tcp_conn *c, int32_t cong_state)
{
	struct tcp_event e = scene_event(s, TCP_KIND_CONG_STATE, c);

	e.cong_state = cong_state;
	scene_feed(s, &e);
}

void scene_final(struct scene *s, struct tcp_conn *c, const struct tcp_info_growth *g)
{
	struct tcp_info_values values = {.present = UINT64_MAX};
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_FINAL, c);

	/* What was sent bounds what was acknowledged: where a test says nothing of it, it is not
	 * known. */
	if (!g->sent_bytes && g->acked_bytes)
		values.present &= ~TCP_INFO_BIT(TCP_INFO_BYTES_SENT);
	values.values[TCP_INFO_BYTES_SENT] = g->sent_bytes;
	values.values[TCP_INFO_BYTES_RETRANS] = g->retrans_bytes;
	values.values[TCP_INFO_BYTES_ACKED] = g->acked_bytes;
	values.values[TCP_INFO_BYTES_RECEIVED] = g->received_bytes;
	values.values[TCP_INFO_RWND_LIMITED_US] = g->rwnd_limited_us;
	values.values[TCP_INFO_BUSY_TIME_US] = g->busy_us;
	values.values[TCP_INFO_SNDBUF_LIMITED_US] = g->sndbuf_limited_us;
	values.values[TCP_INFO_SEGS_OUT] = g->segs;
	values.values[TCP_INFO_SEGS_IN] = 1; /* the kernel has not cleared the figures */
	values.values[TCP_INFO_TOTAL_RETRANS] = g->retrans_segs;
	values.values[TCP_INFO_DSACK_DUPS] = g->dsacks;
	values.values[TCP_INFO_TOTAL_RTO] = g->timeouts;
	values.values[TCP_INFO_TOTAL_RTO_TIME_MS] = g->timeouts_ms;
	values.values[TCP_INFO_SND_MSS] = 1448;
	values.values[TCP_INFO_RTT_US] = 10000;
	e.tcp_info = &values;
	c->has_final = true;
	scene_feed(s, &e);
}

void scene_transfer(struct scene *s, uint8_t net, uint8_t host,
		    const struct tcp_info_growth *growth)
{
	struct tcp_conn *c = scene_call(s, net, host, 443);

	c->n_retrans = growth->retrans_segs;
	scene_final(s, c, growth);
	scene_end(s, c);
}

/* Feeds an event without a connection at the end of the scene, so that the end is known. */
static void scene_close(struct scene *s)
{
	const struct tcp_event e = {.ts_ns = SCENE_END_S * NSEC_PER_SEC,
				    .kind = TCP_KIND_ERROR_REPORT};

	if (gathered_has_begun(&s->in))
		scene_feed(s, &e);
	assert_int_equal(gather_view.emit(&s->in, NULL, NULL), 0);
}

void scene_find(struct scene *s)
{
	scene_close(s);
	findings_done(&s->findings);
	s->findings = (struct findings){.builder = &s->builder, .in = &s->in, .facts = &s->facts};
	assert_int_equal(detectors_run(&s->findings), 0);
	/* Every finding is complete, and the worst comes first. */
	assert_true(s->findings.n > 0);
	for (size_t i = 0; i < s->findings.n; i++) {
		const struct document_finding *x = &s->findings.items[i]->shown;

		assert_true(strlen(x->title) > 0);
		assert_non_null(x->meaning);
		assert_non_null(x->rule);
		assert_non_null(x->sure);
		assert_non_null(x->command);
		assert_true(x->until_ns >= x->since_ns);
		assert_true(!i || s->findings.items[i]->hurts_nobody ||
			    x->level <= s->findings.items[i - 1]->shown.level);
		for (size_t k = 0; k < x->n_evidence; k++) {
			for (size_t j = 0; j < k; j++)
				assert_string_not_equal(x->evidence[j].key, x->evidence[k].key);
		}
	}
}

size_t scene_count(const struct scene *s, const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < s->findings.n; i++)
		n += !strcmp(s->findings.items[i]->shown.id, id);
	return n;
}

const struct document_finding *scene_first(const struct scene *s, const char *id)
{
	for (size_t i = 0; i < s->findings.n; i++) {
		if (!strcmp(s->findings.items[i]->shown.id, id))
			return &s->findings.items[i]->shown;
	}
	return NULL;
}

void scene_expect(struct scene *s, const char *id, int level)
{
	const struct document_finding *x;

	scene_find(s);
	x = scene_first(s, id);
	assert_int_equal(x ? (int)x->level : NOTHING, level);
}
