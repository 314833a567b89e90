// SPDX-License-Identifier: MIT
#include "detect/audit-kinds.h"

#include "base/cleanup.h"

#define KIND(k) TCP_KIND_BIT(TCP_KIND_##k)

static uint64_t tape_retrans(const struct gathered *in)
{
	return in->audit.retrans + in->audit.synacks;
}

static uint64_t tape_syns(const struct gathered *in)
{
	return in->audit.syns + in->audit.synacks;
}

static uint64_t tape_timeouts(const struct gathered *in)
{
	return in->audit.timeouts;
}

static uint64_t tape_probes(const struct gathered *in)
{
	return in->audit.probes;
}

static uint64_t tape_active(const struct gathered *in)
{
	return in->audit.active;
}

static uint64_t tape_passive(const struct gathered *in)
{
	return in->audit.passive;
}

static uint64_t tape_estab_resets(const struct gathered *in)
{
	return in->audit.estab_resets;
}

static uint64_t tape_attempt_fails(const struct gathered *in)
{
	return in->audit.attempt_fails;
}

static uint64_t tape_resets(const struct gathered *in)
{
	return in->audit.resets;
}

static uint64_t tape_abort_close(const struct gathered *in)
{
	return in->audit.aborts[AUDIT_ABORT_CLOSE];
}

static uint64_t tape_abort_linger(const struct gathered *in)
{
	return in->audit.aborts[AUDIT_ABORT_LINGER];
}

static uint64_t tape_abort_memory(const struct gathered *in)
{
	return in->audit.aborts[AUDIT_ABORT_MEMORY];
}

static uint64_t tape_abort_data(const struct gathered *in)
{
	return in->audit.aborts[AUDIT_ABORT_DATA];
}

static uint64_t tape_timed_out(const struct gathered *in)
{
	return in->audit.timed_out;
}

/*
 * Where the kernel counts, by its sources: __tcp_retransmit_skb and tcp_rtx_synack (RetransSegs,
 * TCPSynRetrans), tcp_retransmit_timer and tcp_syn_ack_timeout (TCPTimeouts), tcp_send_loss_probe,
 * tcp_connect, tcp_create_openreq_child, tcp_set_state (EstabResets), tcp_done and tcp_check_req
 * (AttemptFails), tcp_v4_send_reset and tcp_send_active_reset (OutRsts), tcp_close,
 * tcp_out_of_resources, tcp_write_err.
 */
static const struct audit_kind kinds[] = {
	{"Tcp.RetransSegs", KIND(RETRANSMIT) | KIND(RETRANSMIT_SYNACK), tape_retrans, AUDIT_EQUAL,
	 .has_segments = true},
	{"TcpExt.TCPSynRetrans", KIND(RETRANSMIT) | KIND(RETRANSMIT_SYNACK), tape_syns, AUDIT_EQUAL,
	 .why = NULL},
	{"TcpExt.TCPTimeouts", KIND(RETRANSMIT), tape_timeouts, AUDIT_RELATED,
	 .why = "it counts timers of SYN-ACKs and those that end a connection, too; old kernels "
		"count only some"},
	{"TcpExt.TCPLossProbes", KIND(RETRANSMIT), tape_probes, AUDIT_COVERS,
	 .why = "probes that send new data are no retransmissions"},
	{"Tcp.ActiveOpens", KIND(SET_STATE), tape_active, AUDIT_EQUAL, .has_local = true},
	{"Tcp.PassiveOpens", KIND(SET_STATE), tape_passive, AUDIT_EQUAL, .why = NULL},
	{"Tcp.EstabResets", KIND(SET_STATE), tape_estab_resets, AUDIT_EQUAL, .why = NULL},
	{"Tcp.AttemptFails", KIND(SET_STATE), tape_attempt_fails, AUDIT_RELATED,
	 .why = "it counts handshakes that have no socket yet, and no attempt that its program "
		"gave up"},
	{"Tcp.OutRsts", KIND(SEND_RESET), tape_resets, AUDIT_EQUAL, .needs_reason = true,
	 .why = "this kernel has no event for RSTs without a socket"},
	{"TcpExt.TCPAbortOnClose", KIND(SEND_RESET), tape_abort_close, AUDIT_EQUAL,
	 .needs_reason = true, .why = "this kernel gives RSTs no reason"},
	{"TcpExt.TCPAbortOnLinger", KIND(SEND_RESET), tape_abort_linger, AUDIT_EQUAL,
	 .needs_reason = true, .why = "this kernel gives RSTs no reason"},
	{"TcpExt.TCPAbortOnMemory", KIND(SEND_RESET), tape_abort_memory, AUDIT_COVERS,
	 .why = "not every one sends a RST"},
	{"TcpExt.TCPAbortOnData", KIND(SEND_RESET), tape_abort_data, AUDIT_RELATED,
	 .why = "a close with SO_LINGER 0 has other reasons"},
	{"TcpExt.TCPAbortOnTimeout", KIND(ERROR_REPORT), tape_timed_out, AUDIT_COVERS,
	 .why = "sockets without a process are told no error"},
};

const struct audit_kind *audit_kind_next(const struct audit_kind *kind)
{
	if (!kind)
		return kinds;
	return kind + 1 < kinds + ARRAY_SIZE(kinds) ? kind + 1 : NULL;
}
