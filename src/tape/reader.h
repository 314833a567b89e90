/* SPDX-License-Identifier: MIT */
/*
 * reader: sections of a source, one after the other; damage is stepped over by searching for the
 * next magic, and is counted, not hidden. Metadata is taken in as it passes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tape/damage.h"
#include "tape/index.h"
#include "tape/meta.h"
#include "tape/section.h"
#include "tape/source.h"

struct tape_reader;

/*
 * Takes the source when it succeeds. Reads up to the first section: -EBADMSG "not a tape" when
 * there is no whole section in the first 64 MiB, -ENOTSUP for another version, -ENODATA for an
 * empty file.
 */
int tape_reader_open(struct source *take_source, struct tape_reader **ret,
		     struct fault *fault) MUST_CHECK;
/* Opens the source of this path ("-": standard input, see source_open), and reads it like
 * tape_reader_open. */
int tape_reader_open_path(const char *path, struct tape_reader **ret,
			  struct fault *fault) MUST_CHECK;
/* Reads an open file, which stays the caller's (see source_open_fd), like tape_reader_open. */
int tape_reader_open_fd(int fd, const char *name, struct tape_reader **ret,
			struct fault *fault) MUST_CHECK;
struct tape_reader *tape_reader_close(struct tape_reader *t);
DEFINE_CLEANUP(struct tape_reader, tape_reader_close);

/*
 * wants: asked for each CHUNK (by its header): false skips its payload, unread where the source
 * can seek. NULL skips all chunks. Everything else is always read.
 */
typedef bool (*tape_wants_fn)(void *userdata, const struct section_header *h);

/* Asks the cache for each CHUNK before it is expanded. */
void tape_reader_ask(struct tape_reader *t, tape_expanded_fn expanded, void *userdata);
/* The source that it reads; it is still the reader's. */
struct source *tape_reader_source(struct tape_reader *t);
/* Does it read a stream? Its size is not known, and more may come at any time. */
bool tape_reader_is_stream(const struct tape_reader *t);

/*
 * From now on CHUNKs that are not wanted, and the MARKs of blocks without a wanted one, are passed
 * over by the tape's INDEX, without a look at them: damage there is not noticed. 1; 0: the tape has
 * no whole INDEX, and nothing changes.
 */
int tape_reader_use_index(struct tape_reader *t, struct fault *fault) MUST_CHECK;
/* NULL before that. */
const struct tape_index *tape_reader_index(const struct tape_reader *t);

/*
 * The first act of reading: takes in the sections that describe the recording, up to the first that
 * does not: the tasks at its start, or a section of the first block. tape_reader_next shows that
 * one and those after it. On a stream it waits for that section's header, and for nothing after it.
 */
int tape_reader_head(struct tape_reader *t, struct fault *fault) MUST_CHECK;

/*
 * The next whole section: 1; 0 at the end; -errno only for i/o, memory, or a version that cannot
 * be read. Damage is no error. The section is good until the next call.
 */
int tape_reader_next(struct tape_reader *t, tape_wants_fn wants, void *userdata,
		     struct tape_section *ret, struct fault *fault) MUST_CHECK;

const struct tape_meta *tape_reader_meta(const struct tape_reader *t);
const struct tape_damage *tape_reader_damage(const struct tape_reader *t);
/* Bytes read or skipped so far: the next section is looked for there. */
uint64_t tape_reader_bytes(const struct tape_reader *t);
