/* SPDX-License-Identifier: MIT */
/*
 * meta: the metadata of a tape, which is everything but its rows, as far as the tape was read. It
 * grows while the tape is read. Records in it never move or change, except that newer tallies
 * replace older ones.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "format/records.h"
#include "format/section.h"
#include "tape/wall-clock.h"

struct tape_tracepoint {
	uint32_t index;
	uint32_t kernel_id;
	bool has_chain;
	const char *system;
	const char *name;
	const char *format; /* text */
	size_t format_len;
	uint64_t rows; /* in the undamaged CHUNKs so far, whether they were read or skipped */
};

struct tape_chain {
	uint32_t n_frames;
	const uint64_t *frames; /* code ids */
};

struct tape_symbol {
	uint32_t offset;
	const char *name;
};

struct tape_meta {
	struct arena arena;
	struct host_record *host; /* in the order of the tape */
	size_t n_host;
	struct clock_record *clocks; /* in time order */
	size_t n_clocks;
	struct wall_clock wall;	     /* what they say */
	bool is_clock_late;	     /* the first CLOCK stands after rows */
	struct sleep_record *sleeps; /* in time order */
	size_t n_sleeps;
	struct tape_tracepoint *
		*tracepoints; /* by index; NULL: the tape did not describe it (yet) */
	size_t n_tracepoints;
	struct absent_record *absent;
	size_t n_absent;
	struct loss_record *losses;
	size_t n_losses;
	struct pause_record *pauses; /* in the order of the tape */
	size_t n_pauses;
	struct tally_record *tallies; /* of the newest TALLY section */
	size_t n_tallies;
	size_t tallies_cap;
	uint64_t tally_ns;	    /* when the tallies were read */
	const char **counter_names; /* of the kernel's counters, by number; NULL: not known */
	size_t n_counter_names;
	uint64_t n_counter_readings;
	struct setting_record *settings; /* in the order of the tape */
	size_t n_settings;
	struct map chains;	    /* chain id to struct tape_chain * */
	struct map cgroup_paths;    /* control group (struct member_record) to const char * */
	struct map symbols;	    /* code id to struct tape_symbol * */
	size_t n_tasks;		    /* task records read so far */
	uint64_t first_ns, last_ns; /* time range of the chunks passed so far; 0, 0: none */
	uint64_t n_rows;	    /* in these chunks */
	uint64_t n_undescribed;	    /* of these: no FORMAT of their tracepoint came before */
	bool has_trailer;	    /* the recorder ended the tape properly */
	/* What HOST says about the layout of rows; defaults where it says nothing. */
	bool is_big_endian;
	unsigned int long_size; /* 4 or 8 */
	unsigned int page_size;
	bool has_raw_pointers;
};

/* The most memory that the metadata of a tape may take; sections that do not fit count as
 * damage. */
#define META_BYTES_MAX (64u << 20)

void meta_init(struct tape_meta *m);
void meta_done(struct tape_meta *m);
/* Checks the expanded payload of a section and remembers its records: none of them if one is
 * invalid, and those that fit if META_BYTES_MAX is reached. For a CHUNK it looks at the header
 * alone, and the payload may be NULL. 0, -EBADMSG, -ENOMEM. */
int meta_section(struct tape_meta *m, const struct section_header *h, const void *payload,
		 size_t len, struct fault *fault) MUST_CHECK;
/* Subtracts a CHUNK that turned out to be damaged from the counts of rows. */
void meta_forget_chunk(struct tape_meta *m, const struct section_header *h);
/* The last value of a HOST key, or NULL. */
const char *meta_host(const struct tape_meta *m, const char *key);
/*
 * The wall time (since 1970 UTC) at a time of the tape clock. False where the tape does not know
 * it. What the CLOCK records say that do not stand before the rows of that time does not count: a
 * stream and a file give the same time.
 */
bool meta_wall_time(const struct tape_meta *m, uint64_t ts_ns, int64_t *ret_real_ns);
/* The start of the recording on the tape's clock, or of its first rows where it does not begin with
 * a CLOCK. */
uint64_t meta_start_ns(const struct tape_meta *m);
/* The end of it: the last CLOCK, which a recorder writes at its end, or a row that is younger. */
uint64_t meta_end_ns(const struct tape_meta *m);
/* The value of a setting of the kernel in a network namespace (0: of the host) when the recording
 * began, or the last one that it had. NULL: not known. */
const char *meta_setting(const struct tape_meta *m, uint32_t netns, const char *name);
const char *meta_setting_at_end(const struct tape_meta *m, uint32_t netns, const char *name);
/* The path of a control group of MEMBERS records, or NULL where none of them has said it. */
const char *meta_cgroup_path(const struct tape_meta *m, uint64_t cgroup);

/* True if META_BYTES_MAX is reached. */
bool meta_is_full(const struct tape_meta *m);
/* Sets a fault which says that the metadata of this section does not fit. Returns -EBADMSG. */
int meta_full_fault(const struct section_header *h, struct fault *fault);
