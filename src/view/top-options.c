// SPDX-License-Identifier: MIT
/*
 * The options of top, and what they ask for.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/suggest.h"
#include "base/units.h"
#include "view/top.h"

#define AT(member) offsetof(struct top_options, member)

const struct option_spec top_options[TOP_N_OPTIONS] = {
	{"interval", 'i', "TIME", "length of an interval; default 1s", option_str, AT(interval),
	 NULL},
	{"intervals", 'n', "N", "at most N intervals", option_u64, AT(intervals), NULL},
	{"sort", 's', "BY",
	 "bytes, sent, received, retrans, resets or connects; bytes where the\ntape has them, else "
	 "retrans",
	 option_str, AT(sort), NULL},
	{"group", 'g', "BY", "conn, peer, process, container, port or label", option_str, AT(group),
	 NULL},
	{"rows", 'r', "N", "at most N rows of each interval; default 20", option_u64, AT(rows),
	 NULL},
	{"noclear", 'C', NULL, "on a terminal, do not clear the screen", option_flag, AT(no_clear),
	 NULL},
	{"nosummary", 'S', NULL, "no line of totals above each interval", option_flag,
	 AT(no_summary), NULL},
};

static const char *const top_groups[CONN_BY_N] = {
	[CONN_BY_ITSELF] = "conn",	   [CONN_BY_PEER] = "peer", [CONN_BY_PROCESS] = "process",
	[CONN_BY_CONTAINER] = "container", [CONN_BY_PORT] = "port", [CONN_BY_LABEL] = "label",
};

#define ROWS_DEFAULT 20u

/* The number of a word that the option `what` takes, or -EINVAL. */
static int word_index(const char *what, const char *word, const char *const *words, size_t n,
		      struct fault *fault)
{
	struct suggestion near = suggest_start(word);

	for (size_t i = 0; i < n; i++) {
		if (!strcmp(words[i], word))
			return (int)i;
		suggest_offer(&near, words[i]);
	}
	if (near.best)
		return fault_set(fault, -EINVAL, "--%s %s: did you mean %s?", what, word,
				 near.best);
	return fault_set(fault, -EINVAL, "--%s %s: no such word", what, word);
}

int top_choose(const struct top_options *o, const struct view_context *context,
	       struct top_choice *ret, struct fault *fault)
{
	struct top_choice c = {
		.length_ns = NSEC_PER_SEC,
		.rows = o->rows ? o->rows : ROWS_DEFAULT,
		.is_sort_chosen = o->sort,
	};
	int i;

	if (o->interval && (units_parse_duration(o->interval, &c.length_ns) < 0 || !c.length_ns))
		return fault_set(fault, -EINVAL, "--interval %s: not a time (try 1s)", o->interval);
	if (o->group) {
		i = word_index("group", o->group, top_groups, CONN_BY_N, fault);
		if (i < 0)
			return i;
		c.group = (enum conn_key_by)i;
		i = c.group == CONN_BY_LABEL ? view_needs_labels(context, fault) : 0;
		if (i < 0)
			return i;
	}
	if (o->sort) {
		i = word_index("sort", o->sort, top_sorts, TOP_SORTS, fault);
		if (i < 0)
			return i;
		c.sort = (enum top_sort)i;
	}
	*ret = c;
	return 0;
}
