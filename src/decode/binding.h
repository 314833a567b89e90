/* SPDX-License-Identifier: MIT */
/*
 * binding: one tracepoint of a tape, ready to decode. The catalog's knowledge of the tracepoint is
 * applied to the fields of its format file; the result is a flat list of moves from a row to struct
 * tcp_event.
 */
#pragma once

#include "base/arena.h"
#include "decode/bound.h"
#include "decode/symbols.h"
#include "tape/column-set.h"
#include "tape/meta.h"
#include "tcp/event.h"
#include "tracepoint/catalog.h"
#include "tracepoint/trace-format.h"

/* Byte order and word size of the recording machine. */
struct wire {
	bool is_swapped; /* the byte order differs from that of this machine */
	unsigned int long_size;
};

/* Offsets of one side's address in the row; -1: the row has no such field. */
struct address_place {
	int v4;	  /* 4 bytes */
	int v6;	  /* 16 bytes */
	int blob; /* struct sockaddr_in or _in6, 28 bytes */
};

/* Offsets in the row of all address fields; -1: the row has no such field. */
struct address_plan {
	struct address_place source;
	struct address_place destination;
	int source_port; /* 2 bytes, in the byte order of the recording machine */
	int destination_port;
	int family; /* 2 bytes */
};

/* Moves a number from a row into struct tcp_event. */
struct move {
	uint8_t code;  /* enum move_code */
	uint8_t field; /* enum tcp_field, or TCP_FIELD_N: a common field */
	uint16_t from; /* offset in the row */
	uint16_t to;   /* offset in struct tcp_event */
};

/* Moves a number from a row into struct tcp_info_values. */
struct tcp_info_move {
	uint8_t field; /* enum tcp_info_field */
	uint8_t size;
	uint16_t from;
};

/* A field of a row that becomes a struct tcp_extra, because struct tcp_event has no place for
 * it. */
struct extra_move {
	const char *name;
	enum tcp_extra_kind kind;
	uint16_t from;
	uint16_t size;
	uint16_t text_at; /* TCP_EXTRA_TEXT: offset in extra_text */
	bool is_hex;
};

#define MOVES_MAX 32

struct binding {
	enum decoder_bound bound;
	enum tcp_kind kind;
	const struct tracepoint_info *info; /* NULL: the tracepoint is not in the catalog */
	const struct tape_tracepoint *tracepoint;
	struct trace_format *format; /* NULL: the format file cannot be parsed */
	struct wire wire;
	uint32_t row_need; /* bytes; a row at least this long has every field */
	uint64_t present;  /* the fields of all moves, a bit each */
	bool has_addresses;
	struct address_plan addresses;
	size_t n_moves;
	struct move moves[MOVES_MAX]; /* plain copies first: of 8 bytes, of 4; then the rest */
	uint8_t n_copies_64, n_copies_32;
	int has_tcp_info_at; /* offset of the byte that is 0 if a row has no tcp_info; -1: none */
	size_t n_tcp_info;
	struct tcp_info_move tcp_info_moves[TCP_INFO_N];
	struct tcp_info_values tcp_info; /* values of the row decoded last */
	size_t n_extras;
	struct extra_move extra_moves[TCP_EXTRAS_MAX];
	struct tcp_extra extras[TCP_EXTRAS_MAX]; /* values of the row decoded last */
	char *extra_text;			 /* texts of these extras */
	struct symbol_words reasons;
	struct column_set columns; /* the bytes of a row that are decoded */
};

/* What is decoded beside the fields of struct tcp_event. */
struct binding_wants {
	bool extras;
	uint64_t tcp_info; /* TCP_INFO_BIT() of each field that is wanted */
};

/* Binds a tracepoint. *ret is in memory of the arena; where the format file cannot be parsed, its
 * bound is DECODER_NO_FORMAT. 0 or -ENOMEM. */
int binding_make(const struct tape_tracepoint *tp, const struct wire *wire,
		 const struct binding_wants *wants, struct arena *arena,
		 struct binding **ret) MUST_CHECK;
/* Fills *e, except for time, CPU, call chain and print. The pointers in e that lead into b are
 * valid until the next call. */
void binding_decode(struct binding *b, const uint8_t *row, size_t len, struct tcp_event *e);
