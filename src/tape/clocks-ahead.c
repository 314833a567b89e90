// SPDX-License-Identifier: MIT
#include "tape/clocks-ahead.h"

#include <errno.h>

#include "tape/payload.h"
#include "tape/section-kind.h"

/* More memory than this is not spent on a clock. */
#define ARENA_MAX (16u << 20)

struct clocks_ahead {
	const struct source *source;
	struct expander *expander;
	struct buffer stored, raw;
	struct arena *arena;
	struct wall_clock *wall;
	uint64_t last_ns;     /* of the last record */
	uint64_t last_row_ns; /* of the youngest row so far */
};

static void clocks_ahead_done(struct clocks_ahead *c)
{
	expander_free(c->expander);
	buffer_done(&c->stored);
	buffer_done(&c->raw);
}

/* Records from the first one on that goes back are not taken, as in meta_section(). */
static int records_take(struct clocks_ahead *c, struct cursor at)
{
	struct clock_record record;
	int r = 0;

	while (!r && clock_record_decode(&at, &record) > 0 && record.mono_ns >= c->last_ns) {
		c->last_ns = record.mono_ns;
		r = wall_clock_take(c->wall, c->arena, &record,
				    wall_clock_rows_end(c->last_row_ns));
	}
	return r;
}

/* Takes the records of one section. A damaged one has none. 1; 0: the INDEX is wrong; -ENOMEM. */
static int section_take(struct clocks_ahead *c, uint64_t at)
{
	struct section_header h;
	int r = payload_load(c->source, at, TAPE_KIND_CLOCK, &h, &c->stored);

	if (r <= 0)
		return r;
	r = payload_expand(c->expander, &h, c->stored.data, &c->raw, NULL);
	if (!r)
		r = section_check(&h, c->raw.data, h.raw_len, NULL);
	if (!r)
		r = records_take(c, cursor_of(c->raw.data, h.raw_len));
	return r == -ENOMEM ? r : r < 0 ? 0 : 1;
}

int clocks_ahead_read(const struct tape_index *index, const struct source *s, struct arena *arena,
		      struct wall_clock *ret, struct fault *fault)
{
	struct clocks_ahead c CLEANUP(clocks_ahead_done) = {
		.source = s, .arena = arena, .wall = ret};
	int r = expander_new(&c.expander, fault);

	if (r < 0)
		return r;
	r = 1;
	for (size_t i = 0; r > 0 && i < index->n; i++) {
		const struct index_record *e = &index->entries[i];

		if (e->kind == TAPE_KIND_CLOCK)
			r = section_take(&c, e->offset);
		else if (e->kind == TAPE_KIND_CHUNK && e->time_to > c.last_row_ns)
			c.last_row_ns = e->time_to;
		if (arena->bytes > ARENA_MAX)
			r = 0;
	}
	return r < 0 ? fault_no_memory(fault) : r;
}
