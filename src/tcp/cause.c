// SPDX-License-Identifier: MIT
#include "tcp/cause.h"

#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"

static const char *const causes[TCP_CAUSE_N] = {
	[TCP_CAUSE_UNKNOWN] = "unknown",   [TCP_CAUSE_RTO] = "rto",
	[TCP_CAUSE_TLP] = "tlp",	   [TCP_CAUSE_FAST] = "fast",
	[TCP_CAUSE_LOSS] = "loss",	   [TCP_CAUSE_RECOVERY] = "recovery",
	[TCP_CAUSE_SYN] = "syn",	   [TCP_CAUSE_SYNACK] = "synack",
	[TCP_CAUSE_PMTU] = "pmtu",	   [TCP_CAUSE_TFO] = "tfo",
	[TCP_CAUSE_DEFERRED] = "deferred",
};

static const char *const triggers[TCP_TRIGGER_N] = {
	[TCP_TRIGGER_TIMER] = "timer",	   [TCP_TRIGGER_ACK] = "ack",
	[TCP_TRIGGER_TSQ] = "tsq",	   [TCP_TRIGGER_RACK_TIMER] = "rack-timer",
	[TCP_TRIGGER_DUP_SYN] = "dup-syn", [TCP_TRIGGER_ICMP] = "icmp",
};

static const char *const bases[TCP_BASIS_N] = {
	[TCP_BASIS_STACK] = "stack",
	[TCP_BASIS_CA_STATE] = "ca_state",
	[TCP_BASIS_STATE] = "state",
	[TCP_BASIS_TIMING] = "timing",
};

const char *tcp_cause_name(enum tcp_cause c)
{
	return (unsigned int)c < TCP_CAUSE_N ? causes[c] : NULL;
}

const char *tcp_trigger_name(enum tcp_trigger t)
{
	return (unsigned int)t < TCP_TRIGGER_N ? triggers[t] : NULL;
}

const char *tcp_basis_name(enum tcp_basis b)
{
	return (unsigned int)b < TCP_BASIS_N ? bases[b] : NULL;
}

/* What the function of a frame says about the cause; each clue is one bit. */
enum clue {
	CLUE_BOUNDARY = 1 << 0,
	CLUE_LOSS_PROBE = 1 << 1,
	CLUE_RACK_TIMER = 1 << 2,
	CLUE_ICMP = 1 << 3,
	CLUE_RETRANSMIT_TIMER = 1 << 4,
	CLUE_ACK = 1 << 5,
	CLUE_TSQ = 1 << 6,
	CLUE_RELEASE = 1 << 7,
	CLUE_TFO = 1 << 8,
	CLUE_CHECK_REQ = 1 << 9,
	CLUE_REQ_TIMER = 1 << 10,
	CLUE_RTO_REVERT = 1 << 11,
	CLUE_PMTU = 1 << 12,
};

/*
 * Sorted by name, for the binary search. tcp_ld_RTO_revert, tcp_v4_mtu_reduced and
 * tcp_simple_retransmit make tail calls and are in the chain only of kernels that are built without
 * that optimisation, so no rule may depend on them alone.
 */
static const struct {
	const char *name;
	enum clue clue;
} clues[] = {
	{"__do_softirq", CLUE_BOUNDARY},
	{"__hrtimer_run_queues", CLUE_BOUNDARY},
	{"__softirqentry_text_start", CLUE_BOUNDARY},
	{"call_timer_fn", CLUE_BOUNDARY},
	{"do_softirq", CLUE_BOUNDARY},
	{"handle_softirqs", CLUE_BOUNDARY},
	{"icmp_unreach", CLUE_ICMP},
	{"ip6_protocol_deliver_rcu", CLUE_BOUNDARY},
	{"ip_protocol_deliver_rcu", CLUE_BOUNDARY},
	{"net_rx_action", CLUE_BOUNDARY},
	{"process_one_work", CLUE_BOUNDARY},
	{"reqsk_timer_handler", CLUE_REQ_TIMER},
	{"tasklet_action_common", CLUE_BOUNDARY},
	{"tcp_ack", CLUE_ACK},
	{"tcp_check_req", CLUE_CHECK_REQ},
	{"tcp_ld_RTO_revert", CLUE_RTO_REVERT},
	{"tcp_pace_kick", CLUE_TSQ},
	{"tcp_rack_reo_timeout", CLUE_RACK_TIMER},
	{"tcp_rcv_fastopen_synack", CLUE_TFO},
	{"tcp_rcv_state_process", CLUE_TFO},
	{"tcp_release_cb", CLUE_RELEASE},
	{"tcp_retransmit_timer", CLUE_RETRANSMIT_TIMER},
	{"tcp_send_loss_probe", CLUE_LOSS_PROBE},
	{"tcp_simple_retransmit", CLUE_PMTU},
	{"tcp_tasklet_func", CLUE_TSQ},
	{"tcp_tsq_handler", CLUE_TSQ},
	{"tcp_tsq_workfn", CLUE_TSQ},
	{"tcp_tsq_write", CLUE_TSQ},
	{"tcp_v4_err", CLUE_ICMP},
	{"tcp_v4_mtu_reduced", CLUE_PMTU},
	{"tcp_v4_rcv", CLUE_BOUNDARY},
	{"tcp_v6_err", CLUE_ICMP},
	{"tcp_v6_mtu_reduced", CLUE_PMTU},
	{"tcp_v6_rcv", CLUE_BOUNDARY},
};

/* The length of the function's name in a frame: 7 for "tcp_ack.part.0+0x12 [mod]". */
static size_t bare_length(const char *frame)
{
	return strcspn(frame, ".+ ");
}

static unsigned int clue_of(const char *frame)
{
	size_t len = bare_length(frame), lo = 0, hi = ARRAY_SIZE(clues);

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int order = strncmp(frame, clues[mid].name, len);

		if (!order && clues[mid].name[len])
			order = -1;
		if (!order)
			return clues[mid].clue;
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return 0;
}

/* What follows the prefix in s; NULL: s does not begin with it. */
static const char *after_prefix(const char *s, const char *prefix)
{
	for (; *prefix; s++, prefix++) {
		if (*s != *prefix)
			return NULL;
	}
	return s;
}

/* True if the frame is in the function of this name, or in a part of it ("tcp_fin.isra.0"). */
static bool is_frame_of(const char *frame, const char *name)
{
	const char *rest = after_prefix(frame, name);

	return rest && (!*rest || *rest == '.' || *rest == '+' || *rest == ' ');
}

/* What every change of state passes on its way to the recorder: perf, the tracepoint, and the
 * functions that set a state, whoever calls them. */
static bool is_setter(const char *frame)
{
	static const char *const prefixes[] = {"__bpf_trace_", "__traceiter_", "do_perf_trace_",
					       "do_trace_",    "perf_",	       "trace_event_"};
	static const char *const names[] = {"inet_sk_set_state",   "inet_sk_state_store",
					    "inet_sock_set_state", "tcp_done",
					    "tcp_set_state",	   "tcp_time_wait"};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (after_prefix(frame, prefixes[i]))
			return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (is_frame_of(frame, names[i]))
			return true;
	}
	return false;
}

bool tcp_frame_is_boundary(const char *frame)
{
	return clue_of(frame) & CLUE_BOUNDARY;
}

bool tcp_chain_tells_fin(const char *const *frames, size_t n_frames)
{
	/* Of a whole chain the outermost frame decides. */
	for (size_t i = n_frames; i-- > 0;) {
		if (frames[i] && !is_setter(frames[i]))
			return true;
	}
	return false;
}

bool tcp_chain_has_fin(const char *const *frames, size_t n_frames)
{
	size_t fin = 0;

	while (fin < n_frames && !(frames[fin] && (is_frame_of(frames[fin], "tcp_fin") ||
						   is_frame_of(frames[fin], "tcp_data_queue"))))
		fin++;
	if (fin == n_frames)
		return false;
	for (size_t i = 0; i < fin; i++) {
		if (frames[i] && tcp_frame_is_boundary(frames[i]))
			return false;
	}
	return true;
}

static struct tcp_chain_cause synack_cause(unsigned int seen)
{
	struct tcp_chain_cause c = {TCP_CAUSE_SYNACK, TCP_TRIGGER_NONE};

	if (seen & CLUE_CHECK_REQ)
		c.trigger = TCP_TRIGGER_DUP_SYN;
	else if (seen & (CLUE_REQ_TIMER | CLUE_RETRANSMIT_TIMER))
		c.trigger = TCP_TRIGGER_TIMER;
	else
		c.cause = TCP_CAUSE_UNKNOWN;
	return c;
}

struct tcp_chain_cause tcp_cause_of_chain(const char *const *frames, size_t n_frames,
					  bool is_synack)
{
	static const struct {
		unsigned int any;
		struct tcp_chain_cause cause;
	} rules[] = {
		{CLUE_LOSS_PROBE, {TCP_CAUSE_TLP, TCP_TRIGGER_TIMER}},
		{CLUE_RACK_TIMER, {TCP_CAUSE_RECOVERY, TCP_TRIGGER_RACK_TIMER}},
		{CLUE_RTO_REVERT, {TCP_CAUSE_RTO, TCP_TRIGGER_ICMP}},
		{CLUE_ICMP | CLUE_PMTU, {TCP_CAUSE_PMTU, TCP_TRIGGER_ICMP}},
		{CLUE_RETRANSMIT_TIMER, {TCP_CAUSE_RTO, TCP_TRIGGER_TIMER}},
		{CLUE_ACK, {TCP_CAUSE_RECOVERY, TCP_TRIGGER_ACK}},
		{CLUE_TSQ, {TCP_CAUSE_RECOVERY, TCP_TRIGGER_TSQ}},
		{CLUE_RELEASE, {TCP_CAUSE_DEFERRED, TCP_TRIGGER_NONE}},
		{CLUE_TFO, {TCP_CAUSE_TFO, TCP_TRIGGER_NONE}},
	};
	unsigned int seen = 0;

	for (size_t i = 0; i < n_frames && !(seen & CLUE_BOUNDARY); i++) {
		if (frames[i])
			seen |= clue_of(frames[i]);
	}
	if (is_synack)
		return synack_cause(seen);
	/* An ICMP error that reverts a timeout calls the retransmission timer's function at once
	 * (tcp_ld_RTO_revert); any other ICMP error that retransmits has reduced the path MTU. */
	if ((seen & CLUE_ICMP) && (seen & CLUE_RETRANSMIT_TIMER))
		seen |= CLUE_RTO_REVERT;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (seen & rules[i].any)
			return rules[i].cause;
	}
	return (struct tcp_chain_cause){TCP_CAUSE_UNKNOWN, TCP_TRIGGER_NONE};
}
