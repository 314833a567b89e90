// SPDX-License-Identifier: MIT
/*
 * rows: a script of one connection, and the values that differ from one connection to the next.
 */
#include "bench/rows.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/units.h"

enum tracepoint_index {
	SET_STATE,
	CONG_STATE,
	DATA_READY,
	SENDMSG,
	PROBE,
	SEND_LENGTH,
	RECV_LENGTH,
	SPACE_ADJUST,
	DESTROY,
	SET_STATE_CHAIN,
};

static const struct {
	const char *system, *name;
} names[ROWS_TRACEPOINTS] = {
	[SET_STATE] = {"sock", "inet_sock_set_state"},
	[CONG_STATE] = {"tcp", "tcp_cong_state_set"},
	[DATA_READY] = {"sock", "sk_data_ready"},
	[SENDMSG] = {"tcp", "tcp_sendmsg_locked"},
	[PROBE] = {"tcp", "tcp_probe"},
	[SEND_LENGTH] = {"sock", "sock_send_length"},
	[RECV_LENGTH] = {"sock", "sock_recv_length"},
	[SPACE_ADJUST] = {"tcp", "tcp_rcv_space_adjust"},
	[DESTROY] = {"tcp", "tcp_destroy_sock"},
	[SET_STATE_CHAIN] = {"sock", "inet_sock_set_state"},
};

enum side { CLIENT, SERVER, LISTENER };

/* a and b are the states before and after; of a send or receive its bytes, and the bytes before
 * it. */
static const struct step {
	uint8_t tracepoint, side;
	uint16_t a, b;
} steps[] = {
	{SET_STATE, CLIENT, 7, 2},     {SET_STATE, CLIENT, 2, 1},
	{SET_STATE, SERVER, 10, 3},    {CONG_STATE, SERVER, 0, 0},
	{SET_STATE, SERVER, 3, 1},     {DATA_READY, LISTENER, 0, 0},
	{SENDMSG, CLIENT, 100, 0},     {PROBE, SERVER, 100, 0},
	{DATA_READY, SERVER, 0, 0},    {PROBE, CLIENT, 0, 100},
	{SEND_LENGTH, CLIENT, 100, 0}, {SPACE_ADJUST, SERVER, 0, 0},
	{RECV_LENGTH, SERVER, 100, 0}, {SENDMSG, SERVER, 50, 0},
	{PROBE, CLIENT, 50, 100},      {DATA_READY, CLIENT, 0, 0},
	{PROBE, SERVER, 0, 50},	       {SEND_LENGTH, SERVER, 50, 0},
	{SPACE_ADJUST, CLIENT, 0, 0},  {RECV_LENGTH, CLIENT, 50, 0},
	{SET_STATE, CLIENT, 1, 4},     {PROBE, SERVER, 0, 50},
	{SET_STATE, SERVER, 1, 8},     {DATA_READY, SERVER, 0, 0},
	{RECV_LENGTH, SERVER, 0, 0},   {SET_STATE, SERVER, 8, 9},
	{SET_STATE, CLIENT, 4, 5},     {SET_STATE_CHAIN, CLIENT, 5, 7},
	{DESTROY, CLIENT, 0, 0},       {SET_STATE, SERVER, 9, 7},
	{DESTROY, SERVER, 0, 0},
};

enum what {
	TYPE,
	PREEMPT,
	PID,
	SOCKET,
	PACKET,
	COOKIE,
	FAMILY,
	PROTOCOL,
	NEAR_PORT,
	FAR_PORT,
	NEAR_ADDRESS,
	FAR_ADDRESS,
	FIRST,
	SECOND,
	SENT,
	ACKED,
	WINDOW,
	CWND,
	SSTHRESH,
	SRTT,
	CODE,
	GOAL,
};

/* Fields of format files that are filled; others stay 0. */
static const struct {
	const char *name;
	uint8_t what;
} known_fields[] = {
	{"common_type", TYPE},
	{"common_preempt_count", PREEMPT},
	{"common_pid", PID},
	{"skaddr", SOCKET},
	{"sk", SOCKET},
	{"skbaddr", PACKET},
	{"sock_cookie", COOKIE},
	{"family", FAMILY},
	{"protocol", PROTOCOL},
	{"sport", NEAR_PORT},
	{"dport", FAR_PORT},
	{"saddr", NEAR_ADDRESS},
	{"daddr", FAR_ADDRESS},
	{"saddr_v6", NEAR_ADDRESS},
	{"daddr_v6", FAR_ADDRESS},
	{"oldstate", FIRST},
	{"newstate", SECOND},
	{"data_len", FIRST},
	{"ret", FIRST},
	{"msg_left", FIRST},
	{"snd_nxt", SENT},
	{"snd_una", ACKED},
	{"snd_wnd", WINDOW},
	{"rcv_wnd", WINDOW},
	{"snd_cwnd", CWND},
	{"ssthresh", SSTHRESH},
	{"srtt", SRTT},
	{"ip", CODE},
	{"size_goal", GOAL},
};

static void tracepoint_find_fields(struct rows_tracepoint *tp)
{
	for (size_t i = 0; i < tp->format.n_fields; i++) {
		const struct trace_field *f = &tp->format.fields[i];

		for (size_t k = 0; k < ARRAY_SIZE(known_fields); k++) {
			if (!strcmp(f->name, known_fields[k].name) &&
			    tp->n_fields < ARRAY_SIZE(tp->fields))
				tp->fields[tp->n_fields++] =
					(struct rows_field){.offset = f->offset,
							    .size = f->size,
							    .what = known_fields[k].what};
		}
	}
}

static int tracepoint_load(struct rows_tracepoint *tp, const char *formats, struct fault *fault)
{
	char path[4096];
	int r;

	snprintf(path, sizeof(path), "%s/%s.%s.format", formats, tp->system, tp->name);
	r = io_read_file(path, 1u << 20, &tp->text);
	if (r < 0)
		return fault_errno(fault, r, "%s", path);
	r = trace_format_parse((const char *)tp->text.data, tp->text.len, &tp->format, fault);
	if (!r && tp->format.record_size > ROWS_LEN_MAX)
		r = fault_set(fault, -E2BIG, "%s: rows are too long", path);
	if (!r)
		tracepoint_find_fields(tp);
	return r;
}

int rows_open(struct rows *rows, const char *formats, size_t n_cpus, struct fault *fault)
{
	*rows = (struct rows){.n_cpus = n_cpus};
	rows->cpus = calloc(n_cpus, sizeof(*rows->cpus));
	if (!rows->cpus)
		return fault_no_memory(fault);
	for (size_t i = 0; i < n_cpus; i++)
		rows->cpus[i].now = NSEC_PER_SEC;
	for (size_t i = 0; i < ROWS_TRACEPOINTS; i++) {
		int r;

		rows->tracepoints[i].system = names[i].system;
		rows->tracepoints[i].name = names[i].name;
		rows->tracepoints[i].has_chain = i == SET_STATE_CHAIN;
		r = tracepoint_load(&rows->tracepoints[i], formats, fault);
		if (r < 0)
			return r;
	}
	return 0;
}

void rows_done(struct rows *r)
{
	for (size_t i = 0; i < ROWS_TRACEPOINTS; i++)
		buffer_done(&r->tracepoints[i].text);
	free(r->cpus);
	*r = (struct rows){0};
}

/* Everything that the values of a row depend on. */
struct row_context {
	uint64_t cpu, connection, step, mix;
	bool is_client;
	uint16_t near_port, far_port, type;
	const struct step *what;
};

/* A number that looks random, but is the same every time. */
static uint64_t mix_of(uint64_t a, uint64_t b)
{
	uint64_t x = a * 0x9e3779b97f4a7c15ull + b * 0xc2b2ae3d27d4eb4full;

	x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9ull;
	return x ^ (x >> 32);
}

static struct row_context row_context_of(const struct rows_cpu *c, size_t cpu)
{
	const struct step *s = &steps[c->step];
	uint16_t port = (uint16_t)(32768 + cpu * 61 % 4096 + c->connection * 2 % 28000);
	uint16_t listening = (uint16_t)(40001 + cpu);
	bool is_client = s->side == CLIENT;

	return (struct row_context){
		.cpu = cpu,
		.connection = c->connection,
		.step = c->step,
		.mix = mix_of(cpu << 48 | c->connection, c->step),
		.is_client = is_client,
		/* The socket gets its port later. */
		.near_port = !is_client ? listening
			     : c->step	? port
					: 0,
		.far_port = is_client		? listening
			    : s->side == SERVER ? port
						: 0,
		.what = s,
	};
}

/* The address of a socket. As a slab does, it gives out again what was freed last. */
static uint64_t socket_address(const struct row_context *m)
{
	uint64_t slot = m->what->side == LISTENER ? 8 : (m->connection + m->is_client) % 3;

	return 0xffff888100000000ull + m->cpu * 0x1000000 + slot * 0x9c0;
}

static uint64_t field_value(const struct row_context *m, enum what what)
{
	uint64_t start = mix_of(m->cpu << 48 | m->connection, m->is_client) & 0xffffffff;

	switch (what) {
	case TYPE: return m->type;
	case PREEMPT: return m->what->tracepoint == PROBE ? 1 : 0;
	case PID: return 2000 + m->cpu;
	case SOCKET: return socket_address(m);
	case PACKET: return 0xffff888200000000ull + m->cpu * 0x1000000 + m->mix % 24 * 0x100;
	case COOKIE: return (m->cpu << 13 | 1) + m->connection * 2 + m->is_client;
	case FAMILY: return AF_INET;
	case PROTOCOL: return IPPROTO_TCP;
	case NEAR_PORT: return m->near_port;
	case FAR_PORT: return m->far_port;
	case FIRST: return m->what->a;
	case SECOND: return m->what->b;
	case SENT: return start + m->what->b;
	case ACKED: return start + (m->what->a ? m->what->b : 0);
	case WINDOW: return 65536 - m->mix / 64 % 2 * 53;
	case CWND: return 10 + (m->step > 12);
	case SSTHRESH: return 0x7fffffff;
	case SRTT: return 3 + m->mix / 128 % 8;
	case CODE: return 0xffffffff81a3c1f0ull;
	case GOAL: return 32741 + m->step % 2 * 27;
	default: return 0;
	}
}

/* Writes an address as IPv4, as IPv4 mapped into IPv6, or as a struct sockaddr, by the field's
 * size. */
static void put_address(uint8_t *at, uint16_t size, const struct row_context *m, bool is_near)
{
	uint16_t family = AF_INET, port = htons(is_near ? m->near_port : m->far_port);
	uint8_t address[4] = {127, 0, 0, 1};

	if (is_near != m->is_client) {
		address[1] = 99;
		address[2] = (uint8_t)m->cpu;
	}
	if (size == 28) {
		memcpy(at, &family, 2);
		memcpy(at + 2, &port, 2);
		memcpy(at + 4, address, 4);
	} else if (size == 16) {
		memset(at + 10, 0xff, 2);
		memcpy(at + 12, address, 4);
	} else {
		memcpy(at, address, 4);
	}
}

static void put_number(uint8_t *at, uint16_t size, uint64_t value)
{
	uint32_t four = (uint32_t)value;
	uint16_t two = (uint16_t)value;
	uint8_t one = (uint8_t)value;

	switch (size) {
	case 1: memcpy(at, &one, 1); break;
	case 2: memcpy(at, &two, 2); break;
	case 4: memcpy(at, &four, 4); break;
	case 8: memcpy(at, &value, 8); break;
	}
}

static void put_chain(struct row *ret, const struct row_context *m)
{
	ret->n_frames = ROWS_FRAMES;
	for (uint32_t i = 0; i < ROWS_FRAMES; i++)
		ret->frames[i] = 0xffffffff81a00000ull + i * 0x340;
	/* There are a few different call chains. */
	ret->frames[ROWS_FRAMES / 2] += m->mix % 3 * 0x20;
}

void rows_next(struct rows *r, size_t cpu, struct row *ret)
{
	struct rows_cpu *c = &r->cpus[cpu];
	struct row_context m = row_context_of(c, cpu);
	const struct rows_tracepoint *tp = &r->tracepoints[m.what->tracepoint];

	m.type = (uint16_t)tp->format.id;
	c->now += 300 + m.mix / 1024 % 1400;
	ret->tracepoint = m.what->tracepoint;
	ret->time = c->now;
	ret->len = (uint16_t)tp->format.record_size;
	ret->n_frames = 0;
	memset(ret->data, 0, ret->len);
	for (size_t i = 0; i < tp->n_fields; i++) {
		const struct rows_field *f = &tp->fields[i];

		if (f->what == NEAR_ADDRESS || f->what == FAR_ADDRESS)
			put_address(ret->data + f->offset, f->size, &m, f->what == NEAR_ADDRESS);
		else
			put_number(ret->data + f->offset, f->size, field_value(&m, f->what));
	}
	if (tp->has_chain)
		put_chain(ret, &m);
	if (++c->step == ARRAY_SIZE(steps)) {
		c->step = 0;
		c->connection++;
	}
}

uint64_t rows_complete_until(const struct rows *r)
{
	uint64_t oldest = UINT64_MAX;

	for (size_t i = 0; i < r->n_cpus; i++)
		oldest = r->cpus[i].now < oldest ? r->cpus[i].now : oldest;
	return oldest;
}
