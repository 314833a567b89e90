/* SPDX-License-Identifier: MIT */
/*
 * top: what the files of the view share: what is counted in one interval, per group. Private to
 * them.
 */
#pragma once

#include "base/groups.h"
#include "view/view.h"

enum top_group {
	TOP_BY_CONN,
	TOP_BY_PEER,	/* the other end's address */
	TOP_BY_PROCESS, /* the owner */
	TOP_BY_PORT,	/* the service's: the lower one of both ends */
	TOP_GROUPS,
};
extern const char *const top_groups[TOP_GROUPS];

enum top_sort {
	TOP_SORT_BYTES,
	TOP_SORT_SENT,
	TOP_SORT_RECEIVED,
	TOP_SORT_RETRANS,
	TOP_SORT_RESETS,
	TOP_SORT_CONNECTS,
	TOP_SORTS,
};
extern const char *const top_sorts[TOP_SORTS];

struct top_key {
	uint32_t conn; /* its number */
	int32_t pid;
	uint16_t port;
	struct ip_addr peer;
};

struct top_sums {
	uint64_t tx, rx, retrans, resets, opened, closed;
};

struct top_item {
	struct top_key key;
	struct top_sums sums;
	/* Of the connection that was counted last. */
	int32_t pid;
	char comm[16];
	const char *owner;
	uint64_t sk;
	struct endpoint local, remote;
};

/* The connection's group. */
struct top_key top_key_of(enum top_group group, const struct tcp_conn *c);
/* The items, the first ones to be shown first; the caller frees the array. */
struct top_item **top_sorted(const struct groups *g, enum top_sort sort);

#define TOP_COLUMNS_MAX 24
/* The columns of a group, and a row of them. */
size_t top_columns(enum top_group group, struct column *columns);
/* What the renderer needs beside the item. */
struct top_interval {
	uint64_t start_ns, length_ns;
	bool has_bytes;
};
int top_put(enum top_group group, const struct top_item *item, const struct top_interval *i,
	    struct table_sink *out, struct fault *fault) MUST_CHECK;
