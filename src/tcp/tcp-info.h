/* SPDX-License-Identifier: MIT */
/*
 * tcp-info: the fields of struct tcp_info (include/uapi/linux/tcp.h), the kernel's own figures of a
 * socket, as sock_diag gives them. Only fields that a view can use are here. Which of them a tape
 * has depends on its kernel: the struct has only ever grown at its end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tcp_info_field {
	TCP_INFO_CA_STATE,
	TCP_INFO_RETRANSMITS, /* timeouts in a row at this time */
	TCP_INFO_PROBES,      /* window probes and keepalives in a row that nobody has answered */
	TCP_INFO_BACKOFF,
	TCP_INFO_RTO_US,
	TCP_INFO_SND_MSS,
	TCP_INFO_UNACKED, /* segments; in a listener: connections that wait for accept() */
	TCP_INFO_SACKED,  /* segments; in a listener: the limit of its accept queue */
	TCP_INFO_LOST,
	TCP_INFO_LAST_DATA_RECV_MS, /* since data came last */
	TCP_INFO_LAST_ACK_RECV_MS,  /* since any acknowledgement came last */
	TCP_INFO_PMTU,
	TCP_INFO_RTT_US, /* smoothed; 0: no sample yet */
	TCP_INFO_SND_CWND,
	TCP_INFO_TOTAL_RETRANS,	 /* segments */
	TCP_INFO_BYTES_ACKED,	 /* an acknowledged SYN and FIN count as a byte each */
	TCP_INFO_BYTES_RECEIVED, /* a FIN counts as a byte */
	TCP_INFO_SEGS_OUT,
	TCP_INFO_SEGS_IN,
	TCP_INFO_NOTSENT_BYTES,
	TCP_INFO_MIN_RTT_US,	/* UINT32_MAX: no sample yet */
	TCP_INFO_DATA_SEGS_OUT, /* segments with data; those sent again count again */
	TCP_INFO_RWND_LIMITED_US,
	TCP_INFO_SNDBUF_LIMITED_US,
	TCP_INFO_BYTES_SENT, /* data only; retransmitted bytes count again */
	TCP_INFO_BYTES_RETRANS,
	TCP_INFO_DSACK_DUPS,
	TCP_INFO_REORD_SEEN,
	TCP_INFO_SND_WND,
	TCP_INFO_RCV_WND,
	TCP_INFO_TOTAL_RTO, /* timeouts over the whole life of the socket */
	TCP_INFO_TOTAL_RTO_RECOVERIES,
	TCP_INFO_TOTAL_RTO_TIME_MS,
	TCP_INFO_N,
};

struct tcp_info_field_info {
	const char *name;    /* in a socket row, and in JSON */
	uint16_t offset;     /* in struct tcp_info, the same in all kernels that have the field */
	uint8_t size;	     /* bytes */
	const char *summary; /* for people */
};

extern const struct tcp_info_field_info tcp_info_fields[TCP_INFO_N];

#define TCP_INFO_BIT(field) ((uint64_t)1 << (field))

/* The tcp_info of one socket at one time. */
struct tcp_info_values {
	uint64_t present; /* TCP_INFO_BIT() of each field that is known */
	uint64_t values[TCP_INFO_N];
};

/* The value of a field. False: it is not known, or s is NULL. */
static inline bool tcp_info_get(const struct tcp_info_values *s, enum tcp_info_field f,
				uint64_t *ret)
{
	if (!s || !(s->present & TCP_INFO_BIT(f)))
		return false;
	*ret = s->values[f];
	return true;
}
