// SPDX-License-Identifier: MIT
#include "record/counter-readings.h"

#include <errno.h>
#include <time.h>

#include "base/units.h"
#include "base/vec.h"
#include "kernel/clock.h"
#include "record/other-space.h"

#define PROC "/proc"
#define RUN  "/run"

/* Time between two looks for namespaces: a walk over all processes. */
#define FIND_NS (60 * NSEC_PER_SEC)
/* Longest time for the first reading, and for the last one. */
#define ROUND_NS (250 * NSEC_PER_MSEC)
/* Longest time in one turn, and what a quiet time may save up. */
#define SLICE_NS (2 * NSEC_PER_MSEC)
/* What waits for a batch: with more, namespaces are not read. */
#define PENDING_BYTES (4u << 20)
/* The host is read so rarely that it takes no more than this share of a CPU. */
#define OWN_SHARE 500u

void counter_readings_done(struct counter_readings *c)
{
	if (!c->is_on)
		return;
	counter_names_done(&c->names);
	counter_reading_done(&c->reading);
	counter_files_done(&c->own_files);
	counter_files_done(&c->host_files);
	counter_files_done(&c->other_files);
	counter_space_done(&c->host);
	for (size_t i = 0; i < c->n_spaces; i++)
		counter_space_done(&c->spaces[i]);
	free(c->spaces);
	netns_list_done(&c->list);
	settings_changes_done(&c->changes);
	buffer_done(&c->settings.records);
	buffer_done(&c->pending.records);
	*c = (struct counter_readings){0};
}

/* CPU time of this thread. */
static uint64_t cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NSEC_PER_SEC + (uint64_t)t.tv_nsec;
}

/* Finds the namespaces that are there now, and forgets those that the last two looks did not
 * see. */
static int spaces_find(struct counter_readings *c, uint64_t now)
{
	c->found_ns = now;
	if (netns_list_find(&c->list, PROC, RUN) < 0 ||
	    vec_reserve(c->spaces, c->cap_spaces, c->list.n) < 0)
		return -ENOMEM;
	for (; c->n_spaces < c->list.n; c->n_spaces++)
		c->spaces[c->n_spaces] =
			(struct counter_space){.netns = c->list.items[c->n_spaces].inode};
	for (size_t i = c->n_spaces; i-- > 0;) {
		if (c->list.items[i].seen + 1 >= c->list.n_finds)
			continue;
		netns_list_remove(&c->list, i);
		counter_space_done(&c->spaces[i]);
		c->spaces[i] = c->spaces[--c->n_spaces];
	}
	return 0;
}

static int files_read(struct counter_readings *c, struct counter_files *f, struct counter_space *s,
		      bool is_last)
{
	uint64_t began = clock_now();
	int r;

	counter_reading_begin(&c->reading, s);
	r = counter_files_read(f, counter_reading_take, &c->reading);
	return r ? r
		 : counter_reading_write(&c->reading, s, began, clock_now() - began, is_last,
					 &c->pending);
}

/* The settings of a namespace are read once. */
static int other_settings(struct counter_readings *c, size_t i)
{
	if (c->spaces[i].has_settings)
		return 0;
	c->spaces[i].has_settings = true;
	return other_space_settings(&c->list.items[i], &c->settings);
}

static int other_read(struct counter_readings *c, size_t i, bool is_last)
{
	uint64_t began = clock_now();
	bool has;
	int r;

	counter_reading_begin(&c->reading, &c->spaces[i]);
	r = other_space_read(&c->list.items[i], &c->other_files, &c->reading, &has);
	if (!r && has)
		r = counter_reading_write(&c->reading, &c->spaces[i], began, clock_now() - began,
					  is_last, &c->pending);
	return r || !has ? r : other_settings(c, i);
}

/* Says why readings must end. */
static int readings_fault(int r, struct fault *fault)
{
	if (r == -ENOTRECOVERABLE)
		return fault_set(fault, r, "cannot return from another network namespace");
	return r < 0 ? fault_no_memory(fault) : 0;
}

/* The host and the recorder's own namespace. */
static int own_read(struct counter_readings *c, uint64_t now, bool is_last)
{
	uint64_t began = cpu_now(), cost;
	int r = files_read(c, &c->host_files, &c->host, is_last);

	for (size_t i = 0; !r && i < c->n_spaces; i++) {
		if (c->list.items[i].is_own)
			r = files_read(c, &c->own_files, &c->spaces[i], is_last);
	}
	cost = (cpu_now() - began) * OWN_SHARE;
	/* The seconds are those of the recording, however long a reading takes. */
	c->own_due_ns += COUNTER_PERIOD_NS;
	if (c->own_due_ns < now + cost || c->own_due_ns <= now)
		c->own_due_ns = now + (cost > COUNTER_PERIOD_NS ? cost : COUNTER_PERIOD_NS);
	return r;
}

static uint32_t own_netns(const struct counter_readings *c)
{
	for (size_t i = 0; i < c->n_spaces; i++) {
		if (c->list.items[i].is_own)
			return c->list.items[i].inode;
	}
	return 0;
}

/* The other namespaces, as many as can be read within ROUND_NS. What is left is read later, or not
 * at the end. */
static int others_read_all(struct counter_readings *c, bool is_last)
{
	uint64_t began = clock_now();
	int r = spaces_find(c, began);

	for (size_t i = 0; !r && i < c->n_spaces && clock_now() - began < ROUND_NS; i++) {
		if (!c->list.items[i].is_own)
			r = other_read(c, i, is_last);
	}
	return r;
}

int counter_readings_begin(struct counter_readings *c, struct fault *fault)
{
	int r;

	*c = (struct counter_readings){
		.is_on = true,
		.own_files = COUNTER_FILES_INIT(COUNTER_SCOPE_NET),
		.host_files = COUNTER_FILES_INIT(COUNTER_SCOPE_HOST),
		.other_files = COUNTER_FILES_INIT(COUNTER_SCOPE_NET),
		.reading.names = &c->names,
	};
	counter_files_open(&c->own_files, PROC "/self/net");
	counter_files_open(&c->host_files, PROC);
	r = others_read_all(c, false);
	if (!r)
		r = settings_changes_read(&c->changes, own_netns(c), &c->settings);
	c->turn_ns = c->own_due_ns = clock_now();
	if (!r)
		r = own_read(c, c->own_due_ns, false);
	return readings_fault(r, fault);
}

/* When the recorder's events were enabled and disabled, as a setting of the host. */
#define EVENTS_SETTING "tcptape.events"

int counter_readings_enabled(struct counter_readings *c, uint64_t ts_ns, struct fault *fault)
{
	int r = c->is_on ? setting_append(&c->settings, ts_ns, 0, EVENTS_SETTING, "enabled") : 0;

	if (!r && c->is_on)
		r = own_read(c, clock_now(), false);
	return r < 0 ? fault_no_memory(fault) : 0;
}

int counter_readings_disable(struct counter_readings *c, struct fault *fault)
{
	int r = c->is_on ? own_read(c, clock_now(), false) : 0;

	if (!r && c->is_on)
		r = setting_append(&c->settings, clock_now(), 0, EVENTS_SETTING, "disabled");
	return r < 0 ? fault_no_memory(fault) : 0;
}

/* Reads one other namespace whose turn it is. *ret_is_idle: none is due. */
static int next_read(struct counter_readings *c, uint64_t now, bool *ret_is_idle)
{
	for (size_t tries = 0; tries < c->n_spaces; tries++) {
		size_t i = c->next_space++ % c->n_spaces;

		if (c->list.items[i].is_own || (!c->list.items[i].pid && !c->list.items[i].file))
			continue;
		/* They are read in a circle: if this one was just read, so were all others. */
		*ret_is_idle = !counter_space_is_due(&c->spaces[i], now, COUNTER_PERIOD_NS);
		if (*ret_is_idle)
			c->next_space = i;
		return *ret_is_idle ? 0 : other_read(c, i, false);
	}
	*ret_is_idle = true;
	return 0;
}

/* Uses up the budget, which grows with time. */
static int others_read(struct counter_readings *c, uint64_t now)
{
	uint64_t ppm = c->n_spaces > COUNTER_MANY ? COUNTER_SHARE_MANY_PPM : COUNTER_SHARE_PPM;
	uint64_t cpu = cpu_now();
	bool is_idle = false;
	int r = 0;

	c->budget_ns += (int64_t)((now - c->turn_ns) * ppm / 1000000);
	c->turn_ns = now;
	if (c->budget_ns > (int64_t)SLICE_NS)
		c->budget_ns = SLICE_NS;
	if (c->budget_ns > 0 && now - c->found_ns >= FIND_NS)
		r = spaces_find(c, now);
	while (!r && !is_idle && c->n_spaces > 1 && (int64_t)(cpu_now() - cpu) < c->budget_ns)
		r = next_read(c, now, &is_idle);
	c->budget_ns -= (int64_t)(cpu_now() - cpu);
	return r;
}

int counter_readings_turn(struct counter_readings *c, struct drain *d, uint64_t now,
			  struct fault *fault)
{
	int r = 0;

	if (!c->is_on)
		return 0;
	if (c->pending.records.len + c->settings.records.len < PENDING_BYTES) {
		if (now >= c->own_due_ns)
			r = own_read(c, now, false);
		if (!r)
			r = others_read(c, now);
	}
	if (r < 0)
		return readings_fault(r, fault);
	r = counter_readings_hand_over(c, d, fault);
	return r < 0 ? r : 0;
}

int counter_readings_end(struct counter_readings *c, struct fault *fault)
{
	int r = c->is_on ? own_read(c, clock_now(), true) : 0;

	if (!r && c->is_on)
		r = others_read_all(c, true);
	if (!r && c->is_on)
		r = settings_changes_read(&c->changes, own_netns(c), &c->settings);
	return readings_fault(r, fault);
}

int counter_readings_hand_over(struct counter_readings *c, struct drain *d, struct fault *fault)
{
	struct batch *b;

	if (!c->pending.n && !c->settings.n)
		return 1;
	b = drain_batch(d);
	if (!b)
		return 0;
	b->bytes += c->pending.records.len;
	if (batch_records_move(&c->settings, &b->settings) < 0 ||
	    batch_records_move(&c->pending, &b->counters) < 0)
		return fault_no_memory(fault);
	return 1;
}
