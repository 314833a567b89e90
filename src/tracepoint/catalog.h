/* SPDX-License-Identifier: MIT */
/*
 * catalog: THE table of tracepoints. Each row has the tracepoint's kind, its profiles, what to
 * record with it, and the shapes that it has in different kernels. To support another tracepoint,
 * add a row; to support a kernel that changed one, add a shape.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tcp/event.h"

/* Recording profiles, one bit each in tracepoint_info.profiles. Profile "all" has no bit: it
 * records every event that the kernel has in systems tcp and sock. */
enum tcp_profile {
	TCP_PROFILE_LOSS,
	TCP_PROFILE_LIFE,
	TCP_PROFILE_BYTES,
	TCP_PROFILE_N,
};

struct tcp_profile_info {
	const char *name;
	const char *summary;
};

extern const struct tcp_profile_info tcp_profiles[TCP_PROFILE_N];

struct tracepoint_info {
	const char *system;
	const char *name;
	enum tcp_kind kind;
	unsigned int profiles; /* 1u << enum tcp_profile */
	bool with_stack;       /* record a kernel call chain */
	/* Two event filters of the kernel that exclude each other. Hits that pass chain_where are
	 * recorded with a call chain, hits that pass chain_else without. NULL: with_stack applies
	 * to all hits. */
	const char *chain_where, *chain_else;
	const char *life_filter; /* kernel filter in profiles life and bytes; NULL: none */
	bool is_synthetic;	 /* not a tracepoint of the kernel: rows that the recorder makes */
	bool from_packet;	 /* saddr and sport are the sender of a received packet, the peer */
	/* A field whose meaning is not the one that tracepoint/fields.h gives its name. It becomes
	 * an extra field of the event. NULL: there is none. */
	const char *other_meaning;
	/*
	 * The shapes, newest first, NULL-terminated. A shape is "name:size name:size ...": sizes
	 * are in bytes, P is the size of the recording machine's pointer (and long), 3P that of
	 * three pointers. A shape matches if the format file has every field that it names, in that
	 * size; the first match counts. Fields that the shape does not name are bound by their
	 * names.
	 */
	const char *const *shapes;
	const char *summary; /* for `list` */
};

/* The whole table, ordered as `list` shows it. */
extern const struct tracepoint_info tracepoint_catalog[];
extern const size_t n_tracepoint_catalog;

/* The row of a tracepoint. NULL: the catalog does not have it. */
const struct tracepoint_info *catalog_find(const char *system, const char *name);
