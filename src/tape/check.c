// SPDX-License-Identifier: MIT
#include "tape/check.h"

#include <errno.h>

#include "tape/chunk-times.h"
#include "tape/writer.h"

struct check {
	struct check_result result;
	struct tape_writer *salvage; /* NULL: nothing is salvaged */
	struct buffer times;
	uint64_t block_rows; /* rows since the last MARK */
};

static void check_done(struct check *c)
{
	tape_writer_free(c->salvage);
	buffer_done(&c->times);
}

static bool wants_all(void *userdata, const struct section_header *h)
{
	return true;
}

/* Checks that the header states exactly the times of the oldest and the youngest row, because views
 * skip CHUNKs by these times. */
static int check_times(struct check *c, const struct tape_section *s, bool *ret_hold,
		       struct fault *fault)
{
	uint64_t from = UINT64_MAX, to = 0, *times;
	struct chunk_layout layout;
	int r = chunk_layout_decode(s->payload, s->header.raw_len, s->header.count, &layout, fault);

	if (r < 0)
		return r;
	buffer_clear(&c->times);
	if (buffer_reserve(&c->times, (size_t)layout.n_rows * 8) < 0)
		return fault_no_memory(fault);
	times = (uint64_t *)c->times.data;
	chunk_times(&layout, times);
	for (uint32_t i = 0; i < layout.n_rows; i++) {
		from = times[i] < from ? times[i] : from;
		to = times[i] > to ? times[i] : to;
	}
	*ret_hold = from == s->header.time_from && to == s->header.time_to;
	return 0;
}

static void check_mark(struct check *c, const struct tape_section *s)
{
	struct cursor at = cursor_of(s->payload, s->header.raw_len);
	struct mark_record mark;

	if (mark_record_decode(&at, &mark) > 0 && mark.n_rows > c->block_rows)
		c->result.missing_rows += mark.n_rows - c->block_rows;
	c->block_rows = 0;
}

/* Writes a new MARK in place of the old one, whose counts may include CHUNKs that are gone. */
static int salvage_mark(struct check *c, const struct tape_section *s, struct fault *fault)
{
	struct cursor at = cursor_of(s->payload, s->header.raw_len);
	struct mark_record mark;

	if (mark_record_decode(&at, &mark) <= 0)
		return 0;
	return tape_writer_mark(c->salvage, mark.complete_until, mark.drained_ns, fault);
}

static int salvage_section(struct check *c, const struct tape_section *s, struct fault *fault)
{
	switch (s->header.kind) {
	case TAPE_KIND_INDEX:
	case TAPE_KIND_TRAILER: return 0;
	case TAPE_KIND_MARK: return salvage_mark(c, s, fault);
	default: return tape_writer_stored(c->salvage, &s->header, s->stored, fault);
	}
}

static int check_section(struct check *c, const struct tape_section *s, struct fault *fault)
{
	bool is_whole = true;
	int r = 0;

	if (s->header.kind == TAPE_KIND_CHUNK)
		r = check_times(c, s, &is_whole, fault);
	if (r < 0)
		return r;
	if (!is_whole) {
		c->result.bad_chunks++;
		return 0;
	}
	c->result.n_sections++;
	if (s->header.kind == TAPE_KIND_CHUNK) {
		c->result.n_chunks++;
		c->result.n_rows += s->header.count;
		c->block_rows += s->header.count;
	} else if (s->header.kind == TAPE_KIND_MARK) {
		check_mark(c, s);
	}
	return c->salvage ? salvage_section(c, s, fault) : 0;
}

static uint64_t recorded_of(const struct tape_meta *m, uint32_t tracepoint)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < m->n_tallies; i++) {
		if (m->tallies[i].tracepoint == tracepoint)
			sum += m->tallies[i].recorded;
	}
	return sum;
}

static void check_tally(struct check_result *result, const struct tape_meta *m)
{
	result->has_final_tally = m->n_tallies > 0;
	for (size_t i = 0; i < m->n_tallies; i++)
		result->has_final_tally &= !!(m->tallies[i].flags & TALLY_FINAL);
	result->rows_match_tally = result->has_final_tally && !result->bad_chunks;
	for (uint32_t i = 0; i < m->n_tracepoints; i++) {
		if (m->tracepoints[i] && m->tracepoints[i]->rows != recorded_of(m, i))
			result->rows_match_tally = false;
	}
}

static void check_gaps(struct check_result *result, const struct tape_meta *m)
{
	for (size_t i = 0; i < m->n_losses; i++)
		result->n_gaps += !m->losses[i].count;
}

int tape_check(struct tape_reader *reader, struct sink *salvage, struct check_result *ret,
	       struct fault *fault)
{
	struct check c CLEANUP(check_done) = {0};
	struct tape_section s;
	int r = 0;

	if (salvage)
		r = tape_writer_new(salvage, 1, &c.salvage, fault);
	while (!r) {
		r = tape_reader_next(reader, wants_all, NULL, &s, fault);
		if (r <= 0)
			break;
		r = check_section(&c, &s, fault);
	}
	if (!r && c.salvage)
		r = tape_writer_finish(c.salvage, fault);
	if (r < 0)
		return r;
	c.result.damage = *tape_reader_damage(reader);
	c.result.bad_chunks += c.result.damage.bad_chunks;
	c.result.bytes = tape_reader_bytes(reader);
	check_tally(&c.result, tape_reader_meta(reader));
	check_gaps(&c.result, tape_reader_meta(reader));
	*ret = c.result;
	return 0;
}
