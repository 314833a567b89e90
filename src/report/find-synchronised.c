// SPDX-License-Identifier: MIT
/*
 * synchronised: many peers lose at the same moments, and hardly at others: what they have in common
 * was gone for a while: this host's link, a switch, an uplink.
 */
#include "base/units.h"
#include "report/detectors.h"

#define PEERS_MIN      5u
#define INSIDE_PERCENT 80u /* of what was sent again */
#define TIME_PERCENT   50u /* of the seconds, at most */
#define GAP_SECONDS    2u  /* within one burst */

struct burst {
	size_t from, to; /* seconds, to is behind it */
};

static uint64_t hurt_peers(const struct incident *in)
{
	struct group_walk walk = {0};
	const struct report_group *g;
	uint64_t n = 0;

	while ((g = groups_next(&in->groups[REPORT_BY_PEER], &walk)))
		n += g->last_second != 0;
	return n;
}

static bool is_hot(const struct report_second *s, uint64_t peers)
{
	return s->peers >= PEERS_MIN && s->peers * 2 >= peers;
}

/* The burst at or behind second i: seconds in which something was sent again, with a hot one among
 * them; false: none. */
static bool next_burst(const struct incident *in, size_t i, uint64_t peers, struct burst *ret)
{
	while (i < in->n_seconds) {
		size_t quiet = 0, end;
		bool has_hot = false;

		while (i < in->n_seconds && !in->seconds[i].retrans)
			i++;
		for (end = i; end < in->n_seconds && quiet < GAP_SECONDS; end++) {
			has_hot |= is_hot(&in->seconds[end], peers);
			quiet = in->seconds[end].retrans ? 0 : quiet + 1;
		}
		if (has_hot) {
			*ret = (struct burst){i, end - quiet};
			return true;
		}
		i = end;
	}
	return false;
}

static uint64_t moment_of(const struct incident *in, size_t second)
{
	return in->from_ns + second * NSEC_PER_SEC;
}

static void find_synchronised(const struct detector *d, struct findings *f)
{
	const struct incident *in = f->in;
	uint64_t peers = hurt_peers(in), all = 0, inside = 0, seconds = 0, most = 0, n = 0;
	uint64_t length = (in->to_ns - in->from_ns + NSEC_PER_SEC - 1) / NSEC_PER_SEC;
	struct burst b = {0}, first = {0};
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	if (peers < PEERS_MIN)
		return;
	for (size_t i = 0; i < in->n_seconds; i++)
		all += in->seconds[i].retrans;
	while (next_burst(in, b.to, peers, &b)) {
		if (!n++)
			first = b;
		seconds += b.to - b.from;
		for (size_t i = b.from; i < b.to; i++) {
			inside += in->seconds[i].retrans;
			most = in->seconds[i].peers > most ? in->seconds[i].peers : most;
		}
	}
	if (!n || inside * 100 < all * INSIDE_PERCENT || seconds * 100 > length * TIME_PERCENT)
		return;
	x = finding_new(f, d, DOCUMENT_WARNING, inside);
	text_str(&t, "Loss toward many at the same moment: ");
	units_count(&t, most);
	text_str(&t, " of ");
	report_plural(&t, in->groups[REPORT_BY_PEER].n, "peer");
	text_str(&t, n == 1 ? " within a second" : " within a second, more than once");
	finding_title(f, x, &t);
	finding_count(f, x, "peers_at_once", "peers hit within a second", most);
	finding_count(f, x, "peers_hurt", "peers hit at all", peers);
	finding_count(f, x, "bursts", "such moments", n);
	finding_duration(f, x, "length_ns", "together", seconds * NSEC_PER_SEC);
	finding_percent(f, x, "inside_percent", "of all sent again is in them",
			report_ppm(inside, all));
	finding_span(x, moment_of(in, first.from), moment_of(in, b.to));
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
		"that were ever hit; 80 % of all retransmissions lie in such moments, and "
		"these in at most half of the time",
	.find = find_synchronised,
};
