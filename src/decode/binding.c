// SPDX-License-Identifier: MIT
#include "decode/binding.h"

#include <errno.h>
#include <string.h>

#include "decode/moves.h"
#include "tracepoint/fields.h"
#include "tracepoint/shape.h"

static unsigned int field_width(enum tcp_field field)
{
	switch (tcp_fields[field].type) {
	case TCP_TYPE_ID:
	case TCP_TYPE_U64: return 8;
	case TCP_TYPE_U8: return 1;
	default: return 4;
	}
}

/* Binds a tcp_info field of synthetic rows (tracepoint/socket-row.h). False: f is no such field. */
static bool bind_tcp_info(struct binding *b, const struct trace_field *f, uint64_t wanted)
{
	if (!(TCP_KIND_BIT(b->kind) & TCP_KINDS_SYNTHETIC))
		return false;
	if (!strcmp(f->name, "has_figures") && f->size == 1) {
		b->has_tcp_info_at = f->offset;
		return true;
	}
	for (size_t i = 0; i < TCP_INFO_N; i++) {
		if (strcmp(f->name, tcp_info_fields[i].name) != 0)
			continue;
		/* A name that comes twice is not from tracepoint/socket-row.c. */
		if (f->is_array || f->is_dynamic || f->size > 8 || (f->size & (f->size - 1)) ||
		    b->n_tcp_info == TCP_INFO_N)
			return false;
		if (wanted & TCP_INFO_BIT(i))
			b->tcp_info_moves[b->n_tcp_info++] = (struct tcp_info_move){
				.field = i, .size = f->size, .from = f->offset};
		return true;
	}
	return false;
}

/* Finds the member of struct tcp_event for a field; TCP_FIELD_N: there is none. */
static enum tcp_field bound_field(const struct binding *b, const struct trace_field *f)
{
	if (b->info->other_meaning && !strcmp(b->info->other_meaning, f->name))
		return TCP_FIELD_N;
	return tcp_field_named(f->name);
}

static bool bind_move(struct binding *b, const struct trace_field *f, enum tcp_field field,
		      size_t to, unsigned int to_size)
{
	enum move_code code = move_of(f->size, to_size, f->is_signed, b->wire.is_swapped);

	if (code == MOVE_NONE || f->is_array || f->is_dynamic || b->n_moves == MOVES_MAX)
		return false;
	b->present |= field < TCP_FIELD_N ? TCP_FIELD_BIT(field) : 0;
	b->moves[b->n_moves++] = (struct move){
		.code = code,
		.field = field,
		.from = f->offset,
		.to = to,
	};
	return true;
}

/* Binds a field of an endpoint; these fields are decoded together. False: f is no such field. */
static bool bind_endpoint(struct binding *b, const struct trace_field *f)
{
	struct address_plan *a = &b->addresses;
	const struct {
		const char *name;
		unsigned int size;
		int *place;
	} parts[] = {
		{"saddr", 4, &a->source.v4},	 {"daddr", 4, &a->destination.v4},
		{"saddr_v6", 16, &a->source.v6}, {"daddr_v6", 16, &a->destination.v6},
		{"saddr", 28, &a->source.blob},	 {"daddr", 28, &a->destination.blob},
		{"sport", 2, &a->source_port},	 {"dport", 2, &a->destination_port},
		{"family", 2, &a->family},
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (f->size != parts[i].size || strcmp(f->name, parts[i].name) != 0)
			continue;
		*parts[i].place = f->offset;
		b->has_addresses = true;
		return true;
	}
	return false;
}

static const char *element_name(struct arena *arena, const char *name, unsigned int i)
{
	char text[sizeof(((struct trace_field *)0)->name) + 4];
	size_t len = strlen(name);

	memcpy(text, name, len);
	text[len++] = '_';
	text[len++] = '0' + i;
	text[len] = '\0';
	return arena_str(arena, text);
}

static int bind_extra(struct binding *b, struct arena *arena, const struct trace_field *f,
		      size_t *text_len)
{
	struct extra_move m = {.name = f->name, .from = f->offset, .size = f->size};
	unsigned int n = 1;

	if (f->is_dynamic || !f->size)
		return 0;
	m.kind = f->is_pointer	? TCP_EXTRA_ID
		 : f->is_signed ? TCP_EXTRA_SIGNED
				: TCP_EXTRA_UNSIGNED;
	if (f->is_array && !f->is_char && f->element_size > 1 && f->size / f->element_size <= 8) {
		n = f->size / f->element_size;
		m.size = f->element_size;
	} else if (f->is_array || f->size > 8 || (f->size & (f->size - 1))) {
		m.kind = TCP_EXTRA_TEXT;
		m.is_hex = !f->is_char;
		m.text_at = *text_len;
		if (*text_len + 2 * f->size + 1 > UINT16_MAX)
			return 0;
		*text_len += (m.is_hex ? 2 * f->size : f->size) + 1;
	}
	for (unsigned int i = 0; i < n && b->n_extras < TCP_EXTRAS_MAX; i++) {
		if (n > 1)
			m.name = element_name(arena, f->name, i);
		if (!m.name)
			return -ENOMEM;
		b->extra_moves[b->n_extras++] = m;
		m.from += m.size;
	}
	return 0;
}

static int bind_fields(struct binding *b, const struct binding_wants *wants, struct arena *arena)
{
	size_t text_len = 0;

	for (size_t i = 0; i < b->format->n_fields; i++) {
		const struct trace_field *f = &b->format->fields[i];
		enum tcp_field field;
		int r;

		if (f->is_common || bind_endpoint(b, f) || bind_tcp_info(b, f, wants->tcp_info))
			continue;
		field = bound_field(b, f);
		if (field != TCP_FIELD_N &&
		    bind_move(b, f, field, tcp_fields[field].offset, field_width(field)))
			continue;
		r = bind_extra(b, arena, f, &text_len);
		if (r < 0)
			return r;
	}
	b->extra_text = arena_alloc(arena, text_len + 1);
	return b->extra_text ? 0 : -ENOMEM;
}

/* The common fields have other offsets under PREEMPT_RT: they bind by name like all others. */
static void bind_common(struct binding *b)
{
	const struct trace_field *flags = trace_format_field(b->format, "common_flags");
	const struct trace_field *pid = trace_format_field(b->format, "common_pid");

	if (flags)
		(void)bind_move(b, flags, TCP_FIELD_N, offsetof(struct tcp_event, common_flags), 1);
	if (pid)
		(void)bind_move(b, pid, TCP_FIELD_N, offsetof(struct tcp_event, cpu_tid), 4);
}

static enum decoder_bound binding_match(const struct binding *b)
{
	if (!b->info)
		return DECODER_UNLISTED;
	for (const char *const *shape = b->info->shapes; *shape; shape++) {
		if (shape_matches(*shape, b->format, b->wire.long_size))
			return DECODER_BOUND;
	}
	return DECODER_UNKNOWN_SHAPE;
}

static struct trace_format *parse_format(const struct tape_tracepoint *tp, struct arena *arena)
{
	struct trace_format f;

	if (!tp->format || trace_format_parse(tp->format, tp->format_len, &f, NULL) < 0)
		return NULL;
	/* The unused entries at the end of the array are not kept. */
	return arena_copy(arena, &f, offsetof(struct trace_format, fields[f.n_fields]));
}

static unsigned int move_rank(const struct move *m)
{
	return m->code == MOVE_64_64 ? 0 : m->code == MOVE_32_32 ? 1 : 2;
}

/* Sorts moves by kind: the loop that decodes then has no branch for each of them. */
static void moves_sort(struct binding *b)
{
	for (size_t i = 1; i < b->n_moves; i++) {
		struct move m = b->moves[i];
		size_t k = i;

		for (; k && move_rank(&b->moves[k - 1]) > move_rank(&m); k--)
			b->moves[k] = b->moves[k - 1];
		b->moves[k] = m;
	}
	for (size_t i = 0; i < b->n_moves; i++) {
		b->n_copies_64 += move_rank(&b->moves[i]) == 0;
		b->n_copies_32 += move_rank(&b->moves[i]) == 1;
	}
}

static void columns_need(struct binding *b, int from, size_t n)
{
	if (from >= 0)
		column_set_add(&b->columns, (size_t)from, n);
}

static void columns_need_address(struct binding *b, const struct address_place *p, int port)
{
	columns_need(b, p->v4, 4);
	columns_need(b, p->v6, 16);
	columns_need(b, p->blob, 28);
	columns_need(b, port, 2);
}

static void binding_find_columns(struct binding *b)
{
	for (size_t i = 0; i < b->n_moves; i++)
		columns_need(b, b->moves[i].from, move_width(b->moves[i].code));
	columns_need_address(b, &b->addresses.source, b->addresses.source_port);
	columns_need_address(b, &b->addresses.destination, b->addresses.destination_port);
	columns_need(b, b->addresses.family, 2);
	columns_need(b, b->has_tcp_info_at, 1);
	for (size_t i = 0; i < b->n_tcp_info; i++)
		columns_need(b, b->tcp_info_moves[i].from, b->tcp_info_moves[i].size);
	for (size_t i = 0; i < b->n_extras; i++)
		columns_need(b, b->extra_moves[i].from, b->extra_moves[i].size);
}

/* The name of the congestion control, of which there is one row for a socket, stays. */
static void extras_leave_out(struct binding *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_extras; i++) {
		if (!strcmp(b->extra_moves[i].name, "congestion"))
			b->extra_moves[n++] = b->extra_moves[i];
	}
	b->n_extras = n;
}

int binding_make(const struct tape_tracepoint *tp, const struct wire *wire,
		 const struct binding_wants *wants, struct arena *arena, struct binding **ret)
{
	struct binding *b = arena_alloc(arena, sizeof(*b));
	int r = 0;

	if (!b)
		return -ENOMEM;
	b->tracepoint = tp;
	b->wire = *wire;
	b->info = catalog_find(tp->system, tp->name);
	b->kind = b->info ? b->info->kind : TCP_KIND_OTHER;
	b->has_tcp_info_at = -1;
	memset(&b->addresses, 0xff, sizeof(b->addresses)); /* every offset is -1 */
	b->format = parse_format(tp, arena);
	if (!b->format) {
		b->bound = DECODER_NO_FORMAT;
		*ret = b;
		return 0;
	}
	b->row_need = b->format->record_size;
	b->bound = binding_match(b);
	bind_common(b);
	if (b->info)
		r = bind_fields(b, wants, arena);
	if (!wants->extras)
		extras_leave_out(b);
	moves_sort(b);
	binding_find_columns(b);
	if (r == 0 && b->info)
		r = symbol_words_parse(tp->format, tp->format_len, "reason", arena, &b->reasons);
	if (r == 0)
		*ret = b;
	return r;
}
