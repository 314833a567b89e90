// SPDX-License-Identifier: MIT
#include "report/sums.h"

/* Data of one segment on an Ethernet: 1500 less headers of 40, less 12 of timestamps. */
#define SEGMENT_BYTES 1448u
#define FEW_RETRANS   10u

uint64_t report_data_retrans(const struct report_sums *s)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < TCP_CAUSE_N; i++) {
		if (i != TCP_CAUSE_TLP && i != TCP_CAUSE_SYN && i != TCP_CAUSE_SYNACK)
			n += s->retrans[i];
	}
	return n;
}

uint64_t report_data_resent(const struct report_sums *s)
{
	uint64_t events = report_data_retrans(s), probes = s->retrans[TCP_CAUSE_TLP];
	uint64_t tcp_info = s->resegs;

	/* As among the events that there are. */
	if (events + probes)
		tcp_info =
			(uint64_t)((double)tcp_info * (double)events / (double)(events + probes));
	return events > tcp_info ? events : tcp_info;
}

uint64_t report_timeouts(const struct report_sums *s)
{
	return s->retrans[TCP_CAUSE_RTO] > s->timeouts ? s->retrans[TCP_CAUSE_RTO] : s->timeouts;
}

uint64_t report_resets(const struct report_sums *s, unsigned int direction)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < RESET_KINDS; i++)
		n += s->resets[direction][i];
	return n;
}

uint64_t report_rejected(const struct report_sums *s)
{
	return (uint64_t)s->results[CONNECT_REFUSED] + s->results[CONNECT_UNREACHABLE] +
	       s->results[CONNECT_ERROR];
}

uint64_t report_bytes(const struct report_sums *s)
{
	return s->tx_bytes + s->rx_bytes + s->io_tx + s->io_rx;
}

static struct report_rate rate_of(bool is_figured, uint64_t sent, uint64_t resent, uint64_t calls,
				  uint64_t events)
{
	struct report_rate r = {0};

	if (is_figured && (sent || !calls)) {
		r = (struct report_rate){REPORT_RATE_BYTES, resent, sent, 0};
	} else if (calls) {
		r = (struct report_rate){REPORT_RATE_CALLS, events, calls / SEGMENT_BYTES + events,
					 0};
	}
	if (r.whole < r.part)
		r.whole = r.part;
	r.ppm = report_ppm(r.part, r.whole);
	return r;
}

/* Do the kernel's figures tell of most that was sent again? Where a tape is cut, or a part of it is
 * looked at, they are those of a few connections. */
static bool are_figures_whole(const struct report_sums *s)
{
	return s->figured && report_data_retrans(s) <= 2 * s->resegs + FEW_RETRANS;
}

struct report_rate report_retrans_rate(const struct report_sums *s)
{
	return rate_of(are_figures_whole(s), s->sent_bytes, s->resent_bytes, s->io_tx,
		       report_data_retrans(s));
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

uint64_t report_data_lost(const struct report_sums *s)
{
	return less(report_data_resent(s), s->stall_retrans) + s->repaired_tails;
}

/* What is sent into the void tells nothing of a rate of loss. */
static uint64_t lost_bytes(const struct report_sums *s)
{
	uint64_t bytes = less(s->resent_bytes, s->needless_bytes);
	uint64_t n = report_data_resent(s) + s->repaired_tails;

	return n ? (uint64_t)((double)bytes * (double)report_data_lost(s) / (double)n) : 0;
}

static uint64_t lost_events(const struct report_sums *s)
{
	return less(report_data_retrans(s), s->stall_retrans);
}

struct report_rate report_lost_rate(const struct report_sums *s)
{
	return rate_of(are_figures_whole(s), s->sent_bytes, lost_bytes(s), s->io_tx,
		       lost_events(s));
}

struct report_rate report_lost_of_rest(const struct report_sums *s, const struct report_sums *part)
{
	return rate_of(are_figures_whole(s), less(s->sent_bytes, part->sent_bytes),
		       less(lost_bytes(s), lost_bytes(part)), less(s->io_tx, part->io_tx),
		       less(lost_events(s), lost_events(part)));
}
