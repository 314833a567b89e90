/* SPDX-License-Identifier: MIT */
/*
 * decoder: decodes rows of a tape into struct tcp_event. Each tracepoint is bound once, by its
 * shapes in the catalog and the fields of its format file; a tracepoint of the catalog whose shape
 * is unknown binds field by field; one that is not in the catalog has its common fields only; both
 * are printed by libtraceevent. Byte order and word size are those of the recording machine.
 */
#pragma once

#include "base/text.h"
#include "decode/bound.h"
#include "tape/row.h"
#include "tcp/event.h"

struct decoder;

/* Which events get `print`, the text in the kernel's own print format. libtraceevent makes it,
 * which is slow. */
enum decoder_print {
	DECODER_PRINT_NONE,
	DECODER_PRINT_UNBOUND, /* events whose tracepoint is not DECODER_BOUND */
	DECODER_PRINT_ALL,
};

/* Borrows meta, which may still grow. */
int decoder_new(const struct tape_meta *meta, enum decoder_print print, struct decoder **ret,
		struct fault *fault) MUST_CHECK;
struct decoder *decoder_free(struct decoder *d);
DEFINE_CLEANUP(struct decoder, decoder_free);

/* Events will have no extras. Must be called before any tracepoint is bound. */
void decoder_leave_out_extras(struct decoder *d);
/* The tcp_info of events will have no fields but these (TCP_INFO_BIT() of each). Must be called
 * before any tracepoint is bound. */
void decoder_limit_tcp_info(struct decoder *d, uint64_t fields);
/* The bytes of the tracepoint's rows that decoder_event() looks at; NULL: all. */
const struct column_set *decoder_columns(struct decoder *d, const struct tape_tracepoint *tp);

/* Each binds the tracepoint if that was not done yet. */
enum decoder_bound decoder_binding(struct decoder *d, const struct tape_tracepoint *tp);
enum tcp_kind decoder_kind(struct decoder *d, const struct tape_tracepoint *tp);

/* The call chains of retransmissions that were decoded so far. */
struct decoder_chains {
	uint64_t n;
	uint64_t n_mute; /* of these: no known function of TCP is in the chain */
};
struct decoder_chains decoder_chains(const struct decoder *d);

/*
 * Fills *ret, except for the fields that the tracker adds. Strings belong to the decoder or the
 * tape; print, frames, extras and tcp_info are valid until the next call. A field that a short row
 * lacks is absent. 0 or -ENOMEM.
 */
int decoder_event(struct decoder *d, const struct tape_row *row, struct tcp_event *ret,
		  struct fault *fault) MUST_CHECK;
