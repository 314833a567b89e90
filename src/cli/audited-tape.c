// SPDX-License-Identifier: MIT
#include "cli/audited-tape.h"

#include <sys/stat.h>

#include "cli/analysed-tape.h"
#include "detect/detectors.h"

int audited_tape_make(const char *path, const struct tape_meta *meta, uint64_t rows_max,
		      struct audited_tape *ret, struct fault *fault)
{
	const struct tape_options all = {0};
	const struct analysed_tape_how how = {.gather = &detectors_gather_options};
	struct analysed_tape e CLEANUP(analysed_tape_done) = {0};
	struct stat st;
	int r;

	*ret = (struct audited_tape){0};
	if (!meta->n_counter_readings)
		return 0;
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode)) {
		ret->why_not = "a stream is not read twice (tcptape report compares)";
		return 0;
	}
	if (rows_max && meta->n_rows > rows_max) {
		ret->why_not = "not done for so many events (tcptape check and report do)";
		return 0;
	}
	r = analysed_tape_read(&e, path, &all, &how, fault);
	if (r < 0)
		return r;
	audit_make(&ret->audit, e.gathered, &e.facts);
	ret->is_done = true;
	return 0;
}
