// SPDX-License-Identifier: MIT
#include "tracepoint/fields.h"

#include <string.h>

#include "tcp/names.h"

uint64_t tcp_field_value(const struct tcp_event *e, enum tcp_field field)
{
	const void *at = (const char *)e + tcp_fields[field].offset;

	if (!tcp_event_has(e, field))
		return 0;
	switch (tcp_fields[field].type) {
	case TCP_TYPE_FAMILY:
	case TCP_TYPE_U8: return *(const uint8_t *)at;
	case TCP_TYPE_PORT: return *(const uint16_t *)at;
	case TCP_TYPE_ID:
	case TCP_TYPE_U64: return *(const uint64_t *)at;
	case TCP_TYPE_U32: return *(const uint32_t *)at;
	case TCP_TYPE_I32:
	case TCP_TYPE_STATE:
	case TCP_TYPE_CA:
	case TCP_TYPE_PROTOCOL:
	case TCP_TYPE_ERROR:
	case TCP_TYPE_REASON: return (uint64_t)(int64_t) * (const int32_t *)at;
	case TCP_TYPE_ADDR: return 0;
	}
	return 0;
}

const char *tcp_field_word(const struct tcp_event *e, enum tcp_field field)
{
	int v = (int)(int64_t)tcp_field_value(e, field);

	if (!tcp_event_has(e, field))
		return NULL;
	switch (tcp_fields[field].type) {
	case TCP_TYPE_STATE: return tcp_state_name(v);
	case TCP_TYPE_CA: return tcp_ca_name(v);
	case TCP_TYPE_PROTOCOL: return tcp_protocol_name(v);
	case TCP_TYPE_ERROR: return tcp_errno_name(v);
	case TCP_TYPE_REASON: return e->reason_name;
	default: return NULL;
	}
}

/* Whether name is one of the words of the list, which are separated by spaces. */
static bool is_listed(const char *list, const char *name, size_t len)
{
	while (list && *list) {
		size_t n = strcspn(list, " ");

		if (n == len && !memcmp(list, name, n))
			return true;
		list += n + (list[n] == ' ');
	}
	return false;
}

enum tcp_field tcp_field_named(const char *name)
{
	size_t len = strlen(name);

	for (int i = 0; i < TCP_FIELD_N; i++) {
		if (is_listed(tcp_fields[i].names, name, len))
			return (enum tcp_field)i;
	}
	return TCP_FIELD_N;
}
