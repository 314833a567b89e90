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

#define LEVEL_PERCENT 90u /* of a limit: nearly reached */

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
	bool is_shared;	     /* what is short is the whole host's: it counts in every namespace */
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
	 NULL, true},
	{"TcpExt.TCPAbortOnMemory", 1, DOCUMENT_WARNING,
	 "The kernel closed connections for want of memory", "connection",
	 "There were more connections without a process than net.ipv4.tcp_max_orphans, or TCP held "
	 "more memory than the third number of net.ipv4.tcp_mem.",
	 NULL, true},
	{"TcpExt.PFMemallocDrop", 1, DOCUMENT_WARNING,
	 "The kernel dropped segments, as only its reserve of memory was left", "segment",
	 "The host was out of memory, and what is left is for swapping over the "
	 "network. " SENT_AGAIN "Look for what uses up the memory of this host.",
	 NULL, true},
	{"TcpExt.TCPWqueueTooBig", 1, DOCUMENT_WARNING,
	 "The kernel refused to split segments: too much is queued to be sent", "time",
	 "The segments that wait on a connection take more than twice its send buffer, as the "
	 "peer acknowledges it in small pieces. Such a connection may hang, or be very slow. Make "
	 "its send buffer larger (net.ipv4.tcp_wmem, SO_SNDBUF).",
	 NULL, false},
	{"TcpExt.RcvPruned", 10, DOCUMENT_WARNING,
	 "The kernel dropped data that had arrived, to save memory", "time",
	 "The receive buffer of a socket was full, and joining its segments did not "
	 "help. " SENT_AGAIN "Make the program read faster, or net.ipv4.tcp_rmem larger.",
	 "window", false},
	{"TcpExt.OfoPruned", 10, DOCUMENT_WARNING,
	 "The kernel dropped data that had arrived out of order, to save memory", "time",
	 "The receive buffer of a socket was full. " SENT_AGAIN
	 "Make the program read faster, or net.ipv4.tcp_rmem larger.",
	 "window", false},
	{"TcpExt.TCPOFODrop", 10, DOCUMENT_WARNING,
	 "The kernel dropped data that had arrived out of order: the receive buffer had no room",
	 "segment", SENT_AGAIN "Make the program read faster, or net.ipv4.tcp_rmem larger.",
	 "window", false},
	{"TcpExt.TCPRcvQDrop", 10, DOCUMENT_WARNING,
	 "The kernel dropped data that had arrived: the receive buffer had no room", "segment",
	 SENT_AGAIN "Make the program read faster, or net.ipv4.tcp_rmem larger.", "window", false},
	{"TcpExt.TCPBacklogDrop", 10, DOCUMENT_WARNING,
	 "The kernel dropped segments that had arrived: their socket was busy", "segment",
	 "A process held the socket, and more came than its buffers take meanwhile. " SENT_AGAIN
	 "Larger receive buffers (net.ipv4.tcp_rmem) take more.",
	 NULL, false},
	{"conntrack.drop", 1, DOCUMENT_WARNING,
	 "Connection tracking had no room and dropped packets", "packet",
	 "The kernel could make no entry for a new connection, as its table was full or there was "
	 "no memory: its first packets are gone, and a connect takes a second or "
	 "more. " CONNTRACK_ROOM,
	 NULL, false},
	{"conntrack.early_drop", 1, DOCUMENT_WARNING,
	 "Connection tracking gave up connections to make room", "connection",
	 "The table was full, and the kernel evicted entries of connections that were not "
	 "confirmed "
	 "by both ends. " CONNTRACK_ROOM,
	 NULL, false},
	{"conntrack.insert_failed", 10, DOCUMENT_NOTICE,
	 "Connection tracking dropped packets of connections whose entry was there already",
	 "packet",
	 "Two packets of one connection, or two connections that NAT gave the same addresses and "
	 "ports, raced for an entry; one was dropped. Source NAT with random ports makes it rarer.",
	 NULL, false},
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
		    "shown, or of all where memory is short; or conntrack.entries, TCP's memory or "
		    "connections without a process at %u %% of nf_conntrack_max, tcp_mem or "
		    "tcp_max_orphans",
		    LEVEL_PERCENT);
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

/* What is limited by a setting. One is a finding from some percent of the limit on. */
struct host_level {
	const char *gauge, *setting;
	unsigned int number; /* of several numbers in the setting, from 0 */
	const char *key;     /* of the limit, for machines */
	const char *title, *noun, *meaning;
	bool is_shared; /* it is that of the whole host, and not of a namespace */
};

/* The kernel: net/netfilter/nf_conntrack_core.c; sk_under_memory_pressure(), net/ipv4/tcp.c. */
static const struct host_level host_levels[] = {
	{"conntrack.entries", "net.netfilter.nf_conntrack_max", 0, "conntrack_max",
	 "Connection tracking is nearly full: ", "entries",
	 "When the table is full, the kernel drops the first packets of new "
	 "connections. " CONNTRACK_ROOM,
	 false},
	{"sockstat.TCP.mem", "net.ipv4.tcp_mem", 2, "tcp_mem",
	 "The memory that TCP may use is nearly used up: ", "pages",
	 "Beyond the third number of net.ipv4.tcp_mem the kernel drops what arrives, and closes "
	 "connections without a process. Look for programs that do not read, or raise it.",
	 true},
	{"sockstat.TCP.orphan", "net.ipv4.tcp_max_orphans", 0, "tcp_max_orphans",
	 "There are nearly as many connections without a process as may be: ", "connections",
	 "Beyond net.ipv4.tcp_max_orphans the kernel closes connections that programs have closed "
	 "and whose last data is still under way. Peers that do not answer hold them: see where "
	 "they go to.",
	 true},
};

/* A number of a setting: "4096 131072 6291456". 0: not known. */
static uint64_t setting_number(const char *setting, unsigned int number)
{
	char *end = (char *)setting;
	uint64_t value = 0;

	for (unsigned int i = 0; setting && i <= number; i++) {
		setting = end;
		value = strtoull(setting, &end, 10);
		if (end == setting)
			return 0;
	}
	return value;
}

static const char *level_setting(const struct counter_book *book, uint32_t netns,
				 const struct host_level *l)
{
	const char *value = counter_book_setting(book, netns, l->setting);

	/* Settings are those of the recorder's own namespace. */
	for (size_t i = 0; l->is_shared && !value && i < counter_book_n_spaces(book); i++)
		value = counter_book_setting(book, counter_book_space(book, i).netns, l->setting);
	return value;
}

/* What is nearly full drops nothing yet. True: it is a finding. */
static bool host_level_look(const struct detector *d, struct findings *f, uint32_t netns,
			    const struct host_level *l)
{
	const struct counter_book *book = f->in->context->counters;
	uint64_t max = setting_number(level_setting(book, netns, l), l->number);
	struct text t CLEANUP(text_done) = {0};
	struct counter_change c;
	struct finding *x;

	if (!max || !counter_book_get_of(book, netns, l->gauge, &c) || c.most < 0 ||
	    (double)c.most * 100 < (double)max * LEVEL_PERCENT)
		return false;
	x = finding_new(f, d, DOCUMENT_WARNING, (uint64_t)c.most);
	text_str(&t, l->title);
	units_count(&t, (uint64_t)c.most);
	text_str(&t, " of ");
	units_count(&t, max);
	text_printf(&t, " %s", l->noun);
	finding_title(f, x, &t);
	finding_count(f, x, l->noun, l->gauge, (uint64_t)c.most);
	finding_count(f, x, l->key, l->setting, max);
	finding_meaning(x, l->meaning);
	finding_command(f, x, "host", "");
	return true;
}

static void host_levels_look(const struct detector *d, struct findings *f,
			     const struct netns_set *in)
{
	for (size_t i = 0; f->in->context->counters && i < ARRAY_SIZE(host_levels); i++) {
		bool is_found = false;

		for (size_t n = 0; n < in->n && !(is_found && host_levels[i].is_shared); n++)
			is_found = host_level_look(d, f, in->items[n], &host_levels[i]);
	}
}

static bool host_counted(const struct findings *f, const struct netns_set *in,
			 const struct host_counter *h, struct counter_change *ret)
{
	const struct counter_book *book = f->in->context->counters;

	return h->is_shared ? book && in->n && counter_book_get(book, h->name, ret)
			    : counted_in(f, in, h->name, ret);
}

static void detect_host_counters(const struct detector *d, struct findings *f)
{
	const struct netns_set in = shown_in(f->in);
	struct counter_change c;

	for (size_t i = 0; i < ARRAY_SIZE(host_counters); i++) {
		const struct host_counter *h = &host_counters[i];

		if (host_counted(f, &in, h, &c) && c.grew >= h->min && !has_finding(f, h->beside))
			host_counter_emit(d, f, h, &c);
	}
	host_levels_look(d, f, &in);
}

const struct detector detector_host_counters = {
	.id = "host-counters",
	.place = PLACE_HOST,
	.rule = host_counters_rule,
	.find = detect_host_counters,
};
