// SPDX-License-Identifier: MIT
#include "tracepoint/socket-row.h"

#include <string.h>

#define FIELD(type, member)                                                                        \
	{                                                                                          \
		type, #member, offsetof(struct socket_row, member),                                \
			sizeof(((struct socket_row *)0)->member)                                   \
	}

static const struct row_field {
	const char *type;
	const char *name;
	uint16_t offset;
	uint16_t size;
} common_fields[] =
	{
		FIELD("unsigned short", common_type),
		FIELD("unsigned char", common_flags),
		FIELD("unsigned char", common_preempt_count),
		FIELD("int", common_pid),
},
  fields[] = {
	  FIELD("__u8", listing),   FIELD("__u8", state),	 FIELD("__u16", family),
	  FIELD("__u16", sport),    FIELD("__u16", dport),	 FIELD("__u32", netns),
	  FIELD("__u32", inode),    FIELD("__s32", pid),	 FIELD("__u32", holders),
	  FIELD("__u32", uid),	    FIELD("__u32", rqueue),	 FIELD("__u32", wqueue),
	  FIELD("__u8", timer),	    FIELD("__u8", retrans),	 FIELD("__u8", has_figures),
	  FIELD("__u32", timer_ms), FIELD("__u64", sock_cookie), FIELD("__u8", saddr),
	  FIELD("__u8", daddr),	    FIELD("__u8", saddr_v6),	 FIELD("__u8", daddr_v6),
};

#define DETAIL(type, member)                                                                       \
	{                                                                                          \
		type, #member, offsetof(struct socket_detail, member),                             \
			sizeof(((struct socket_detail *)0)->member)                                \
	}

static const struct row_field details[] = {
	DETAIL("__u64", cgroup_id),   DETAIL("__u32", rmem_alloc),  DETAIL("__u32", rcvbuf),
	DETAIL("__u32", wmem_alloc),  DETAIL("__u32", sndbuf),	    DETAIL("__u32", fwd_alloc),
	DETAIL("__u32", wmem_queued), DETAIL("__u32", optmem),	    DETAIL("__u32", backlog_bytes),
	DETAIL("__u32", drops),	      DETAIL("__u32", sockets),	    DETAIL("__u8", known),
	DETAIL("__u8", shutdown),     DETAIL("__u8", tos),	    DETAIL("__u8", tclass),
	DETAIL("char", congestion),   DETAIL("__u32", mptcp_token), DETAIL("__u8", mptcp_subflow),
};

/* Whether a tcp_info of info_len bytes has the whole field. */
static bool tcp_info_has(const struct tcp_info_field_info *f, uint32_t info_len)
{
	return (uint32_t)f->offset + f->size <= info_len;
}

static uint32_t info_len_kept(uint32_t info_len)
{
	return info_len < SOCKET_ROW_INFO_MAX ? info_len : SOCKET_ROW_INFO_MAX;
}

/* Where the fields end that have names: the table is in the order of offsets. */
static uint32_t named_end(uint32_t info_len)
{
	const struct tcp_info_field_info *f = &tcp_info_fields[TCP_INFO_N - 1];

	while (f > tcp_info_fields && !tcp_info_has(f, info_len))
		f--;
	return (uint32_t)f->offset + f->size;
}

uint16_t socket_row_detail_at(uint32_t info_len)
{
	return (uint16_t)(SOCKET_ROW_INFO + ((info_len_kept(info_len) + 7u) & ~7u));
}

static bool has_detail(uint32_t id)
{
	return id != SOCKET_ROW_DESTROY_ID;
}

uint16_t socket_row_len(uint32_t id, uint32_t info_len)
{
	size_t detail = has_detail(id) ? sizeof(struct socket_detail) : 0;

	return (uint16_t)(socket_row_detail_at(info_len) + detail);
}

static void field_put(struct text *t, const struct row_field *f)
{
	bool is_array = f->size > 1 && (!strcmp(f->type, "__u8") || !strcmp(f->type, "char"));
	bool is_signed = !strcmp(f->type, "int") || !strcmp(f->type, "__s32");

	text_printf(t, "\tfield:%s %s", f->type, f->name);
	if (is_array)
		text_printf(t, "[%u]", f->size);
	text_printf(t, ";\toffset:%u;\tsize:%u;\tsigned:%d;\n", f->offset, f->size, is_signed);
}

static void tcp_info_put(struct text *t, uint32_t info_len)
{
	static const char *const types[] = {
		[1] = "__u8", [2] = "__u16", [4] = "__u32", [8] = "__u64"};
	struct row_field rest = {.type = "__u8", .name = SOCKET_ROW_REST};
	uint32_t end = named_end(info_len);

	for (size_t i = 0; i < TCP_INFO_N; i++) {
		const struct tcp_info_field_info *f = &tcp_info_fields[i];
		struct row_field field = {.name = f->name, .size = f->size};

		field.type = types[f->size];
		field.offset = (uint16_t)(SOCKET_ROW_INFO + f->offset);
		if (tcp_info_has(f, info_len))
			field_put(t, &field);
	}
	/* After the last known field: newer fields, or padding of an older kernel's struct. */
	rest.offset = (uint16_t)(SOCKET_ROW_INFO + end);
	rest.size = (uint16_t)(info_len > end ? info_len - end : 0);
	if (rest.size)
		field_put(t, &rest);
}

void socket_row_format(struct text *t, const char *name, uint32_t id, uint32_t info_len)
{
	text_printf(t, "name: %s\nID: %u\nformat:\n", name, id);
	for (size_t i = 0; i < sizeof(common_fields) / sizeof(common_fields[0]); i++)
		field_put(t, &common_fields[i]);
	text_char(t, '\n');
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		field_put(t, &fields[i]);
	tcp_info_put(t, info_len_kept(info_len));
	for (size_t i = 0; has_detail(id) && i < sizeof(details) / sizeof(details[0]); i++) {
		struct row_field field = details[i];

		field.offset += socket_row_detail_at(info_len);
		field_put(t, &field);
	}
	text_str(t, "\nprint fmt: \"cookie=%llx pid=%d inode=%u netns=%u\", REC->sock_cookie, "
		    "REC->pid, REC->inode, REC->netns\n");
}

/* Fields without a gap between them are copied together. */
void socket_row_put_tcp_info(uint8_t *row, uint32_t info_len, const void *info, uint32_t got)
{
	uint32_t len = info_len_kept(info_len), end = named_end(len), from = 0, to = 0;
	uint8_t *place = row + SOCKET_ROW_INFO;
	const uint8_t *bytes = info;

	if (got > len)
		got = len;
	for (size_t i = 0; i < TCP_INFO_N && tcp_info_has(&tcp_info_fields[i], got); i++) {
		const struct tcp_info_field_info *f = &tcp_info_fields[i];

		if (f->offset != to) {
			memcpy(place + from, bytes + from, to - from);
			from = f->offset;
		}
		to = (uint32_t)f->offset + f->size;
	}
	memcpy(place + from, bytes + from, to - from);
	if (got > end)
		memcpy(place + end, bytes + end, got - end);
}
