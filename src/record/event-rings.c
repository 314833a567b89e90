// SPDX-License-Identifier: MIT
#include "record/event-rings.h"

#include <errno.h>
#include <unistd.h>

#include "kernel/perf-event.h"

/* Unread bytes in a ring that wake up the recorder, at most. */
#define WAKEUP_BYTES_MAX (1ull << 20)

uint64_t events_ring_default(size_t n_cpus)
{
	uint64_t bytes = EVENTS_RING_DEFAULT;

	while (bytes > (512ull << 10) && bytes * n_cpus > EVENTS_RINGS_MAX)
		bytes /= 2;
	return bytes;
}

static uint64_t ring_round_up(uint64_t bytes)
{
	uint64_t size = (uint64_t)sysconf(_SC_PAGESIZE);

	while (size < bytes && size < (1ull << 40))
		size *= 2;
	return size;
}

/* The number of bytes in a ring that wake up the recorder. */
static uint32_t ring_wakeup(uint64_t bytes)
{
	return (uint32_t)(bytes / 4 < WAKEUP_BYTES_MAX ? bytes / 4 : WAKEUP_BYTES_MAX);
}

void event_ring_close(struct event_cpu *c)
{
	if (c->is_open) {
		ring_done(&c->ring);
		close(c->owner);
	}
	c->owner = -1;
	c->is_open = false;
}

int event_ring_open(struct event_cpu *c, uint64_t bytes, struct fault *fault)
{
	const struct perf_event_owner wanted = {.cpu = (int)c->cpu,
						.wakeup_bytes = ring_wakeup(bytes),
						.with_cgroups = c->with_cgroups};
	int owner = -1;
	int r = perf_event_open_owner(&wanted, &owner, fault);

	if (r < 0)
		return r;
	r = ring_map(owner, bytes, &c->ring, fault);
	if (r < 0) {
		close(owner);
		return r;
	}
	c->owner = owner;
	c->is_open = c->was_open = true;
	return 0;
}

void event_rings_close(struct event_cpu *cpus, size_t n)
{
	for (size_t i = 0; i < n; i++)
		event_ring_close(&cpus[i]);
}

static int rings_open(struct event_cpu *cpus, size_t n, const struct cpus *online, uint64_t bytes,
		      struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		int r = 0;

		if (cpus_have(online, (int)cpus[i].cpu))
			r = event_ring_open(&cpus[i], bytes, fault);
		/* It went offline just now. */
		if (r == -ENODEV)
			r = 0;
		if (r < 0) {
			event_rings_close(cpus, n);
			return r;
		}
	}
	return 0;
}

static int rings_open_default(struct event_cpu *cpus, size_t n, const struct cpus *online,
			      uint64_t *ret_bytes, struct fault *fault)
{
	uint64_t bytes = events_ring_default(online->n);

	for (;; bytes /= 2) {
		struct fault why = FAULT_INIT;
		int r = rings_open(cpus, n, online, bytes, &why);

		*ret_bytes = bytes;
		if (!r)
			return 0;
		if ((r != -EPERM && r != -ENOMEM) || bytes / 2 < EVENTS_RING_LEAST)
			return fault_set(fault, r, "%s", why.text);
	}
}

int event_rings_open(struct event_cpu *cpus, size_t n, const struct cpus *online, uint64_t bytes,
		     uint64_t *ret_bytes, struct fault *fault)
{
	if (!bytes)
		return rings_open_default(cpus, n, online, ret_bytes, fault);
	*ret_bytes = ring_round_up(bytes);
	return rings_open(cpus, n, online, *ret_bytes, fault);
}
