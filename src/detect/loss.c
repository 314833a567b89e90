// SPDX-License-Identifier: MIT
/*
 * loss: much data had to be retransmitted. Where a peer, network, port or destination explains it
 * (detect/attribution.h), it is named; where nothing does, nobody is blamed.
 */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/units.h"
#include "detect/attribution.h"
#include "detect/detector.h"
#include "detect/devices.h"
#include "detect/loss-evidence.h"
#include "detect/rule-words.h"

#define PEERS_NAMED_MAX 3u
/* The thresholds where no rate is known. */
#define AFFECTED_PERCENT    10u /* of the connections, at least */
#define TIMEOUTS_MIN	    5u
#define AFFECTED_MIN	    20u
#define ALONE_MIN	    30u /* retransmissions to one peer */
#define ALONE_AFFECTED_MIN  2u
#define ALONE_CONNS_PERCENT 50u /* of the connections, at most */

static void loss_rule(struct text *t)
{
	text_printf(
		t,
		"%u or more retransmissions, and of the bytes %g %% (%g %%: warning, %g %% and %u"
		" retransmissions: critical), by the kernel's bytes_retrans and bytes_sent, "
		"less what had arrived already (DSACK, RFC 2883) and what stalled connections"
		" sent; or %u and %g %%. ",
		LOSS_RESENT_MIN, ppm_percent(LOSS_NOTICE_PPM), ppm_percent(LOSS_WARNING_PPM),
		ppm_percent(LOSS_CRITICAL_PPM), LOSS_CRITICAL_MIN, LOSS_FEW_MIN,
		ppm_percent(LOSS_CRITICAL_PPM));
	text_str(t, "At 1 % and a round trip of 50 ms a connection gets no "
		    "more than 2.8 Mbit/s (Mathis et al. 1997: MSS/RTT x 1.22/sqrt(p)). ");
	text_printf(t, "One is named where it has %g %% of it and all else is %s cleaner. ",
		    ppm_percent(LOSS_EXPLAINS_PPM), times_word(LOSS_CLEANER));
	text_printf(
		t,
		"Without a rate: %s of the connections, with %u timeouts or %u connections; or a "
		"peer with %u that has %g %% of it and at most %s of the connections",
		share_word(AFFECTED_PERCENT), TIMEOUTS_MIN, AFFECTED_MIN, ALONE_MIN,
		ppm_percent(LOSS_EXPLAINS_PPM), share_word(ALONE_CONNS_PERCENT));
}

/* Where a device of this host has dropped as many packets, it is not the network. */
static void loss_explain(struct findings *f, struct finding *x, const char *meaning)
{
	const char *device = devices_explain_loss(f);
	struct text t CLEANUP(text_done) = {0};

	finding_meaning(x, meaning);
	if (!device)
		return;
	x->place = PLACE_HOST;
	text_printf(&t, "Device %s of this host dropped about as many packets: look there first.",
		    device);
	finding_meaning(x, document_builder_text(f->builder, &t));
}

static const char sender_meaning[] =
	"What it sends is lost, or the acknowledgements to it; other traffic of this host is "
	"hardly affected, and no one peer, network or port explains it: look at its own way to "
	"the network (its virtual link, queue and filter rules).";

static const char apart_meaning[] =
	"Packets to it, or its acknowledgements, are lost on the way; other "
	"traffic of this host is "
	"hardly affected, so look at that side.";

static void loss_emit_attributed(const struct detector *d, struct findings *f,
				 const struct attribution *c)
{
	const struct counters *s = &c->group->counters;
	struct rate rate = counters_lost_rate(s);
	struct rate rest = counters_lost_of_rest(&f->in->total, s);
	struct finding *x = finding_new(f, d, loss_level(s, rate.ppm), rate.part);
	struct text t CLEANUP(text_done) = {0};

	percent_text(&t, rate.ppm);
	text_str(&t, c->by == GROUP_BY_CONTAINER ? " of the bytes of " : " of the bytes to ");
	group_key_text(c->by, &c->group->key, gathered_labels(f->in), &t);
	text_str(&t, " were retransmissions of lost data (all else: ");
	percent_text(&t, rest.ppm);
	text_char(&t, ')');
	finding_title(f, x, &t);
	finding_group(f, x, c->by, &c->group->key);
	loss_add_evidence(f, x, s);
	finding_percent(f, x, "rest_percent", "all else", rest.ppm);
	loss_explain(f, x, c->by == GROUP_BY_CONTAINER ? sender_meaning : apart_meaning);
	loss_conclude(f, x, s);
	group_key_options(c->by, &c->group->key, &t);
	finding_command(f, x, loss_view(f->in), text_cstr(&t));
}

static int by_resent(const void *a, const void *b)
{
	const struct conn_group *x = *(struct conn_group *const *)a;
	const struct conn_group *y = *(struct conn_group *const *)b;
	uint64_t n = counters_data_resent(&x->counters), m = counters_data_resent(&y->counters);

	if (n != m)
		return n < m ? 1 : -1;
	return group_key_compare(&x->key, &y->key);
}

/* Names each of a few peers if these explain the loss together; returns whether they do. */
static bool loss_emit_peers(const struct detector *d, struct findings *f,
			    struct conn_group *const *peers, size_t n_peers)
{
	const struct gathered *in = f->in;
	struct rate all = counters_lost_rate(&in->total), bad = {.basis = all.basis};
	struct rate rest;
	size_t n = 0;

	while (n < n_peers && loss_is_bad(&peers[n]->counters)) {
		struct rate rate = counters_lost_rate(&peers[n]->counters);

		bad.part += rate.part;
		bad.whole += rate.whole;
		n++;
	}
	if (!n || n > PEERS_NAMED_MAX || n * 2 > n_peers || bad.whole > all.whole ||
	    bad.part > all.part)
		return false;
	rest = (struct rate){
		.basis = all.basis, .part = all.part - bad.part, .whole = all.whole - bad.whole};
	rest.ppm = ppm_of(rest.part, rest.whole);
	bad.ppm = ppm_of(bad.part, bad.whole);
	if (ppm_of(bad.part, all.part) < LOSS_EXPLAINS_PPM || !loss_is_apart(&bad, &rest))
		return false;
	for (size_t i = 0; i < n; i++)
		loss_emit_attributed(d, f, &(struct attribution){GROUP_BY_PEER, peers[i], 0});
	return true;
}

static void loss_title_of_all(struct text *t, const struct counters *s, const struct rate *rate,
			      struct conn_group *const *peers, size_t n_affected, size_t n_peers,
			      const struct labels *names)
{
	if (rate->basis)
		percent_text(t, rate->ppm);
	else
		plural_text(t, counters_data_resent(s), "packet");
	text_str(t, !rate->basis      ? " to "
		    : n_affected == 1 ? " of the bytes to "
				      : " of all bytes, to ");
	if (n_affected == 1) {
		group_key_text(GROUP_BY_PEER, &peers[0]->key, names, t);
	} else {
		units_count(t, n_affected);
		text_str(t, " of ");
		plural_text(t, n_peers, "peer");
	}
	text_str(t, n_affected == 1 || !rate->basis ? " " : ", ");
	text_str(t, rate->basis ? "were retransmissions of lost data" : "had to be retransmitted");
}

static const char alone_meaning[] =
	"There is too little other traffic to compare with, so the trouble may be anywhere between "
	"here and there.";

static const char everywhere_meaning[] =
	"No single peer, network or port explains it: look at this host "
	"and its own link first, or at "
	"what the way to all has in common.";

/* Reports the loss where nothing explains it. A single affected peer is named all the same, but not
 * blamed. */
static void loss_emit_all(const struct detector *d, struct findings *f,
			  struct conn_group *const *peers, size_t n_peers)
{
	const struct counters *s = &f->in->total;
	struct text t CLEANUP(text_done) = {0};
	struct rate rate, lost;
	struct finding *x;
	size_t n_affected = 0;

	while (n_affected < n_peers && counters_data_resent(&peers[n_affected]->counters))
		n_affected++;
	if (n_affected == 1)
		s = &peers[0]->counters;
	rate = counters_retrans_rate(s);
	lost = counters_lost_rate(s);
	x = finding_new(f, d, rate.basis ? loss_level(s, lost.ppm) : DOCUMENT_WARNING,
			rate.basis ? rate.part : counters_data_resent(s));
	loss_title_of_all(&t, s, &lost, peers, n_affected, n_peers, gathered_labels(f->in));
	finding_title(f, x, &t);
	if (n_affected == 1) {
		finding_group(f, x, GROUP_BY_PEER, &peers[0]->key);
		group_key_options(GROUP_BY_PEER, &peers[0]->key, &t);
	} else {
		finding_count(f, x, "peers_hurt", "peers affected", n_affected);
		finding_count(f, x, "peers", "of peers", n_peers);
		text_str(&t, "-g peer");
	}
	loss_add_evidence(f, x, s);
	loss_explain(f, x, n_affected == 1 ? alone_meaning : everywhere_meaning);
	loss_conclude(f, x, s);
	finding_command(f, x, loss_view(f->in), text_cstr(&t));
}

/* True if the loss is worth a finding. Without a rate, timeouts or many affected connections must
 * support it. */
static bool is_material(const struct counters *s)
{
	bool has_many = s->conns.with_retrans * 100 >= s->conns.established * AFFECTED_PERCENT &&
			(s->events.retrans[TCP_CAUSE_RTO] >= TIMEOUTS_MIN ||
			 s->conns.with_retrans >= AFFECTED_MIN);

	if (counters_retrans_rate(s).basis)
		return loss_is_bad(s);
	return counters_data_lost(s) >= LOSS_RESENT_MIN && has_many;
}

/* Finds, if no rate is known, the group that has most of the loss but not of the connections. */
static struct attribution find_by_count(const struct gathered *in)
{
	static const enum group_by order[] = {GROUP_BY_PEER, GROUP_BY_PREFIX, GROUP_BY_PORT};
	const struct counters *all = &in->total;

	for (size_t i = 0; i < ARRAY_SIZE(order) && !counters_retrans_rate(all).basis; i++) {
		struct group_walk walk = {0};
		const struct conn_group *g;

		while ((g = groups_next(&in->groups[order[i]], &walk))) {
			const struct counters *s = &g->counters;

			if (counters_with_retrans(s) >= ALONE_AFFECTED_MIN &&
			    counters_data_lost(s) >= ALONE_MIN &&
			    ppm_of(counters_data_lost(s), counters_data_lost(all)) >=
				    LOSS_EXPLAINS_PPM &&
			    s->conns.n * 100 <= all->conns.n * ALONE_CONNS_PERCENT)
				return (struct attribution){order[i], g, 0};
		}
	}
	return (struct attribution){0};
}

static void loss_emit_by_count(const struct detector *d, struct findings *f,
			       const struct attribution *c)
{
	const struct counters *s = &c->group->counters;
	struct finding *x = finding_new(f, d, DOCUMENT_WARNING, counters_data_lost(s));
	struct text t CLEANUP(text_done) = {0};

	units_count(&t, counters_data_resent(s));
	text_str(&t, " of ");
	plural_text(&t, counters_data_resent(&f->in->total), "retransmission");
	text_str(&t, " went to ");
	group_key_text(c->by, &c->group->key, gathered_labels(f->in), &t);
	text_str(&t, ", which has ");
	units_count(&t, s->conns.n);
	text_str(&t, " of ");
	plural_text(&t, f->in->total.conns.n, "connection");
	finding_title(f, x, &t);
	finding_group(f, x, c->by, &c->group->key);
	loss_add_evidence(f, x, s);
	loss_explain(f, x, apart_meaning);
	loss_conclude(f, x, s);
	group_key_options(c->by, &c->group->key, &t);
	finding_command(f, x, loss_view(f->in), text_cstr(&t));
}

static void detect_loss(const struct detector *d, struct findings *f)
{
	const struct gathered *in = f->in;
	struct conn_group **peers CLEANUP(free_p) =
		(struct conn_group **)groups_sorted(&in->groups[GROUP_BY_PEER], by_resent);
	struct attribution c = attribution_find(in);
	struct attribution by_count = find_by_count(in);

	f->builder->failed |= !peers;
	if (!peers)
		return;
	if (c.group)
		loss_emit_attributed(d, f, &c);
	else if (by_count.group)
		loss_emit_by_count(d, f, &by_count);
	else if (!loss_emit_peers(d, f, peers, in->groups[GROUP_BY_PEER].n) &&
		 is_material(&in->total))
		loss_emit_all(d, f, peers, in->groups[GROUP_BY_PEER].n);
}

const struct detector detector_loss = {
	.id = "loss",
	.place = PLACE_NETWORK,
	.rule = loss_rule,
	.find = detect_loss,
};
