// SPDX-License-Identifier: MIT
/*
 * quiet: no other detector found anything. The finding shows how much was examined, so that a
 * reader can distinguish "nothing is wrong" from "nothing was seen".
 */
#include "base/units.h"
#include "detect/attribution.h"
#include "detect/detector.h"

static void quiet_rule(struct text *t)
{
	text_str(t, "no other rule is met");
}

/* True if more than one event in a hundred is missing. With fewer missing, trouble would still
 * show, because it causes many events. */
static bool has_many_missing(const struct tape_facts *facts)
{
	return tape_facts_missing(facts) * 100 > facts->recorded + tape_facts_missing(facts);
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

static const char *quiet_title(const struct findings *f)
{
	if (f->in->total.conns.n || f->in->n_events)
		return "Nothing wrong was found";
	if (f->facts->damage)
		return "Nothing is left of this tape to look at";
	return f->facts->recorded ? "There is no TCP in what was looked at"
				  : "No TCP happened while this was recorded";
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

static void detect_quiet(const struct detector *d, struct findings *f)
{
	const struct counters *s = &f->in->total;
	struct rate rate = counters_retrans_rate(s);
	const char *doubt = quiet_doubt(f);
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	if (f->n)
		return;
	x = finding_new(f, d, DOCUMENT_GOOD, 0);
	text_str(&t, quiet_title(f));
	finding_title(f, x, &t);
	finding_count(f, x, "connections", "connections", s->conns.n);
	finding_count(f, x, "retransmissions", "retransmissions", counters_data_resent(s));
	if (rate.basis)
		finding_percent(f, x, "rate_percent", "of the bytes were repeats", rate.ppm);
	finding_count(f, x, "timeouts", "timeouts", counters_timeouts(s));
	finding_count(f, x, "resets", "resets",
		      counters_resets(s, REPORT_SENT) + counters_resets(s, REPORT_RECEIVED));
	finding_count(f, x, "connect_failures", "failed connects", s->attempts.failed);
	finding_some(f, x, "duplicates", "arrived twice (DSACK)", s->tcp_info.dsacks);
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
