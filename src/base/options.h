/* SPDX-License-Identifier: MIT */
/*
 * options: tables of a command's options, and their parser. The command's help, its manual page and
 * its completion come from the same tables: no other place knows an option.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/suggest.h"
#include "base/text.h"

/* Parses arg and stores the result at value, with memory from the arena. 0; -EINVAL: arg is wrong;
 * another error: arg is right, and what it names cannot be used. */
typedef int (*option_parse_fn)(void *value, const char *arg, struct arena *arena,
			       struct fault *fault);

struct option_spec {
	const char *name; /* "duration" */
	char letter;	  /* 'd'; 0: none */
	const char *arg;  /* "TIME"; NULL: the option takes none, and parse is called with NULL */
	const char *help; /* may have several lines */
	option_parse_fn parse;
	size_t offset; /* of the value in the struct that the table fills */
	/* Appends the words that arg may be, each followed by a space, for shell completion. NULL:
	 * arg is not one of a list of words. */
	void (*choices)(struct text *t);
};

/*
 * The options that fill one kind of struct: first those of the struct's own members, then those of
 * structs within it, which have tables of their own.
 */
struct option_table {
	const struct option_spec *specs;
	size_t n_specs;
	const struct option_part *parts;
	size_t n_parts;
	/* Called when all options are parsed, with the struct that they fill, if options depend on
	 * each other. 0; -EINVAL and a fault. NULL: nothing to do. Only of a table with specs. */
	int (*check)(const void *values, struct fault *fault);
};

/* A table of options that fill a struct within a bigger struct. */
struct option_part {
	const char *title; /* heading in the help; NULL: no heading of its own */
	const struct option_table *table;
	size_t offset; /* of the inner struct in the bigger one */
};

/* The options of one table, and the struct that they fill. */
struct option_group {
	const char *title; /* heading in the help, "Options:"; NULL: none */
	const struct option_spec *specs;
	size_t n_specs;
	void *values;
	int (*check)(const void *values, struct fault *fault); /* see struct option_table */
};

/*
 * Appends the groups of a table and of its parts to groups, which has *n already, in the order of
 * the help. values: the struct that the table fills. 0; -ENOSPC if there are more than max groups.
 */
int options_flatten(const struct option_table *table, const char *title, void *values,
		    struct option_group *groups, size_t max, size_t *n) MUST_CHECK;
/* Whether a group before groups[g] has an option with the letter of groups[g].specs[i]. The letter
 * then means the option of the earlier group. */
bool options_letter_is_taken(const struct option_group *groups, size_t g, size_t i);

/*
 * Parses argv[1..]. Operands are moved to the end of argv, and *ret_first is the index of the first
 * one; every word after "--" is an operand. *ret_is_help_wanted becomes true at --help or -h, and
 * words after that are not parsed. A letter that two groups have belongs to the first. 0; -EINVAL
 * and a fault for an unknown option or a wrong argument; an error of an option's parser.
 */
int options_parse(const struct option_group *groups, size_t n_groups, int argc, char **argv,
		  struct arena *arena, int *ret_first, bool *ret_is_help_wanted,
		  struct fault *fault) MUST_CHECK;
/* Appends the part of a command's help that is about its options, --help included. */
void options_help(struct text *t, const struct option_group *groups, size_t n_groups);

/* Parsers of arguments, for option_spec.parse. value points to a bool, a const char * (which
 * borrows arg), and a uint64_t: a number, nanoseconds, bytes. A duration or a size of 0 is
 * refused. */
int option_flag(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_str(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_u64(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_duration(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_size(void *value, const char *arg, struct arena *arena, struct fault *fault);

/* The words of an option that takes a comma-separated list and may be repeated. */
struct option_words {
	const char **words;
	size_t n;
};
int option_words(void *value, const char *arg, struct arena *arena, struct fault *fault);

/* The index of arg in words, or -EINVAL and a fault that suggests the nearest word. what: a noun
 * for the words, "format". */
static inline int option_choice(const char *what, const char *arg, const char *const *words,
				size_t n_words, struct fault *fault)
{
	return suggest_choose(what, arg, words, n_words, fault);
}
