// SPDX-License-Identifier: MIT
/*
 * tep: guards libtraceevent, which trusts both the format file and the row: it reads a field where
 * the file says it is, a string where the row says it is, and divides by numbers of the row.
 * Therefore only print formats of a known grammar reach it (print-guard.h), in a format file that
 * was written anew (format-text.h); the tree that it parses is checked (tep-tree.h); and rows are
 * printed from a copy that is followed by zeros as far as any 16-bit offset and length can reach.
 * Each tracepoint has its own handle, so that no format file applies to the rows of another
 * (libtraceevent finds an event by the id in the row, and that id by the layout of the event that
 * it has parsed first).
 */
#include "decode/tep.h"

#include <errno.h>
#include <event-parse.h>
#include <stdlib.h>

#include "decode/format-text.h"
#include "decode/print-fields.h"
#include "decode/print-guard.h"
#include "decode/print-rewrite.h"
#include "decode/tep-tree.h"

/* Room for a row and the farthest string: its offset and length have 16 bits each, and the offset
 * may count from the end of a field that begins below 64 KiB. */
#define PAD_BYTES (4u * 65536u)

struct tep_text {
	struct tep_handle *handle;
	struct tep_event *event; /* NULL: rows are printed field by field */
};

/* The function that %pS prints for the id of an address of code. */
struct tep_function {
	char *name;
	char *module; /* NULL: the kernel itself */
	uint64_t start;
};

struct printer {
	const struct tape_meta *meta;
	struct map texts;     /* tracepoint index -> struct tep_text * */
	struct map functions; /* id of an address of code -> struct tep_function * */
	struct arena arena;
	struct trace_seq seq;
	uint8_t *padded;
};

int printer_new(const struct tape_meta *meta, struct printer **ret)
{
	struct printer *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->meta = meta;
	p->padded = calloc(1, PAD_BYTES);
	if (!p->padded) {
		free(p);
		return -ENOMEM;
	}
	trace_seq_init(&p->seq);
	/* Otherwise libtraceevent writes warnings to standard error. */
	tep_set_loglevel(TEP_LOG_NONE);
	*ret = p;
	return 0;
}

struct printer *printer_free(struct printer *p)
{
	size_t pos = 0;
	uint64_t key, value;

	if (!p)
		return NULL;
	while (map_next(&p->texts, &pos, &key, &value))
		tep_free(((struct tep_text *)(uintptr_t)value)->handle);
	map_done(&p->texts);
	map_done(&p->functions);
	arena_done(&p->arena);
	trace_seq_destroy(&p->seq);
	free(p->padded);
	free(p);
	return NULL;
}

/* Divides a name like "nf_hook_slow [nf_tables]" into function and module, which libtraceevent
 * wants apart. */
static struct tep_function *function_make(struct printer *p, uint64_t id,
					  const struct tape_symbol *s)
{
	struct tep_function *f = arena_alloc(&p->arena, sizeof(*f));
	char *bracket;

	if (!f)
		return NULL;
	f->name = arena_str(&p->arena, s->name);
	if (!f->name)
		return NULL;
	f->start = id - s->offset;
	bracket = strstr(f->name, " [");
	if (bracket) {
		*bracket = '\0';
		f->module = bracket + 2;
		f->module[strcspn(f->module, "]")] = '\0';
	}
	return f;
}

/* A tep_func_resolver_t. Sets *addr to the function's start, so that libtraceevent, which subtracts
 * it from the id, prints the offset that the tape has for the id. */
static char *function_resolve(void *priv, unsigned long long *addr, char **module)
{
	struct printer *p = priv;
	uint64_t *place = map_get(&p->functions, *addr);
	struct tep_function *f = place ? (struct tep_function *)(uintptr_t)*place : NULL;

	if (!f) {
		const uint64_t *symbol = map_get(&p->meta->symbols, *addr);
		const struct tape_symbol *s =
			symbol ? (const struct tape_symbol *)(uintptr_t)*symbol : NULL;

		if (!s || !s->name || !*s->name)
			return NULL;
		f = function_make(p, *addr, s);
		place = f ? map_put(&p->functions, *addr, NULL) : NULL;
		if (!place)
			return NULL;
		*place = (uintptr_t)f;
	}
	*addr = f->start;
	*module = f->module;
	return f->name;
}

static struct tep_handle *handle_make(struct printer *p)
{
	struct tep_handle *h = tep_alloc();

	if (!h)
		return NULL;
	tep_set_file_bigendian(h, p->meta->is_big_endian ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(h, tep_is_bigendian() ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_long_size(h, p->meta->long_size);
	tep_set_page_size(h, p->meta->page_size);
	tep_set_function_resolver(h, function_resolve, p);
	return h;
}

static int text_parse(struct printer *p, const struct binding *b, struct tep_text *text)
{
	const struct tape_tracepoint *tp = b->tracepoint;
	struct text format CLEANUP(text_done) = {0};
	struct text rewritten CLEANUP(text_done) = {0};
	const char *print;
	size_t len;

	print = print_text_find(tp->format, tp->format_len, b->format, &len);
	if (!print)
		return 0;
	if (!print_rewrite(&rewritten, b->format, print, len))
		return 0;
	format_text_write(&format, b->format, rewritten.data, rewritten.len);
	text->handle = format.failed || rewritten.failed ? NULL : handle_make(p);
	if (!text->handle)
		return -ENOMEM;
	if (tep_parse_event(text->handle, format.data, format.len, "tape") != TEP_ERRNO__SUCCESS)
		return 0;
	text->event = tep_get_first_event(text->handle);
	if (text->event && !tep_event_is_harmless(text->event))
		text->event = NULL;
	return 0;
}

static int text_find(struct printer *p, const struct binding *b, struct tep_text **ret)
{
	uint64_t *place = map_get(&p->texts, b->tracepoint->index);
	struct tep_text *text;

	if (place) {
		*ret = (struct tep_text *)(uintptr_t)*place;
		return 0;
	}
	text = arena_alloc(&p->arena, sizeof(*text));
	place = text ? map_put(&p->texts, b->tracepoint->index, NULL) : NULL;
	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)text;
	*ret = text;
	return b->format ? text_parse(p, b, text) : 0;
}

/* libtraceevent finds the event by the id in the row: puts that of the format file there. */
static void row_put_type(struct printer *p, const struct binding *b)
{
	const struct trace_field *f = trace_format_field(b->format, "common_type");
	uint16_t id = (uint16_t)b->format->id;

	if (!f || f->size != sizeof(id))
		return;
	if (b->wire.is_swapped)
		id = __builtin_bswap16(id);
	memcpy(p->padded + f->offset, &id, sizeof(id));
}

/* The size of a struct sockaddr_in6, which all tracepoints use for an address and its port. */
#define SOCKADDR_BYTES 28u

/*
 * A struct sockaddr in a row has its family in the order of the machine that recorded it, and
 * libtraceevent reads it in the order of this one.
 */
static void row_put_families(struct printer *p, const struct binding *b)
{
	for (size_t i = 0; b->wire.is_swapped && i < b->format->n_fields; i++) {
		const struct trace_field *f = &b->format->fields[i];
		uint16_t family;

		if (!f->is_array || f->is_dynamic || f->size != SOCKADDR_BYTES)
			continue;
		memcpy(&family, p->padded + f->offset, sizeof(family));
		family = __builtin_bswap16(family);
		memcpy(p->padded + f->offset, &family, sizeof(family));
	}
}

int printer_print(struct printer *p, const struct binding *b, const uint8_t *row, size_t len,
		  struct text *t)
{
	struct tep_record record = {.size = (int)len, .data = p->padded};
	struct tep_text *text;
	int r = text_find(p, b, &text);

	if (r < 0)
		return r;
	/* In a row that lacks fields, the zeros of the copy would be printed as values. */
	if (!text->event || len < b->format->record_size || len > UINT16_MAX) {
		print_fields(b, row, len, t);
		return t->failed ? -ENOMEM : 0;
	}
	memcpy(p->padded, row, len);
	row_put_type(p, b);
	row_put_families(p, b);
	trace_seq_reset(&p->seq);
	tep_print_event(text->handle, &p->seq, &record, "%s", TEP_PRINT_INFO);
	memset(p->padded, 0, len);
	if (p->seq.state != TRACE_SEQ__GOOD) {
		trace_seq_destroy(&p->seq);
		trace_seq_init(&p->seq);
		print_fields(b, row, len, t);
	} else {
		text_mem(t, p->seq.buffer, p->seq.len);
	}
	return t->failed ? -ENOMEM : 0;
}
