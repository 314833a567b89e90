/* SPDX-License-Identifier: MIT */
/*
 * figures: what the kernel itself says of a socket in struct tcp_info (include/uapi/linux/tcp.h),
 * as sock_diag hands it out. Only fields that a view can use are kept. Which of them are known
 * depends on the kernel: the struct has only ever grown at its end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tcp_figure {
	TCP_FIGURE_CA_STATE,
	TCP_FIGURE_RETRANSMITS, /* timeouts in a row, now */
	TCP_FIGURE_BACKOFF,
	TCP_FIGURE_RTO_US,
	TCP_FIGURE_SND_MSS,
	TCP_FIGURE_UNACKED, /* segments; of a listener: connections that wait for accept() */
	TCP_FIGURE_SACKED,  /* segments; of a listener: the backlog's limit */
	TCP_FIGURE_LOST,
	TCP_FIGURE_RTT_US, /* smoothed; 0: no sample yet */
	TCP_FIGURE_SND_CWND,
	TCP_FIGURE_TOTAL_RETRANS,  /* segments */
	TCP_FIGURE_BYTES_ACKED,	   /* an acknowledged SYN and FIN count as a byte each */
	TCP_FIGURE_BYTES_RECEIVED, /* a FIN counts as a byte */
	TCP_FIGURE_SEGS_OUT,
	TCP_FIGURE_SEGS_IN,
	TCP_FIGURE_NOTSENT_BYTES,
	TCP_FIGURE_MIN_RTT_US, /* UINT32_MAX: no sample yet */
	TCP_FIGURE_RWND_LIMITED_US,
	TCP_FIGURE_SNDBUF_LIMITED_US,
	TCP_FIGURE_BYTES_SENT, /* data only, retransmissions too */
	TCP_FIGURE_BYTES_RETRANS,
	TCP_FIGURE_DSACK_DUPS,
	TCP_FIGURE_REORD_SEEN,
	TCP_FIGURE_SND_WND,
	TCP_FIGURE_RCV_WND,
	TCP_FIGURE_TOTAL_RTO, /* timeouts over its whole life */
	TCP_FIGURE_TOTAL_RTO_RECOVERIES,
	TCP_FIGURE_TOTAL_RTO_TIME_MS,
	TCP_FIGURE_N,
};

struct tcp_figure_info {
	const char *name;    /* of the field in a socket row, and in JSON */
	uint16_t offset;     /* in struct tcp_info, the same in all kernels that have it */
	uint8_t size;	     /* bytes */
	const char *summary; /* for people */
};

extern const struct tcp_figure_info tcp_figures[TCP_FIGURE_N];

/* The figures of one socket at one moment. */
struct tcp_figure_set {
	uint32_t present; /* a bit each */
	uint64_t values[TCP_FIGURE_N];
};

static inline bool tcp_figure_get(const struct tcp_figure_set *s, enum tcp_figure f, uint64_t *ret)
{
	if (!s || !(s->present & 1u << f))
		return false;
	*ret = s->values[f];
	return true;
}
