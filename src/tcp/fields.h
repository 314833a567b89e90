/* SPDX-License-Identifier: MIT */
/*
 * fields: the words for the fields of an event, and where in struct tcp_event each one is, so that
 * any event can be printed without knowing its kind.
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
};

extern const struct tcp_field_info tcp_fields[TCP_FIELD_N];

/* The field's number, whatever its type; 0 for addresses and for what is not present. Signed
 * fields are sign-extended. */
uint64_t tcp_field_value(const struct tcp_event *e, enum tcp_field field);
/* Its word (state, congestion state, protocol, error, reason), or NULL. */
const char *tcp_field_word(const struct tcp_event *e, enum tcp_field field);
