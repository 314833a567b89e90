/* SPDX-License-Identifier: MIT */
/*
 * event: one decoded record of any tracepoint, its numbers in the byte order of the machine that
 * reads the tape. A field whose bit is not in `present` is unknown, and zero only to have a value.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcp/address.h"
#include "tcp/cause.h"
#include "tcp/tcp-info.h"

/* The kind of an event; the catalog maps tracepoints to kinds. */
enum tcp_kind {
	TCP_KIND_OTHER, /* any tracepoint that the catalog does not know */
	TCP_KIND_RETRANSMIT,
	TCP_KIND_RETRANSMIT_SYNACK,
	TCP_KIND_SEND_RESET,
	TCP_KIND_RECEIVE_RESET,
	TCP_KIND_DESTROY,
	TCP_KIND_SET_STATE,
	TCP_KIND_CONG_STATE,
	TCP_KIND_ERROR_REPORT,
	TCP_KIND_BAD_CSUM,
	TCP_KIND_EXCEED_BUF,
	TCP_KIND_RCVQUEUE_FULL,
	TCP_KIND_PROBE,
	TCP_KIND_SPACE_ADJUST,
	TCP_KIND_RCVBUF_GROW,
	TCP_KIND_SENDMSG_LOCKED,
	TCP_KIND_HASH, /* tcp_hash_*: a segment whose MD5 or AO option is missing or wrong */
	TCP_KIND_AO,   /* tcp_ao_* */
	TCP_KIND_DATA_READY,
	TCP_KIND_SEND_LENGTH,
	TCP_KIND_RECV_LENGTH,
	TCP_KIND_KFREE_SKB,
	TCP_KIND_MPTCP, /* any event of system mptcp */
	/* Synthetic rows, which the recorder makes from sock_diag (tracepoint/socket-row.h): */
	TCP_KIND_SOCKET_DUMPED, /* a socket of the table at the start or at the end */
	TCP_KIND_SOCKET_FINAL,	/* the final tcp_info of a socket that is gone */
	TCP_KIND_SAMPLE,	/* a listener, or a connection in trouble, once a second */
	TCP_KIND_N,
};

/* A set of kinds, one bit each: those that a view wants, or that a tape has. */
typedef uint64_t tcp_kinds;
#define TCP_KIND_BIT(kind) ((tcp_kinds)1 << (kind))
#define TCP_KINDS_ALL	   (~(tcp_kinds)0)
/* The kinds of synthetic rows, which are no events of the kernel's. */
#define TCP_KINDS_SYNTHETIC                                                                        \
	(TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) | TCP_KIND_BIT(TCP_KIND_SOCKET_FINAL) |              \
	 TCP_KIND_BIT(TCP_KIND_SAMPLE))

/*
 * The fields of an event, one bit each in `present`. tracepoint/catalog.c has a row for each field:
 * its names in output, its offset in struct tcp_event, and the kernel's names for it.
 */
enum tcp_field {
	TCP_FIELD_FAMILY,
	TCP_FIELD_LADDR,
	TCP_FIELD_LPORT,
	TCP_FIELD_RADDR,
	TCP_FIELD_RPORT,
	TCP_FIELD_SK,
	TCP_FIELD_SKB,
	TCP_FIELD_REQ,
	TCP_FIELD_COOKIE,
	TCP_FIELD_STATE,
	TCP_FIELD_OLDSTATE,
	TCP_FIELD_NEWSTATE,
	TCP_FIELD_PROTOCOL,
	TCP_FIELD_CONG_STATE,
	TCP_FIELD_ERR, /* tcp_retransmit_skb.err (negative errno or positive NET_XMIT_*); error of
			  inet_sk_error_report (positive errno) */
	TCP_FIELD_REASON, /* number; reason_name has the recording kernel's word */
	TCP_FIELD_RET,	  /* sock_{send,recv}_length */
	TCP_FIELD_FLAGS,
	TCP_FIELD_MARK,
	TCP_FIELD_DATA_LEN,
	TCP_FIELD_SND_NXT,
	TCP_FIELD_SND_UNA,
	TCP_FIELD_SND_CWND,
	TCP_FIELD_SSTHRESH,
	TCP_FIELD_SND_WND,
	TCP_FIELD_SRTT_US,
	TCP_FIELD_RCV_WND,
	TCP_FIELD_NET_COOKIE,
	TCP_FIELD_DUMP,	 /* enum socket_dump */
	TCP_FIELD_NETNS, /* inode of the network namespace */
	TCP_FIELD_INODE,
	TCP_FIELD_HOLDER,   /* pid of a process that has the socket open, by /proc */
	TCP_FIELD_HOLDERS,  /* number of processes that have it open */
	TCP_FIELD_RQUEUE,   /* bytes to read; in a listener: connections that wait for accept() */
	TCP_FIELD_WQUEUE,   /* bytes not acknowledged; in a listener: the limit of its queue */
	TCP_FIELD_TIMER,    /* idiag_timer: 1 retransmission or probe, 4 zero window probe, ... */
	TCP_FIELD_TIMER_MS, /* until it fires */
	TCP_FIELD_SOCKETS,  /* sockets that the row is about; see enum socket_dump for others */
	TCP_FIELD_CGROUP,   /* id of the control group of the socket */
	TCP_FIELD_MPTCP_TOKEN, /* of the MPTCP connection that the socket is a subflow of */
	TCP_FIELD_SUBFLOW,     /* enum tcp_subflow */
	TCP_FIELD_LOCATION,    /* code id: kfree_skb.location, sk_data_ready.ip */
	TCP_FIELD_N,
};
#define TCP_FIELD_BIT(field) ((uint64_t)1 << (field))

/* The bits of common_flags that say that the record was made in an interrupt, so that the task on
 * the CPU has nothing to do with it (TRACE_FLAG_HARDIRQ, SOFTIRQ, NMI of
 * include/linux/trace_events.h). */
#define TCP_FLAGS_INTERRUPT 0x58

/* How the value of a struct tcp_extra is to be read. */
enum tcp_extra_kind {
	TCP_EXTRA_UNSIGNED, /* value */
	TCP_EXTRA_SIGNED,   /* value, as int64_t */
	TCP_EXTRA_ID,	    /* value: the id of a kernel address, shown in hex */
	TCP_EXTRA_TEXT,	    /* text: a char array as it is; another array as hex digits */
};

struct tcp_conn;

/* A field of the record that has no member of its own in struct tcp_event. */
struct tcp_extra {
	const char *name; /* the kernel's; the elements of an array are name_0, name_1, ... */
	enum tcp_extra_kind kind;
	uint64_t value;
	const char *text;
};

#define TCP_EXTRAS_MAX 24

/* Which dump a row of sock_diag:socket_table belongs to, and whether it ends it; what a row of
 * sock_diag:tcp_sample is about. The row's field is called `listing`. */
enum socket_dump {
	SOCKET_DUMP_START = 0, /* a socket that existed when the recording began */
	SOCKET_DUMP_END = 1,   /* a socket that existed when the recording ended */
	/* The last row of a table, which is about no socket. Its holders is the number of network
	 * namespaces that could not be dumped: if it is 0, the table has every socket of the
	 * host. */
	SOCKET_DUMP_START_DONE = 2,
	SOCKET_DUMP_END_DONE = 3,
	/* A listener: rqueue is the length of its accept queue, wqueue the limit. One whose queue
	 * was empty at the sample before and still is has no row. */
	SOCKET_SAMPLE_LISTENER = 4,
	/* A connection that had trouble in the last seconds. */
	SOCKET_SAMPLE_TROUBLED = 5,
	/* A row about no socket: samples were taken up to now. `sockets` is how often all listeners
	 * were looked at since the last such row, `holders` how many retransmissions since then
	 * were of connections for which there was no room among those that are sampled. */
	SOCKET_SAMPLE_DONE = 6,
	/* A subflow of an MPTCP connection, established or closed just now: its endpoints,
	 * mptcp_token and mptcp_subflow, and nothing else. */
	SOCKET_SAMPLE_SUBFLOW = 7,
};

struct tcp_event {
	uint64_t ts_ns;	  /* tape clock (CLOCK_MONOTONIC of the recording host) */
	uint64_t present; /* TCP_FIELD_BIT() of each known field */
	/* TCP_FIELD_BIT() of the fields that the row has as 0, where 0 says that nothing is known:
	 * they are not in `present`. */
	uint64_t zeros;
	enum tcp_kind kind;
	uint32_t cpu;
	uint32_t tracepoint; /* index of the tape's tracepoint */
	const char *system;  /* "tcp" */
	const char *name;    /* "tcp_retransmit_skb" */

	uint8_t common_flags;
	int32_t cpu_tid; /* thread that was on the CPU; its process and comm are looked up later */

	/*
	 * local is always this host's end: where the record has the source of a received packet
	 * (tcp_bad_csum, tcp_hash_*, most of tcp_ao_*), the decoder has swapped the ends. A port of
	 * 0 counts as absent, and so does the address of a remote end without a port, which an
	 * earlier connection of the socket has left there. 0.0.0.0 and :: are present as the local
	 * address of a listener, and absent (not yet or no longer bound) everywhere else.
	 */
	struct endpoint local;
	struct endpoint remote;
	uint8_t family;	     /* 4, 6; the socket's where no address is known */
	uint16_t row_family; /* the row's AF_*, where it is neither AF_INET nor AF_INET6; else 0 */
	/* The row's remote address, where it has no port and so is not in `remote`; in the row. */
	uint8_t portless_family; /* 4, 6; 0: there is none */
	const uint8_t *portless;
	uint64_t sk;
	uint64_t skb;
	uint64_t req;
	uint64_t cookie;
	uint64_t net_cookie;
	uint64_t location;
	int32_t state;
	int32_t oldstate;
	int32_t newstate;
	int32_t protocol;
	int32_t cong_state;
	int32_t err;
	int32_t reason;
	int32_t ret;
	int32_t flags;
	uint32_t mark;
	uint32_t data_len;
	uint32_t snd_nxt;
	uint32_t snd_una;
	uint32_t snd_cwnd;
	uint32_t ssthresh;
	uint32_t snd_wnd;
	uint32_t srtt_us;
	uint32_t rcv_wnd;
	uint8_t dump; /* enum socket_dump */
	uint32_t netns;
	uint32_t inode;
	int32_t holder;
	uint32_t holders;
	uint32_t rqueue;
	uint32_t wqueue;
	uint32_t timer_ms;
	uint32_t sockets;
	uint64_t cgroup_id;
	uint64_t mptcp_token;
	uint8_t subflow; /* enum tcp_subflow, or a number of a later recorder */
	uint8_t timer;
	const char *reason_name; /* NULL: no name */
	const struct tcp_info_values
		*tcp_info; /* SOCKET_DUMPED, SOCKET_FINAL, SAMPLE; NULL: none */

	/* The record's other fields. The decoder owns them; they are good until its next event. */
	const struct tcp_extra *extras;
	size_t n_extras;

	/* The call chain, innermost frame first, such as "tcp_retransmit_skb+0x5b"; NULL: the frame
	 * has no symbol. */
	const char *const *frames;
	size_t n_frames;
	struct tcp_chain_cause chain; /* the cause by the call chain alone */

	/* Filled by the tracker (track/tracker.h). */
	enum tcp_cause cause;
	enum tcp_trigger trigger;
	enum tcp_basis cause_by;
	int32_t pid;	   /* process that owns the socket; 0: unknown */
	const char *comm;  /* name of that process; NULL: unknown */
	const char *owner; /* basis of the owner: "connect", "close", ...; NULL: unknown */
	const struct owner_cgroup *cgroup; /* the owner's; NULL: unknown */
	/* The socket's connection; NULL: none is known. Good until the view's conn() for it has
	 * returned. */
	const struct tcp_conn *conn;
	bool has_spent;	      /* SET_STATE: spent_ns is known */
	uint64_t spent_ns;    /* time spent in oldstate */
	uint32_t rto_us;      /* cause rto, syn: the measured length of the timeout; 0: unknown */
	uint32_t old_rto_us;  /* the length of the timeout before it; 0: unknown */
	int32_t cpu_pid;      /* process of cpu_tid; 0: unknown or idle */
	const char *cpu_comm; /* name of thread cpu_tid; NULL: unknown */

	/* The record as the kernel's print format shows it; NULL unless the view asks for it. */
	const char *print;
};

static inline bool tcp_event_has(const struct tcp_event *e, enum tcp_field field)
{
	return e->present & TCP_FIELD_BIT(field);
}

/* Bytes of data that a call moved (kinds SEND_LENGTH and RECV_LENGTH): none where it failed, only
 * looked at data that a later call reads (MSG_PEEK), or read a message about packets that were sent
 * (MSG_ERRQUEUE). Not every byte is moved by such a call: splice() reads without one. */
uint64_t tcp_event_call_bytes(const struct tcp_event *e);
/* The number in an extra field, by the kernel's name. False: the event has no such number. */
bool tcp_event_extra(const struct tcp_event *e, const char *name, uint64_t *ret);
/* The text of an extra field; NULL: the event has no such text, or it is empty. */
const char *tcp_event_extra_text(const struct tcp_event *e, const char *name);

/* Whether the task that was on the CPU may be the one that used the socket: the event was not in an
 * interrupt. */
static inline bool tcp_event_in_process(const struct tcp_event *e)
{
	return !(e->common_flags & TCP_FLAGS_INTERRUPT) && e->cpu_tid > 0;
}
