// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "scene.h"

#include "tcp/names.h"

static int scene_emitted(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct scene *s = userdata;
	uint64_t tx, rx, ns;
	struct text *t = &s->told;

	endpoint_text(t, &c->local);
	text_char(t, ' ');
	endpoint_text(t, &c->remote);
	text_printf(t, " %s %s", tcp_origin_name(c->origin), tcp_ending_name(c->ending));
	if (tcp_conn_duration(c, &ns))
		text_printf(t, " %llums", (unsigned long long)ns / MS);
	if (tcp_conn_bytes(c, &tx, &rx))
		text_printf(t, " tx=%llu rx=%llu", (unsigned long long)tx, (unsigned long long)rx);
	if (c->owner.basis)
		text_printf(t, " %s:%d", owner_basis_name(c->owner.basis), c->owner.pid);
	if (c->n_retrans)
		text_printf(t, " retrans=%u", c->n_retrans);
	if (tcp_conn_cold(c)->err)
		text_printf(t, " err=%d", tcp_conn_cold(c)->err);
	if (c->is_unasked)
		text_str(t, " unasked");
	text_str(t, c->has_loss ? " loss\n" : "\n");
	return 0;
}

int scene_setup(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct tracker_options o = {.ended = scene_emitted, .userdata = s};

	assert_non_null(s);
	assert_int_equal(tracker_new(&o, &s->tracker, NULL), 0);
	assert_int_equal(tracker_task(s->tracker, CLIENT, CLIENT, "curl"), 0);
	assert_int_equal(tracker_task(s->tracker, SERVER, SERVER, "nginx"), 0);
	assert_int_equal(tracker_task(s->tracker, WORKER, WORKER, "worker"), 0);
	s->ended = scene_emitted;
	s->now = 1000 * (uint64_t)MS;
	*state = s;
	return 0;
}

int scene_teardown(void **state)
{
	struct scene *s = *state;

	tracker_free(s->tracker);
	text_done(&s->told);
	free(s);
	return 0;
}

void scene_feed(struct scene *s, struct tcp_event *e)
{
	e->ts_ns = s->now;
	assert_int_equal(tracker_advance(s->tracker, s->now, NULL), 0);
	assert_int_equal(tracker_feed(s->tracker, e), 0);
}

void scene_wait_ms(struct scene *s, unsigned int ms)
{
	s->now += (uint64_t)ms * MS;
}

static void set_ends(struct tcp_event *e, uint16_t lport, uint16_t rport)
{
	e->family = 4;
	e->local = (struct endpoint){ip_addr_v4((const uint8_t[]){10, 0, 0, 1}), lport};
	e->present |= TCP_FIELD_BIT(TCP_FIELD_FAMILY) | TCP_FIELD_BIT(TCP_FIELD_LADDR);
	if (lport)
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LPORT);
	if (!rport)
		return;
	e->remote = (struct endpoint){ip_addr_v4((const uint8_t[]){10, 0, 0, 2}), rport};
	e->present |= TCP_FIELD_BIT(TCP_FIELD_RADDR) | TCP_FIELD_BIT(TCP_FIELD_RPORT);
}

struct tcp_event scene_event(enum tcp_kind kind, uint64_t sk, uint16_t lport, uint16_t rport)
{
	struct tcp_event e = {.kind = kind, .sk = sk, .common_flags = SOFTIRQ};

	e.present = sk ? TCP_FIELD_BIT(TCP_FIELD_SK) : 0;
	set_ends(&e, lport, rport);
	return e;
}

void scene_change(struct scene *s, uint64_t sk, uint16_t lport, uint16_t rport, int from, int to,
		  int32_t pid)
{
	struct tcp_event e = scene_event(TCP_KIND_SET_STATE, sk, lport, rport);

	e.oldstate = from;
	e.newstate = to;
	e.protocol = TCP_PROTOCOL_TCP;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_OLDSTATE) | TCP_FIELD_BIT(TCP_FIELD_NEWSTATE) |
		     TCP_FIELD_BIT(TCP_FIELD_PROTOCOL);
	if (pid) {
		e.cpu_tid = pid;
		e.common_flags = 0;
	}
	scene_feed(s, &e);
}

void scene_destroy(struct scene *s, uint64_t sk, uint64_t cookie)
{
	struct tcp_event e = scene_event(TCP_KIND_DESTROY, sk, 0, 0);

	e.cookie = cookie;
	e.present |= cookie ? TCP_FIELD_BIT(TCP_FIELD_COOKIE) : 0;
	scene_feed(s, &e);
}

void scene_plain(struct scene *s, enum tcp_kind kind, uint64_t sk, uint16_t lport, uint16_t rport)
{
	struct tcp_event e = scene_event(kind, sk, lport, rport);

	scene_feed(s, &e);
}

void scene_diag(struct scene *s, struct diag_row r)
{
	struct tcp_event e = scene_event(r.kind, 0, r.lport, r.rport);
	struct tcp_info_values f = {0};

	f.values[TCP_INFO_BYTES_ACKED] = r.acked;
	f.values[TCP_INFO_BYTES_RECEIVED] = r.received;
	f.values[TCP_INFO_BYTES_SENT] = r.sent;
	f.present = TCP_INFO_BIT(TCP_INFO_BYTES_ACKED) | TCP_INFO_BIT(TCP_INFO_BYTES_RECEIVED) |
		    TCP_INFO_BIT(TCP_INFO_BYTES_SENT) | TCP_INFO_BIT(TCP_INFO_BYTES_RETRANS) |
		    TCP_INFO_BIT(TCP_INFO_UNACKED);
	e.tcp_info = &f;
	e.dump = r.listing;
	e.state = r.state;
	e.cookie = r.cookie;
	e.holder = r.holder;
	e.holders = r.holders;
	e.present |= TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_COOKIE) |
		     (r.holder ? TCP_FIELD_BIT(TCP_FIELD_HOLDER) : 0);
	scene_feed(s, &e);
}

void scene_expect_diag(struct scene *s)
{
	tracker_expect(s->tracker, TRACKER_CONN_KINDS & ~(TCP_KIND_BIT(TCP_KIND_SEND_LENGTH)));
}

void scene_finish(struct scene *s, const char *told)
{
	assert_int_equal(tracker_finish(s->tracker, s->now, NULL), 0);
	assert_string_equal(text_cstr(&s->told), told);
}

void scene_connect(struct scene *s, uint64_t sk, uint16_t lport)
{
	scene_change(s, sk, 0, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	scene_wait_ms(s, 2);
	scene_change(s, sk, lport, 80, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0);
}
