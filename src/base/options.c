// SPDX-License-Identifier: MIT
#include "base/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

#define HELP_COLUMN 26
/* For long option i, getopt_long returns FIRST_LONG + i. */
#define FIRST_LONG 0x10000

struct parser {
	const struct option_spec **specs; /* the options of all groups */
	void **values;			  /* where each option stores its value */
	size_t n;
	struct option *longs;
	struct text shorts;
};

static void parser_done(struct parser *p)
{
	free(p->specs);
	free(p->values);
	free(p->longs);
	text_done(&p->shorts);
}

static int parser_init(struct parser *p, const struct option_group *groups, size_t n_groups)
{
	size_t n = 0;

	for (size_t g = 0; g < n_groups; g++)
		n += groups[g].n_specs;
	p->specs = calloc(n + 1, sizeof(*p->specs));
	p->values = calloc(n + 1, sizeof(*p->values));
	p->longs = calloc(n + 2, sizeof(*p->longs));
	if (!p->specs || !p->values || !p->longs)
		return -ENOMEM;
	/* With ':' first, getopt_long returns ':' for a missing argument and '?' for an unknown
	 * option. */
	text_str(&p->shorts, ":h");
	for (size_t g = 0; g < n_groups; g++) {
		for (size_t i = 0; i < groups[g].n_specs; i++) {
			const struct option_spec *s = &groups[g].specs[i];

			p->specs[p->n] = s;
			p->values[p->n] = (char *)groups[g].values + s->offset;
			p->longs[p->n] = (struct option){
				.name = s->name,
				.has_arg = s->arg ? required_argument : no_argument,
				.val = FIRST_LONG + (int)p->n,
			};
			p->n++;
			if (s->letter)
				text_char(&p->shorts, s->letter);
			if (s->letter && s->arg)
				text_char(&p->shorts, ':');
		}
	}
	p->longs[p->n] = (struct option){.name = "help", .val = 'h'};
	return p->shorts.failed ? -ENOMEM : 0;
}

static int unknown_option(const struct parser *p, const char *word, char letter,
			  struct fault *fault)
{
	char name[64];
	struct suggestion near;

	if (word[1] != '-')
		return fault_set(fault, -EINVAL, "unknown option -%c", letter);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	near = suggest_start(name);
	for (size_t i = 0; i < p->n; i++)
		suggest_offer(&near, p->specs[i]->name);
	suggest_offer(&near, "help");
	if (near.best)
		return fault_set(fault, -EINVAL, "unknown option --%s: did you mean --%s?", name,
				 near.best);
	return fault_set(fault, -EINVAL, "unknown option --%s", name);
}

static size_t find_letter(const struct parser *p, int letter)
{
	size_t i = 0;

	while (i < p->n && p->specs[i]->letter != letter)
		i++;
	return i;
}

/* Parses the option that getopt_long has found. */
static int option_take(const struct parser *p, int found, struct arena *arena, struct fault *fault)
{
	size_t i = found >= FIRST_LONG ? (size_t)(found - FIRST_LONG) : find_letter(p, found);
	const struct option_spec *s = p->specs[i];
	int r = s->parse(p->values[i], s->arg ? optarg : NULL, arena, fault);

	if (r == -EINVAL)
		return fault_set(fault, r, "--%s %s: not a %s", s->name, optarg, s->arg);
	return r < 0 ? fault_errno(fault, r, "--%s", s->name) : 0;
}

/* Fills the fault for an option that lacks its argument. The fault shows it as it was typed. */
static int missing_argument(const struct parser *p, const char *word, int letter,
			    struct fault *fault)
{
	if (letter && letter < FIRST_LONG)
		return fault_set(fault, -EINVAL, "-%c needs %s", letter,
				 p->specs[find_letter(p, letter)]->arg);
	return fault_set(fault, -EINVAL, "%s needs %s", word,
			 letter ? p->specs[letter - FIRST_LONG]->arg : "an argument");
}

static int groups_check(const struct option_group *groups, size_t n_groups, struct fault *fault)
{
	int r = 0;

	for (size_t g = 0; !r && g < n_groups; g++)
		r = groups[g].check ? groups[g].check(groups[g].values, fault) : 0;
	return r;
}

int options_parse(const struct option_group *groups, size_t n_groups, int argc, char **argv,
		  struct arena *arena, int *ret_first, bool *ret_is_help_wanted,
		  struct fault *fault)
{
	struct parser p CLEANUP(parser_done) = {0};
	int r = parser_init(&p, groups, n_groups);

	if (r < 0)
		return fault_errno(fault, r, "options");
	*ret_is_help_wanted = false;
	opterr = 0;
	optind = 0; /* makes glibc begin anew */
	for (;;) {
		int found = getopt_long(argc, argv, text_cstr(&p.shorts), p.longs, NULL);

		if (found < 0)
			break;
		if (found == 'h') {
			*ret_is_help_wanted = true;
			break;
		}
		if (found == ':')
			return missing_argument(&p, argv[optind - 1], optopt, fault);
		if (found == '?' && optopt >= FIRST_LONG)
			return fault_set(fault, -EINVAL, "--%s takes no argument",
					 p.specs[optopt - FIRST_LONG]->name);
		if (found == '?') {
			/* optind is still at a cluster of letters until its last letter is read. */
			const char *word = optopt ? "-" : argv[optind - 1];

			return unknown_option(&p, word, (char)optopt, fault);
		}
		r = option_take(&p, found, arena, fault);
		if (r < 0)
			return r;
	}
	*ret_first = optind;
	return *ret_is_help_wanted ? 0 : groups_check(groups, n_groups, fault);
}

int options_flatten(const struct option_table *table, const char *title, void *values,
		    struct option_group *groups, size_t max, size_t *n)
{
	if (table->n_specs) {
		if (*n == max)
			return -ENOSPC;
		groups[(*n)++] = (struct option_group){
			.title = title,
			.specs = table->specs,
			.n_specs = table->n_specs,
			.values = values,
			.check = table->check,
		};
		title = NULL;
	}
	for (size_t i = 0; i < table->n_parts; i++) {
		const struct option_part *part = &table->parts[i];
		int r = options_flatten(part->table, part->title ? part->title : title,
					(char *)values + part->offset, groups, max, n);

		if (r < 0)
			return r;
		title = NULL;
	}
	return 0;
}

bool options_letter_is_taken(const struct option_group *groups, size_t g, size_t i)
{
	char letter = groups[g].specs[i].letter;

	for (size_t k = 0; letter && k < g; k++) {
		for (size_t j = 0; j < groups[k].n_specs; j++) {
			if (groups[k].specs[j].letter == letter)
				return true;
		}
	}
	return false;
}

static void help_line(struct text *t, const struct option_spec *s, bool with_letter)
{
	size_t start = t->len, len;

	if (with_letter)
		text_printf(t, "  -%c, --%s", s->letter, s->name);
	else
		text_printf(t, "      --%s", s->name);
	if (s->arg)
		text_printf(t, " %s", s->arg);
	len = t->len - start;
	if (len >= HELP_COLUMN) {
		text_char(t, '\n');
		len = 0;
	}
	text_fill(t, ' ', HELP_COLUMN - len);
	for (const char *at = s->help; *at; at++) {
		text_char(t, *at);
		if (*at == '\n')
			text_fill(t, ' ', HELP_COLUMN);
	}
	text_char(t, '\n');
}

void options_help(struct text *t, const struct option_group *groups, size_t n_groups)
{
	const struct option_spec help = {.name = "help", .letter = 'h', .help = "this text"};

	for (size_t g = 0; g < n_groups; g++) {
		if (groups[g].n_specs && groups[g].title)
			text_printf(t, "\n%s\n", groups[g].title);
		for (size_t i = 0; i < groups[g].n_specs; i++) {
			const struct option_spec *s = &groups[g].specs[i];

			help_line(t, s, s->letter && !options_letter_is_taken(groups, g, i));
		}
	}
	text_char(t, '\n');
	help_line(t, &help, true);
}
