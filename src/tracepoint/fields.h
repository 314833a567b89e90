/* SPDX-License-Identifier: MIT */
/*
 * fields: the table of the fields of events. For each field it has the kernel's names, the names in
 * output, and the offset in struct tcp_event, so that any event can be decoded and printed without
 * knowing its kind. The rows of the table are in tracepoint/catalog.c.
 */
#pragma once

#include "tcp/event.h"

/* How a field is stored and what its number means. */
enum tcp_field_type {
	TCP_TYPE_FAMILY,   /* uint8_t: 4, 6 */
	TCP_TYPE_ADDR,	   /* struct ip_addr */
	TCP_TYPE_PORT,	   /* uint16_t */
	TCP_TYPE_ID,	   /* uint64_t, shown in hex: the id of a kernel address */
	TCP_TYPE_U64,	   /* uint64_t: a cookie */
	TCP_TYPE_U8,	   /* uint8_t */
	TCP_TYPE_U32,	   /* uint32_t */
	TCP_TYPE_I32,	   /* int32_t */
	TCP_TYPE_STATE,	   /* int32_t: tcp_state_name() */
	TCP_TYPE_CA,	   /* int32_t: tcp_ca_name() */
	TCP_TYPE_PROTOCOL, /* int32_t: tcp_protocol_name() */
	TCP_TYPE_ERROR,	   /* int32_t: tcp_errno_name() */
	TCP_TYPE_REASON,   /* int32_t; its name is tcp_event.reason_name */
};

struct tcp_field_info {
	const char *key;   /* name in JSON */
	const char *label; /* name in text: "state", "cwnd" */
	enum tcp_field_type type;
	size_t offset; /* in struct tcp_event */
	/* The kernel's names for the field, separated by spaces. NULL for family and the parts of
	 * endpoints, which the decoder binds together. */
	const char *names;
};

extern const struct tcp_field_info tcp_fields[TCP_FIELD_N];

/* The field with this name of the kernel's, or TCP_FIELD_N. */
enum tcp_field tcp_field_named(const char *name);
/* The number in the field, sign-extended if the field is signed. 0 for addresses, and for a field
 * that the event does not have. */
uint64_t tcp_field_value(const struct tcp_event *e, enum tcp_field field);
/* The name of that number where the field is a state, a congestion state, a protocol, an error or a
 * reason. NULL: the field's numbers have no names, or this number has none. */
const char *tcp_field_word(const struct tcp_event *e, enum tcp_field field);
