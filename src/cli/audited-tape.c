// SPDX-License-Identifier: MIT
#include "cli/audited-tape.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/analysed-tape.h"
#include "detect/detectors.h"
#include "playback/caveats.h"

/* So much room a copy may take of a host that may be in trouble. */
#define COPY_MAX (1ull << 30)

int audited_tape_copy(const struct tape_file *tape)
{
	const char *const places[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};
	int fd = -1;

	if (!tape_file_is_stream(tape))
		return -1;
	for (size_t i = 0; fd < 0 && i < ARRAY_SIZE(places); i++) {
		if (places[i] && *places[i])
			fd = open(places[i], O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	}
	return fd;
}

int audited_tape_open(struct audited_tape *a, const struct tape_file *tape, int copy_fd,
		      struct tape_reader **ret, struct fault *fault)
{
	struct source *source CLEANUP(source_close_p) = NULL;
	int r;

	*a = (struct audited_tape){.tape = tape, .copy = {tape->path, copy_fd}};
	r = source_open_fd(tape->fd, tape_name(tape->path), &source, fault);
	if (r < 0)
		return r;
	/* The reader reads the first bytes when it is opened. */
	if (copy_fd >= 0)
		source_copy_to(source, copy_fd, COPY_MAX);
	r = tape_reader_open(source, ret, fault);
	if (!r)
		TAKE(source);
	return r;
}

void audited_tape_done(struct audited_tape *a)
{
	close_p(&a->copy.fd);
	a->copy.fd = -1;
}

int audited_tape_make(struct audited_tape *a, struct tape_reader *reader, uint64_t rows_max,
		      struct fault *fault)
{
	const struct tape_meta *meta = tape_reader_meta(reader);
	const struct tape_options all = {0};
	const struct analysed_tape_how how = {.gather = &detectors_gather_options};
	struct analysed_tape e CLEANUP(analysed_tape_done) = {0};
	bool is_stream = tape_reader_is_stream(reader);
	int r;

	if (!meta->n_counter_readings)
		return 0;
	if (rows_max && meta->n_rows > rows_max) {
		a->why_not = "not done for so many events (tcptape check and report do)";
		return 0;
	}
	if (is_stream && !source_is_copied(tape_reader_source(reader))) {
		a->why_not = "a stream is read twice only where there is room for a copy of it, up "
			     "to 1 GiB (tcptape report compares)";
		return 0;
	}
	if (is_stream && lseek(a->copy.fd, 0, SEEK_SET) < 0)
		return fault_errno(fault, -errno, "the copy of %s", tape_name(a->tape->path));
	r = analysed_tape_read(&e, is_stream ? &a->copy : a->tape, &all, &how, fault);
	if (r < 0)
		return r;
	audit_make(&a->audit, e.gathered, &e.facts);
	a->is_done = true;
	return 0;
}
