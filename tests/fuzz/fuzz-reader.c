// SPDX-License-Identifier: MIT
/* A tape as it is, and once more with right sums: checked, and salvaged into a tape that must be
 * whole. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "support/resum.h"
#include "tape/check.h"

static int check(const uint8_t *data, size_t size, struct sink *salvage, struct check_result *ret)
{
	struct tape_reader *r CLEANUP(tape_reader_close_p) = NULL;
	struct source *source CLEANUP(source_close_p) = NULL;
	int err = source_open_memory(data, size, &source);

	if (!err)
		err = tape_reader_open(source, &r, NULL);
	if (err < 0)
		return err;
	source = NULL;
	return tape_check(r, salvage, ret, NULL);
}

static void check_and_salvage(const uint8_t *data, size_t size)
{
	struct buffer saved CLEANUP(buffer_done) = {0};
	struct sink sink = sink_memory(&saved);
	struct check_result result, again;

	if (check(data, size, &sink, &result) < 0)
		return;
	if (check(saved.data, saved.len, NULL, &again) < 0 || tape_damage_any(&again.damage) ||
	    again.n_rows != result.n_rows)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy CLEANUP(free_p) = malloc(size + 1);

	check_and_salvage(data, size);
	if (copy) {
		memcpy(copy, data, size);
		resum_all(copy, size);
		check_and_salvage(copy, size);
	}
	return 0;
}
