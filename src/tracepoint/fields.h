/* SPDX-License-Identifier: MIT */
/*
 * fields: the fields of tracepoints: what the kernel calls each, what people and programs read, and
 * where it is in struct tcp_event, so that any event can be decoded and printed without knowing its
 * kind. The rows of the table are in tracepoint/catalog.c, beside the tracepoints that have them.
 */
#pragma once

#include "tcp/event.h"

/* How a field is stored and what its number means. */
enum tcp_field_type {
	TCP_TYPE_FAMILY,   /* uint8_t: 4, 6 */
	TCP_TYPE_ADDR,	   /* struct ip_addr */
	TCP_TYPE_PORT,	   /* uint16_t */
	TCP_TYPE_ID,	   /* uint64_t, shown in hex: stands for an address */
	TCP_TYPE_U64,	   /* uint64_t: a cookie */
	TCP_TYPE_U8,	   /* uint8_t */
	TCP_TYPE_U32,	   /* uint32_t */
	TCP_TYPE_I32,	   /* int32_t */
	TCP_TYPE_STATE,	   /* int32_t: tcp_state_name() */
	TCP_TYPE_CA,	   /* int32_t: tcp_ca_name() */
	TCP_TYPE_PROTOCOL, /* int32_t: tcp_protocol_name() */
	TCP_TYPE_ERROR,	   /* int32_t: tcp_errno_name() */
	TCP_TYPE_REASON,   /* int32_t; its word is in reason_name */
};

struct tcp_field_info {
	const char *key;   /* JSON */
	const char *label; /* text: "state", "cwnd" */
	enum tcp_field_type type;
	size_t offset; /* in struct tcp_event */
	/* The kernel's names for it, a space between two. NULL for the parts of endpoints, which
	 * are decoded together. */
	const char *names;
};

extern const struct tcp_field_info tcp_fields[TCP_FIELD_N];

/* The field that the kernel calls so, or TCP_FIELD_N. */
enum tcp_field tcp_field_named(const char *name);
/* The number in the field, sign-extended where it is signed. 0 for addresses, and for a field that
 * the event does not have. */
uint64_t tcp_field_value(const struct tcp_event *e, enum tcp_field field);
/* The word for that number, of a state, congestion state, protocol, error or reason. NULL: the
 * field has no words, or none for this number. */
const char *tcp_field_word(const struct tcp_event *e, enum tcp_field field);
