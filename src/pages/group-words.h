/* SPDX-License-Identifier: MIT */
/*
 * group-words: the words of a page for each way of grouping connections.
 */
#pragma once

#include "gather/group-by.h"

struct group_words {
	const char *id;	    /* of a report's table, for machines: "prefixes" */
	const char *title;  /* of a table: "Networks" */
	const char *head;   /* of a table's first column: "NETWORK" */
	const char *plural; /* in a sentence: "networks" */
};

extern const struct group_words group_words[GROUP_BY_N];
