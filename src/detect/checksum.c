// SPDX-License-Identifier: MIT
/*
 * checksum: segments arrived with a wrong checksum and were dropped.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/detector.h"

#define BAD_MIN 3u

static void checksum_rule(struct text *t)
{
	text_printf(t,
		    "%u or more segments with a wrong checksum (tcp_bad_csum; RFC 9293, 3.1: they "
		    "must be dropped)",
		    BAD_MIN);
}

static void detect_checksum(const struct detector *d, struct findings *f)
{
	const struct counters *s = &f->in->total;
	const struct conn_group *worst = NULL, *g;
	struct text t CLEANUP(text_done) = {0};
	struct group_walk walk = {0};
	uint64_t peers = 0;
	struct finding *x;

	if (s->events.bad_csums < BAD_MIN)
		return;
	while ((g = groups_next(&f->in->groups[GROUP_BY_PEER], &walk))) {
		peers += g->counters.events.bad_csums > 0;
		if (!worst || g->counters.events.bad_csums > worst->counters.events.bad_csums)
			worst = g;
	}
	x = finding_new(f, d, DOCUMENT_WARNING, s->events.bad_csums);
	plural_text(&t, s->events.bad_csums, "segment");
	text_str(&t, " arrived damaged");
	if (peers == 1) {
		text_str(&t, " from ");
		group_key_text(GROUP_BY_PEER, &worst->key, gathered_labels(f->in), &t);
	}
	finding_title(f, x, &t);
	if (worst && worst->counters.events.bad_csums)
		finding_group(f, x, GROUP_BY_PEER, &worst->key);
	finding_count(f, x, "bad_checksums", "wrong checksums", s->events.bad_csums);
	finding_count(f, x, "peers", "from peers", peers);
	finding_meaning(
		x, "Hardware, a driver's offloading or something that rewrites packets on the "
		   "way damages them: TCP's checksum is wrong, and each had to be retransmitted.");
	finding_by_events(f, x);
	finding_command(f, x, "replay", "");
}

const struct detector detector_checksum = {
	.id = "checksum",
	.place = PLACE_NETWORK,
	.rule = checksum_rule,
	.find = detect_checksum,
};
