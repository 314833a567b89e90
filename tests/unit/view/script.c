// SPDX-License-Identifier: MIT
#include "script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <string.h>

#include "base/units.h"
#include "tcp/names.h"

#define SOFTIRQ 0x10

static int script_table_begin(struct table_sink *sink, const struct column *columns, size_t n,
			      struct fault *fault)
{
	struct script *s = sink->self;

	s->columns = columns;
	s->n_columns = n;
	return 0;
}

static void put_fields(struct text *t, const struct cell *c, bool is_text);

static void put_cell(struct text *t, const struct cell *c, const struct column *column)
{
	struct endpoint e = {.addr = {.family = c->family}, .port = c->port};

	switch (c->kind) {
	case CELL_STR: text_mem(t, c->str, c->n); break;
	case CELL_I64: text_i64(t, c->i64); break;
	case CELL_FIXED: text_fixed(t, c->u64, column->decimals); break;
	case CELL_HEX: text_printf(t, "0x%llx", (unsigned long long)c->u64); break;
	case CELL_TIME: text_printf(t, "%lluus", (unsigned long long)c->u64 / 1000); break;
	case CELL_ADDR:
		memcpy(e.addr.bytes, c->addr, c->family == 6 ? 16 : 4);
		ip_addr_text(t, &e.addr);
		break;
	case CELL_ENDPOINT:
		if (c->family)
			memcpy(e.addr.bytes, c->addr, c->family == 6 ? 16 : 4);
		endpoint_text(t, &e);
		break;
	case CELL_LIST:
		for (uint32_t i = 0; i < c->n; i++)
			text_printf(t, "%s%s", i ? "," : "", c->list[i] ? c->list[i] : "?");
		break;
	case CELL_FIELDS: put_fields(t, c, column->where & COLUMN_TEXT); break;
	default: text_u64(t, c->u64);
	}
}

static void put_fields(struct text *t, const struct cell *c, bool is_text)
{
	static const struct column none;
	size_t start = t->len;

	for (uint32_t i = 0; i < c->n; i++) {
		const struct cell_field *f = &c->fields[i];
		const char *name = is_text ? f->label : f->key;

		if (!name)
			continue;
		text_printf(t, "%s%s:", t->len > start ? "," : "", name);
		put_cell(t, &f->cell, &none);
	}
}

static int script_row(struct table_sink *sink, const struct cell *cells, struct fault *fault)
{
	struct script *s = sink->self;
	bool is_first = true;

	for (size_t i = 0; i < s->n_columns; i++) {
		const struct column *c = &s->columns[i];

		if (cells[i].kind == CELL_ABSENT || !(c->where & sink->shows))
			continue;
		text_printf(&s->shown, "%s%s=", is_first ? "" : " ", c->key);
		put_cell(&s->shown, &cells[i], c);
		is_first = false;
	}
	text_char(&s->shown, '\n');
	return 0;
}

static int script_note(struct table_sink *sink, const char *line, struct fault *fault)
{
	struct script *s = sink->self;

	text_printf(&s->shown, "# %s\n", line);
	return 0;
}

static int script_page(struct table_sink *sink, uint64_t ts_ns, const char *title, bool is_screen,
		       struct fault *fault)
{
	struct script *s = sink->self;

	text_printf(&s->shown, "== %llums%s %s\n", (unsigned long long)(ts_ns / MS),
		    is_screen ? " screen" : "", title);
	return 0;
}

static int script_flush(struct table_sink *sink, struct fault *fault)
{
	return 0;
}

static const struct table_ops script_ops = {
	.begin = script_table_begin,
	.row = script_row,
	.note = script_note,
	.page = script_page,
	.flush = script_flush,
};

static const struct option_spec *spec_of(const struct view *v, const char *name, size_t len)
{
	for (size_t i = 0; i < v->n_options; i++) {
		if (strlen(v->options[i].name) == len && !memcmp(v->options[i].name, name, len))
			return &v->options[i];
	}
	fail_msg("%s has no option %s", v->name, name);
	return NULL;
}

static void set_options(struct script *s, const char *options)
{
	char *word = arena_str(&s->arena, options), *next;

	for (; word && *word; word = next) {
		size_t name = strcspn(word, "= ");
		const struct option_spec *o = spec_of(s->view, word, name);
		char *at = (char *)s->options + o->offset;

		next = word + strcspn(word, " ");
		if (*next)
			*next++ = '\0';
		if (o->parse == option_flag)
			*(bool *)at = true;
		else if (o->parse == option_u64)
			*(uint64_t *)at = strtoull(word + name + 1, NULL, 10);
		else
			*(const char **)at = word + name + 1;
	}
}

static int script_conn(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct script *s = userdata;

	return s->view->conn ? s->view->conn(s->state, c, &s->sink, fault) : 0;
}

struct script *script_new(const char *view, const char *options, uint8_t where)
{
	struct script *s = calloc(1, sizeof(*s));
	const struct tracker_options o = {.ended = script_conn, .userdata = s};

	assert_non_null(s);
	for (size_t i = 0; i < n_views; i++) {
		if (!strcmp(views[i]->name, view))
			s->view = views[i];
	}
	assert_non_null(s->view);
	s->options = calloc(1, s->view->options_size + 1);
	s->state = calloc(1, s->view->state_size + 1);
	assert_true(s->options && s->state);
	set_options(s, options);
	s->sink = (struct table_sink){&script_ops, s, where};
	s->context = (struct view_context){
		.filter = &s->filter, .until_ns = UINT64_MAX, .recorded = TCP_KINDS_ALL};
	assert_int_equal(tracker_new(&o, &s->tracker, NULL), 0);
	tracker_expect(s->tracker, TRACKER_CONN_KINDS & ~TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL));
	assert_int_equal(tracker_task(s->tracker, CLIENT, CLIENT, "curl"), 0);
	assert_int_equal(tracker_task(s->tracker, SERVER, SERVER, "nginx"), 0);
	assert_int_equal(tracker_task(s->tracker, WORKER, WORKER, "worker"), 0);
	return s;
}

void script_free(struct script *s)
{
	if (s->view->done)
		s->view->done(s->state);
	tracker_free(s->tracker);
	text_done(&s->shown);
	arena_done(&s->arena);
	free(s->options);
	free(s->state);
	free(s);
}

int script_begin(struct script *s)
{
	s->now = 1000 * MS;
	return s->view->init(s->state, s->options, &s->context, &s->sink, NULL);
}

static void script_begin_if_new(struct script *s)
{
	if (!s->now)
		assert_int_equal(script_begin(s), 0);
}

static void set_end(struct tcp_event *e, bool is_local, uint16_t port)
{
	const uint8_t bytes[] = {10, 0, 0, is_local ? 1 : 2};
	struct endpoint *end = is_local ? &e->local : &e->remote;

	end->addr = ip_addr_v4(bytes);
	end->port = port;
	script_set(e, is_local ? TCP_FIELD_LADDR : TCP_FIELD_RADDR);
	if (port)
		script_set(e, is_local ? TCP_FIELD_LPORT : TCP_FIELD_RPORT);
}

void script_set(struct tcp_event *e, enum tcp_field field)
{
	e->present |= TCP_FIELD_BIT(field);
}

struct tcp_event script_event(enum tcp_kind kind, uint64_t sk, uint16_t lport, uint16_t rport)
{
	struct tcp_event e = {
		.kind = kind,
		.sk = sk,
		.common_flags = SOFTIRQ,
		.system = "tcp",
		.name = "tcp_event",
		.tracepoint = (uint32_t)kind,
	};

	if (sk)
		script_set(&e, TCP_FIELD_SK);
	e.family = 4;
	script_set(&e, TCP_FIELD_FAMILY);
	set_end(&e, true, lport);
	if (rport)
		set_end(&e, false, rport);
	return e;
}

void script_in(struct tcp_event *e, int32_t pid)
{
	e->cpu_tid = pid;
	e->common_flags = 0;
}

void script_feed(struct script *s, uint64_t after_ns, struct tcp_event *e)
{
	const struct view *v = s->view;

	script_begin_if_new(s);
	s->now += after_ns;
	e->ts_ns = s->now;
	assert_int_equal(tracker_advance(s->tracker, s->now, NULL), 0);
	assert_int_equal(tracker_feed(s->tracker, e), 0);
	if (!v->feed || !((v->wants(s->options) | v->uses) & TCP_KIND_BIT(e->kind)))
		return;
	if (!v->feeds_all &&
	    (!view_in_window(&s->context, e->ts_ns) || !event_filter_passes(&s->filter, e)))
		return;
	assert_int_equal(v->feed(s->state, e, &s->sink, NULL), 0);
}

void script_change(struct script *s, uint64_t after_ns, uint64_t sk, uint16_t lport, uint16_t rport,
		   int from, int to, int32_t pid)
{
	struct tcp_event e = script_event(TCP_KIND_SET_STATE, sk, lport, rport);

	e.oldstate = from;
	e.newstate = to;
	e.protocol = TCP_PROTOCOL_TCP;
	script_set(&e, TCP_FIELD_OLDSTATE);
	script_set(&e, TCP_FIELD_NEWSTATE);
	script_set(&e, TCP_FIELD_PROTOCOL);
	if (pid)
		script_in(&e, pid);
	script_feed(s, after_ns, &e);
}

void script_destroy(struct script *s, uint64_t after_ns, uint64_t sk)
{
	struct tcp_event e = script_event(TCP_KIND_DESTROY, sk, 0, 0);

	script_feed(s, after_ns, &e);
}

void script_connect(struct script *s, uint64_t sk, uint16_t lport)
{
	script_change(s, 0, sk, 0, 80, TCP_STATE_CLOSE, TCP_STATE_SYN_SENT, CLIENT);
	script_change(s, 2 * MS, sk, lport, 80, TCP_STATE_SYN_SENT, TCP_STATE_ESTABLISHED, 0);
}

void script_tick(struct script *s, uint64_t after_ns)
{
	script_begin_if_new(s);
	s->now += after_ns;
	assert_int_equal(tracker_advance(s->tracker, s->now, NULL), 0);
	if (s->view->tick)
		assert_int_equal(s->view->tick(s->state, s->now, &s->sink, NULL), 0);
}

void script_end(struct script *s)
{
	script_begin_if_new(s);
	assert_int_equal(tracker_finish(s->tracker, s->now, NULL), 0);
	if (s->view->emit)
		assert_int_equal(s->view->emit(s->state, &s->sink, NULL), 0);
}

void script_expect(struct script *s, const char *shown)
{
	assert_string_equal(s->shown.len ? text_cstr(&s->shown) : "", shown);
	text_clear(&s->shown);
}
