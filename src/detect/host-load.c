// SPDX-License-Identifier: MIT
#include "detect/host-load.h"

#include <fnmatch.h>
#include <stdio.h>

#include "base/units.h"
#include "gather/counters.h"

static uint64_t grew(const struct counter_book *book, const char *name)
{
	struct counter_change c;

	return counter_book_get_of(book, 0, name, &c) ? c.grew : 0;
}

/* The time between the first and the last reading of the host. */
static uint64_t read_ns(const struct counter_book *book)
{
	for (size_t i = 0; i < counter_book_n_spaces(book); i++) {
		struct counter_space_info s = counter_book_space(book, i);

		if (!s.netns && s.last_ns > s.first_ns)
			return s.last_ns - s.first_ns;
	}
	return 0;
}

/* The counters of each CPU are summed up. */
static void load_of_softnet(const struct counter_book *book, struct host_load *h)
{
	struct counter_change c;
	uint64_t sum = 0;
	size_t at = 0;

	while (counter_book_next(book, &at, &c)) {
		if (fnmatch("softnet.cpu*.time_squeeze", c.name, 0) == 0)
			h->squeezed += c.grew;
		if (fnmatch("softnet.cpu*.dropped", c.name, 0) != 0)
			continue;
		sum += c.grew;
		if (c.grew > h->dropped.grew)
			h->dropped = c;
	}
	h->dropped.grew = sum;
	h->net_rx = grew(book, "stat.softirq.NET_RX");
}

static void load_of_ticks(const struct counter_book *book, struct host_load *h)
{
	/* "guest" is part of "user": account_guest_time() of kernel/sched/cputime.c. */
	static const char *const parts[] = {"user",   "nice", "system",	 "idle",
					    "iowait", "irq",  "softirq", "steal"};
	char name[32];

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		snprintf(name, sizeof(name), "stat.cpu.%s", parts[i]);
		h->ticks += grew(book, name);
	}
	h->stolen = grew(book, "stat.cpu.steal");
	h->stolen_ppm = ppm_of(h->stolen, h->ticks);
	h->idle_ppm = ppm_of(grew(book, "stat.cpu.idle") + grew(book, "stat.cpu.iowait"), h->ticks);
}

/* Microseconds in which tasks waited, of the time. */
static uint64_t pressure(const struct counter_book *book, const char *name, uint64_t whole_ns)
{
	uint64_t ppm = ppm_of(grew(book, name) * NSEC_PER_USEC, whole_ns);

	return ppm < 1000000 ? ppm : 1000000;
}

bool host_load_of(const struct findings *f, struct host_load *ret)
{
	const struct counter_book *book = f->in->context->counters;
	uint64_t whole_ns = book ? read_ns(book) : 0;
	struct counter_change c;

	*ret = (struct host_load){0};
	if (!whole_ns)
		return false;
	load_of_softnet(book, ret);
	load_of_ticks(book, ret);
	ret->has_pressure = counter_book_get_of(book, 0, "pressure.cpu.some.total", &c);
	ret->cpu_some_ppm = pressure(book, "pressure.cpu.some.total", whole_ns);
	ret->memory_some_ppm = pressure(book, "pressure.memory.some.total", whole_ns);
	ret->memory_full_ppm = pressure(book, "pressure.memory.full.total", whole_ns);
	ret->io_some_ppm = pressure(book, "pressure.io.some.total", whole_ns);
	return true;
}

static void share_text(struct text *t, uint64_t ppm, const char *words)
{
	text_str(t, t->len ? ", " : "");
	percent_text(t, ppm);
	text_str(t, words);
}

void host_load_text(const struct host_load *h, struct text *t)
{
	if (h->ticks) {
		share_text(t, h->idle_ppm, " idle");
		share_text(t, h->stolen_ppm, " stolen");
	}
	if (!h->has_pressure)
		return;
	text_str(t, t->len ? "; tasks waited for a CPU in " : "tasks waited for a CPU in ");
	percent_text(t, h->cpu_some_ppm);
	text_str(t, " of the time, for memory in ");
	percent_text(t, h->memory_some_ppm);
	text_str(t, ", for disks in ");
	percent_text(t, h->io_some_ppm);
}
