/* SPDX-License-Identifier: MIT */
/*
 * tape-script-rows: the state of a running script, and its verbs that make tracepoints and rows.
 * Private to tape-script.
 */
#pragma once

#include <stdbool.h>
#include <stdlib.h>

#include "tape/writer.h"

#define SCRIPT_TRACEPOINTS 64
#define SCRIPT_FIELDS	   64
#define SCRIPT_WORDS	   80
#define SCRIPT_COLUMNS	   256

struct script_field {
	char name[48];
	unsigned int offset;
	unsigned int size;
};

/* A tracepoint and its rows since the last mark. */
struct script_tracepoint {
	bool has_chain;
	unsigned int row_len;
	size_t n_fields;
	struct script_field fields[SCRIPT_FIELDS];
	struct buffer rows;
	struct buffer times;  /* uint64_t */
	struct buffer chains; /* uint32_t */
	struct buffer runs;   /* struct chunk_run */
	/* The coding of its CHUNKs, where the script chooses it. */
	bool is_coded;
	uint8_t time_len; /* 0: as many as the deltas need */
	bool has_code[SCRIPT_COLUMNS];
	uint16_t codes[SCRIPT_COLUMNS];
};

struct script {
	struct tape_writer *writer;
	struct sink *sink;
	struct buffer *tape; /* what the sink writes into */
	bool is_framed;	     /* payloads are compressed by zstd-frame.h */
	bool is_big_endian;  /* numbers in rows */
	struct script_tracepoint tracepoints[SCRIPT_TRACEPOINTS];
	struct buffer tallies;
	uint32_t n_tallies;
	char *words[SCRIPT_WORDS];
	size_t n_words;
	char *rest[SCRIPT_WORDS]; /* the line from word i on, spaces and all */
	struct fault *fault;
};

static inline const char *script_word(const struct script *s, size_t i)
{
	return i < s->n_words ? s->words[i] : "";
}

static inline const char *script_rest(const struct script *s, size_t i)
{
	return i < s->n_words ? s->rest[i] : "";
}

static inline uint64_t script_number(const struct script *s, size_t i)
{
	const char *w = script_word(s, i);

	return *w == '-' ? (uint64_t)strtoll(w, NULL, 0) : strtoull(w, NULL, 0);
}

/* Writes one section of these records. */
int script_section(struct script *s, uint16_t kind, uint32_t subject, const struct buffer *b,
		   uint32_t count, uint64_t time) MUST_CHECK;
/* Writes one section with a header that the caller chooses. */
int script_spec(struct script *s, const struct section_spec *spec,
		const struct buffer *b) MUST_CHECK;
/* Returns the tracepoint whose index is word i, or NULL. */
struct script_tracepoint *script_tracepoint_of(struct script *s, size_t i);
/* Decodes pairs of hex digits into at most `size` bytes. 0 or -EINVAL. */
int script_hex(uint8_t *at, unsigned int size, const char *hex) MUST_CHECK;
int script_format(struct script *s) MUST_CHECK;
int script_format_file(struct script *s) MUST_CHECK;
int script_row_len(struct script *s) MUST_CHECK;
int script_row(struct script *s) MUST_CHECK;
int script_codes(struct script *s) MUST_CHECK;
int script_time_len(struct script *s) MUST_CHECK;
/* Writes the rows that were collected as chunks. */
int script_flush_rows(struct script *s) MUST_CHECK;
/* Writes one CHUNK of a tracepoint's rows, in the coding that the script has chosen. */
int script_coded_chunk(struct script *s, uint32_t index) MUST_CHECK;
