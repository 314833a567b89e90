// SPDX-License-Identifier: MIT
#include "gather/timeout-runs.h"

#include "base/units.h"
#include "tcp/names.h"

/* Keeps the current run as the worst if it is that. */
static void run_keep(struct conn_history *t)
{
	t->is_run_worst |= t->run.n > t->worst_run.n;
	if (t->is_run_worst)
		t->worst_run = t->run;
}

/* A timer is never early, and at most an eighth of its time late (the kernel's timer wheel), and
 * each timeout lasts twice as long as the one before. So the first timeout of a run, whose length
 * is not measured, took four ninths of the second one or more. */
static uint64_t first_timeout_ns(uint32_t second_us)
{
	return second_us * NSEC_PER_USEC * 4 / 9;
}

static void run_measure(struct timeout_run *run, uint32_t rto_us)
{
	unsigned int nth = run->n - run->n_before;

	if (nth == 2 && !run->n_before && first_timeout_ns(rto_us) < run->first_ns)
		run->from_ns = run->first_ns - first_timeout_ns(rto_us);
	if (nth >= 2 && nth - 2 < HISTORY_WAITS)
		run->waits_us[nth - 2] = rto_us;
}

static bool run_add(struct conn_history *t, uint64_t ts_ns, uint32_t rto_us, uint8_t state,
		    bool is_queued)
{
	struct timeout_run *run = &t->run;
	bool is_first = !run->n && !is_queued;

	if (!run->n) {
		*run = (struct timeout_run){
			.from_ns = ts_ns, .first_ns = ts_ns, .is_series = is_first};
		t->is_run_worst = false;
	}
	if (!run->state)
		run->state = state;
	run->n += run->n < UINT16_MAX;
	run->n_queued += is_queued;
	run->n_failed += is_queued;
	run->to_ns = ts_ns;
	run_measure(run, rto_us);
	if (run->n == STALL_TIMEOUTS) {
		t->stall_series += run->is_series;
		t->stall_retrans += run->n - run->n_before - run->n_failed;
	} else if (run->n > STALL_TIMEOUTS) {
		t->stall_retrans += !is_queued;
	}
	run_keep(t);
	return is_first;
}

bool conn_history_timeout(struct conn_history *t, uint64_t ts_ns, uint32_t rto_us, uint8_t state)
{
	return run_add(t, ts_ns, rto_us, state, false);
}

void conn_history_queued(struct conn_history *t, uint64_t ts_ns, uint8_t state)
{
	run_add(t, ts_ns, 0, state, true);
}

void conn_history_failed(struct conn_history *t)
{
	t->run.n_failed++;
	t->stall_retrans -= t->run.n >= STALL_TIMEOUTS;
	run_keep(t);
}

void conn_history_answered_elsewhere(struct conn_history *t, uint64_t answered_ns)
{
	if (!t->run.first_ns || answered_ns <= t->run.first_ns || answered_ns >= t->run.to_ns)
		return;
	t->run.elsewhere_ns = answered_ns;
	run_keep(t);
}

void conn_history_tabled(struct conn_history *t, const struct timeout_run *run, bool is_start)
{
	bool is_new = !t->run.n;

	if (is_new) {
		t->run = *run;
		t->run.n_before = is_start ? run->n : 0;
		t->is_run_worst = false;
	} else if (run->n > t->run.n) {
		t->run.n = run->n;
	}
	if (run->to_ns > t->run.to_ns)
		t->run.to_ns = run->to_ns;
	if (run->from_ns && (!t->run.from_ns || run->from_ns < t->run.from_ns))
		t->run.from_ns = run->from_ns;
	run_keep(t);
}

void conn_history_moves(struct conn_history *t, uint64_t ts_ns)
{
	if (!t->run.n)
		return;
	t->run.moved_ns = ts_ns;
	run_keep(t);
	t->run = (struct timeout_run){0};
	t->is_run_worst = false;
}

bool conn_history_is_closing(uint8_t state)
{
	return state == TCP_STATE_FIN_WAIT1 || state == TCP_STATE_CLOSING ||
	       state == TCP_STATE_LAST_ACK;
}

bool conn_history_is_of_fin(const struct conn_history *t)
{
	const struct stall_figures *f = &t->figures;
	bool is_closing = conn_history_is_closing(t->worst_run.state);

	if (!f->is_known || !f->is_data_acked)
		return false;
	/* All data is acknowledged. If the run goes on where the tape ends, the segment that it
	 * retransmits can only be the FIN. If the run is over, the segment was the FIN for certain
	 * only if no data was retransmitted at all. */
	return is_closing && (!f->is_data_resent || !t->worst_run.moved_ns);
}
