// SPDX-License-Identifier: MIT
#include "view/event-fields.h"

#include <string.h>

#include "tcp/fields.h"
#include "tcp/names.h"

/* Have columns of their own. */
#define ENDS                                                                                       \
	(TCP_FIELD_BIT(TCP_FIELD_FAMILY) | TCP_FIELD_BIT(TCP_FIELD_LADDR) |                        \
	 TCP_FIELD_BIT(TCP_FIELD_LPORT) | TCP_FIELD_BIT(TCP_FIELD_RADDR) |                         \
	 TCP_FIELD_BIT(TCP_FIELD_RPORT))

/* Too little for a reader's attention; programs get them. */
#define NOT_IN_TEXT TCP_FIELD_BIT(TCP_FIELD_SKB)

/* Names that a JSON object has already, and what an extra field of such a name is called. */
static const struct {
	const char *name, *key;
} taken[] = {
	{"time", "args.time"},	 {"ts_ns", "args.ts_ns"},	{"event", "args.event"},
	{"cpu", "args.cpu"},	 {"pid", "args.pid"},		{"comm", "args.comm"},
	{"owner", "args.owner"}, {"cpu_pid", "args.cpu_pid"},	{"cause", "args.cause"},
	{"stack", "args.stack"}, {"trigger", "args.trigger"},	{"cpu_comm", "args.cpu_comm"},
	{"print", "args.print"}, {"cause_by", "args.cause_by"},
};

static void add(struct event_fields *f, const char *key, const char *label, struct cell cell)
{
	/* What nobody will look at costs time in every event. */
	if (f->n < EVENT_FIELDS_MAX && (f->is_text ? label : key))
		f->fields[f->n++] = (struct cell_field){key, label, cell};
}

static struct cell number_cell(const struct tcp_event *e, enum tcp_field field)
{
	uint64_t v = tcp_field_value(e, field);

	switch (tcp_fields[field].type) {
	case TCP_TYPE_ID: return cell_hex(v);
	case TCP_TYPE_FAMILY:
	case TCP_TYPE_PORT:
	case TCP_TYPE_U64:
	case TCP_TYPE_U8:
	case TCP_TYPE_U32: return cell_u64(v);
	default: return cell_i64((int64_t)v);
	}
}

static const char *state_word(int32_t state)
{
	const char *name = tcp_state_name(state);

	return name ? name : "?";
}

/* "OLD->NEW" for people in place of two fields. */
static void add_transition(struct event_fields *f, const struct tcp_event *e)
{
	const char *from = state_word(e->oldstate), *to = state_word(e->newstate);
	size_t len_from = strlen(from), len_to = strlen(to);

	if (len_from + len_to + 2 > sizeof(f->states))
		return;
	memcpy(f->states, from, len_from);
	memcpy(f->states + len_from, "->", 2);
	memcpy(f->states + len_from + 2, to, len_to);
	add(f, NULL, "state",
	    (struct cell){
		    .kind = CELL_STR, .n = (uint32_t)(len_from + 2 + len_to), .str = f->states});
}

static void add_field(struct event_fields *f, const struct tcp_event *e, enum tcp_field field)
{
	const struct tcp_field_info *info = &tcp_fields[field];
	const char *word = info->type >= TCP_TYPE_STATE ? tcp_field_word(e, field) : NULL;
	struct cell cell = word ? cell_word(word) : number_cell(e, field);
	const char *label = info->label;

	switch (field) {
	case TCP_FIELD_ERR:
		/* Programs compare numbers. */
		add(f, info->key, NULL, number_cell(e, field));
		if (e->err)
			add(f, NULL, label, cell);
		break;
	case TCP_FIELD_PROTOCOL:
		add(f, info->key, e->protocol == TCP_PROTOCOL_TCP ? NULL : label, cell);
		break;
	case TCP_FIELD_OLDSTATE:
	case TCP_FIELD_NEWSTATE:
		if (tcp_event_has(e, TCP_FIELD_OLDSTATE) && tcp_event_has(e, TCP_FIELD_NEWSTATE))
			label = NULL;
		add(f, info->key, label, cell);
		if (!label && field == TCP_FIELD_NEWSTATE)
			add_transition(f, e);
		break;
	default: add(f, info->key, label, cell);
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

static struct cell extra_cell(const struct tcp_extra *x)
{
	switch (x->kind) {
	case TCP_EXTRA_UNSIGNED: return cell_u64(x->value);
	case TCP_EXTRA_SIGNED: return cell_i64((int64_t)x->value);
	case TCP_EXTRA_ID: return cell_hex(x->value);
	case TCP_EXTRA_TEXT: break;
	}
	return cell_str(x->text);
}

struct cell event_fields_cell(struct event_fields *f, const struct tcp_event *e, uint8_t where)
{
	const uint64_t elsewhere = where & COLUMN_TEXT ? ENDS | NOT_IN_TEXT : ENDS;

	f->is_text = where & COLUMN_TEXT;
	f->n = 0;
	for (uint64_t left = e->present & ~elsewhere; left; left &= left - 1) {
		unsigned int field = (unsigned int)__builtin_ctzll(left);

		if (field >= TCP_FIELD_N)
			break;
		add_field(f, e, field);
	}
	for (size_t i = 0; i < e->n_extras; i++) {
		const struct tcp_extra *x = &e->extras[i];

		add(f, f->is_text ? NULL : extra_key(x->name), x->name, extra_cell(x));
	}
	for (size_t i = 0; e->figures && i < TCP_FIGURE_N; i++) {
		if (e->figures->present & 1u << i)
			add(f, tcp_figures[i].name, tcp_figures[i].name,
			    cell_u64(e->figures->values[i]));
	}
	/* Programs have it in a column. */
	if (e->cause != TCP_CAUSE_NONE)
		add(f, NULL, "cause", cell_word(tcp_cause_name(e->cause)));
	return (struct cell){.kind = CELL_FIELDS, .n = f->n, .fields = f->fields};
}
