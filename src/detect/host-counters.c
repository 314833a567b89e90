// SPDX-License-Identifier: MIT
/*
 * host-counters: what the kernel of this host dropped, by its own counters: for lack of memory, of
 * room in connection tracking, or in a queue of a socket. Nothing on the tape but these counters
 * shows it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "counter/book.h"
#include "detect/counted.h"
#include "detect/detector.h"

#define CONNTRACK_PERCENT 90u /* of net.netfilter.nf_conntrack_max: nearly full */

/* The table of counters. One is a finding from `min` on, unless there is a finding `beside` it that
 * tells the same by events. */
struct host_counter {
	const char *name;
	uint64_t min;
	enum document_level level;
	const char *what;    /* what happened */
	const char *noun;    /* of what the counter counts */
	const char *meaning; /* what it means, and what to do */
	const char *beside;  /* may be NULL */
};

#define CONNTRACK_ROOM                                                                             \
	"Raise net.netfilter.nf_conntrack_max, shorten its timeouts, or exempt traffic that "      \
	"needs "                                                                                   \
	"no tracking."
#define SENT_AGAIN "Their senders send them again, and it looks like loss on the way. "

/* The kernel's sources: net/ipv4/tcp.c, tcp_timer.c, tcp_input.c, tcp_ipv4.c, and
 * net/netfilter/nf_conntrack_core.c. */
static const struct host_counter host_counters[] = {
	{"TcpExt.TCPMemoryPressures", 1, DOCUMENT_WARNING,
	 "TCP of this host came under memory pressure", "time",
	 "All TCP sockets together held more memory than the second number of net.ipv4.tcp_mem, or "
	 "the kernel had no page for one. Windows shrink then, and data that has arrived may be "
	 "dropped. Look for programs that do not read, or raise net.ipv4.tcp_mem.",
	 NULL},
	{"TcpExt.TCPAbortOnMemory", 1, DOCUMENT_WARNING,
	 "The kernel closed connections for want of memory", "connection",
	 "There were more connections without a process than net.ipv4.tcp_max_orphans, or TCP held "
	 "more memory than the third number of net.ipv4.tcp_mem.",
	 NULL},
	{"TcpExt.RcvPruned", 10, DOCUMENT_WARNING,
	 "The kernel dropped data that had arrived, to save memory", "time",
	 "The receive buffer of a socket was full, and joining its segments did not "
	 "help. " SENT_AGAIN "Make the program read faster, or net.ipv4.tcp_rmem larger.",
	 "window"},
	{"TcpExt.OfoPruned", 10, DOCUMENT_WARNING,
	 "The kernel dropped data that had arrived out of order, to save memory", "time",
	 "The receive buffer of a socket was full. " SENT_AGAIN
	 "Make the program read faster, or net.ipv4.tcp_rmem larger.",
	 "window"},
	{"TcpExt.TCPRcvQDrop", 10, DOCUMENT_WARNING,
	 "The kernel dropped data that had arrived: the receive buffer had no room", "segment",
	 SENT_AGAIN "Make the program read faster, or net.ipv4.tcp_rmem larger.", "window"},
	{"TcpExt.TCPBacklogDrop", 10, DOCUMENT_WARNING,
	 "The kernel dropped segments that had arrived: their socket was busy", "segment",
	 "A process held the socket, and more came than its buffers take meanwhile. " SENT_AGAIN
	 "Larger receive buffers (net.ipv4.tcp_rmem) take more.",
	 NULL},
	{"conntrack.drop", 1, DOCUMENT_WARNING,
	 "Connection tracking had no room and dropped packets", "packet",
	 "The kernel could make no entry for a new connection, as its table was full or there was "
	 "no memory: its first packets are gone, and a connect takes a second or "
	 "more. " CONNTRACK_ROOM,
	 NULL},
	{"conntrack.early_drop", 1, DOCUMENT_WARNING,
	 "Connection tracking gave up connections to make room", "connection",
	 "The table was full, and the kernel evicted entries of connections that were not "
	 "confirmed "
	 "by both ends. " CONNTRACK_ROOM,
	 NULL},
	{"conntrack.insert_failed", 10, DOCUMENT_NOTICE,
	 "Connection tracking dropped packets of connections whose entry was there already",
	 "packet",
	 "Two packets of one connection, or two connections that NAT gave the same addresses and "
	 "ports, raced for an entry; one was dropped. Source NAT with random ports makes it rarer.",
	 NULL},
};

static void host_counters_rule(struct text *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(host_counters); i++) {
		const struct host_counter *h = &host_counters[i];

		text_printf(t, "%s %llu or more%s, ", h->name, (unsigned long long)h->min,
			    h->level == DOCUMENT_NOTICE ? " (a notice)" : "");
	}
	text_printf(t,
		    "by the kernel's counters of the network namespaces whose connections are "
		    "shown; or conntrack.entries at %u %% of nf_conntrack_max",
		    CONNTRACK_PERCENT);
}

static bool has_finding(const struct findings *f, const char *id)
{
	for (size_t i = 0; id && i < f->n; i++) {
		if (!strcmp(f->items[i]->shown.id, id))
			return true;
	}
	return false;
}

/* The namespaces of all connections that are shown. */
static struct netns_set shown_in(const struct gathered *in)
{
	struct netns_set s = in->served_in;

	for (size_t i = 0; i < in->called_in.n; i++)
		netns_set_add(&s, in->called_in.items[i]);
	return s;
}

/* The counters are those of all connections of a namespace. */
static void doubt_filter(struct findings *f, struct finding *x)
{
	if (!event_filter_is_empty(f->in->context->filter))
		finding_doubt(x, "possible",
			      "as the kernel counts all connections of the network namespace, also "
			      "those that the filter leaves out");
}

static void host_counter_emit(const struct detector *d, struct findings *f,
			      const struct host_counter *h, const struct counter_change *c)
{
	struct finding *x = finding_new(f, d, h->level, c->grew);
	struct text t CLEANUP(text_done) = {0};

	text_printf(&t, "%s: ", h->what);
	plural_text(&t, c->grew, h->noun);
	finding_title(f, x, &t);
	finding_words(f, x, "counter", "counter", h->name);
	finding_count(f, x, "counted", "counted", c->grew);
	finding_worst_second(f, x, c);
	finding_meaning(x, h->meaning);
	doubt_filter(f, x);
	finding_command(f, x, "host", "");
}

/* A table that is nearly full drops nothing yet. */
static void conntrack_look(const struct detector *d, struct findings *f, uint32_t netns)
{
	const struct counter_book *book = f->in->context->counters;
	const char *setting = counter_book_setting(book, netns, "net.netfilter.nf_conntrack_max");
	uint64_t max = setting ? strtoull(setting, NULL, 10) : 0;
	struct text t CLEANUP(text_done) = {0};
	struct counter_change c;
	struct finding *x;

	if (!max || !counter_book_get_of(book, netns, "conntrack.entries", &c) || c.most < 0 ||
	    (double)c.most * 100 < (double)max * CONNTRACK_PERCENT)
		return;
	x = finding_new(f, d, DOCUMENT_WARNING, (uint64_t)c.most);
	text_str(&t, "Connection tracking is nearly full: ");
	units_count(&t, (uint64_t)c.most);
	text_str(&t, " of ");
	units_count(&t, max);
	text_str(&t, " entries");
	finding_title(f, x, &t);
	finding_count(f, x, "entries", "entries, at most", (uint64_t)c.most);
	finding_count(f, x, "conntrack_max", "net.netfilter.nf_conntrack_max", max);
	finding_meaning(x, "When the table is full, the kernel drops the first packets of new "
			   "connections. " CONNTRACK_ROOM);
	finding_command(f, x, "host", "");
}

static void detect_host_counters(const struct detector *d, struct findings *f)
{
	const struct netns_set in = shown_in(f->in);
	struct counter_change c;

	for (size_t i = 0; i < ARRAY_SIZE(host_counters); i++) {
		const struct host_counter *h = &host_counters[i];

		if (counted_in(f, &in, h->name, &c) && c.grew >= h->min &&
		    !has_finding(f, h->beside))
			host_counter_emit(d, f, h, &c);
	}
	for (size_t i = 0; f->in->context->counters && i < in.n; i++)
		conntrack_look(d, f, in.items[i]);
}

const struct detector detector_host_counters = {
	.id = "host-counters",
	.place = PLACE_HOST,
	.rule = host_counters_rule,
	.find = detect_host_counters,
};
