// SPDX-License-Identifier: MIT
#include "detect/loss-evidence.h"

#include "detect/attribution.h"

enum document_level loss_level(const struct counters *s, uint64_t ppm)
{
	if (ppm >= LOSS_CRITICAL_PPM && counters_data_lost(s) >= LOSS_CRITICAL_MIN)
		return DOCUMENT_CRITICAL;
	if (counters_data_lost(s) < LOSS_RESENT_MIN)
		return DOCUMENT_NOTICE;
	return ppm >= LOSS_WARNING_PPM ? DOCUMENT_WARNING : DOCUMENT_NOTICE;
}

void loss_add_evidence(struct findings *f, struct finding *x, const struct counters *s)
{
	struct rate rate = counters_retrans_rate(s);
	uint64_t resent = counters_data_resent(s);

	if (rate.basis)
		finding_percent(f, x, "rate_percent", "retransmitted, in all", rate.ppm);
	if (rate.basis == RATE_BYTES) {
		finding_size(f, x, "resent_bytes", "retransmitted bytes", rate.part);
		finding_size(f, x, "sent_bytes", "of bytes sent", rate.whole);
	}
	finding_count(f, x, "retransmissions", "retransmissions, probes not counted", resent);
	finding_count(f, x, "hurt_connections", "connections affected", counters_with_retrans(s));
	finding_count(f, x, "connections", "of connections", s->conns.n);
	finding_causes(f, x, s);
	finding_some(f, x, "duplicates", "arrived twice (DSACK)", s->tcp_info.dsacks);
	finding_time_spread(x, s->events.lost_times);
}

static bool is_windowed(const struct findings *f)
{
	return f->in->context->since_ns || f->in->context->until_ns != UINT64_MAX;
}

void loss_conclude(struct findings *f, struct finding *x, const struct counters *s)
{
	struct rate rate = counters_retrans_rate(s);

	if (loss_is_spurious(s))
		finding_doubt(
			x, "likely",
			"as most of it had arrived: delays or reordering on the path, or lost "
			"acknowledgements, rather than lost data");
	else if (rate.basis == RATE_CALLS)
		finding_doubt(x, "likely",
			      "as the rate is an estimate by the bytes that processes wrote");
	else if (rate.basis == RATE_UNKNOWN)
		finding_doubt(
			x, "possible",
			is_windowed(f) ? "as there is no rate for a part of a tape: the kernel's "
					 "figures are of whole connections"
			: rate.is_cleared ? "as the kernel cleared its figures of connections with "
					    "retransmissions, so there is no rate"
					  : "as how much was sent in all is not on this tape, so "
					    "there is no rate");
	else if (rate.is_estimated)
		finding_doubt(x, "likely",
			      "as the retransmissions of connections that were closed with "
			      "SO_LINGER 0 are "
			      "an estimate by events");
	else if (is_windowed(f))
		finding_doubt(x, "likely",
			      "as the rate is over whole connections, not only the time shown");
	if (rate.basis != RATE_BYTES)
		finding_by_events(f, x);
}

const char *loss_view(const struct gathered *in)
{
	return counters_data_retrans(&in->total) ? "retrans -c" : "life -w";
}
