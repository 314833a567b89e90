// SPDX-License-Identifier: MIT
#include "view/event-fields.h"

#include <string.h>

#include "tracepoint/fields.h"
#include "tcp/names.h"

/* The fields of an event's ends, which have columns of their own. */
#define ENDS                                                                                       \
	(TCP_FIELD_BIT(TCP_FIELD_FAMILY) | TCP_FIELD_BIT(TCP_FIELD_LADDR) |                        \
	 TCP_FIELD_BIT(TCP_FIELD_LPORT) | TCP_FIELD_BIT(TCP_FIELD_RADDR) |                         \
	 TCP_FIELD_BIT(TCP_FIELD_RPORT))

/* Fields that people do not need; programs get them. */
#define NOT_IN_TEXT TCP_FIELD_BIT(TCP_FIELD_SKB)

/* Names of extra fields that are also keys of the row in JSON, and the keys that these fields have
 * in their place. */
static const struct {
	const char *name, *key;
} taken[] = {
	{"time", "args.time"},	 {"ts_ns", "args.ts_ns"},	{"event", "args.event"},
	{"cpu", "args.cpu"},	 {"pid", "args.pid"},		{"comm", "args.comm"},
	{"owner", "args.owner"}, {"cpu_pid", "args.cpu_pid"},	{"cause", "args.cause"},
	{"stack", "args.stack"}, {"trigger", "args.trigger"},	{"cpu_comm", "args.cpu_comm"},
	{"print", "args.print"}, {"cause_by", "args.cause_by"}, {"cpu_tid", "args.cpu_tid"},
};

/* Whether the output shows a field with this key and label. A field that is not shown is not made,
 * because this runs for every event. */
static inline bool is_seen(const struct event_fields *f, const char *key, const char *label)
{
	return f->is_text ? label != NULL : key != NULL;
}

/* Adds a field and returns its cell, for the caller to set. NULL: the output does not show it. */
static inline struct cell *field_add(struct event_fields *f, const char *key, const char *label)
{
	struct cell_field *field = &f->fields[f->n];

	if (!is_seen(f, key, label) || f->n == EVENT_FIELDS_MAX)
		return NULL;
	f->n++;
	field->key = key;
	field->label = label;
	return &field->cell;
}

static inline void set_number(struct cell *cell, enum cell_kind kind, uint64_t v)
{
	if (cell) {
		cell->kind = kind;
		cell->u64 = v;
	}
}

static inline void set_text(struct cell *cell, const char *text, size_t len, bool is_constant)
{
	if (cell) {
		cell->kind = CELL_STR;
		cell->is_constant = is_constant;
		cell->n = (uint32_t)len;
		cell->str = text;
	}
}

static inline void set_word(struct cell *cell, const char *word)
{
	if (cell)
		set_text(cell, word, strlen(word), true);
}

static enum cell_kind number_kind(enum tcp_field field)
{
	switch (tcp_fields[field].type) {
	case TCP_TYPE_ID: return CELL_HEX;
	case TCP_TYPE_FAMILY:
	case TCP_TYPE_PORT:
	case TCP_TYPE_U64:
	case TCP_TYPE_U8:
	case TCP_TYPE_U32: return CELL_U64;
	default: return CELL_I64;
	}
}

static inline void set_value(struct cell *cell, const struct tcp_event *e, enum tcp_field field)
{
	if (cell)
		set_number(cell, number_kind(field), tcp_field_value(e, field));
}

/* Sets the name of the field's number, or the number itself if it has none. */
static inline void set_field(struct cell *cell, const struct tcp_event *e, enum tcp_field field)
{
	const char *word = NULL;

	if (!cell)
		return;
	if (tcp_fields[field].type >= TCP_TYPE_STATE)
		word = tcp_field_word(e, field);
	if (word)
		set_word(cell, word);
	else
		set_value(cell, e, field);
}

static const char *state_word(int32_t state)
{
	const char *name = tcp_state_name(state);

	return name ? name : "?";
}

/* Adds "OLD->NEW" for people, in place of the two fields of a change of state. */
static void add_transition(struct event_fields *f, const struct tcp_event *e)
{
	const char *from = state_word(e->oldstate), *to = state_word(e->newstate);
	size_t len_from = strlen(from), len_to = strlen(to);

	if (len_from + len_to + 2 > sizeof(f->states))
		return;
	memcpy(f->states, from, len_from);
	memcpy(f->states + len_from, "->", 2);
	memcpy(f->states + len_from + 2, to, len_to);
	set_text(field_add(f, NULL, "state"), f->states, len_from + 2 + len_to, false);
}

static void add_field(struct event_fields *f, const struct tcp_event *e, enum tcp_field field)
{
	const struct tcp_field_info *info = &tcp_fields[field];
	const char *label = info->label;

	switch (field) {
	case TCP_FIELD_ERR:
		/* Programs get the number, which they can compare. */
		set_value(field_add(f, info->key, NULL), e, field);
		if (e->err)
			set_field(field_add(f, NULL, label), e, field);
		break;
	case TCP_FIELD_PROTOCOL:
		if (e->protocol == TCP_PROTOCOL_TCP)
			label = NULL;
		set_field(field_add(f, info->key, label), e, field);
		break;
	case TCP_FIELD_OLDSTATE:
	case TCP_FIELD_NEWSTATE:
		if (tcp_event_has(e, TCP_FIELD_OLDSTATE) && tcp_event_has(e, TCP_FIELD_NEWSTATE))
			label = NULL;
		set_field(field_add(f, info->key, label), e, field);
		if (!label && field == TCP_FIELD_NEWSTATE && f->is_text)
			add_transition(f, e);
		break;
	default: set_field(field_add(f, info->key, label), e, field);
	}
}

static const char *extra_key(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		if (!strcmp(taken[i].name, name))
			return taken[i].key;
	}
	return name;
}

static void set_extra(struct cell *cell, const struct tcp_extra *x)
{
	switch (x->kind) {
	case TCP_EXTRA_UNSIGNED: set_number(cell, CELL_U64, x->value); break;
	case TCP_EXTRA_SIGNED: set_number(cell, CELL_I64, x->value); break;
	case TCP_EXTRA_ID: set_number(cell, CELL_HEX, x->value); break;
	case TCP_EXTRA_TEXT: set_text(cell, x->text, strlen(x->text), false); break;
	}
}

struct cell event_fields_cell(struct event_fields *f, const struct tcp_event *e, uint8_t where)
{
	const uint64_t elsewhere = where & COLUMN_TEXT ? ENDS | NOT_IN_TEXT : ENDS;

	f->is_text = where & COLUMN_TEXT;
	f->n = 0;
	/* Programs get the zeros, too. */
	for (uint64_t left = (e->present | (f->is_text ? 0 : e->zeros)) & ~elsewhere; left;
	     left &= left - 1) {
		unsigned int field = (unsigned int)__builtin_ctzll(left);

		if (field >= TCP_FIELD_N)
			break;
		add_field(f, e, field);
	}
	if (e->row_family)
		set_number(field_add(f, "args.family", NULL), CELL_U64, e->row_family);
	for (size_t i = 0; i < e->n_extras; i++) {
		const struct tcp_extra *x = &e->extras[i];

		set_extra(field_add(f, f->is_text ? NULL : extra_key(x->name), x->name), x);
	}
	for (size_t i = 0; e->tcp_info && i < TCP_INFO_N; i++) {
		if (e->tcp_info->present & TCP_INFO_BIT(i))
			set_number(field_add(f, tcp_info_fields[i].name, tcp_info_fields[i].name),
				   CELL_U64, e->tcp_info->values[i]);
	}
	/* Only people get the cause here: for programs it is a column. */
	if (e->cause != TCP_CAUSE_NONE)
		set_word(field_add(f, NULL, "cause"), tcp_cause_name(e->cause));
	return (struct cell){.kind = CELL_FIELDS, .n = f->n, .fields = f->fields};
}
