// SPDX-License-Identifier: MIT
/*
 * Two tables: the fields that tracepoints have, and the tracepoints.
 *
 * The shapes follow the format files of Linux 4.15 to 7.3, newest first. A shape names only the
 * fields that decoding needs, so that it still matches when a later kernel adds a field. Where a
 * name changed its meaning, the newer shape also names the fields that distinguish it.
 */
#include "tracepoint/catalog.h"

#include <string.h>

#include "tracepoint/fields.h"
#include "tracepoint/socket-row.h"

#define LOSS  (1u << TCP_PROFILE_LOSS)
#define LIFE  (1u << TCP_PROFILE_LIFE)
#define BYTES (1u << TCP_PROFILE_BYTES)

#define ADDRS  " saddr:4 daddr:4 saddr_v6:16 daddr_v6:16"
#define TUPLE  " sport:2 dport:2 family:2" ADDRS
#define TUPLE0 " sport:2 dport:2" ADDRS /* before 5.12: no family */
#define BLOBS  " saddr:28 daddr:28"	/* struct sockaddr */

#define SHAPES(...)                                                                                \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

#define SK_SHAPES                                                                                  \
	SHAPES("skaddr:P" TUPLE " sock_cookie:8", "skaddr:P" TUPLE0 " sock_cookie:8",              \
	       "skaddr:P" TUPLE0)

#define PROBE                                                                                      \
	" mark:4 data_len:2 snd_nxt:4 snd_una:4 snd_cwnd:4 ssthresh:4 snd_wnd:4 srtt:4 rcv_wnd:4 " \
	"sock_cookie:8"

#define HASH	    "net_cookie:8 skbaddr:P skaddr:P state:4" BLOBS " l3index:4 sport:2 dport:2 family:2"
#define HASH_SHAPES SHAPES(HASH " fin:1 syn:1 rst:1 psh:1 ack:1")
#define AO_SHAPES   SHAPES(HASH " fin:1 syn:1 rst:1 psh:1 ack:1 keyid:1 rnext:1 maclen:1")
#define AO_SK	    "net_cookie:8 skaddr:P state:4" BLOBS " sport:2 dport:2 family:2"

#define MAPPING                                                                                    \
	"data_seq:8 subflow_seq:4 data_len:2 csum:2 use_map:1 dsn64:1 data_fin:1 use_ack:1 "       \
	"ack64:1 mpc_map:1 frozen:1 reset_transient:1 reset_reason:1 csum_reqd:1"
#define MAPPING_SHAPES SHAPES(MAPPING " infinite_map:1", "data_ack:8 " MAPPING)

#define IO_SHAPES SHAPES("sk:P family:2 protocol:2 ret:4 flags:4")

#define SOCKET_SHAPES                                                                              \
	SHAPES("listing:1 state:1 family:2 sport:2 dport:2 netns:4 inode:4 pid:4 holders:4 "       \
	       "has_figures:1 sock_cookie:8" ADDRS)

#define AT(member) offsetof(struct tcp_event, member)

const struct tcp_field_info tcp_fields[TCP_FIELD_N] = {
	[TCP_FIELD_FAMILY] = {"family", "family", TCP_TYPE_FAMILY, AT(family), NULL},
	[TCP_FIELD_LADDR] = {"laddr", "laddr", TCP_TYPE_ADDR, AT(local.addr), NULL},
	[TCP_FIELD_LPORT] = {"lport", "lport", TCP_TYPE_PORT, AT(local.port), NULL},
	[TCP_FIELD_RADDR] = {"raddr", "raddr", TCP_TYPE_ADDR, AT(remote.addr), NULL},
	[TCP_FIELD_RPORT] = {"rport", "rport", TCP_TYPE_PORT, AT(remote.port), NULL},
	[TCP_FIELD_SK] = {"sk", "sk", TCP_TYPE_ID, AT(sk), "skaddr sk rx_sk"},
	[TCP_FIELD_SKB] = {"skb", "skb", TCP_TYPE_ID, AT(skb), "skbaddr skb_addr skb"},
	[TCP_FIELD_REQ] = {"req", "req", TCP_TYPE_ID, AT(req), "req"},
	[TCP_FIELD_COOKIE] = {"cookie", "cookie", TCP_TYPE_U64, AT(cookie), "sock_cookie"},
	[TCP_FIELD_STATE] = {"state", "state", TCP_TYPE_STATE, AT(state), "state"},
	[TCP_FIELD_OLDSTATE] = {"oldstate", "old", TCP_TYPE_STATE, AT(oldstate), "oldstate"},
	[TCP_FIELD_NEWSTATE] = {"newstate", "new", TCP_TYPE_STATE, AT(newstate), "newstate"},
	[TCP_FIELD_PROTOCOL] = {"protocol", "protocol", TCP_TYPE_PROTOCOL, AT(protocol),
				"protocol"},
	[TCP_FIELD_CONG_STATE] = {"cong_state", "ca", TCP_TYPE_CA, AT(cong_state), "cong_state"},
	[TCP_FIELD_ERR] = {"err", "err", TCP_TYPE_ERROR, AT(err), "err error"},
	[TCP_FIELD_REASON] = {"reason", "reason", TCP_TYPE_REASON, AT(reason), "reason"},
	[TCP_FIELD_RET] = {"ret", "ret", TCP_TYPE_I32, AT(ret), "ret"},
	[TCP_FIELD_FLAGS] = {"flags", "flags", TCP_TYPE_I32, AT(flags), "flags"},
	[TCP_FIELD_MARK] = {"mark", "mark", TCP_TYPE_U32, AT(mark), "mark"},
	[TCP_FIELD_DATA_LEN] = {"data_len", "len", TCP_TYPE_U32, AT(data_len), "data_len"},
	[TCP_FIELD_SND_NXT] = {"snd_nxt", "snd_nxt", TCP_TYPE_U32, AT(snd_nxt), "snd_nxt"},
	[TCP_FIELD_SND_UNA] = {"snd_una", "snd_una", TCP_TYPE_U32, AT(snd_una), "snd_una"},
	[TCP_FIELD_SND_CWND] = {"snd_cwnd", "cwnd", TCP_TYPE_U32, AT(snd_cwnd), "snd_cwnd"},
	[TCP_FIELD_SSTHRESH] = {"ssthresh", "ssthresh", TCP_TYPE_U32, AT(ssthresh), "ssthresh"},
	[TCP_FIELD_SND_WND] = {"snd_wnd", "snd_wnd", TCP_TYPE_U32, AT(snd_wnd), "snd_wnd"},
	[TCP_FIELD_SRTT_US] = {"srtt_us", "srtt_us", TCP_TYPE_U32, AT(srtt_us), "srtt"},
	[TCP_FIELD_RCV_WND] = {"rcv_wnd", "rcv_wnd", TCP_TYPE_U32, AT(rcv_wnd), "rcv_wnd"},
	[TCP_FIELD_NET_COOKIE] = {"net_cookie", "net", TCP_TYPE_U64, AT(net_cookie), "net_cookie"},
	[TCP_FIELD_DUMP] = {"listing", "listing", TCP_TYPE_U8, AT(dump), "listing"},
	[TCP_FIELD_NETNS] = {"netns", "netns", TCP_TYPE_U32, AT(netns), "netns"},
	[TCP_FIELD_INODE] = {"inode", "inode", TCP_TYPE_U32, AT(inode), "inode"},
	[TCP_FIELD_HOLDER] = {"holder", "holder", TCP_TYPE_I32, AT(holder), "pid"},
	[TCP_FIELD_HOLDERS] = {"holders", "holders", TCP_TYPE_U32, AT(holders), "holders"},
	[TCP_FIELD_RQUEUE] = {"rqueue", "rqueue", TCP_TYPE_U32, AT(rqueue), "rqueue"},
	[TCP_FIELD_WQUEUE] = {"wqueue", "wqueue", TCP_TYPE_U32, AT(wqueue), "wqueue"},
	[TCP_FIELD_TIMER] = {"timer", "timer", TCP_TYPE_U8, AT(timer), "timer"},
	[TCP_FIELD_TIMER_MS] = {"timer_ms", "timer_ms", TCP_TYPE_U32, AT(timer_ms), "timer_ms"},
	[TCP_FIELD_SOCKETS] = {"sockets", "sockets", TCP_TYPE_U32, AT(sockets), "sockets"},
	[TCP_FIELD_CGROUP] = {"cgroup_id", "cgroup", TCP_TYPE_U64, AT(cgroup_id), "cgroup_id"},
	[TCP_FIELD_MPTCP_TOKEN] = {"mptcp_token", "mptcp", TCP_TYPE_ID, AT(mptcp_token),
				   "mptcp_token"},
	[TCP_FIELD_SUBFLOW] = {"mptcp_subflow", "subflow", TCP_TYPE_U8, AT(subflow),
			       "mptcp_subflow"},
	[TCP_FIELD_LOCATION] = {"location", "location", TCP_TYPE_ID, AT(location), "location ip"},
};

const struct tcp_profile_info tcp_profiles[TCP_PROFILE_N] = {
	[TCP_PROFILE_LOSS] = {"loss", "retransmits, resets, errors, and what explains them"},
	[TCP_PROFILE_LIFE] = {"life", "connections from birth to end, at the least cost"},
	[TCP_PROFILE_BYTES] = {"bytes", "life, and the bytes of every send and receive call"},
};

const struct tracepoint_info tracepoint_catalog[] = {
	{"tcp", "tcp_retransmit_skb", TCP_KIND_RETRANSMIT, LOSS, .with_stack = true,
	 .shapes = SHAPES("skbaddr:P skaddr:P state:4" TUPLE " err:4",
			  "skbaddr:P skaddr:P state:4" TUPLE, "skbaddr:P skaddr:P state:4" TUPLE0,
			  "skbaddr:P skaddr:P" TUPLE0),
	 .summary = "a segment was retransmitted (from 6.17 on also: could not be)"},
	{"tcp", "tcp_retransmit_synack", TCP_KIND_RETRANSMIT_SYNACK, LOSS, .with_stack = true,
	 .shapes = SHAPES("skaddr:P req:P" TUPLE, "skaddr:P req:P" TUPLE0),
	 .summary = "a SYN-ACK was retransmitted"},
	{"tcp", "tcp_send_reset", TCP_KIND_SEND_RESET, LOSS | LIFE | BYTES,
	 .shapes = SHAPES("skbaddr:P skaddr:P state:4 reason:4" BLOBS,
			  "skbaddr:P skaddr:P state:4" TUPLE, "skbaddr:P skaddr:P state:4" TUPLE0,
			  "skbaddr:P skaddr:P" TUPLE0),
	 .summary = "RST sent"},
	{"tcp", "tcp_receive_reset", TCP_KIND_RECEIVE_RESET, LOSS | LIFE | BYTES,
	 .shapes = SK_SHAPES, .summary = "RST received and accepted"},
	{"tcp", "tcp_destroy_sock", TCP_KIND_DESTROY, LOSS | LIFE | BYTES, .shapes = SK_SHAPES,
	 .summary = "a socket is gone"},
	{"tcp", "tcp_set_state", TCP_KIND_SET_STATE, 0,
	 .shapes = SHAPES("skaddr:P oldstate:4 newstate:4" TUPLE0),
	 .summary = "a socket changes its state (4.15 only)"},
	{"tcp", "tcp_cong_state_set", TCP_KIND_CONG_STATE, LOSS,
	 .shapes = SHAPES("skaddr:P" TUPLE " cong_state:1", "skaddr:P" TUPLE0 " cong_state:1"),
	 .summary = "a socket's congestion state"},
	{"tcp", "tcp_bad_csum", TCP_KIND_BAD_CSUM, LOSS, .from_packet = true,
	 .shapes = SHAPES("skbaddr:P" BLOBS), .summary = "a segment came with a wrong checksum"},
	{"tcp", "tcp_probe", TCP_KIND_PROBE, 0,
	 .shapes = SHAPES("saddr:28 daddr:28 sport:2 dport:2 family:2" PROBE " skbaddr:P skaddr:P",
			  "saddr:28 daddr:28 sport:2 dport:2 family:2" PROBE,
			  "saddr:28 daddr:28 sport:2 dport:2" PROBE,
			  "saddr:28 daddr:28 sport:2 dport:2 mark:4 length:2 snd_nxt:4 snd_una:4 "
			  "snd_cwnd:4 ssthresh:4 snd_wnd:4 srtt:4 rcv_wnd:4"),
	 .summary = "every received segment: windows and round-trip time"},
	{"tcp", "tcp_rcv_space_adjust", TCP_KIND_SPACE_ADJUST, 0, .shapes = SK_SHAPES,
	 .summary = "every receive call: buffer tuning"},
	{"tcp", "tcp_rcvbuf_grow", TCP_KIND_RCVBUF_GROW, 0,
	 .shapes = SHAPES("time:4 rtt_us:4 copied:4 inq:4 space:4 ooo_space:4 rcvbuf:4 "
			  "rcv_ssthresh:4 window_clamp:4 rcv_wnd:4 scaling_ratio:1" TUPLE
			  " skaddr:P sock_cookie:8",
			  "time:4 rtt_us:4 copied:4 inq:4 space:4 ooo_space:4 rcvbuf:4 "
			  "scaling_ratio:1" TUPLE " skaddr:P sock_cookie:8"),
	 .summary = "a receive buffer grows"},
	{"tcp", "tcp_sendmsg_locked", TCP_KIND_SENDMSG_LOCKED, 0,
	 .shapes = SHAPES("skb_addr:P skb_len:4 msg_left:4 size_goal:4"),
	 .summary = "every turn of a send call"},
	{"tcp", "tcp_hash_bad_header", TCP_KIND_HASH, 0, .from_packet = true, .shapes = HASH_SHAPES,
	 .summary = "malformed MD5 or AO option"},
	{"tcp", "tcp_hash_md5_required", TCP_KIND_HASH, 0, .from_packet = true,
	 .shapes = HASH_SHAPES, .summary = "a segment lacks its MD5 option"},
	{"tcp", "tcp_hash_md5_unexpected", TCP_KIND_HASH, 0, .from_packet = true,
	 .shapes = HASH_SHAPES, .summary = "MD5 option where none is agreed"},
	{"tcp", "tcp_hash_md5_mismatch", TCP_KIND_HASH, 0, .from_packet = true,
	 .shapes = HASH_SHAPES, .summary = "wrong MD5 hash"},
	{"tcp", "tcp_hash_ao_required", TCP_KIND_HASH, 0, .from_packet = true,
	 .shapes = HASH_SHAPES, .summary = "a segment lacks its AO option"},
	{"tcp", "tcp_ao_handshake_failure", TCP_KIND_AO, 0, .from_packet = true,
	 .shapes = AO_SHAPES, .summary = "AO handshake failed"},
	{"tcp", "tcp_ao_wrong_maclen", TCP_KIND_AO, 0, .from_packet = true, .shapes = AO_SHAPES,
	 .summary = "AO option with a wrong MAC length"},
	{"tcp", "tcp_ao_mismatch", TCP_KIND_AO, 0, .from_packet = true, .shapes = AO_SHAPES,
	 .summary = "wrong AO hash"},
	{"tcp", "tcp_ao_key_not_found", TCP_KIND_AO, 0, .from_packet = true, .shapes = AO_SHAPES,
	 .summary = "AO option with an unknown key"},
	{"tcp", "tcp_ao_rnext_request", TCP_KIND_AO, 0, .from_packet = true, .shapes = AO_SHAPES,
	 .summary = "the peer asks for another AO key"},
	{"tcp", "tcp_ao_synack_no_key", TCP_KIND_AO, 0, .shapes = SHAPES(AO_SK " keyid:1 rnext:1"),
	 .summary = "no AO key for a SYN-ACK"},
	{"tcp", "tcp_ao_snd_sne_update", TCP_KIND_AO, 0, .shapes = SHAPES(AO_SK " new_sne:4"),
	 .summary = "AO send sequence extension changed"},
	{"tcp", "tcp_ao_rcv_sne_update", TCP_KIND_AO, 0, .shapes = SHAPES(AO_SK " new_sne:4"),
	 .summary = "AO receive sequence extension changed"},
	{"sock", "inet_sock_set_state", TCP_KIND_SET_STATE, LOSS | LIFE | BYTES,
	 /* At FIN_WAIT2 to CLOSE only the call chain shows whether the peer's FIN came (tcp_fin),
	  * or an orphaned socket became TIME_WAIT before it came (tcp_rcv_state_process). At
	  * SYN_SENT to CLOSE it shows whether connect() failed on this host, or its process gave
	  * up. A socket that has a port before it connects may be a subflow that the kernel adds to
	  * an MPTCP connection (__mptcp_subflow_connect). */
	 .chain_where = "(newstate==7&&(oldstate==5||oldstate==2))||(newstate==2&&sport!=0)",
	 .chain_else = "(newstate!=7||(oldstate!=5&&oldstate!=2))&&(newstate!=2||sport==0)",
	 /* The changes to FIN_WAIT2 and to CLOSING are left out, because other changes imply them.
	  * The change to ESTABLISHED is needed: it is the first event that has a client's port and,
	  * up to 6.14, a server's peer. */
	 .life_filter = "newstate!=5&&newstate!=11",
	 .shapes = SHAPES("skaddr:P oldstate:4 newstate:4 protocol:2" TUPLE,
			  "skaddr:P oldstate:4 newstate:4 protocol:1" TUPLE),
	 .summary = "a socket changes its state"},
	{"sock", "inet_sk_error_report", TCP_KIND_ERROR_REPORT, LOSS | LIFE | BYTES,
	 .shapes = SHAPES("error:4 protocol:2" TUPLE),
	 .summary = "a socket's error is reported to its process"},
	{"sock", "sock_exceed_buf_limit", TCP_KIND_EXCEED_BUF, LOSS,
	 .shapes = SHAPES("name:32 sysctl_mem:3P allocated:P sysctl_rmem:4 rmem_alloc:4 "
			  "sysctl_wmem:4 wmem_alloc:4 wmem_queued:4 kind:4",
			  "name:32 sysctl_mem:P allocated:P sysctl_rmem:4 rmem_alloc:4 "
			  "sysctl_wmem:4 wmem_alloc:4 wmem_queued:4 kind:4",
			  "name:32 sysctl_mem:3P allocated:P sysctl_rmem:4 rmem_alloc:4",
			  "name:32 sysctl_mem:P allocated:P sysctl_rmem:4 rmem_alloc:4"),
	 .summary = "socket memory limit reached"},
	{"sock", "sock_rcvqueue_full", TCP_KIND_RCVQUEUE_FULL, LOSS,
	 .shapes = SHAPES("rmem_alloc:4 truesize:4 sk_rcvbuf:4"),
	 .summary = "datagram dropped: receive queue full"},
	{"sock", "sk_data_ready", TCP_KIND_DATA_READY, 0,
	 .shapes = SHAPES("skaddr:P family:2 protocol:2 ip:P"),
	 .summary = "every wake-up of a reader"},
	{"sock", "sock_send_length", TCP_KIND_SEND_LENGTH, BYTES, .shapes = IO_SHAPES,
	 .summary = "every send call: bytes"},
	{"sock", "sock_recv_length", TCP_KIND_RECV_LENGTH, BYTES, .shapes = IO_SHAPES,
	 .summary = "every receive call: bytes"},
	/* protocol is the EtherType of the frame (ETH_P_IP), not the protocol of a socket. */
	{"skb", "kfree_skb", TCP_KIND_KFREE_SKB, 0, .other_meaning = "protocol",
	 .shapes = SHAPES("skbaddr:P location:P rx_sk:P protocol:2 reason:4",
			  "skbaddr:P location:P protocol:2 reason:4",
			  "skbaddr:P location:P protocol:2"),
	 .summary = "a packet is dropped, anywhere"},
	{"mptcp", "mptcp_subflow_get_send", TCP_KIND_MPTCP, 0,
	 .shapes = SHAPES("active:1 free:1 snd_wnd:4 pace:4 backup:1 ratio:8"),
	 .summary = "MPTCP chooses a subflow"},
	{"mptcp", "get_mapping_status", TCP_KIND_MPTCP, 0, .shapes = MAPPING_SHAPES,
	 .summary = "MPTCP mapping received"},
	{"mptcp", "mptcp_sendmsg_frag", TCP_KIND_MPTCP, 0, .shapes = MAPPING_SHAPES,
	 .summary = "MPTCP mapping sent"},
	{"mptcp", "ack_update_msk", TCP_KIND_MPTCP, 0,
	 .shapes = SHAPES("data_ack:8 old_snd_una:8 new_snd_una:8 new_wnd_end:8 msk_wnd_end:8"),
	 .summary = "MPTCP data acknowledged"},
	{"mptcp", "subflow_check_data_avail", TCP_KIND_MPTCP, 0, .shapes = SHAPES("status:1 skb:P"),
	 .summary = "MPTCP looks for data on a subflow"},
	{"mptcp", "mptcp_rcvbuf_grow", TCP_KIND_MPTCP, 0,
	 .shapes = SHAPES("time:4 rtt_us:4 copied:4 inq:4 space:4 ooo_space:4 rcvbuf:4 rcv_wnd:4 "
			  "scaling_ratio:1" TUPLE " skaddr:P"),
	 .summary = "an MPTCP receive buffer grows"},
	{SOCKET_ROW_SYSTEM, SOCKET_ROW_TABLE, TCP_KIND_SOCKET_DUMPED, 0, .is_synthetic = true,
	 .shapes = SOCKET_SHAPES, .summary = "every TCP socket, at the start and at the end"},
	{SOCKET_ROW_SYSTEM, SOCKET_ROW_DESTROY, TCP_KIND_SOCKET_FINAL, 0, .is_synthetic = true,
	 .shapes = SOCKET_SHAPES, .summary = "the kernel's last figures of a socket"},
	{SOCKET_ROW_SYSTEM, SOCKET_ROW_SAMPLE, TCP_KIND_SAMPLE, 0, .is_synthetic = true,
	 .shapes = SOCKET_SHAPES, .summary = "listeners and connections in trouble, once a second"},
};

const size_t n_tracepoint_catalog = sizeof(tracepoint_catalog) / sizeof(tracepoint_catalog[0]);

const struct tracepoint_info *catalog_find(const char *system, const char *name)
{
	for (size_t i = 0; i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];

		if (!strcmp(info->name, name) && !strcmp(info->system, system))
			return info;
	}
	return NULL;
}
