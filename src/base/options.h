/* SPDX-License-Identifier: MIT */
/*
 * options: the table that parses a command's options and prints its help. There is no other
 * place that knows an option.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/suggest.h"
#include "base/text.h"

/* Stores what arg says at value; memory comes from the arena. 0, -EINVAL, -ENOMEM. */
typedef int (*option_parse_fn)(void *value, const char *arg, struct arena *arena,
			       struct fault *fault);

struct option_spec {
	const char *name; /* "duration" */
	char letter;	  /* 'd'; 0: none */
	const char *arg;  /* "TIME"; NULL: takes none, and parse is called with NULL */
	const char *help; /* lines after the first begin with what '\n' is followed by */
	option_parse_fn parse;
	size_t offset; /* of the value in the struct that the table fills */
};

/* Options that are parsed into one struct, under one heading of the help. */
struct option_group {
	const char *title; /* "Options:" */
	const struct option_spec *specs;
	size_t n_specs;
	void *values;
};

/*
 * Parses argv[1..]; operands are moved to the end of argv, *ret_first is the first of them. A
 * word after "--" is an operand. is_help_wanted becomes true at --help or -h, and nothing
 * behind it is looked at. 0; -EINVAL and a fault for what is not in the tables.
 */
int options_parse(const struct option_group *groups, size_t n_groups, int argc, char **argv,
		  struct arena *arena, int *ret_first, bool *ret_is_help_wanted,
		  struct fault *fault) MUST_CHECK;
/* The groups as they stand in the help of a command. */
void options_help(struct text *t, const struct option_group *groups, size_t n_groups);

int option_flag(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_str(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_u64(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_duration(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_size(void *value, const char *arg, struct arena *arena, struct fault *fault);

/* Words that an option may be repeated with, also comma-separated. */
struct option_words {
	const char **words;
	size_t n;
};
int option_words(void *value, const char *arg, struct arena *arena, struct fault *fault);

/* The position of arg among words, or -EINVAL and a fault that suggests the nearest one. */
static inline int option_choice(const char *what, const char *arg, const char *const *words,
				size_t n_words, struct fault *fault)
{
	return suggest_choose(what, arg, words, n_words, fault);
}
