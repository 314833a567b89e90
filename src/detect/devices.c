// SPDX-License-Identifier: MIT
/*
 * devices: network devices of this host dropped packets, by /proc/net/dev of the network namespaces
 * whose connections are shown (include/uapi/linux/if_link.h says what is counted where).
 */
#include "detect/devices.h"

#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "counter/book.h"
#include "detect/counted.h"
#include "detect/detector.h"

#define DROPS_MIN    10u
#define DROPS_PPM    1000u /* of the packets of that direction */
#define WORST_PER_S  10u   /* received: protocols that nobody listens to are counted, too */
#define LOSS_PERCENT 50u   /* of the segments that were lost: the device explains the loss */
#define FINDINGS_MAX 3u
#define PREFIX	     "dev."

/* What a device counts of packets in one direction that it did not pass on. */
struct device_way {
	const char *packets;
	const char *counts[5];
	const char *what;
	const char *meaning;
	bool is_received;
};

static const struct device_way device_ways[] = {
	{"tx_packets",
	 {"tx_drop", "tx_errs", "tx_fifo", "tx_carrier"},
	 "dropped or failed to send",
	 "They did not leave this host, and TCP sends them again as if the network had lost them. "
	 "tx_drop: its queue was full (a virtual device whose other end does not read fast enough, "
	 "txqueuelen) or its driver refused them; tx_carrier: no link; tx_errs, tx_fifo: the "
	 "hardware. Look at the device (ethtool -S, ip -s link).",
	 false},
	{"rx_packets",
	 {"rx_drop", "rx_errs", "rx_fifo", "rx_frame"},
	 "dropped as they came in",
	 "Their senders send them again as if the network had lost them. rx_drop, rx_fifo: this "
	 "host did not take them from the device in time (its ring is small, a CPU is busy), or "
	 "nobody here listens to their protocol; rx_errs, rx_frame: the cable or its other end. "
	 "Look "
	 "at the device (ethtool -S, ethtool -g, ip -s link).",
	 true},
};

static void devices_rule(struct text *t)
{
	text_printf(t,
		    "%u or more packets, and 0.1 %%, that a device dropped or failed to send or "
		    "receive (received: %u or more in the worst second), by /proc/net/dev of the "
		    "network namespaces whose connections are shown; critical if they are %u %% of "
		    "the segments that were lost",
		    DROPS_MIN, WORST_PER_S, LOSS_PERCENT);
}

/* The drops of one device in one direction. */
struct device_drops {
	char name[32];
	const struct device_way *way;
	uint64_t n, packets;
	struct counter_change worst; /* of the counts, the one that grew most */
	const char *worst_name;
};

static bool device_counted(const struct findings *f, const char *device, const char *what,
			   struct counter_change *ret)
{
	struct netns_set in = f->in->served_in;
	char name[64];

	for (size_t i = 0; i < f->in->called_in.n; i++)
		netns_set_add(&in, f->in->called_in.items[i]);
	snprintf(name, sizeof(name), PREFIX "%s.%s", device, what);
	return counted_in(f, &in, name, ret);
}

static struct device_drops device_drops_of(const struct findings *f, const char *device,
					   const struct device_way *way)
{
	struct device_drops d = {.way = way};
	struct counter_change c;

	snprintf(d.name, sizeof(d.name), "%s", device);
	/* tx_errs, rx_errs have what the more exact counts have, too. */
	for (size_t i = 0; i < ARRAY_SIZE(way->counts) && way->counts[i]; i++) {
		if (!device_counted(f, device, way->counts[i], &c) || !c.grew)
			continue;
		if (i < 2)
			d.n += c.grew;
		if (c.grew > d.worst.grew) {
			d.worst = c;
			d.worst_name = way->counts[i];
		}
	}
	if (d.n < d.worst.grew)
		d.n = d.worst.grew;
	if (device_counted(f, device, way->packets, &c))
		d.packets = c.grew;
	return d;
}

static bool are_many(const struct device_drops *d)
{
	return d->n >= DROPS_MIN && ppm_of(d->n, d->n + d->packets) >= DROPS_PPM &&
	       (!d->way->is_received || d->worst.worst_per_s >= WORST_PER_S);
}

/* The name of a device, from that of a count: "dev.eth0.tx_packets". */
static bool device_name(const char *counter, char ret[32])
{
	const char *dot = strrchr(counter, '.');
	size_t len;

	if (strncmp(counter, PREFIX, strlen(PREFIX)) != 0 || !dot ||
	    strcmp(dot, ".tx_packets") != 0)
		return false;
	len = (size_t)(dot - counter) - strlen(PREFIX);
	if (!len || len >= 32)
		return false;
	memcpy(ret, counter + strlen(PREFIX), len);
	ret[len] = 0;
	return true;
}

/* Finds the devices that drop most, at most FINDINGS_MAX. */
static size_t devices_worst(const struct findings *f, struct device_drops ret[FINDINGS_MAX])
{
	const struct counter_book *book = f->in->context->counters;
	struct counter_change c;
	size_t n = 0, at = 0;
	char name[32];

	while (book && counter_book_next(book, &at, &c)) {
		if (!device_name(c.name, name))
			continue;
		for (size_t w = 0; w < ARRAY_SIZE(device_ways); w++) {
			const struct device_drops d = device_drops_of(f, name, &device_ways[w]);
			size_t i = n;

			if (!are_many(&d))
				continue;
			while (i && ret[i - 1].n < d.n)
				i--;
			if (i == FINDINGS_MAX)
				continue;
			n += n < FINDINGS_MAX;
			memmove(&ret[i + 1], &ret[i], (n - i - 1) * sizeof(*ret));
			ret[i] = d;
		}
	}
	return n;
}

static bool is_the_loss(const struct findings *f, const struct device_drops *d)
{
	uint64_t lost = counters_data_lost(&f->in->total);

	return lost >= DROPS_MIN && d->n * 100 >= lost * LOSS_PERCENT;
}

static void device_emit(const struct detector *d, struct findings *f, const struct device_drops *x)
{
	bool is_loss = is_the_loss(f, x);
	struct finding *found = finding_new(f, d, is_loss ? DOCUMENT_CRITICAL : DOCUMENT_WARNING,
					    is_loss ? UINT64_MAX : x->n);
	struct text t CLEANUP(text_done) = {0};
	struct counter_change c;

	text_printf(&t, "Device %s of this host ", x->name);
	text_printf(&t, "%s ", x->way->what);
	plural_text(&t, x->n, "packet");
	finding_title(f, found, &t);
	finding_words(f, found, "device", "device", x->name);
	for (size_t i = 0; i < ARRAY_SIZE(x->way->counts) && x->way->counts[i]; i++) {
		if (device_counted(f, x->name, x->way->counts[i], &c))
			finding_some(f, found, x->way->counts[i], x->way->counts[i], c.grew);
	}
	finding_count(f, found, "packets", x->way->packets, x->packets);
	finding_some(f, found, "lost", "segments that were sent again as lost",
		     counters_data_lost(&f->in->total));
	finding_worst_second(f, found, &x->worst);
	finding_meaning(found, x->way->meaning);
	finding_doubt(found, is_loss ? "likely" : "possible",
		      "as the device counts the packets of all protocols and connections");
	finding_command(f, found, "host", "");
}

static void detect_devices(const struct detector *d, struct findings *f)
{
	struct device_drops worst[FINDINGS_MAX + 1];
	size_t n = devices_worst(f, worst);

	for (size_t i = 0; i < n; i++)
		device_emit(d, f, &worst[i]);
}

const char *devices_explain_loss(const struct findings *f)
{
	struct device_drops worst[FINDINGS_MAX + 1];
	size_t n = devices_worst(f, worst);

	return n && is_the_loss(f, &worst[0]) ? document_builder_string(f->builder, worst[0].name)
					      : NULL;
}

const struct detector detector_devices = {
	.id = "devices",
	.place = PLACE_HOST,
	.rule = devices_rule,
	.find = detect_devices,
};
