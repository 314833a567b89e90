// SPDX-License-Identifier: MIT
/*
 * repairing: connections that had data under way spent most of that time on repairing losses,
 * though the losses are too few for any other finding: a few timeouts, of short transfers.
 */
#include <string.h>

#include "base/units.h"
#include "detect/attribution.h"
#include "detect/detector.h"
#include "detect/rule-words.h"
#include "detect/verdict.h"

#define SHARE_PERCENT 50u
#define NOTICE_NS     NSEC_PER_SEC
#define WARNING_NS    (10 * NSEC_PER_SEC)

static void repairing_rule(struct text *t)
{
	text_printf(t,
		    "%s or more of the time in which connections had data under way went into "
		    "repairing losses (fast recovery, and the recovery after a timeout with the "
		    "wait for it), in all %u s or more (%u s: warning), and no other finding tells "
		    "of what was lost; not where most of it had arrived (DSACK, RFC 2883)",
		    share_word(SHARE_PERCENT), (unsigned int)(NOTICE_NS / NSEC_PER_SEC),
		    (unsigned int)(WARNING_NS / NSEC_PER_SEC));
}

/* True if a finding tells already why data was retransmitted. */
static bool is_told(const struct findings *f)
{
	static const char *const ids[] = {"stalled",   "synchronised", "loss",	  "timeouts",
					  "tail-loss", "unreachable",  "backlog", "translation",
					  "local",     "checksum",     "idle-cut"};

	for (size_t i = 0; i < f->n; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(ids); k++) {
			if (!strcmp(f->items[i]->shown.id, ids[k]))
				return true;
		}
	}
	return false;
}

static void repairing_title(struct findings *f, struct finding *x, const struct busy_time *b)
{
	struct text t CLEANUP(text_done) = {0};

	percent_text(&t, ppm_of(b->repairing_ns, b->busy_ns));
	text_str(&t, " of the time in which data was under way went into repairing losses");
	finding_title(f, x, &t);
}

static void detect_repairing(const struct detector *d, struct findings *f)
{
	const struct counters *s = &f->in->total;
	struct busy_time b = busy_time_of(f->in, s);
	struct finding *x;

	if (b.repairing_ns < NOTICE_NS || b.repairing_ns * 100 < b.busy_ns * SHARE_PERCENT ||
	    loss_is_spurious(s) || is_told(f))
		return;
	x = finding_new(f, d, b.repairing_ns >= WARNING_NS ? DOCUMENT_WARNING : DOCUMENT_NOTICE,
			b.repairing_ns / NSEC_PER_MSEC);
	repairing_title(f, x, &b);
	finding_duration(f, x, "repairing_ns", "repairing losses, of all connections",
			 b.repairing_ns);
	finding_duration(f, x, "busy_ns", "of data under way", b.busy_ns);
	finding_count(f, x, "retransmissions", "retransmissions", counters_data_resent(s));
	finding_count(f, x, "timeouts", "timeouts", counters_timeouts(s));
	finding_count(f, x, "hurt_connections", "connections affected", counters_with_retrans(s));
	finding_causes(f, x, s);
	finding_time_spread(x, s->events.lost_times);
	finding_meaning(x, "Little was lost, but there was little other traffic, and each timeout "
			   "is a pause of 200 ms or more, each further one in a row of twice as "
			   "long: users of these connections feel it.");
	finding_by_events(f, x);
	finding_command(f, x, "life -w", "");
}

const struct detector detector_repairing = {
	.id = "repairing",
	.place = PLACE_NETWORK,
	.rule = repairing_rule,
	.find = detect_repairing,
};
