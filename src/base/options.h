/* SPDX-License-Identifier: MIT */
/*
 * options: tables that parse a command's options. Its help, its manual page and its completion are
 * made from the same tables: no other place knows an option.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/suggest.h"
#include "base/text.h"

/* Stores the meaning of arg at value; memory comes from the arena. 0, -EINVAL, -ENOMEM. */
typedef int (*option_parse_fn)(void *value, const char *arg, struct arena *arena,
			       struct fault *fault);

struct option_spec {
	const char *name; /* "duration" */
	char letter;	  /* 'd'; 0: none */
	const char *arg;  /* "TIME"; NULL: the option takes none, and parse is called with NULL */
	const char *help; /* may have several lines */
	option_parse_fn parse;
	size_t offset; /* of the value in the struct that the table fills */
	/* Appends the words that arg may be, each with a blank after it, for the completion of shells.
	 * NULL: arg is no choice of words. */
	void (*choices)(struct text *t);
};

/*
 * Options that fill one kind of struct: those of the struct's own, and after them those of structs
 * within it, which have tables of their own.
 */
struct option_table {
	const struct option_spec *specs;
	size_t n_specs;
	const struct option_part *parts;
	size_t n_parts;
};

/* A table of options that fill a member of a bigger struct. */
struct option_part {
	const char *title; /* heading in the help; NULL: stands under the heading before */
	const struct option_table *table;
	size_t offset; /* of the member */
};

/* Options that are parsed into one struct. */
struct option_group {
	const char *title; /* heading in the help, "Options:"; NULL: none */
	const struct option_spec *specs;
	size_t n_specs;
	void *values;
};

/*
 * Adds the groups of a table and its parts to the *n groups that are there, in the order of the
 * help. values: the struct that the table fills. -ENOSPC when there would be more than max groups.
 */
int options_flatten(const struct option_table *table, const char *title, void *values,
		    struct option_group *groups, size_t max, size_t *n) MUST_CHECK;
/* True when a group before number g has the letter of specs[i] of group g: the letter means that
 * one. */
bool options_letter_is_taken(const struct option_group *groups, size_t g, size_t i);

/*
 * Parses argv[1..]; operands are moved to the end of argv, *ret_first is the first of them. A
 * word after "--" is an operand. is_help_wanted becomes true at --help or -h, and nothing after it
 * is looked at. A letter that two groups have belongs to the first. 0; -EINVAL and a fault for an
 * option that is not in the groups.
 */
int options_parse(const struct option_group *groups, size_t n_groups, int argc, char **argv,
		  struct arena *arena, int *ret_first, bool *ret_is_help_wanted,
		  struct fault *fault) MUST_CHECK;
/* Appends the groups, and --help, as they stand in the help of a command. */
void options_help(struct text *t, const struct option_group *groups, size_t n_groups);

int option_flag(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_str(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_u64(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_duration(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_size(void *value, const char *arg, struct arena *arena, struct fault *fault);

/* The arguments of an option that may be repeated and takes a comma-separated list. */
struct option_words {
	const char **words;
	size_t n;
};
int option_words(void *value, const char *arg, struct arena *arena, struct fault *fault);

/* The position of arg among words, or -EINVAL and a fault that suggests the nearest one. what:
 * the noun of the words, "format". */
static inline int option_choice(const char *what, const char *arg, const char *const *words,
				size_t n_words, struct fault *fault)
{
	return suggest_choose(what, arg, words, n_words, fault);
}
