/* SPDX-License-Identifier: MIT */
/*
 * facts: what is known of a tape besides its events, for whoever judges them: given by the room
 * that reads tapes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tape_facts {
	const char *tape; /* as it is to be named in commands, quoted for a shell */
	/* The options that the user gave, as words of a shell: "--rport 443", "--since +5s". */
	const char *const *options;
	size_t n_options;
	const char *host, *kernel, *arch, *os, *command_line, *filter; /* NULL: not known */
	uint64_t recorded;					       /* events on the tape */
	uint64_t lost;	      /* dropped because a ring was full */
	uint64_t undelivered; /* counted by the kernel, and never delivered */
	bool is_synchronised; /* the host's clock was */
	const char *damage;   /* NULL: the tape is whole */
	const char *const *notes;
	size_t n_notes;
};

static inline uint64_t tape_facts_missing(const struct tape_facts *f)
{
	return f->lost + f->undelivered;
}
