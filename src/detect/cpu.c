// SPDX-License-Identifier: MIT
/*
 * cpu: packets were dropped, or everything was late, as this host's CPUs did not keep up: by
 * /proc/net/softnet_stat, /proc/stat and /proc/pressure. These are counters of the whole host.
 */
#include "base/units.h"
#include "detect/detector.h"
#include "detect/host-load.h"

#define DROPPED_MIN    10u
#define SQUEEZED_MIN   100u
#define SQUEEZED_PPM   100000u /* of the softirqs that received packets */
#define STOLEN_PPM     100000u /* a notice */
#define STOLEN_BAD_PPM 300000u /* a warning */
#define TICKS_MIN      100u    /* a second of one CPU, where a tick is 10 ms */
#define MEMORY_PPM     100000u /* of the time */

static void cpu_rule(struct text *t)
{
	text_printf(
		t,
		"%u or more packets that the kernel dropped as the queue of a CPU was full "
		"(softnet dropped: net.core.netdev_max_backlog); or softirqs that received "
		"packets had to stop early %u times and more, and in 10 %% of them (a notice); or "
		"the hypervisor took 10 %% of the CPU time (a notice; 30 %%: a warning); or all "
		"tasks waited for memory in 10 %% of the time (pressure)",
		DROPPED_MIN, SQUEEZED_MIN);
}

static void dropped_emit(const struct detector *d, struct findings *f, const struct host_load *h)
{
	struct finding *x = finding_new(f, d, DOCUMENT_WARNING, h->dropped.grew);
	const char *limit =
		counter_book_setting(f->in->context->counters, 0, "net.core.netdev_max_backlog");
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "The kernel dropped ");
	plural_text(&t, h->dropped.grew, "packet");
	text_str(&t, " that had arrived: the queue of a CPU was full");
	finding_title(f, x, &t);
	finding_count(f, x, "dropped", "packets dropped", h->dropped.grew);
	if (h->dropped.name)
		finding_words(f, x, "counter", "most of them by", h->dropped.name);
	finding_some(f, x, "time_squeeze", "softirqs that had to stop early", h->squeezed);
	if (limit)
		finding_words(f, x, "netdev_max_backlog", "net.core.netdev_max_backlog", limit);
	if (h->dropped.worst_per_s)
		finding_span(x, h->dropped.worst_from_ns, h->dropped.worst_to_ns);
	finding_some(f, x, "worst_per_s", "in the worst second", h->dropped.worst_per_s);
	finding_meaning(x,
			"One CPU had more packets to process than it could: their senders send "
			"them again, and it looks like loss on the way. Spread the packets over "
			"more CPUs (RSS, RPS, irqbalance), or raise net.core.netdev_max_backlog.");
	finding_doubt(x, "certain", "but the kernel does not count whose packets they were");
	finding_command(f, x, "host", "");
}

static void squeezed_emit(const struct detector *d, struct findings *f, const struct host_load *h)
{
	struct finding *x = finding_new(f, d, DOCUMENT_NOTICE, h->squeezed);
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "The kernel did not keep up with packets that had arrived: softirqs stopped "
		     "early ");
	plural_text(&t, h->squeezed, "time");
	finding_title(f, x, &t);
	finding_count(f, x, "time_squeeze", "softirqs that had to stop early", h->squeezed);
	finding_count(f, x, "net_rx", "softirqs that received packets", h->net_rx);
	finding_meaning(x,
			"More packets waited than a softirq may process in one go "
			"(net.core.netdev_budget, netdev_budget_usecs): what is left waits until "
			"ksoftirqd gets a CPU. Nothing is lost by that, but packets are late. "
			"Spread them over more CPUs, or free the one that receives them.");
	finding_doubt(x, "possible", "as a budget that is used up is usual under a heavy load");
	finding_command(f, x, "host", "");
}

static void stolen_emit(const struct detector *d, struct findings *f, const struct host_load *h)
{
	struct finding *x = finding_new(
		f, d, h->stolen_ppm >= STOLEN_BAD_PPM ? DOCUMENT_WARNING : DOCUMENT_NOTICE,
		h->stolen_ppm);
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "The hypervisor took ");
	percent_text(&t, h->stolen_ppm);
	text_str(&t, " of the CPU time of this host");
	finding_title(f, x, &t);
	finding_percent(f, x, "stolen_percent", "stolen", h->stolen_ppm);
	finding_meaning(x,
			"This host is a virtual machine, and others run on its CPUs, too. While a "
			"CPU is away nothing on it is answered: round trips grow by milliseconds, "
			"and timers fire late. Ask for CPUs that are not shared, or move it.");
	finding_doubt(x, "certain", NULL);
	finding_command(f, x, "host", "");
}

static void memory_emit(const struct detector *d, struct findings *f, const struct host_load *h)
{
	struct finding *x = finding_new(f, d, DOCUMENT_WARNING, h->memory_full_ppm);
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "All tasks of this host waited for memory in ");
	percent_text(&t, h->memory_full_ppm);
	text_str(&t, " of the time");
	finding_title(f, x, &t);
	finding_percent(f, x, "memory_full_percent", "all waited for memory", h->memory_full_ppm);
	finding_percent(f, x, "memory_some_percent", "some did", h->memory_some_ppm);
	finding_meaning(x, "The host has too little memory, and spends its time reclaiming it or "
			   "reading back what it has thrown out: programs do not read, answer or "
			   "accept meanwhile. Look for what uses it up, or give it more.");
	finding_doubt(x, "certain", NULL);
	finding_command(f, x, "host", "");
}

static void detect_cpu(const struct detector *d, struct findings *f)
{
	struct host_load h;

	if (!host_load_of(f, &h))
		return;
	if (h.dropped.grew >= DROPPED_MIN)
		dropped_emit(d, f, &h);
	else if (h.squeezed >= SQUEEZED_MIN && ppm_of(h.squeezed, h.net_rx) >= SQUEEZED_PPM)
		squeezed_emit(d, f, &h);
	if (h.stolen >= TICKS_MIN && h.stolen_ppm >= STOLEN_PPM)
		stolen_emit(d, f, &h);
	if (h.memory_full_ppm >= MEMORY_PPM)
		memory_emit(d, f, &h);
}

const struct detector detector_cpu = {
	.id = "cpu",
	.place = PLACE_HOST,
	.rule = cpu_rule,
	.find = detect_cpu,
};
