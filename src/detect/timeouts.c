// SPDX-License-Identifier: MIT
/*
 * timeouts: lost data was noticed late. A loss that later segments reveal is recovered within a
 * round trip; one that only a timeout reveals costs at least 200 ms, and each further timeout lasts
 * twice as long as the one before.
 */
#include "base/units.h"
#include "detect/attribution.h"
#include "detect/detector.h"
#include "detect/rule-words.h"

#define SERIES_MIN     5u
#define WARNING_SERIES 10u
#define LOSS_PPM       LOSS_NOTICE_PPM
#define HIT_PERCENT    1u /* of the connections, at least */

/* The shortest timeout: TCP_RTO_MIN of include/net/tcp.h. */
#define RTO_MIN_MS 200u
#define RTO_MIN_NS (RTO_MIN_MS * NSEC_PER_MSEC)

static void timeouts_rule(struct text *t)
{
	text_printf(
		t,
		"%u or more series of timeouts (%u: warning), at least as many as fast "
		"recoveries, where %g %% of the data is retransmitted or %u %% of the connections "
		"are hit; connections that are stuck for good, and those of which only the FIN was "
		"lost, left out. The least timeout is "
		"%u ms (TCP_RTO_MIN), doubled each time (RFC 6298, 5.5)",
		SERIES_MIN, WARNING_SERIES, ppm_percent(LOSS_PPM), HIT_PERCENT, RTO_MIN_MS);
}

/* The seconds in which something was retransmitted. */
struct timeouts {
	uint32_t n_seconds; /* up to the last such second */
	uint8_t is_busy[GATHERED_SECONDS_MAX / 8];
};

static int timeouts_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct timeouts *t = state;
	uint32_t second = gathered_second(in, g->e->ts_ns);

	if (!gather_event_is_retransmission(g))
		return 0;
	t->is_busy[second / 8] |= (uint8_t)(1u << second % 8);
	if (second >= t->n_seconds)
		t->n_seconds = second + 1;
	return 0;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* Timeouts without those for a FIN alone, which hurt nobody. */
static uint64_t timeouts_of_data(const struct counters *s)
{
	return less(counters_timeouts(s), s->events.fin_timeouts);
}

static uint64_t series_of_data(const struct counters *s)
{
	return less(s->events.series, s->events.fin_series);
}

static uint64_t waited_ns(const struct counters *s)
{
	uint64_t events =
		less(s->events.waited_ns, s->events.fin_waited_ns) + series_of_data(s) * RTO_MIN_NS;
	uint64_t tcp_info = s->tcp_info.timeouts_ms * NSEC_PER_MSEC,
		 least = timeouts_of_data(s) * RTO_MIN_NS;

	if (tcp_info > events && !s->events.fin_timeouts)
		events = tcp_info;
	return events > least ? events : least;
}

/* True if the timeouts matter. On a busy host a few connections among thousands do not. */
static bool are_timeouts_material(const struct counters *s)
{
	struct rate rate = counters_retrans_rate(s);

	return !rate_is_telling(&rate) || rate.ppm >= LOSS_PPM || !s->conns.timed_out ||
	       s->conns.timed_out * 100 >= s->conns.established * HIT_PERCENT;
}

static uint64_t series_of(const struct counters *s)
{
	uint64_t n = less(series_of_data(s), s->events.stall_series);

	/* Stalled connections have a detector of their own. If the events of timeouts are not on
	 * the tape, only the number of timeouts is known: each counts as a series. */
	return s->events.series || s->events.stall_series || s->events.retrans[TCP_CAUSE_RTO] ||
			       !s->tcp_info.timeouts
		       ? n
		       : s->tcp_info.timeouts;
}

static bool knows_recoveries(const struct findings *f)
{
	return f->in->context->recorded & TCP_KIND_BIT(TCP_KIND_CONG_STATE);
}

/* Adds the number of bursts, if there are several: stretches of time with retransmissions, with a
 * second or more without any between them. */
static void timeouts_add_bursts(struct findings *f, struct finding *x, const struct timeouts *t)
{
	const struct gathered *in = f->in;
	uint64_t n = 0, seconds = 0;
	bool was_busy = false;

	for (uint32_t i = 0; i < t->n_seconds; i++) {
		bool is_busy = t->is_busy[i / 8] >> i % 8 & 1;

		n += is_busy && !was_busy;
		seconds += is_busy;
		was_busy = is_busy;
	}
	if (n < 2 || seconds * 2 > (in->to_ns - in->from_ns) / NSEC_PER_SEC + 1)
		return;
	finding_count(f, x, "bursts", "bursts, with quiet between", n);
}

static const char late_meaning[] = "Each timeout is a pause of 200 ms or more in which the "
				   "connection does nothing: users feel "
				   "these, not the loss itself. Bursts of loss, small transfers "
				   "and lost acknowledgements lead to "
				   "them.";

static const char early_meaning[] =
	"The receiver says that it had most of it already (DSACK): the round trip became longer at "
	"once, or "
	"acknowledgements were lost. Little was lost, but each timeout slows its connection down.";

static uint64_t timeouts_at(const struct counters *s)
{
	const struct counters left = counters_unexplained(s);

	return timeouts_of_data(&left);
}

/* Names the peer that has nearly all of the timeouts, and writes the options that show it. */
static void timeouts_add_peer(struct findings *f, struct finding *x, uint64_t timeouts,
			      struct text *options)
{
	const struct conn_group *peer =
		attribution_main(f->in, GROUP_BY_PEER, timeouts_at, timeouts);

	if (!peer)
		return;
	finding_group(f, x, GROUP_BY_PEER, &peer->key);
	group_key_options(GROUP_BY_PEER, &peer->key, options);
}

static void detect_timeouts(const struct detector *d, struct findings *f)
{
	const struct counters left = counters_unexplained(&f->in->total), *s = &left;
	uint64_t series = series_of(s), timeouts = timeouts_of_data(s);
	bool is_early =
		s->tcp_info.retrans_segs && s->tcp_info.dsacks * 2 >= s->tcp_info.retrans_segs;
	struct text t CLEANUP(text_done) = {0}, options CLEANUP(text_done) = {0};
	struct finding *x;

	if (series < SERIES_MIN || series < s->events.recoveries || !are_timeouts_material(s))
		return;
	x = finding_new(f, d, series >= WARNING_SERIES ? DOCUMENT_WARNING : DOCUMENT_NOTICE,
			series);
	text_str(&t, is_early ? "Timeouts expired though most of the data had arrived: "
			      : "Lost data is noticed late: ");
	plural_text(&t, timeouts, "timeout");
	if (knows_recoveries(f)) {
		text_str(&t, ", ");
		units_count(&t, s->events.recoveries);
		text_str(&t, s->events.recoveries == 1 ? " fast recovery" : " fast recoveries");
	}
	finding_title(f, x, &t);
	timeouts_add_peer(f, x, timeouts, &options);
	finding_count(f, x, "timeouts", "timeouts", timeouts);
	finding_some(f, x, "series", "series of them", series_of_data(s));
	if (knows_recoveries(f))
		finding_count(f, x, "recoveries", "fast recoveries", s->events.recoveries);
	else
		finding_doubt(x, "possible",
			      "as fast recoveries were not recorded, and may have been far more");
	timeouts_add_bursts(f, x, detector_state(d, f));
	finding_some(f, x, "connections", "connections hit", s->conns.timed_out);
	finding_duration(f, x, "waited_ns", "waited in all, at least", waited_ns(s));
	finding_time_spread(x, s->events.lost_times);
	finding_meaning(x, is_early ? early_meaning : late_meaning);
	finding_by_events(f, x);
	finding_command(f, x, "retrans -r", text_cstr(&options));
}

const struct detector detector_timeouts = {
	.id = "timeouts",
	.place = PLACE_NETWORK,
	.rule = timeouts_rule,
	.find = detect_timeouts,
	.gathers = {.state_size = sizeof(struct timeouts),
		    .kinds = TCP_KIND_BIT(TCP_KIND_RETRANSMIT),
		    .event = timeouts_event},
};
