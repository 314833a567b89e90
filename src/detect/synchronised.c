// SPDX-License-Identifier: MIT
/*
 * synchronised: data to many peers was lost within the same seconds, and hardly at other times.
 * What these peers have in common was gone for a while: this host's link, a switch, an uplink.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/units.h"
#include "base/vec.h"
#include "detect/detector.h"
#include "detect/rule-words.h"

#define PEERS_MIN      5u
#define HIT_PERCENT    50u /* of all peers that were ever hit, at least */
#define MOST_PERCENT   50u /* of a second's retransmissions to one peer, at most */
#define TIMES_MEAN     2u  /* of the average second, at least */
#define INSIDE_PERCENT 70u /* of all retransmissions, at least */
#define TIME_PERCENT   50u /* of the seconds, at most */
#define LATE_PERCENT   50u /* of the retransmissions inside, at least */

static void synchronised_rule(struct text *t)
{
	text_printf(t,
		    "within a second something was retransmitted to %u or more peers, %s of all "
		    "that were ever hit, none with more than %s of it, and %s as much as on "
		    "average; ",
		    PEERS_MIN, share_word(HIT_PERCENT), share_word(MOST_PERCENT),
		    times_word(TIMES_MEAN));
	text_printf(t,
		    "%u %% of all retransmissions lie in such seconds and right after "
		    "them, these make up %s of the time at most, and %s of them are timeouts "
		    "or follow one",
		    INSIDE_PERCENT, share_word(TIME_PERCENT), share_word(LATE_PERCENT));
}

/* The retransmissions in one second. */
struct busy_second {
	uint32_t retrans; /* all retransmissions */
	uint32_t late;	  /* retransmissions by a timeout, or in the loss state that follows one */
	uint32_t peers;	  /* peers that something was retransmitted to */
	uint32_t most;	  /* retransmissions to the peer that had most of them */
};

/* The last second in which something was retransmitted to a peer. */
struct peer_second {
	uint32_t second; /* counted from 1; 0: nothing was ever retransmitted to the peer */
	/* Retransmissions to the peer in that second. */
	uint32_t retrans;
};

struct synchronised {
	struct busy_second *seconds;
	size_t n_seconds, cap_seconds;
	struct peer_second *peers; /* by the number of the peer's group */
	size_t n_peers, cap_peers;
	uint64_t n_peers_hit;
};

static void synchronised_done(void *state)
{
	struct synchronised *s = state;

	free(s->seconds);
	free(s->peers);
}

/* Makes room for the second and the peer with these numbers. */
static int synchronised_reserve(struct synchronised *s, uint32_t second, uint32_t peer)
{
	if (vec_reserve(s->seconds, s->cap_seconds, second + 1) < 0 ||
	    vec_reserve(s->peers, s->cap_peers, peer + 1) < 0)
		return -ENOMEM;
	while (s->n_seconds <= second)
		s->seconds[s->n_seconds++] = (struct busy_second){0};
	while (s->n_peers <= peer)
		s->peers[s->n_peers++] = (struct peer_second){0};
	return 0;
}

static void count_peer(struct synchronised *s, struct peer_second *peer, uint32_t second)
{
	struct busy_second *busy = &s->seconds[second];

	s->n_peers_hit += !peer->second;
	if (peer->second != second + 1) {
		*peer = (struct peer_second){.second = second + 1};
		busy->peers++;
	}
	if (++peer->retrans > busy->most)
		busy->most = peer->retrans;
}

static int synchronised_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct synchronised *s = state;
	const struct conn_group *peer = g->sets.peer;
	uint32_t second = gathered_second(in, g->e->ts_ns);

	if (!gather_event_is_retransmission(g))
		return 0;
	if (synchronised_reserve(s, second, peer ? peer->number : 0) < 0)
		return -ENOMEM;
	s->seconds[second].retrans++;
	s->seconds[second].late += g->e->cause == TCP_CAUSE_RTO || g->e->cause == TCP_CAUSE_LOSS ||
				   g->e->cause == TCP_CAUSE_SYN;
	if (peer)
		count_peer(s, &s->peers[peer->number], second);
	return 0;
}

/* True for a hot second: half of all peers that were ever hit are hit in it, none of them has most
 * of its retransmissions, and there are far more of these than on average. */
static bool is_hot(const struct busy_second *s, uint64_t peers, double mean)
{
	return s->peers >= PEERS_MIN && s->peers * 100 >= peers * HIT_PERCENT &&
	       s->most * 100ULL <= s->retrans * (uint64_t)MOST_PERCENT &&
	       s->retrans >= TIMES_MEAN * mean;
}

/* The bursts: hot seconds, each with the second after it. */
struct bursts {
	uint64_t n;
	uint64_t all;	    /* retransmissions of the whole tape */
	uint64_t inside;    /* retransmissions in the bursts */
	uint64_t late;	    /* late retransmissions in the bursts (struct busy_second) */
	uint64_t seconds;   /* seconds with retransmissions in the bursts */
	uint64_t most;	    /* peers that were hit in the second with the most of them */
	size_t first, last; /* numbers of the first and the last hot second */
};

static struct bursts find_bursts(const struct synchronised *all, double length)
{
	struct bursts b = {0};
	bool was_hot = false;

	for (size_t i = 0; i < all->n_seconds; i++)
		b.all += all->seconds[i].retrans;
	for (size_t i = 0; i < all->n_seconds; i++) {
		const struct busy_second *s = &all->seconds[i];
		bool hot = is_hot(s, all->n_peers_hit, (double)b.all / length);

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

static uint64_t second_ns(const struct gathered *in, size_t second)
{
	return in->from_ns + second * NSEC_PER_SEC;
}

static void detect_synchronised(const struct detector *d, struct findings *f)
{
	const struct gathered *in = f->in;
	double length = (double)(in->to_ns - in->from_ns) / 1e9;
	const struct synchronised *s = detector_state(d, f);
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;
	struct bursts b;

	if (s->n_peers_hit < PEERS_MIN || length <= 0)
		return;
	b = find_bursts(s, length);
	/* Fast retransmissions mean that later segments got through, so the path was not down. */
	if (!b.n || b.late * 100 < b.inside * LATE_PERCENT ||
	    b.inside * 100 < b.all * INSIDE_PERCENT ||
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
	finding_count(f, x, "peers_hurt", "peers hit at all", s->n_peers_hit);
	finding_count(f, x, "bursts", "such moments", b.n);
	finding_duration(f, x, "length_ns", "together", b.seconds * NSEC_PER_SEC);
	finding_percent(f, x, "inside_percent", "of all retransmissions are in them",
			ppm_of(b.inside, b.all));
	finding_span(x, second_ns(in, b.first), second_ns(in, b.last + 1));
	finding_meaning(x,
			"Peers that have nothing else in common were hit together, and hardly at "
			"other times: something that all share was gone or full for a moment, such "
			"as this host's link, a switch, an uplink or a firewall.");
	finding_by_events(f, x);
	finding_command(f, x, "top -g peer -s retrans", "");
}

const struct detector detector_synchronised = {
	.id = "synchronised",
	.place = PLACE_NETWORK,
	.rule = synchronised_rule,
	.find = detect_synchronised,
	.gathers = {.state_size = sizeof(struct synchronised),
		    .kinds = TCP_KIND_BIT(TCP_KIND_RETRANSMIT),
		    .event = synchronised_event,
		    .done = synchronised_done},
};
