// SPDX-License-Identifier: MIT
#include "gather/counters.h"

/* Data of one segment on an Ethernet: 1500 less headers of 40, less 12 of timestamps. */
#define SEGMENT_BYTES 1448u
#define FEW_RETRANS   10u

uint64_t counters_data_retrans(const struct counters *s)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < TCP_CAUSE_N; i++) {
		if (i != TCP_CAUSE_TLP && i != TCP_CAUSE_SYN && i != TCP_CAUSE_SYNACK)
			n += s->retrans[i];
	}
	return n;
}

uint64_t counters_data_resent(const struct counters *s)
{
	uint64_t events = counters_data_retrans(s), probes = s->retrans[TCP_CAUSE_TLP];
	uint64_t tcp_info = s->resegs;

	/* As among the events that there are. */
	if (events + probes)
		tcp_info =
			(uint64_t)((double)tcp_info * (double)events / (double)(events + probes));
	return events > tcp_info ? events : tcp_info;
}

uint64_t counters_timeouts(const struct counters *s)
{
	return s->retrans[TCP_CAUSE_RTO] > s->timeouts ? s->retrans[TCP_CAUSE_RTO] : s->timeouts;
}

uint64_t counters_resets(const struct counters *s, unsigned int direction)
{
	uint64_t n = 0;

	for (unsigned int i = 0; i < RESET_KINDS; i++)
		n += s->resets[direction][i];
	return n;
}

uint64_t counters_rejected(const struct counters *s)
{
	return (uint64_t)s->results[CONNECT_REFUSED] + s->results[CONNECT_UNREACHABLE] +
	       s->results[CONNECT_ERROR];
}

uint64_t counters_bytes(const struct counters *s)
{
	return s->tx_bytes + s->rx_bytes + s->io_tx + s->io_rx;
}

static struct rate rate_of(bool is_figured, uint64_t sent, uint64_t resent, uint64_t calls,
			   uint64_t events)
{
	struct rate r = {0};

	if (is_figured && (sent || !calls)) {
		r = (struct rate){RATE_BYTES, resent, sent, 0};
	} else if (calls) {
		r = (struct rate){RATE_CALLS, events, calls / SEGMENT_BYTES + events, 0};
	}
	if (r.whole < r.part)
		r.whole = r.part;
	r.ppm = ppm_of(r.part, r.whole);
	return r;
}

/* Do the kernel's figures tell of most that was sent again? Where a tape is cut, or a part of it is
 * looked at, they are those of a few connections. */
static bool are_figures_whole(const struct counters *s)
{
	return s->with_tcp_info && counters_data_retrans(s) <= 2 * s->resegs + FEW_RETRANS;
}

struct rate counters_retrans_rate(const struct counters *s)
{
	return rate_of(are_figures_whole(s), s->sent_bytes, s->resent_bytes, s->io_tx,
		       counters_data_retrans(s));
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

uint64_t counters_data_lost(const struct counters *s)
{
	return less(counters_data_resent(s), s->stall_retrans) + s->tlp_recovered;
}

/* What is sent into the void tells nothing of a rate of loss. */
static uint64_t lost_bytes(const struct counters *s)
{
	uint64_t bytes = less(s->resent_bytes, s->spurious_bytes);
	uint64_t n = counters_data_resent(s) + s->tlp_recovered;

	return n ? (uint64_t)((double)bytes * (double)counters_data_lost(s) / (double)n) : 0;
}

static uint64_t lost_events(const struct counters *s)
{
	return less(counters_data_retrans(s), s->stall_retrans);
}

struct rate counters_lost_rate(const struct counters *s)
{
	return rate_of(are_figures_whole(s), s->sent_bytes, lost_bytes(s), s->io_tx,
		       lost_events(s));
}

struct rate counters_lost_of_rest(const struct counters *s, const struct counters *part)
{
	return rate_of(are_figures_whole(s), less(s->sent_bytes, part->sent_bytes),
		       less(lost_bytes(s), lost_bytes(part)), less(s->io_tx, part->io_tx),
		       less(lost_events(s), lost_events(part)));
}
