// SPDX-License-Identifier: MIT
/*
 * quiet: no other detector found anything that hurts somebody. The finding shows how much was
 * examined, so that a reader can distinguish "nothing is wrong" from "nothing was seen".
 */
#include "base/units.h"
#include "detect/attribution.h"
#include "detect/detector.h"

/* More missing events than this are too many for a verdict. With fewer missing, trouble would still
 * show, because it causes many events. */
#define MISSING_PPM_MAX 10000u

static void quiet_rule(struct text *t)
{
	text_str(t, "no other rule is met, but for notices of what hurts nobody; good only if no "
		    "more than ");
	percent_text(t, MISSING_PPM_MAX);
	text_str(t, " of the events are missing (lost or undelivered), and the tape is "
		    "whole");
}

static uint64_t missing_ppm(const struct tape_facts *facts)
{
	return ppm_of(tape_facts_missing(facts), facts->recorded + tape_facts_missing(facts));
}

static bool has_many_missing(const struct tape_facts *facts)
{
	return missing_ppm(facts) > MISSING_PPM_MAX;
}

/* Has so much gone that nothing can be called good? */
static bool is_blind(const struct findings *f)
{
	return has_many_missing(f->facts) || f->facts->damage;
}

/* What no detector could find, because the recording did not watch it. */
static void unwatched_text(const struct findings *f, struct text *t)
{
	static const struct {
		tcp_kinds kind;
		const char *words;
	} watched[] = {
		{TCP_KIND_BIT(TCP_KIND_RETRANSMIT), "retransmissions"},
		{TCP_KIND_BIT(TCP_KIND_RETRANSMIT_SYNACK), "SYN-ACKs retransmitted"},
		{TCP_KIND_BIT(TCP_KIND_SET_STATE), "states"},
		{TCP_KIND_BIT(TCP_KIND_SEND_RESET), "RSTs sent"},
		{TCP_KIND_BIT(TCP_KIND_RECEIVE_RESET), "RSTs received"},
		{TCP_KIND_BIT(TCP_KIND_ERROR_REPORT), "errors that sockets were told"},
		{TCP_KIND_BIT(TCP_KIND_BAD_CSUM), "bad checksums"},
		{TCP_KIND_BIT(TCP_KIND_EXCEED_BUF), "memory limits"},
		{TCP_KIND_BIT(TCP_KIND_RCVQUEUE_FULL), "full receive queues"},
		{TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED), "sockets that were open (no socket tables)"},
		{TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL), "bytes of connections (no last figures)"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
		if (f->in->context->recorded & watched[i].kind)
			continue;
		text_str(t, t->len ? ", " : "");
		text_str(t, watched[i].words);
	}
	if (f->facts->filter && *f->facts->filter) {
		text_str(t, t->len ? ", " : "");
		text_str(t, "what the recording's filter leaves out");
	}
	if (f->in->total.unasked_conns) {
		text_str(t, t->len ? ", " : "");
		text_str(t, "last figures of ");
		plural_text(t, f->in->total.unasked_conns, "connection");
	}
	if (f->facts->n_namespaces_missed) {
		text_str(t, t->len ? ", " : "");
		text_str(t, "sockets of ");
		plural_text(t, f->facts->n_namespaces_missed, "network namespace");
	}
}

static const char *quiet_doubt(const struct findings *f)
{
	const struct gathered *in = f->in;
	tcp_kinds recorded = in->context->recorded;

	if (!(recorded & TCP_KIND_BIT(TCP_KIND_RETRANSMIT)))
		return "this tape was recorded without retransmissions, so nothing is known of "
		       "loss";
	if (!in->total.conns.n && !in->n_events)
		return "there was no TCP to look at";
	if (!counters_retrans_rate(&in->total).basis && counters_data_retrans(&in->total))
		return "how much was sent in all is not on this tape, so there is no rate to judge";
	if (has_many_missing(f->facts))
		return "events are missing on this tape, and trouble may be among them";
	if (f->facts->unwatched_ns)
		return "a CPU came online during the recording, and was not recorded at first";
	if (f->facts->damage)
		return "the tape is not whole";
	if (!(recorded & TCP_KIND_BIT(TCP_KIND_SEND_RESET)))
		return "this tape was recorded without resets";
	return NULL;
}

static void quiet_title(const struct findings *f, struct text *t)
{
	bool has_any = f->in->total.conns.n || f->in->n_events;

	if (has_any && has_many_missing(f->facts)) {
		text_str(t, "Nothing can be said: ");
		percent_text(t, missing_ppm(f->facts));
		text_str(t, " of the events are missing; nothing wrong was found in the rest");
	} else if (has_any && is_blind(f)) {
		text_str(t, "Nothing wrong was found in what is left of the tape");
	} else if (has_any) {
		text_str(t, "Nothing wrong was found");
	} else if (f->facts->damage) {
		text_str(t, "Nothing is left of this tape to look at");
	} else {
		text_str(t, f->facts->recorded ? "There is no TCP in what was looked at"
					       : "No TCP happened while this was recorded");
	}
}

static const char meaning[] = "If something was slow, it was not for loss, resets or failed "
			      "connects that this host could see. "
			      "Loss of what is sent to this host shows at the sender; a longer way "
			      "and a slow program show "
			      "nowhere here.";

static const char reordered[] =
	"Most of what was retransmitted had arrived (DSACK): packets overtake "
	"each other, or acknowledgements "
	"come late. Hardly anything was lost.";

static bool is_any_wrong(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (!f->items[i]->hurts_nobody)
			return true;
	}
	return false;
}

static void detect_quiet(const struct detector *d, struct findings *f)
{
	const struct counters *s = &f->in->total;
	struct rate rate = counters_retrans_rate(s);
	const char *doubt = quiet_doubt(f);
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	if (is_any_wrong(f))
		return;
	x = finding_new(f, d, is_blind(f) ? DOCUMENT_NOTICE : DOCUMENT_GOOD, 0);
	x->is_of_blindness = is_blind(f);
	quiet_title(f, &t);
	finding_title(f, x, &t);
	finding_count(f, x, "connections", "connections", s->conns.n);
	finding_count(f, x, "retransmissions", "retransmissions", counters_data_resent(s));
	if (rate_is_telling(&rate))
		finding_percent(f, x, "rate_percent", "of the bytes sent were retransmissions",
				rate.ppm);
	finding_count(f, x, "timeouts", "timeouts", counters_timeouts(s));
	finding_count(f, x, "resets", "resets",
		      counters_resets(s, REPORT_SENT) + counters_resets(s, REPORT_RECEIVED));
	finding_count(f, x, "connect_failures", "failed connects", s->attempts.failed);
	finding_some(f, x, "duplicates", "arrived twice (DSACK)", s->tcp_info.dsacks);
	unwatched_text(f, &t);
	if (t.len)
		finding_words(f, x, "unwatched", "not watched", text_cstr(&t));
	finding_meaning(x, loss_is_spurious(s) ? reordered : meaning);
	if (doubt)
		finding_doubt(x, "possible", doubt);
	else if (tape_facts_missing(f->facts))
		finding_doubt(x, "likely", "though a few events are missing on this tape");
	finding_command(f, x, "info", "");
}

const struct detector detector_quiet = {
	.id = "quiet",
	.rule = quiet_rule,
	.find = detect_quiet,
};
