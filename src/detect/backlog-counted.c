// SPDX-License-Identifier: MIT
/*
 * What the kernel itself counts of full accept queues. TcpExt.ListenOverflows grows where a SYN or
 * the last ACK of a handshake finds the queue full (tcp_conn_request() of net/ipv4/tcp_input.c,
 * tcp_v4_syn_recv_sock() of net/ipv4/tcp_ipv4.c), and nowhere else. It is a counter of the network
 * namespace: it does not tell which listener it was.
 */
#include "base/units.h"
#include "counter/book.h"
#include "detect/backlog-state.h"
#include "detect/counted.h"

#define OVERFLOWS "TcpExt.ListenOverflows"

void backlog_counted_rule(struct text *t)
{
	text_printf(t,
		    "; or %u or more overflows of accept queues that the kernel counted "
		    "(ListenOverflows: SYNs and last ACKs of handshakes that found a queue full) "
		    "in a network namespace whose connections are shown (%u %% of the connections "
		    "accepted there, and no filter: critical)",
		    COUNTED_MIN, OVERFLOW_PERCENT);
}

uint64_t backlog_counted(const struct findings *f, uint32_t netns)
{
	struct counter_change c;

	return counted_of(f, netns, OVERFLOWS, &c) ? c.grew : 0;
}

void backlog_add_counted(struct findings *f, struct finding *x, uint32_t netns)
{
	finding_some(f, x, "listen_overflows",
		     "SYNs and last ACKs that found a queue full (ListenOverflows)",
		     backlog_counted(f, netns));
}

static bool has_filter(const struct findings *f)
{
	return !event_filter_is_empty(f->in->context->filter);
}

static enum document_level counted_level(const struct findings *f, uint64_t overflows,
					 uint64_t accepted)
{
	return !has_filter(f) && overflows * 100 >= accepted * OVERFLOW_PERCENT ? DOCUMENT_CRITICAL
										: DOCUMENT_WARNING;
}

static uint64_t served_counted(const struct findings *f, const char *name)
{
	struct counter_change c;

	return counted_of(f, 0, name, &c) ? c.grew : 0;
}

void backlog_emit_counted(const struct detector *d, struct findings *f)
{
	struct text t CLEANUP(text_done) = {0};
	struct counter_change c;
	struct finding *x;
	uint64_t accepted;

	if (!counted_of(f, 0, OVERFLOWS, &c) || c.grew < COUNTED_MIN)
		return;
	accepted = served_counted(f, "Tcp.PassiveOpens");
	x = finding_new(f, d, counted_level(f, c.grew, accepted), BACKLOG_WEIGHT + c.grew);
	text_str(&t, "An accept queue of this host was full: the kernel dropped ");
	units_count(&t, c.grew);
	text_str(&t, " SYNs and last ACKs of handshakes");
	finding_title(f, x, &t);
	backlog_add_counted(f, x, 0);
	finding_some(f, x, "listen_drops", "dropped by listeners for any reason (ListenDrops)",
		     served_counted(f, "TcpExt.ListenDrops"));
	finding_some(f, x, "passive_opens", "connections accepted (PassiveOpens)", accepted);
	finding_worst_second(f, x, &c);
	finding_meaning(x, "A program did not take its connections with accept() as fast as they "
			   "came, in moments between two looks at its queue. Clients send again "
			   "after a second or later, and wait. Make it accept faster, or its "
			   "backlog and net.core.somaxconn larger.");
	finding_doubt(x, has_filter(f) ? "possible" : "certain",
		      has_filter(f)
			      ? "as the kernel counts all listeners of the network namespace, also "
				"those that the filter leaves out"
			      : "but the kernel does not count which listener of the network "
				"namespace it was");
	finding_command(f, x, "host", "");
}
