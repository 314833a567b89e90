/* SPDX-License-Identifier: MIT */
/*
 * labels: names that the user has for networks, addresses and ports, and the name of an endpoint by
 * them: that of the longest prefix that holds its address. Of two prefixes of one length, that with
 * the endpoint's port counts. Names come from a file that anybody may have written: whoever shows
 * them makes them harmless, as with the strings of a tape.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "tcp/address.h"

#define LABEL_NAME_MAX 63u /* bytes */

struct label {
	/* Of one set of labels, equal names are the same pointer. */
	const char *name;
	uint8_t bytes[16]; /* the network, its address beyond `bits` zero */
	uint8_t family;	   /* 4, 6; 0: of endpoints whose address is not known */
	uint8_t bits;
	uint16_t port;	 /* 0: any */
	uint32_t line;	 /* of the file */
	uint32_t around; /* number of the smallest network around it; LABEL_NONE: none */
};
#define LABEL_NONE UINT32_MAX

/* {0} has no names. */
struct labels {
	const struct label *items; /* sorted by port, family, address and length */
	size_t n;
};

/* Sorts n labels, whose `around` is not yet known, and makes labels of them, in memory of the
 * arena. 0; -EBADMSG, and a fault that begins with `file`, if something has two names; -ENOMEM. */
int labels_make(struct label *items, size_t n, const char *file, struct arena *arena,
		struct labels *ret, struct fault *fault) MUST_CHECK;
/* The label of an endpoint, of which both the address and the port may be unknown. NULL: it has
 * none, as always where l is NULL. */
const struct label *labels_find(const struct labels *l, const struct endpoint *e);
/* Whether the label names a single address, so that its name says all that the address says. */
bool label_is_of_one(const struct label *label);
/* The name of the endpoint; NULL: it has none. */
const char *labels_name(const struct labels *l, const struct endpoint *e);
/* Whether a label has this name. */
bool labels_have(const struct labels *l, const char *name);

/* Append what ip_addr_text() and endpoint_text() append, with the name before it where there is
 * one: "db-1 (10.2.3.4)", "db-1 (10.2.3.4:5432)". */
void labels_addr_text(const struct labels *l, const struct ip_addr *a, struct text *t);
void labels_endpoint_text(const struct labels *l, const struct endpoint *e, struct text *t);
