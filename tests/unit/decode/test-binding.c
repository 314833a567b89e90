// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "tape/column-set.h"
#include "tracepoint/catalog.h"
#include "tracepoint/fields.h"
#include "tcp/names.h"
#include "tracepoint/socket-row.h"

static const uint8_t local_v4[] = {192, 0, 2, 1}, remote_v4[] = {198, 51, 100, 7};
static const uint8_t local_v6[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
static const uint8_t remote_v6[16] = {0x20, 1, 0xd, 0xb8, 0xff, [15] = 2};

enum { LPORT = 443, RPORT = 50001 };

/* How the socket looks to the kernel. */
enum look { LOOK_V4, LOOK_V6, LOOK_MAPPED, LOOK_N };

static void put_blob(struct fixture *f, const char *name, enum look look, bool is_local)
{
	uint8_t blob[28] = {0};
	uint16_t port = is_local ? LPORT : RPORT, family = look == LOOK_V4 ? 2 : 10;

	blob[f->meta.is_big_endian] = family;
	blob[2] = port >> 8;
	blob[3] = port & 0xff;
	if (look == LOOK_V4)
		memcpy(blob + 4, is_local ? local_v4 : remote_v4, 4);
	else if (look == LOOK_V6)
		memcpy(blob + 8, is_local ? local_v6 : remote_v6, 16);
	else {
		blob[18] = blob[19] = 0xff;
		memcpy(blob + 20, is_local ? local_v4 : remote_v4, 4);
	}
	fixture_put_bytes(f, name, blob, sizeof(blob));
}

static void put_arrays(struct fixture *f, const char *v4, const char *v6, enum look look,
		       bool is_local)
{
	static const uint8_t junk[] = {127, 0, 0, 6};
	uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};

	memcpy(mapped + 12, is_local ? local_v4 : remote_v4, 4);
	if (look == LOOK_V6) {
		fixture_put_bytes(f, v4, junk, 4);
		fixture_put_bytes(f, v6, is_local ? local_v6 : remote_v6, 16);
	} else {
		fixture_put_bytes(f, v4, mapped + 12, 4);
		fixture_put_bytes(f, v6, mapped, 16);
	}
}

static bool is_from_packet(const struct fixture *f)
{
	return catalog_find(f->system, f->name)->from_packet;
}

static void put_ends(struct fixture *f, enum look look)
{
	const struct trace_field *saddr = fixture_field(f, "saddr");
	bool source_is_local = !is_from_packet(f);

	fixture_put(f, "family", look == LOOK_V4 ? 2 : 10);
	fixture_put(f, "sport", source_is_local ? LPORT : RPORT);
	fixture_put(f, "dport", source_is_local ? RPORT : LPORT);
	if (saddr && saddr->size == 28) {
		put_blob(f, "saddr", look, source_is_local);
		put_blob(f, "daddr", look, !source_is_local);
	} else if (saddr) {
		put_arrays(f, "saddr", "saddr_v6", look, source_is_local);
		put_arrays(f, "daddr", "daddr_v6", look, !source_is_local);
	}
}

/* Numbers whose bytes all differ, by the kernel's names. */
static const struct {
	const char *name;
	enum tcp_field field;
	uint64_t value;
} truths[] = {
	{"skaddr", TCP_FIELD_SK, 0x11223344},
	{"sk", TCP_FIELD_SK, 0x11223344},
	{"rx_sk", TCP_FIELD_SK, 0x11223344},
	{"skbaddr", TCP_FIELD_SKB, 0x55667788},
	{"skb_addr", TCP_FIELD_SKB, 0x55667788},
	{"skb", TCP_FIELD_SKB, 0x55667788},
	{"req", TCP_FIELD_REQ, 0x66778899},
	{"location", TCP_FIELD_LOCATION, 0x77889900},
	{"ip", TCP_FIELD_LOCATION, 0x77889900},
	{"sock_cookie", TCP_FIELD_COOKIE, 0x0102030405060708},
	{"net_cookie", TCP_FIELD_NET_COOKIE, 0x0203040506070809},
	{"state", TCP_FIELD_STATE, TCP_STATE_ESTABLISHED},
	{"oldstate", TCP_FIELD_OLDSTATE, TCP_STATE_SYN_SENT},
	{"newstate", TCP_FIELD_NEWSTATE, TCP_STATE_ESTABLISHED},
	{"cong_state", TCP_FIELD_CONG_STATE, TCP_CA_STATE_RECOVERY},
	{"err", TCP_FIELD_ERR, (uint64_t)-113},
	{"error", TCP_FIELD_ERR, 104},
	{"reason", TCP_FIELD_REASON, 3},
	{"ret", TCP_FIELD_RET, (uint64_t)-11},
	{"flags", TCP_FIELD_FLAGS, 0x4002},
	{"mark", TCP_FIELD_MARK, 0xcafe1234},
	{"data_len", TCP_FIELD_DATA_LEN, 0xfedc},
	{"snd_nxt", TCP_FIELD_SND_NXT, 0xf1234567},
	{"snd_una", TCP_FIELD_SND_UNA, 0xe1234567},
	{"snd_cwnd", TCP_FIELD_SND_CWND, 10},
	{"ssthresh", TCP_FIELD_SSTHRESH, 0x7fffffff},
	{"snd_wnd", TCP_FIELD_SND_WND, 65536},
	{"srtt", TCP_FIELD_SRTT_US, 123456},
	{"rcv_wnd", TCP_FIELD_RCV_WND, 98765},
};

static void put_truths(struct fixture *f)
{
	fixture_put(f, "common_pid", 4321);
	fixture_put(f, "common_flags", 0x11);
	/* What the other common fields hold must not be seen anywhere. */
	fixture_put(f, "common_preempt_count", 0xee);
	fixture_put(f, "common_preempt_lazy_count", 0xee);
	fixture_put(f, "protocol", 6);
	for (size_t i = 0; i < ARRAY_SIZE(truths); i++)
		fixture_put(f, truths[i].name, truths[i].value);
}

/* kfree_skb has the protocol of the frame, ETH_P_IP and others (trace_kfree_skb: skb->protocol),
 * which must not be taken for one of IP's: 6 is TCP there, and a length here. */
static void check_protocol(const struct fixture *f, const struct tcp_event *e)
{
	uint64_t frame;

	if (!fixture_field(f, "protocol"))
		return;
	if (e->kind != TCP_KIND_KFREE_SKB) {
		assert_int_equal(e->protocol, 6);
		return;
	}
	assert_false(tcp_event_has(e, TCP_FIELD_PROTOCOL));
	assert_true(tcp_event_extra(e, "protocol", &frame));
	assert_int_equal(frame, 6);
}

static void check_truths(const struct fixture *f, const struct tcp_event *e)
{
	assert_int_equal(e->cpu_tid, 4321);
	assert_int_equal(e->common_flags, 0x11);
	assert_int_equal(e->ts_ns, 12345);
	assert_int_equal(e->cpu, 3);
	assert_string_equal(e->name, f->name);
	for (size_t i = 0; i < ARRAY_SIZE(truths); i++) {
		if (!fixture_field(f, truths[i].name))
			continue;
		assert_true(tcp_event_has(e, truths[i].field));
		assert_int_equal(tcp_field_value(e, truths[i].field), truths[i].value);
	}
	check_protocol(f, e);
}

static void check_ends(const struct fixture *f, const struct tcp_event *e, enum look look)
{
	struct ip_addr local = look == LOOK_V6 ? ip_addr_v6(local_v6) : ip_addr_v4(local_v4);
	struct ip_addr remote = look == LOOK_V6 ? ip_addr_v6(remote_v6) : ip_addr_v4(remote_v4);

	if (!fixture_field(f, "saddr")) {
		assert_false(tcp_event_has(e, TCP_FIELD_LADDR));
		assert_false(tcp_event_has(e, TCP_FIELD_RADDR));
		return;
	}
	assert_true(tcp_event_has(e, TCP_FIELD_LADDR) && tcp_event_has(e, TCP_FIELD_RADDR));
	assert_true(tcp_event_has(e, TCP_FIELD_LPORT) && tcp_event_has(e, TCP_FIELD_RPORT));
	assert_true(tcp_event_has(e, TCP_FIELD_FAMILY));
	assert_int_equal(e->family, look == LOOK_V6 ? 6 : 4);
	assert_true(ip_addr_equal(&e->local.addr, &local));
	assert_true(ip_addr_equal(&e->remote.addr, &remote));
	assert_int_equal(e->local.port, LPORT);
	assert_int_equal(e->remote.port, RPORT);
}

/* Every own field of the format is somewhere in the event. */
static void check_nothing_is_lost(const struct fixture *f, const struct tcp_event *e)
{
	size_t n_known = 0;

	for (size_t i = 0; i < f->format.n_fields; i++) {
		const char *name = f->format.fields[i].name;
		bool is_known = f->format.fields[i].is_common;

		for (size_t k = 0; k < ARRAY_SIZE(truths); k++)
			is_known |= !strcmp(truths[k].name, name);
		for (size_t k = 0; k < e->n_extras; k++)
			is_known |= !strncmp(e->extras[k].name, name, strlen(name));
		is_known |= strstr(" saddr daddr saddr_v6 daddr_v6 sport dport family protocol ",
				   name) != NULL;
		if (!is_known)
			fail_msg("%s %s: field %s is lost", f->kernel, f->name, name);
		n_known++;
	}
	assert_int_equal(n_known, f->format.n_fields);
}

static void check_fixture(struct fixture *f)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct tcp_event e;

	assert_int_equal(decoder_new(&f->meta, DECODER_PRINT_NONE, &d, NULL), 0);
	if (decoder_binding(d, &f->tracepoint) != DECODER_BOUND)
		fail_msg("%s %s: unknown shape", f->kernel, f->name);
	assert_int_equal(decoder_kind(d, &f->tracepoint), catalog_find(f->system, f->name)->kind);
	for (enum look look = 0; look < LOOK_N; look++) {
		struct tape_row row;

		put_truths(f);
		put_ends(f, look);
		row = fixture_row(f);
		assert_int_equal(decoder_event(d, &row, &e, NULL), 0);
		check_truths(f, &e);
		check_ends(f, &e, look);
		check_nothing_is_lost(f, &e);
	}
}

static void test_binding_of_every_kernel(void **state)
{
	assert_true(fixture_each(check_fixture) > 200);
}

static void check_short_rows(struct fixture *f)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct tape_row row;
	struct tcp_event e;

	assert_int_equal(decoder_new(&f->meta, DECODER_PRINT_ALL, &d, NULL), 0);
	put_truths(f);
	put_ends(f, LOOK_V4);
	row = fixture_row(f);
	for (size_t len = 0; len <= row.len; len++) {
		uint8_t *copy = malloc(len ? len : 1);
		struct tape_row part = row;

		assert_non_null(copy);
		memcpy(copy, row.data, len);
		part.data = copy;
		part.len = len;
		assert_int_equal(decoder_event(d, &part, &e, NULL), 0);
		for (size_t i = 0; i < ARRAY_SIZE(truths); i++) {
			const struct trace_field *field = fixture_field(f, truths[i].name);

			if (field)
				assert_int_equal(tcp_event_has(&e, truths[i].field),
						 (size_t)field->offset + field->size <= len);
		}
		free(copy);
	}
}

static void test_binding_of_short_rows(void **state)
{
	assert_true(fixture_each(check_short_rows) > 200);
}

static struct tcp_event decode(struct fixture *f, struct decoder **ret)
{
	struct tape_row row = fixture_row(f);
	struct tcp_event e;

	if (!*ret)
		assert_int_equal(decoder_new(&f->meta, DECODER_PRINT_NONE, ret, NULL), 0);
	assert_int_equal(decoder_event(*ret, &row, &e, NULL), 0);
	return e;
}

static void test_binding_zeros_are_unknown(void **state)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct fixture f;
	struct tcp_event e;

	/* An RST without a socket. */
	fixture_load(&f, "x86_64-6.18", "tcp", "tcp_send_reset");
	put_ends(&f, LOOK_V4);
	e = decode(&f, &d);
	assert_false(tcp_event_has(&e, TCP_FIELD_SK));
	assert_false(tcp_event_has(&e, TCP_FIELD_STATE));
	assert_false(tcp_event_has(&e, TCP_FIELD_SKB));
	/* Programs may still see them. */
	assert_true(e.zeros & TCP_FIELD_BIT(TCP_FIELD_SK));
	assert_true(e.zeros & TCP_FIELD_BIT(TCP_FIELD_STATE));
	assert_true(tcp_event_has(&e, TCP_FIELD_REASON));
	assert_string_equal(e.reason_name, "NOT_SPECIFIED");
	fixture_put(&f, "reason", 17);
	e = decode(&f, &d);
	assert_string_equal(e.reason_name, "MPTCP_RST_EUNSPEC");
	fixture_put(&f, "reason", 4711);
	e = decode(&f, &d);
	assert_null(e.reason_name);
	fixture_done(&f);
}

/* A row of sock_diag may come without tcp_info: its fields are then unknown, not 0. */
/* An address without a port is an earlier connection's; it is kept for who wants the row. */
static void test_binding_of_an_address_without_port(void **state)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct fixture f;
	struct tcp_event e;

	fixture_load(&f, "x86_64-6.18", "sock", "inet_sk_error_report");
	put_ends(&f, LOOK_V4);
	fixture_put(&f, "dport", 0);
	fixture_put(&f, "family", 2);
	e = decode(&f, &d);
	assert_int_equal(e.remote.addr.family, 0);
	assert_int_equal(e.portless_family, 4);
	assert_memory_equal(e.portless, remote_v4, 4);
	assert_true(e.zeros & TCP_FIELD_BIT(TCP_FIELD_RPORT));
	assert_int_equal(e.row_family, 0);
	fixture_put(&f, "family", 16);
	e = decode(&f, &d);
	assert_int_equal(e.row_family, 16);
	fixture_done(&f);
}

static void test_binding_of_socket_rows(void **state)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct text t CLEANUP(text_done) = {0};
	struct fixture f = {.system = SOCKET_ROW_SYSTEM, .name = SOCKET_ROW_TABLE};
	struct tcp_event e;
	uint64_t v = 0;

	socket_row_format(&t, SOCKET_ROW_TABLE, SOCKET_ROW_TABLE_ID, 232);
	assert_int_equal(trace_format_parse(t.data, t.len, &f.format, NULL), 0);
	f.meta.long_size = 8;
	f.tracepoint = (struct tape_tracepoint){.kernel_id = SOCKET_ROW_TABLE_ID,
						.system = f.system,
						.name = f.name,
						.format = t.data,
						.format_len = t.len};
	assert_true(fixture_put(&f, "common_type", SOCKET_ROW_TABLE_ID));
	assert_true(fixture_put(&f, "bytes_acked", 4711));
	assert_true(fixture_put(&f, "has_figures", 1));
	e = decode(&f, &d);
	assert_int_equal(e.kind, TCP_KIND_SOCKET_DUMPED);
	assert_non_null(e.tcp_info);
	assert_true(tcp_info_get(e.tcp_info, TCP_INFO_BYTES_ACKED, &v));
	assert_int_equal(v, 4711);
	assert_true(tcp_info_get(e.tcp_info, TCP_INFO_RTTVAR_US, &v));
	assert_true(fixture_put(&f, "has_figures", 0));
	e = decode(&f, &d);
	assert_null(e.tcp_info);
}

/* A reader may ask for some fields of tcp_info only: the bytes of the others are not expanded. */
static void test_binding_limits_tcp_info(void **state)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct text t CLEANUP(text_done) = {0};
	struct fixture f = {.system = SOCKET_ROW_SYSTEM, .name = SOCKET_ROW_DESTROY};
	const struct column_set *columns;
	struct tcp_event e;
	uint64_t v;

	socket_row_format(&t, SOCKET_ROW_DESTROY, SOCKET_ROW_DESTROY_ID, 280);
	assert_int_equal(trace_format_parse(t.data, t.len, &f.format, NULL), 0);
	f.meta.long_size = 8;
	f.tracepoint = (struct tape_tracepoint){
		.system = f.system, .name = f.name, .format = t.data, .format_len = t.len};
	assert_true(fixture_put(&f, "bytes_acked", 4711));
	assert_true(fixture_put(&f, "rttvar_us", 12));
	assert_true(fixture_put(&f, "has_figures", 1));
	assert_int_equal(decoder_new(&f.meta, DECODER_PRINT_NONE, &d, NULL), 0);
	decoder_leave_out_extras(d);
	decoder_limit_tcp_info(d, TCP_INFO_BIT(TCP_INFO_BYTES_ACKED));
	e = decode(&f, &d);
	assert_true(tcp_info_get(e.tcp_info, TCP_INFO_BYTES_ACKED, &v));
	assert_false(tcp_info_get(e.tcp_info, TCP_INFO_RTTVAR_US, &v));
	columns = decoder_columns(d, &f.tracepoint);
	assert_true(column_set_has(columns, SOCKET_ROW_INFO + 120));
	assert_false(column_set_has(columns, SOCKET_ROW_INFO + 72));
}

static void test_binding_of_listeners_and_unbound(void **state)
{
	static const uint8_t any[16] = {[10] = 0xff, [11] = 0xff};
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct fixture f;
	struct tcp_event e;

	fixture_load(&f, "x86_64-6.1", "sock", "inet_sock_set_state");
	put_ends(&f, LOOK_V4);
	fixture_put(&f, "oldstate", TCP_STATE_CLOSE);
	fixture_put(&f, "newstate", TCP_STATE_LISTEN);
	fixture_put(&f, "dport", 0);
	fixture_put(&f, "saddr", 0);
	fixture_put_bytes(&f, "saddr_v6", any, 16);
	e = decode(&f, &d);
	assert_true(tcp_event_has(&e, TCP_FIELD_LADDR));
	assert_int_equal(e.local.addr.family, 4);
	assert_memory_equal(e.local.addr.bytes, (const uint8_t[4]){0}, 4);
	assert_false(tcp_event_has(&e, TCP_FIELD_RADDR));
	assert_false(tcp_event_has(&e, TCP_FIELD_RPORT));
	/* A child with its listener's tuple. */
	fixture_put(&f, "oldstate", TCP_STATE_LISTEN);
	fixture_put(&f, "newstate", TCP_STATE_SYN_RECV);
	e = decode(&f, &d);
	assert_false(tcp_event_has(&e, TCP_FIELD_LADDR));
	assert_int_equal(e.local.port, LPORT);
	/* connect(): no port yet. */
	put_ends(&f, LOOK_V6);
	fixture_put(&f, "oldstate", TCP_STATE_CLOSE);
	fixture_put(&f, "newstate", TCP_STATE_SYN_SENT);
	fixture_put(&f, "sport", 0);
	e = decode(&f, &d);
	assert_false(tcp_event_has(&e, TCP_FIELD_LPORT));
	assert_true(tcp_event_has(&e, TCP_FIELD_LADDR));
	assert_int_equal(e.remote.port, RPORT);
	fixture_done(&f);
}

static void test_binding_half_mapped(void **state)
{
	static const uint8_t zeros[16];
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct fixture f;
	struct tcp_event e;

	/* An AF_INET6 socket connects to ::ffff:..: its own address is in the v4 field only. */
	fixture_load(&f, "x86_64-5.10", "sock", "inet_sock_set_state");
	put_truths(&f);
	put_ends(&f, LOOK_MAPPED);
	fixture_put_bytes(&f, "saddr_v6", zeros, 16);
	e = decode(&f, &d);
	assert_int_equal(e.local.addr.family, 4);
	assert_memory_equal(e.local.addr.bytes, local_v4, 4);
	assert_int_equal(e.remote.addr.family, 4);
	fixture_done(&f);
}

static void test_binding_extras(void **state)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct fixture f;
	struct tcp_event e;
	char all[512] = "";

	fixture_load(&f, "s390x-6.1", "sock", "sock_exceed_buf_limit");
	fixture_put_bytes(&f, "name", "TCPv6", 5);
	fixture_put(&f, "allocated", 77);
	fixture_put(&f, "kind", (uint64_t)-1);
	memset(f.row + fixture_field(&f, "sysctl_mem")->offset, 0, 24);
	f.row[fixture_field(&f, "sysctl_mem")->offset + 15] = 9;
	e = decode(&f, &d);
	for (size_t i = 0; i < e.n_extras; i++) {
		char one[80];

		if (e.extras[i].kind == TCP_EXTRA_TEXT)
			snprintf(one, sizeof(one), "%s=%s ", e.extras[i].name, e.extras[i].text);
		else
			snprintf(one, sizeof(one), "%s=%lld ", e.extras[i].name,
				 (long long)e.extras[i].value);
		strcat(all, one);
	}
	assert_string_equal(all, "name=TCPv6 sysctl_mem_0=0 sysctl_mem_1=9 sysctl_mem_2=0 "
				 "allocated=77 sysctl_rmem=0 rmem_alloc=0 sysctl_wmem=0 "
				 "wmem_alloc=0 wmem_queued=0 kind=-1 ");
	fixture_done(&f);
}

static void test_binding_without_a_shape(void **state)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct fixture f;
	struct tape_row row;
	struct tcp_event e;
	char *at;

	/* A kernel that renamed a field: the others still bind. */
	fixture_load(&f, "x86_64-6.18", "sock", "inet_sock_set_state");
	put_truths(&f);
	put_ends(&f, LOOK_V4);
	at = strstr((char *)f.text.data, "newstate;");
	assert_non_null(at);
	memcpy(at, "newSTATE;", 9);
	row = fixture_row(&f);
	assert_int_equal(decoder_new(&f.meta, DECODER_PRINT_UNBOUND, &d, NULL), 0);
	assert_int_equal(decoder_binding(d, &f.tracepoint), DECODER_UNKNOWN_SHAPE);
	assert_int_equal(decoder_event(d, &row, &e, NULL), 0);
	assert_int_equal(e.oldstate, TCP_STATE_SYN_SENT);
	assert_false(tcp_event_has(&e, TCP_FIELD_NEWSTATE));
	assert_int_equal(e.local.port, LPORT);
	assert_non_null(strstr(e.print, "newSTATE=1"));
	d = decoder_free(d);
	f.tracepoint.system = "elsewhere";
	assert_int_equal(decoder_new(&f.meta, DECODER_PRINT_UNBOUND, &d, NULL), 0);
	assert_int_equal(decoder_binding(d, &f.tracepoint), DECODER_UNLISTED);
	assert_int_equal(decoder_kind(d, &f.tracepoint), TCP_KIND_OTHER);
	assert_int_equal(decoder_event(d, &row, &e, NULL), 0);
	assert_int_equal(e.present, 0);
	assert_int_equal(e.cpu_tid, 4321);
	assert_non_null(e.print);
	d = decoder_free(d);
	f.tracepoint.format = "rubbish";
	f.tracepoint.format_len = 7;
	row.len = 2;
	assert_int_equal(decoder_new(&f.meta, DECODER_PRINT_UNBOUND, &d, NULL), 0);
	assert_int_equal(decoder_binding(d, &f.tracepoint), DECODER_NO_FORMAT);
	assert_int_equal(decoder_event(d, &row, &e, NULL), 0);
	assert_int_equal(e.present, 0);
	assert_int_equal(strlen(e.print), 4);
	fixture_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binding_of_every_kernel),
		cmocka_unit_test(test_binding_of_short_rows),
		cmocka_unit_test(test_binding_zeros_are_unknown),
		cmocka_unit_test(test_binding_of_an_address_without_port),
		cmocka_unit_test(test_binding_of_socket_rows),
		cmocka_unit_test(test_binding_limits_tcp_info),
		cmocka_unit_test(test_binding_of_listeners_and_unbound),
		cmocka_unit_test(test_binding_half_mapped),
		cmocka_unit_test(test_binding_extras),
		cmocka_unit_test(test_binding_without_a_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
