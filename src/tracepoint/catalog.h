/* SPDX-License-Identifier: MIT */
/*
 * catalog: THE table of tracepoints. A row for each: kind, profiles, what to record with it, and
 * the shapes that kernels gave it. A new tracepoint, or a kernel that changes one, is one row here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tcp/event.h"

/* Recording profiles, a bit each in tracepoint_info.profiles. */
enum tcp_profile {
	TCP_PROFILE_LOSS,
	TCP_PROFILE_LIFE,
	TCP_PROFILE_BYTES,
	TCP_PROFILE_N,
};
/* Profile "all" is no bit: it is every event that the kernel has in systems tcp and sock. */

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
	/* Filters in the kernel's language: hits that fit chain_where are recorded with a call
	 * chain, the others, which fit chain_else, without. NULL: with_stack holds for all hits. */
	const char *chain_where, *chain_else;
	const char *life_filter; /* the hits that profiles life and bytes need; NULL: all */
	bool is_synthetic;	 /* no tracepoint: the recorder makes its rows */
	bool from_packet;	 /* saddr and sport are those of a received packet: of the PEER */
	/* A field that does not mean what tracepoint/fields.h says of its name: an event has it as
	 * an extra. NULL: there is none. */
	const char *other_meaning;
	/*
	 * Shapes, newest first: "name:size name:size ...", size in bytes, or P for the recording
	 * machine's pointer (and long), 3P for three of them. A shape matches when every field it
	 * names is there with that size; the first match wins; fields beyond it bind one by one by
	 * name. NULL-terminated.
	 */
	const char *const *shapes;
	const char *summary; /* for `list` */
};

/* The whole table, ordered as `list` shows it. */
extern const struct tracepoint_info tracepoint_catalog[];
extern const size_t n_tracepoint_catalog;

/* NULL: the catalog does not have it. */
const struct tracepoint_info *catalog_find(const char *system, const char *name);
