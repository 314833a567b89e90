// SPDX-License-Identifier: MIT
/*
 * quiet: nothing that any other detector looks for was found; and what was looked at, so that a
 * reader can tell "nothing is wrong" from "nothing was seen".
 */
#include "base/units.h"
#include "report/detectors.h"

static const char *doubt_of(const struct findings *f)
{
	const struct incident *in = f->in;
	tcp_kinds recorded = in->context->recorded;

	if (!(recorded & TCP_KIND_BIT(TCP_KIND_RETRANSMIT)))
		return "this tape was recorded without retransmissions, so nothing is known of "
		       "loss";
	if (!in->total.conns && !in->n_events)
		return "there was no TCP to look at";
	if (!report_retrans_rate(&in->total).basis && report_data_retrans(&in->total))
		return "how much was sent in all is not on this tape, so there is no rate to judge";
	if (report_missing(f->facts))
		return "events are missing on this tape, and trouble may be among them";
	if (f->facts->damage)
		return "the tape is not whole";
	if (!(recorded & TCP_KIND_BIT(TCP_KIND_SEND_RESET)))
		return "this tape was recorded without resets";
	return NULL;
}

static void find_quiet(const struct detector *d, struct findings *f)
{
	const struct report_sums *s = &f->in->total;
	struct report_rate rate = report_retrans_rate(s);
	const char *doubt = doubt_of(f);
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	if (f->n)
		return;
	x = finding_new(f, d, DOCUMENT_GOOD, 0);
	if (s->conns || f->in->n_events)
		text_str(&t, "Nothing wrong was found");
	else
		text_str(&t, f->facts->recorded ? "There is no TCP in what was looked at"
						: "No TCP happened while this was recorded");
	finding_title(f, x, &t);
	finding_count(f, x, "connections", "connections", s->conns);
	finding_count(f, x, "retransmissions", "retransmissions", report_data_resent(s));
	if (rate.basis)
		finding_percent(f, x, "rate_percent", "of the data sent again", rate.ppm);
	finding_count(f, x, "timeouts", "timeouts", report_timeouts(s));
	finding_count(f, x, "resets", "resets",
		      report_resets(s, REPORT_SENT) + report_resets(s, REPORT_RECEIVED));
	finding_count(f, x, "connect_failures", "failed connects",
		      report_rejected(s) + s->unanswered);
	finding_meaning(
		x, "If something was slow in this time, it was not for lost packets, resets or "
		   "refused connections that this host saw.");
	if (doubt)
		finding_doubt(x, "possible", doubt);
	finding_command(f, x, "info", "");
}

const struct detector detector_quiet = {
	.id = "quiet",
	.rule = "no other rule is met",
	.find = find_quiet,
};
