// SPDX-License-Identifier: MIT
/*
 * tail-loss: the last segments of a transfer were lost, which no later segment can reveal. The
 * sender recovers by a tail loss probe (RFC 8985, 7) after two round trips, or by a timeout.
 */
#include "detect/attribution.h"
#include "detect/detector.h"
#include "detect/rule-words.h"

#define RECOVERED_MIN 5u
#define SHARE_PERCENT 30u
/* If fewer percent of the probes recovered a loss, most probes were spurious: acknowledgements came
 * late. */
#define PROBES_PERCENT 20u
#define WARNING_PPM    10000u
#define NOTICE_PPM     1000u

static void tail_loss_rule(struct text *t)
{
	text_printf(t,
		    "%u or more losses that a tail loss probe repaired (RFC 8985, 7: the window is "
		    "reduced, congestion state CWR follows the probe), %u %% or more of all "
		    "losses, where %g %% of the data is retransmitted (%g %%: warning)",
		    RECOVERED_MIN, SHARE_PERCENT, ppm_percent(NOTICE_PPM),
		    ppm_percent(WARNING_PPM));
}

/* The rate of retransmissions to affected peers only, so that other traffic does not dilute it. */
static struct rate rate_of_affected_peers(const struct gathered *in)
{
	struct rate sum = {.basis = counters_retrans_rate(&in->total).basis};
	struct group_walk walk = {0};
	const struct conn_group *g;

	while ((g = groups_next(&in->groups[GROUP_BY_PEER], &walk))) {
		struct rate rate = counters_retrans_rate(&g->counters);

		if (!g->counters.events.tlp_recovered)
			continue;
		sum.part += rate.part;
		sum.whole += rate.whole;
	}
	sum.ppm = ppm_of(sum.part, sum.whole);
	return sum;
}

static uint64_t recovered_of(const struct counters *s)
{
	return s->events.tlp_recovered;
}

static void detect_tail_loss(const struct detector *d, struct findings *f)
{
	const struct counters left = counters_unexplained(&f->in->total), *s = &left;
	uint64_t recovered = s->events.tlp_recovered,
		 all = recovered + s->events.recoveries + s->events.series;
	struct rate rate = rate_of_affected_peers(f->in);
	const struct conn_group *peer =
		attribution_main(f->in, GROUP_BY_PEER, recovered_of, recovered);
	struct text t CLEANUP(text_done) = {0}, options CLEANUP(text_done) = {0};
	struct finding *x;

	if (recovered < RECOVERED_MIN || recovered * 100 < all * SHARE_PERCENT ||
	    recovered * 100 < s->events.retrans[TCP_CAUSE_TLP] * PROBES_PERCENT ||
	    (rate.basis && rate.ppm < NOTICE_PPM))
		return;
	x = finding_new(f, d, rate.ppm >= WARNING_PPM ? DOCUMENT_WARNING : DOCUMENT_NOTICE,
			recovered);
	text_str(&t, "The last packets of transfers ");
	if (peer) {
		text_str(&t, "to ");
		group_key_text(GROUP_BY_PEER, &peer->key, gathered_labels(f->in), &t);
		text_char(&t, ' ');
		group_key_options(GROUP_BY_PEER, &peer->key, &options);
	}
	text_str(&t, "are lost: ");
	plural_text(&t, recovered, "time");
	text_str(&t, " a tail loss probe had to repair it");
	finding_title(f, x, &t);
	finding_count(f, x, "repaired", "repaired by probes", recovered);
	finding_count(f, x, "probes", "of probes", s->events.retrans[TCP_CAUSE_TLP]);
	finding_count(f, x, "recoveries", "fast recoveries", s->events.recoveries);
	finding_count(f, x, "series", "series of timeouts", s->events.series);
	if (rate.basis)
		finding_percent(f, x, "rate_percent", "of their data retransmitted", rate.ppm);
	finding_span(x, s->events.tlp_first_ns, s->events.tlp_last_ns);
	finding_meaning(x, "Short answers and the ends of transfers wait two round trips, or for a "
			   "timeout, instead of one: small requests feel such a loss most.");
	finding_by_events(f, x);
	finding_command(f, x, "retrans -l", text_cstr(&options));
}

const struct detector detector_tail_loss = {
	.id = "tail-loss",
	.place = PLACE_NETWORK,
	.rule = tail_loss_rule,
	.find = detect_tail_loss,
};
