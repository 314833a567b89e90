// SPDX-License-Identifier: MIT
/* The records of the kernel's own counters and settings: COUNTERS, SETTINGS. */
#include "format/records.h"

#include <errno.h>

#include "format/counter-values.h"
#include "format/encode.h"
#include "format/layout.h"

#define COUNTERS_HEAD_LEN 25u

int counters_record_encode(struct buffer *b, const struct counters_record *record)
{
	int r = buffer_reserve(b, COUNTERS_HEAD_LEN + record->body_len);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_u8(b->data + b->len, record->what);
	at = put_le32(at, record->netns);
	at = put_le32(at, record->number);
	at = put_le64(at, record->ts_ns);
	at = put_le32(at, record->took_us);
	at = put_le32(at, record->body_len);
	b->len = (size_t)(at - b->data);
	return buffer_append(b, record->body, record->body_len);
}

static int names_check(const struct counters_record *record)
{
	struct cursor c = cursor_of(record->body, record->body_len);
	uint64_t n = record->number;
	const char *name;
	int r;

	while ((r = counter_name_decode(&c, &name)) > 0)
		n++;
	return r < 0 || n > TAPE_COUNTERS_MAX ? -EBADMSG : 0;
}

static int values_check(const struct counters_record *record)
{
	struct cursor c = cursor_of(record->body, record->body_len);
	struct counter_value v;
	uint32_t next = 0;
	int r;

	while ((r = counter_value_decode(&c, &next, &v)) > 0)
		;
	return r;
}

int counters_record_decode(struct cursor *c, struct counters_record *ret)
{
	struct counters_record record;
	int r;

	if (!c->left && !c->bad)
		return 0;
	record.what = cursor_u8(c);
	record.netns = cursor_le32(c);
	record.number = cursor_le32(c);
	record.ts_ns = cursor_le64(c);
	record.took_us = cursor_le32(c);
	record.body_len = cursor_le32(c);
	record.body = cursor_take(c, record.body_len);
	if (c->bad || record.what > COUNTERS_CHANGES)
		return -EBADMSG;
	r = record.what == COUNTERS_NAMES ? names_check(&record) : values_check(&record);
	if (r < 0)
		return r;
	*ret = record;
	return 1;
}

int setting_record_encode(struct buffer *b, const struct setting_record *record)
{
	size_t name = strlen(record->name) + 1, value = strlen(record->value) + 1;
	int r = buffer_reserve(b, 12 + name + value);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->ts_ns);
	at = put_le32(at, record->netns);
	at = put_str(at, record->name, name);
	at = put_str(at, record->value, value);
	b->len = (size_t)(at - b->data);
	return 0;
}

int setting_record_decode(struct cursor *c, struct setting_record *ret)
{
	struct setting_record record;

	if (!c->left && !c->bad)
		return 0;
	record.ts_ns = cursor_le64(c);
	record.netns = cursor_le32(c);
	record.name = cursor_str(c);
	record.value = cursor_str(c);
	if (c->bad || !*record.name)
		return -EBADMSG;
	*ret = record;
	return 1;
}
