// SPDX-License-Identifier: MIT
/*
 * synchronised: many peers lose at the same moments, and hardly at others: what they have in common
 * was gone for a while: this host's link, a switch, an uplink.
 */
#include "base/units.h"
#include "detect/detectors.h"

#define PEERS_MIN      5u
#define INSIDE_PERCENT 70u /* of what was sent again */
#define TIME_PERCENT   50u /* of the seconds, at most */
#define TIMES_MEAN     2.0

static uint64_t hurt_peers(const struct gathered *in)
{
	struct group_walk walk = {0};
	const struct conn_group *g;
	uint64_t n = 0;

	while ((g = groups_next(&in->groups[GROUP_BY_PEER], &walk)))
		n += g->last_second != 0;
	return n;
}

/* A second in which half of all that were ever hit are hit, no one has most of it, and far more is
 * sent again than on average. */
static bool is_hot(const struct gathered_second *s, uint64_t peers, double mean)
{
	return s->peers >= PEERS_MIN && s->peers * 2 >= peers && s->most * 2 <= s->retrans &&
	       s->retrans >= TIMES_MEAN * mean;
}

/* What lies in such seconds, and right behind them. */
struct bursts {
	uint64_t all, inside, late, seconds, most, n;
	size_t first, last; /* hot ones */
};

static struct bursts find_bursts(const struct gathered *in, uint64_t peers, double length)
{
	struct bursts b = {0};
	bool was_hot = false;

	for (size_t i = 0; i < in->n_seconds; i++)
		b.all += in->seconds[i].retrans;
	for (size_t i = 0; i < in->n_seconds; i++) {
		const struct gathered_second *s = &in->seconds[i];
		bool hot = is_hot(s, peers, (double)b.all / length);

		if (hot && !b.n)
			b.first = i;
		b.n += hot && !was_hot;
		if (hot)
			b.last = i;
		if (hot || was_hot) {
			b.inside += s->retrans;
			b.late += s->late;
			b.seconds += s->retrans > 0;
			b.most = s->peers > b.most ? s->peers : b.most;
		}
		was_hot = hot;
	}
	return b;
}

static uint64_t moment_of(const struct gathered *in, size_t second)
{
	return in->from_ns + second * NSEC_PER_SEC;
}

static void detect_synchronised(const struct detector *d, struct findings *f)
{
	const struct gathered *in = f->in;
	double length = (double)(in->to_ns - in->from_ns) / 1e9;
	uint64_t peers = hurt_peers(in);
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;
	struct bursts b;

	if (peers < PEERS_MIN || length <= 0)
		return;
	b = find_bursts(in, peers, length);
	/* Single losses are mended by later segments: where those come through, nothing was gone. */
	if (!b.n || b.late * 2 < b.inside || b.inside * 100 < b.all * INSIDE_PERCENT ||
	    (double)b.seconds * 100 > length * TIME_PERCENT)
		return;
	x = finding_new(f, d, DOCUMENT_WARNING, b.inside);
	text_str(&t, "Loss toward many at the same moment: ");
	units_count(&t, b.most);
	text_str(&t, " of ");
	plural_text(&t, in->groups[GROUP_BY_PEER].n, "peer");
	text_str(&t, b.n == 1 ? " within a second" : " within a second, more than once");
	finding_title(f, x, &t);
	finding_count(f, x, "peers_at_once", "peers hit within a second", b.most);
	finding_count(f, x, "peers_hurt", "peers hit at all", peers);
	finding_count(f, x, "bursts", "such moments", b.n);
	finding_duration(f, x, "length_ns", "together", b.seconds * NSEC_PER_SEC);
	finding_percent(f, x, "inside_percent", "of all sent again is in them",
			ppm_of(b.inside, b.all));
	finding_span(x, moment_of(in, b.first), moment_of(in, b.last + 1));
	finding_meaning(x,
			"Peers that have nothing else in common were hit together, and hardly at "
			"other times: something that all share was gone or full for a moment, such "
			"as this host's link, a switch, an uplink or a firewall.");
	finding_by_events(f, x);
	finding_command(f, x, "top -g peer -s retrans", "");
}

const struct detector detector_synchronised = {
	.id = "synchronised",
	.rule = "within a second something was sent again to 5 or more peers, half of all "
		"that were ever hit, none with more than half of it, and twice as much as on "
		"average; 70 % of all retransmissions lie in such seconds and right behind "
		"them, these make up half of the time at most, and half of them are timeouts "
		"or follow one",
	.find = detect_synchronised,
};
