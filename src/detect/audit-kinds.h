/* SPDX-License-Identifier: MIT */
/*
 * audit-kinds: which counters of the kernel count what events stand for, and how well: the table
 * that detect/audit.h compares by.
 */
#pragma once

#include "gather/gathered.h"

/* How a counter and events belong together. */
enum audit_relation {
	AUDIT_EQUAL,   /* each count is an event, but for what is explained */
	AUDIT_COVERS,  /* each event is a count; other things are counted, too */
	AUDIT_RELATED, /* neither */
};

struct audit_kind {
	const char *counter;
	tcp_kinds kinds; /* all must be recorded */
	uint64_t (*tape)(const struct gathered *in);
	enum audit_relation relation;
	bool has_segments; /* it counts segments, of which an event may be several */
	bool needs_reason; /* equal only where events have the kernel's reason; else it covers */
	bool has_local;	   /* its events have connects that failed here, which it does not count */
	const char *why;   /* COVERS and RELATED: what else it counts */
};

/* Walks the table: the first one for NULL; NULL after the last one. */
const struct audit_kind *audit_kind_next(const struct audit_kind *kind);
