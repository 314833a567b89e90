/* SPDX-License-Identifier: MIT */
/*
 * facts: facts about a tape besides its events. The room that reads tapes fills them in; detectors
 * and pages use them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stretch of time in which events were lost. */
struct tape_gap {
	uint64_t from_ns, to_ns;
};

/* Events of one kind that are not on the tape. */
struct kind_missing {
	uint64_t lost;	      /* dropped because a ring was full */
	uint64_t undelivered; /* counted by the kernel, and never delivered */
};

struct tape_facts {
	const char *tape; /* the tape's name for commands, quoted for a shell */
	/* The options that the user gave, as words of a shell: "--rport 443", "--since +5s". */
	const char *const *options;
	size_t n_options;
	const char *host, *kernel, *arch, *os, *command_line, *filter; /* NULL: unknown */
	uint64_t recorded;					       /* events on the tape */
	uint64_t lost;	       /* dropped because a ring was full */
	uint64_t undelivered;  /* counted by the kernel, and never delivered */
	uint64_t unwatched_ns; /* a CPU was online, and not recorded yet: events are missing */
	const struct tape_gap *gaps; /* in the order of time, not overlapping */
	size_t n_gaps;
	uint64_t lost_all, undelivered_all; /* the same of all kinds, those that are not used too */
	bool has_figure_pauses; /* of some sockets the last figures were not asked for */
	const struct kind_missing *missing; /* by enum tcp_kind; NULL: unknown */
	uint64_t n_namespaces_missed;	    /* network namespaces that could not be entered */
	bool is_synchronised;		    /* the host's wall clock was synchronised */
	const char *damage;	  /* a description of the damage; NULL: the tape is whole */
	const char *const *notes; /* caveats of the tape, in words */
	size_t n_notes;
};

/* Events that happened but are not on the tape, as far as is known. */
static inline uint64_t tape_facts_missing(const struct tape_facts *f)
{
	return f->lost + f->undelivered;
}
