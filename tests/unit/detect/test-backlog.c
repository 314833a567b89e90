// SPDX-License-Identifier: MIT
/* Handshakes that peers do not complete, and accept queues, on both sides of each threshold. */
#include "support/scene.h"

#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

#define WARNING	 DOCUMENT_WARNING
#define CRITICAL DOCUMENT_CRITICAL

/* A port at which connections come in. */
struct port_case {
	size_t by_timer, by_repeat; /* SYN-ACKs retransmitted */
	size_t half_open, slow;	    /* handshakes with retransmitted SYN-ACKs */
	size_t fast;		    /* handshakes without */
};

static void feed_synacks(struct scene *s, size_t n, enum tcp_trigger trigger)
{
	struct tcp_event e = scene_event(s, TCP_KIND_RETRANSMIT_SYNACK, scene_serve(s, 1, 2, 80));

	e.trigger = trigger;
	while (n--)
		scene_feed(s, &e);
}

static void end_handshakes(struct scene *s, size_t n, enum tcp_origin origin, uint32_t n_synacks)
{
	while (n--) {
		struct tcp_conn *c = scene_serve(s, 1, 2, 80);

		c->origin = (uint8_t)origin;
		scene_cold(s, c)->n_synacks = n_synacks;
		scene_end(s, c);
	}
}

static struct scene *handshakes(void **state, const struct port_case *p, int level)
{
	struct scene *s = scene_anew(state);

	feed_synacks(s, p->by_timer, TCP_TRIGGER_TIMER);
	feed_synacks(s, p->by_repeat, TCP_TRIGGER_DUP_SYN);
	end_handshakes(s, p->half_open, TCP_ORIGIN_HALF_OPEN, 1);
	end_handshakes(s, p->slow, TCP_ORIGIN_ACCEPT, 1);
	end_handshakes(s, p->fast, TCP_ORIGIN_ACCEPT, 0);
	scene_expect(s, "backlog", level);
	return s;
}

static void test_backlog_of_few_synacks(void **state)
{
	handshakes(state, &(struct port_case){.by_timer = 2, .half_open = 3}, NOTHING);
	handshakes(state, &(struct port_case){.by_timer = 2, .by_repeat = 1, .half_open = 3},
		   WARNING);
}

static void test_backlog_of_handshakes_not_completed(void **state)
{
	handshakes(state, &(struct port_case){.by_timer = 3, .half_open = 2, .fast = 1}, NOTHING);
	handshakes(state, &(struct port_case){.by_timer = 3, .half_open = 3, .fast = 300}, WARNING);
	handshakes(state, &(struct port_case){.by_timer = 3, .half_open = 3, .fast = 301}, NOTHING);
}

/* Handshakes of one peer are not completed: it is named, if others complete theirs. */
static void test_backlog_of_one_way_back(void **state)
{
	for (size_t n_other = 0; n_other <= 1; n_other++) {
		struct scene *s = scene_anew(state);
		const struct document_finding *x;

		feed_synacks(s, 4, TCP_TRIGGER_TIMER);
		end_handshakes(s, 4, TCP_ORIGIN_HALF_OPEN, 1);
		for (size_t i = 0; i < n_other; i++)
			scene_end(s, scene_serve(s, 2, 3, 80));
		scene_expect(s, "backlog", WARNING);
		x = scene_first(s, "backlog");
		assert_int_equal(strstr(x->meaning, "while others complete") != NULL, n_other);
		assert_int_equal(!strcmp(x->evidence[1].key, "peer"), n_other);
	}
}

static void test_backlog_of_late_handshakes(void **state)
{
	handshakes(state, &(struct port_case){.by_timer = 3, .slow = 4}, NOTHING);
	handshakes(state, &(struct port_case){.by_timer = 3, .slow = 5}, WARNING);
	handshakes(state, &(struct port_case){.by_timer = 3, .slow = 10, .fast = 90}, WARNING);
	handshakes(state, &(struct port_case){.by_timer = 3, .slow = 10, .fast = 91}, NOTHING);
}

/* Where every packet arrives twice, so does each SYN; the kernel's timer shows what is late. */
static void test_backlog_of_packets_that_arrive_twice(void **state)
{
	static const struct {
		size_t by_timer;
		uint32_t dsacks, retrans_segs;
		int level;
	} cases[] = {
		{0, 10, 4, NOTHING},
		{0, 9, 4, WARNING},
		{0, 10, 5, WARNING},
		{1, 10, 4, WARNING},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = scene_anew(state);

		feed_synacks(s, cases[i].by_timer, TCP_TRIGGER_TIMER);
		feed_synacks(s, 10, TCP_TRIGGER_DUP_SYN);
		end_handshakes(s, 10, TCP_ORIGIN_ACCEPT, 1);
		scene_transfer(s, 2, 3,
			       &(struct tcp_info_growth){.sent_bytes = 100000,
							 .dsacks = cases[i].dsacks,
							 .retrans_segs = cases[i].retrans_segs});
		scene_expect(s, "backlog", cases[i].level);
	}
}

/* Handshakes over a way whose round trip is so long, with so many SYN-ACKs sent again. */
static void far_handshakes(void **state, uint32_t rtt_ms, uint32_t n_synacks, int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn_info info = {.has_min_rtt = true, .min_rtt_us = rtt_ms * 1000};

	feed_synacks(s, 10, TCP_TRIGGER_TIMER);
	for (size_t i = 0; i < 10; i++) {
		struct tcp_conn *c = scene_serve(s, 1, 2, 80);

		c->origin = TCP_ORIGIN_ACCEPT;
		scene_cold(s, c)->n_synacks = n_synacks;
		c->tcp_info = &info;
		scene_end(s, c);
		c->tcp_info = NULL;
	}
	scene_expect(s, "backlog", level);
}

/* Where the first answer takes longer than the first timer, the timer says nothing. */
static void test_backlog_of_a_far_peer(void **state)
{
	far_handshakes(state, 999, 1, WARNING);
	far_handshakes(state, 1000, 2, NOTHING);
	far_handshakes(state, 1000, 3, WARNING);
	far_handshakes(state, 3000, 4, NOTHING);
	far_handshakes(state, 3000, 5, WARNING);
}

/* Why they repeat tells what is wrong. */
static void test_backlog_by_repeated_syns(void **state)
{
	struct scene *s = handshakes(
		state, &(struct port_case){.by_timer = 3, .by_repeat = 3, .half_open = 3}, WARNING);

	assert_non_null(strstr(scene_first(s, "backlog")->meaning, "Clients retransmit their SYN"));
	s = handshakes(state, &(struct port_case){.by_timer = 4, .by_repeat = 3, .half_open = 3},
		       WARNING);
	assert_null(strstr(scene_first(s, "backlog")->meaning, "Clients retransmit their SYN"));
}

/* netns 0: it is not known. */
static void feed_listener_in(struct scene *s, uint32_t netns, const struct endpoint *at,
			     uint64_t waiting, uint64_t limit)
{
	struct tcp_info_values values = {.present = TCP_INFO_BIT(TCP_INFO_UNACKED) |
						    TCP_INFO_BIT(TCP_INFO_SACKED)};
	struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, scene_serve(s, 1, 2, 80));

	values.values[TCP_INFO_UNACKED] = waiting;
	values.values[TCP_INFO_SACKED] = limit;
	e.remote = (struct endpoint){0};
	e.local = *at;
	e.conn = NULL;
	e.cookie = netns;
	e.netns = netns;
	e.present |= netns ? TCP_FIELD_BIT(TCP_FIELD_NETNS) : 0;
	e.state = TCP_STATE_LISTEN;
	e.dump = SOCKET_DUMP_START;
	e.tcp_info = &values;
	scene_feed(s, &e);
}

static void feed_listener_at(struct scene *s, const struct endpoint *at, uint64_t waiting,
			     uint64_t limit)
{
	feed_listener_in(s, 0, at, waiting, limit);
}

static void feed_listener(struct scene *s, uint64_t waiting, uint64_t limit)
{
	const struct endpoint any = {ip_addr_v4((const uint8_t[]){0, 0, 0, 0}), 80};

	feed_listener_at(s, &any, waiting, limit);
}

static void test_backlog_of_a_full_queue(void **state)
{
	struct scene *s = *state;

	feed_listener(s, 128, 128);
	scene_expect(s, "backlog", NOTHING);
	s = scene_anew(state);
	feed_listener(s, 129, 128);
	feed_listener(s, 10, 128);
	scene_expect(s, "backlog", CRITICAL);
	assert_non_null(
		strstr(scene_first(s, "backlog")->title, "was full: 129 waited, the limit is 128"));
}

/* A sample of the listener; at_s: seconds since the tape began. */
static void feed_sample(struct scene *s, uint64_t at_s, uint32_t waiting, uint32_t limit)
{
	struct tcp_event e = scene_event(s, TCP_KIND_SAMPLE, scene_serve(s, 1, 2, 80));

	e.ts_ns = (SCENE_START_S + at_s) * NSEC_PER_SEC;
	e.remote = (struct endpoint){0};
	e.conn = NULL;
	e.cookie = 77;
	e.state = TCP_STATE_LISTEN;
	e.dump = SOCKET_SAMPLE_LISTENER;
	e.rqueue = waiting;
	e.wqueue = limit;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_RQUEUE) | TCP_FIELD_BIT(TCP_FIELD_WQUEUE);
	scene_feed(s, &e);
}

/* Samples tell from when to when a queue was full, though no table shows it. */
static void test_backlog_of_samples(void **state)
{
	struct scene *s = *state;

	feed_sample(s, 1, 0, 128);
	feed_sample(s, 2, 128, 128);
	scene_expect(s, "backlog", NOTHING);
	s = scene_anew(state);
	feed_sample(s, 1, 129, 128);
	feed_sample(s, 2, 130, 128);
	feed_sample(s, 9, 129, 128);
	feed_sample(s, 10, 0, 128);
	scene_expect(s, "backlog", CRITICAL);
	assert_non_null(
		strstr(scene_first(s, "backlog")->title, "was full: 130 waited, the limit is 128"));
	assert_int_equal(scene_first(s, "backlog")->since_ns,
			 (SCENE_START_S + 1) * (uint64_t)NSEC_PER_SEC);
	assert_int_equal(scene_first(s, "backlog")->until_ns,
			 (SCENE_START_S + 9) * (uint64_t)NSEC_PER_SEC);
}

/* A listener for any address passes no filter of addresses: a connection that was made at it does.
 * */
static void test_backlog_with_a_filter(void **state)
{
	for (int is_served = 0; is_served <= 1; is_served++) {
		struct scene *s = scene_anew(state);

		assert_int_equal(filter_prefixes_add(&s->filter.addrs, "10.0.1.2", &s->arena), 0);
		feed_listener(s, 129, 128);
		scene_end(s, scene_serve(s, 1, is_served ? 2 : 3, 80));
		scene_expect(s, "backlog", is_served ? CRITICAL : NOTHING);
	}
}

/* Two containers listen at the same port, and the filter wants the connections of one: where its
 * network namespace is not known, the full queue may be the other's. */
static void test_backlog_with_a_filter_and_containers(void **state)
{
	const struct endpoint any = {ip_addr_v4((const uint8_t[]){0, 0, 0, 0}), 80};

	for (uint32_t netns = 0; netns <= 2; netns++) {
		struct scene *s = scene_anew(state);
		struct tcp_conn *c;

		assert_int_equal(filter_prefixes_add(&s->filter.addrs, "10.0.1.2", &s->arena), 0);
		feed_listener_in(s, 1, &any, 129, 128);
		feed_listener_in(s, 2, &any, 0, 128);
		c = scene_serve(s, 1, 2, 80);
		c->netns = netns;
		scene_end(s, c);
		scene_expect(s, "backlog", netns == 1 ? CRITICAL : NOTHING);
	}
}

/* The same port at another address is another server's: its handshakes are not the full queue's. */
static void test_backlog_of_two_servers(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *c = scene_serve(s, 1, 2, 80);
	struct tcp_event e;

	c->local.addr = ip_addr_v4((const uint8_t[]){192, 0, 2, 9});
	c->origin = TCP_ORIGIN_HALF_OPEN;
	scene_cold(s, c)->n_synacks = 3;
	e = scene_event(s, TCP_KIND_RETRANSMIT_SYNACK, c);
	for (int i = 0; i < 3; i++) {
		scene_feed(s, &e);
		scene_end(s, c);
	}
	c = scene_serve(s, 1, 2, 80);
	feed_listener_at(s, &c->local, 129, 128);
	scene_expect(s, "backlog", CRITICAL);
	assert_int_equal(scene_count(s, "backlog"), 2);
}

/* Sixteen sockets share a port (SO_REUSEPORT): the full one is told, and whose it is. */
static void test_backlog_of_one_worker(void **state)
{
	struct tcp_info_values values = {.present = 1u << TCP_INFO_UNACKED | 1u << TCP_INFO_SACKED};
	struct scene *s = *state;

	values.values[TCP_INFO_SACKED] = 128;
	for (int32_t i = 0; i < 16; i++) {
		struct tcp_conn *c = scene_serve(s, 1, 2, 80);
		struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);

		c->owner = (struct owner){.pid = 900 + i, .basis = OWNER_TABLE, .comm = "worker"};
		values.values[TCP_INFO_UNACKED] = i == 5 ? 129 : 0;
		e.state = TCP_STATE_LISTEN;
		e.tcp_info = &values;
		scene_feed(s, &e);
	}
	scene_expect(s, "backlog", CRITICAL);
	assert_int_equal(scene_count(s, "backlog"), 1);
	assert_string_equal(
		scene_first(s, "backlog")->title,
		"The accept queue of worker[905] at 192.0.2.1:80 is full: 129 wait, the limit is "
		"128");
}

/* A connection of this host from a port to a port of this host, if a socket listens there. */
static struct tcp_conn *client_from(struct scene *s, uint16_t port)
{
	struct tcp_conn *c = scene_call(s, 1, 2, 80);
	struct tcp_event e;

	c->local.port = port ? port : (uint16_t)(40000 + c->id);
	e = scene_event(s, TCP_KIND_SET_STATE, c);
	e.oldstate = TCP_STATE_SYN_SENT;
	e.newstate = TCP_STATE_ESTABLISHED;
	scene_feed(s, &e);
	return c;
}

static struct tcp_conn *client(struct scene *s)
{
	return client_from(s, 0);
}

static void resend(struct scene *s, struct tcp_conn *c, uint32_t n)
{
	c->n_retrans += n;
	scene_cold(s, c)->n_timeouts += n;
	while (n--)
		scene_retransmit(s, c, TCP_CAUSE_RTO);
}

/* The server's socket of the connection is made. */
static void take_up(struct scene *s, const struct tcp_conn *c)
{
	struct tcp_event e = scene_event(s, TCP_KIND_SET_STATE, c);

	e.conn = NULL;
	e.local = c->remote;
	e.remote = c->local;
	e.oldstate = TCP_STATE_SYN_RECV;
	e.newstate = TCP_STATE_ESTABLISHED;
	scene_feed(s, &e);
}

static void end_with(struct scene *s, struct tcp_conn *c, uint64_t acked_bytes)
{
	const struct tcp_info_growth growth = {.sent_bytes = 100 + c->n_retrans * 100,
					       .retrans_bytes = c->n_retrans * 100,
					       .retrans_segs = c->n_retrans,
					       .acked_bytes = acked_bytes};

	scene_final(s, c, &growth);
	scene_end(s, c);
}

static void listen_here(struct scene *s)
{
	struct tcp_event e = scene_event(s, TCP_KIND_SET_STATE, scene_serve(s, 1, 3, 80));

	e.oldstate = TCP_STATE_CLOSE;
	e.newstate = TCP_STATE_LISTEN;
	scene_feed(s, &e);
}

/* Clients of the same host: n are taken up after a timeout, then `later` more are lost. */
static struct scene *overflow_here(void **state, size_t n, size_t later, int level)
{
	struct scene *s = scene_anew(state);

	listen_here(s);
	for (size_t i = 0; i < n + 20; i++) {
		struct tcp_conn *c = client(s);

		if (i < n)
			resend(s, c, 1);
		take_up(s, c);
		end_with(s, c, 101);
	}
	while (later--) {
		struct tcp_conn *c = client(s);

		take_up(s, c);
		resend(s, c, 1);
		end_with(s, c, 101);
	}
	scene_expect(s, "backlog", level);
	return s;
}

static void test_backlog_of_clients_that_wait_here(void **state)
{
	struct scene *s;

	overflow_here(state, 2, 0, NOTHING);
	s = overflow_here(state, 8, 0, CRITICAL);
	assert_non_null(strstr(scene_first(s, "backlog")->title, "10.0.1.2:80 was full"));
	assert_non_null(strstr(scene_first(s, "backlog")->title, "held up 8 of 28"));
	assert_int_equal(scene_count(s, "timeouts"), 0);
	assert_int_equal(scene_count(s, "loss"), 0);
	/* Where other data is lost, too, the network loses it. */
	overflow_here(state, 8, 2, CRITICAL);
	s = overflow_here(state, 8, 3, NOTHING);
	assert_int_equal(scene_count(s, "timeouts"), 1);
}

/* A connection is handed out when its last figures have come: a later one may have its endpoints by
 * then. */
static void test_backlog_of_ports_used_again(void **state)
{
	struct scene *s = *state;
	struct tcp_conn *late[8];

	listen_here(s);
	for (size_t i = 0; i < 8; i++) {
		late[i] = client(s);
		resend(s, late[i], 1);
		take_up(s, late[i]);
	}
	for (size_t i = 0; i < 8; i++) {
		struct tcp_conn *next = client_from(s, late[i]->local.port);

		take_up(s, next);
		end_with(s, late[i], 101);
		end_with(s, next, 101);
	}
	scene_expect(s, "backlog", CRITICAL);
	assert_non_null(strstr(scene_first(s, "backlog")->title, "held up 8 of 16"));
	assert_int_equal(scene_count(s, "timeouts"), 0);
}

/* SYNs to an address that begins with this byte: n are repeated in vain, `good` are answered. */
static void dropped_syns(void **state, uint8_t byte, size_t n, size_t good, int level)
{
	struct scene *s = scene_anew(state);

	for (size_t i = 0; i < n + good; i++) {
		struct tcp_conn *c = scene_call(s, 1, 2, 80);

		c->remote.addr.bytes[0] = byte;
		if (i < n) {
			c->n_retrans = 1;
			scene_cold(s, c)->n_syns = 1;
			c->ending = TCP_ENDING_ABORTED;
			scene_end(s, c);
			continue;
		}
		c->established_ns = s->now_ns;
		c->tcp_info = arena_alloc(&s->arena, sizeof(*c->tcp_info));
		assert_non_null(c->tcp_info);
		c->tcp_info->has_bytes = true;
		c->tcp_info->rx_bytes = 5;
		end_with(s, c, 101);
	}
	scene_expect(s, "backlog", level);
}

/* No network loses a SYN on the loopback device: a listener drops it, if it takes others. */
static void test_backlog_of_dropped_syns(void **state)
{
	dropped_syns(state, 127, 2, 10, NOTHING);
	dropped_syns(state, 127, 3, 10, CRITICAL);
	dropped_syns(state, 127, 3, 298, WARNING);
	dropped_syns(state, 127, 3, 0, NOTHING);
	dropped_syns(state, 10, 3, 10, NOTHING);
}

/* Even where the server is on this host, too, a SYN to another address than that of the loopback
 * device may have been lost on its way. */
static void test_backlog_of_syns_over_a_network(void **state)
{
	for (int is_loopback = 0; is_loopback <= 1; is_loopback++) {
		struct scene *s = scene_anew(state);

		for (size_t i = 0; i < 13; i++) {
			struct tcp_conn *c = scene_call(s, 1, 2, 80);

			if (is_loopback)
				c->remote.addr.bytes[0] = 127;
			c->local.port = (uint16_t)(40000 + i);
			if (i < 3) {
				c->n_retrans = 1;
				scene_cold(s, c)->n_syns = 1;
				c->ending = TCP_ENDING_ABORTED;
				scene_end(s, c);
				continue;
			}
			take_up(s, c);
			c->established_ns = s->now_ns;
			c->tcp_info = arena_alloc(&s->arena, sizeof(*c->tcp_info));
			assert_non_null(c->tcp_info);
			c->tcp_info->has_bytes = true;
			c->tcp_info->rx_bytes = 5;
			end_with(s, c, 101);
		}
		scene_expect(s, "backlog", is_loopback ? CRITICAL : NOTHING);
	}
}

/* A table shows that the server's sockets are there, not since when: that is no late take-up. */
static void test_backlog_of_sockets_in_a_table(void **state)
{
	struct scene *s = *state;

	listen_here(s);
	for (size_t i = 0; i < 8; i++) {
		struct tcp_conn *c = client(s);
		struct tcp_event e = scene_event(s, TCP_KIND_SOCKET_DUMPED, c);

		resend(s, c, 1);
		e.conn = NULL;
		e.local = c->remote;
		e.remote = c->local;
		e.state = TCP_STATE_ESTABLISHED;
		e.dump = SOCKET_DUMP_END;
		scene_feed(s, &e);
		end_with(s, c, 101);
	}
	scene_expect(s, "backlog", NOTHING);
}

/* Four clients resend, by timeouts or by tail loss probes, and their last figures are not known.
 * One works meanwhile. */
static void without_figures(void **state, enum tcp_cause cause, unsigned int times, int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *waiting[4], *c;

	for (size_t i = 0; i < 4; i++) {
		waiting[i] = client(s);
		for (unsigned int k = 0; k < times; k++)
			scene_retransmit(s, waiting[i], cause);
	}
	s->now_ns += 1000000;
	c = client(s);
	c->established_ns = s->now_ns;
	c->tcp_info = arena_alloc(&s->arena, sizeof(*c->tcp_info));
	assert_non_null(c->tcp_info);
	c->tcp_info->has_bytes = true;
	c->tcp_info->rx_bytes = 5;
	end_with(s, c, 101);
	for (size_t i = 0; i < 4; i++)
		scene_end(s, waiting[i]);
	scene_expect(s, "backlog", level);
}

/* The answer to a probe changes no congestion state, so that it may have come. */
static void test_backlog_without_figures(void **state)
{
	without_figures(state, TCP_CAUSE_RTO, 2, CRITICAL);
	without_figures(state, TCP_CAUSE_RTO, 1, NOTHING);
	without_figures(state, TCP_CAUSE_TLP, 4, NOTHING);
}

/* Clients of another host's server: n are never taken up, and `good` work while they wait. */
static struct scene *overflow_there(void **state, size_t n, size_t good, int level)
{
	struct scene *s = scene_anew(state);
	struct tcp_conn *waiting[8];

	for (size_t i = 0; i < n; i++) {
		waiting[i] = client(s);
		resend(s, waiting[i], 4);
	}
	while (good--) {
		struct tcp_conn *c;

		s->now_ns += 1000000;
		c = client(s);
		c->established_ns = s->now_ns;
		c->tcp_info = arena_alloc(&s->arena, sizeof(*c->tcp_info));
		assert_non_null(c->tcp_info);
		c->tcp_info->has_bytes = true;
		c->tcp_info->rx_bytes = 5;
		end_with(s, c, 101);
	}
	for (size_t i = 0; i < n; i++)
		end_with(s, waiting[i], 1);
	scene_expect(s, "backlog", level);
	return s;
}

static void test_backlog_of_another_host(void **state)
{
	struct scene *s = overflow_there(state, 2, 1, NOTHING);

	assert_int_equal(scene_count(s, "stalled") > 0, true);
	s = overflow_there(state, 3, 1, CRITICAL);
	assert_non_null(strstr(scene_first(s, "backlog")->title,
			       "10.0.1.2:80 answered 3 connections and never took them up"));
	assert_int_equal(scene_count(s, "stalled"), 0);
	/* A host that is gone takes up none. */
	s = overflow_there(state, 3, 0, NOTHING);
	assert_int_equal(scene_count(s, "stalled") > 0, true);
}

/* The listener waits for data (TCP_DEFER_ACCEPT): timers at which no SYN-ACK was sent tell. */
static void test_backlog_of_a_patient_listener(void **state)
{
	for (uint32_t timers = 1; timers <= 2; timers++) {
		struct scene *s = scene_anew(state);

		feed_synacks(s, 5, TCP_TRIGGER_TIMER);
		for (size_t i = 0; i < 5; i++) {
			struct tcp_conn *c = scene_serve(s, 1, 2, 80);

			scene_cold(s, c)->n_synacks = 1;
			scene_final(s, c, &(struct tcp_info_growth){.timeouts = timers});
			scene_end(s, c);
		}
		scene_expect(s, "backlog", timers == 1 ? WARNING : NOTHING);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_backlog_of_few_synacks),
		TEST(test_backlog_of_handshakes_not_completed),
		TEST(test_backlog_of_one_way_back),
		TEST(test_backlog_of_late_handshakes),
		TEST(test_backlog_of_packets_that_arrive_twice),
		TEST(test_backlog_of_a_far_peer),
		TEST(test_backlog_by_repeated_syns),
		TEST(test_backlog_of_a_full_queue),
		TEST(test_backlog_of_samples),
		TEST(test_backlog_with_a_filter),
		TEST(test_backlog_with_a_filter_and_containers),
		TEST(test_backlog_of_two_servers),
		TEST(test_backlog_of_one_worker),
		TEST(test_backlog_of_clients_that_wait_here),
		TEST(test_backlog_of_another_host),
		TEST(test_backlog_of_ports_used_again),
		TEST(test_backlog_of_dropped_syns),
		TEST(test_backlog_of_syns_over_a_network),
		TEST(test_backlog_of_sockets_in_a_table),
		TEST(test_backlog_without_figures),
		TEST(test_backlog_of_a_patient_listener),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
