// SPDX-License-Identifier: MIT
/* The records that say what rows mean: HOST, CLOCK, SLEEPS, FORMAT, ABSENT, TASKS, CGROUPS,
 * SYMBOLS, CHAINS, MEMBERS. */
#include "format/records.h"

#include <errno.h>

#include "format/layout.h"
#include "format/encode.h"

int host_record_encode(struct buffer *b, const struct host_record *record)
{
	size_t key = strlen(record->key) + 1, value = strlen(record->value) + 1;
	int r = buffer_reserve(b, key + value);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_str(b->data + b->len, record->key, key);
	at = put_str(at, record->value, value);
	b->len = (size_t)(at - b->data);
	return 0;
}

int host_record_decode(struct cursor *c, struct host_record *ret)
{
	struct host_record record;

	if (!c->left && !c->bad)
		return 0;
	record.key = cursor_str(c);
	record.value = cursor_str(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int clock_record_encode(struct buffer *b, const struct clock_record *record)
{
	int r = buffer_reserve(b, 32);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->mono_ns);
	at = put_le64(at, (uint64_t)record->real_ns);
	at = put_le64(at, record->window_ns);
	at = put_le64(at, record->error_ns);
	b->len = (size_t)(at - b->data);
	return 0;
}

int clock_record_decode(struct cursor *c, struct clock_record *ret)
{
	struct clock_record record;

	if (!c->left && !c->bad)
		return 0;
	record.mono_ns = cursor_le64(c);
	record.real_ns = (int64_t)cursor_le64(c);
	record.window_ns = cursor_le64(c);
	record.error_ns = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int sleep_record_encode(struct buffer *b, const struct sleep_record *record)
{
	int r = buffer_reserve(b, 16);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->mono_ns);
	at = put_le64(at, record->slept_ns);
	b->len = (size_t)(at - b->data);
	return 0;
}

int sleep_record_decode(struct cursor *c, struct sleep_record *ret)
{
	struct sleep_record record;

	if (!c->left && !c->bad)
		return 0;
	record.mono_ns = cursor_le64(c);
	record.slept_ns = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int format_record_encode(struct buffer *b, const struct format_record *record)
{
	size_t system = strlen(record->system) + 1, name = strlen(record->name) + 1;
	size_t text = strlen(record->text) + 1;
	int r = buffer_reserve(b, 5 + system + name + text);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le32(b->data + b->len, record->kernel_id);
	at = put_u8(at, record->has_chain);
	at = put_str(at, record->system, system);
	at = put_str(at, record->name, name);
	at = put_str(at, record->text, text);
	b->len = (size_t)(at - b->data);
	return 0;
}

int format_record_decode(struct cursor *c, struct format_record *ret)
{
	struct format_record record;

	if (!c->left && !c->bad)
		return 0;
	record.kernel_id = cursor_le32(c);
	record.has_chain = cursor_u8(c);
	record.system = cursor_str(c);
	record.name = cursor_str(c);
	record.text = cursor_str(c);
	if (c->bad || record.has_chain > 1 || !*record.system || !*record.name)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int absent_record_encode(struct buffer *b, const struct absent_record *record)
{
	size_t system = strlen(record->system) + 1, name = strlen(record->name) + 1;
	size_t why = strlen(record->why) + 1;
	int r = buffer_reserve(b, system + name + why);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_str(b->data + b->len, record->system, system);
	at = put_str(at, record->name, name);
	at = put_str(at, record->why, why);
	b->len = (size_t)(at - b->data);
	return 0;
}

int absent_record_decode(struct cursor *c, struct absent_record *ret)
{
	struct absent_record record;

	if (!c->left && !c->bad)
		return 0;
	record.system = cursor_str(c);
	record.name = cursor_str(c);
	record.why = cursor_str(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int cgroup_record_encode(struct buffer *b, const struct cgroup_record *record)
{
	size_t path = strlen(record->path) + 1;
	int r = buffer_reserve(b, 4 + path);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le32(b->data + b->len, (uint32_t)record->pid);
	at = put_str(at, record->path, path);
	b->len = (size_t)(at - b->data);
	return 0;
}

int cgroup_record_decode(struct cursor *c, struct cgroup_record *ret)
{
	struct cgroup_record record;

	if (!c->left && !c->bad)
		return 0;
	record.pid = (int32_t)cursor_le32(c);
	record.path = cursor_str(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int member_record_encode(struct buffer *b, const struct member_record *record)
{
	size_t path = strlen(record->path) + 1;
	int r = buffer_reserve(b, 20 + path);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->ts_ns);
	at = put_le32(at, (uint32_t)record->tid);
	at = put_le64(at, record->cgroup);
	at = put_str(at, record->path, path);
	b->len = (size_t)(at - b->data);
	return 0;
}

int member_record_decode(struct cursor *c, struct member_record *ret)
{
	struct member_record record;

	if (!c->left && !c->bad)
		return 0;
	record.ts_ns = cursor_le64(c);
	record.tid = (int32_t)cursor_le32(c);
	record.cgroup = cursor_le64(c);
	record.path = cursor_str(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int task_record_encode(struct buffer *b, const struct task_record *record)
{
	size_t comm = strnlen(record->comm, TAPE_COMM_MAX);
	int r = buffer_reserve(b, 21 + comm + 1);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->ts_ns);
	at = put_u8(at, record->what);
	at = put_le32(at, (uint32_t)record->pid);
	at = put_le32(at, (uint32_t)record->tid);
	at = put_le32(at, (uint32_t)record->parent);
	at = put_str(at, record->comm, comm);
	at = put_u8(at, 0);
	b->len = (size_t)(at - b->data);
	return 0;
}

int task_record_decode(struct cursor *c, struct task_record *ret)
{
	struct task_record record;

	if (!c->left && !c->bad)
		return 0;
	record.ts_ns = cursor_le64(c);
	record.what = cursor_u8(c);
	record.pid = (int32_t)cursor_le32(c);
	record.tid = (int32_t)cursor_le32(c);
	record.parent = (int32_t)cursor_le32(c);
	record.comm = cursor_str(c);
	if (c->bad || record.what > TASK_EXIT || strlen(record.comm) > TAPE_COMM_MAX)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int symbol_record_encode(struct buffer *b, const struct symbol_record *record)
{
	size_t name = strlen(record->name) + 1;
	int r = buffer_reserve(b, 12 + name);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->id);
	at = put_le32(at, record->offset);
	at = put_str(at, record->name, name);
	b->len = (size_t)(at - b->data);
	return 0;
}

int symbol_record_decode(struct cursor *c, struct symbol_record *ret)
{
	struct symbol_record record;

	if (!c->left && !c->bad)
		return 0;
	record.id = cursor_le64(c);
	record.offset = cursor_le32(c);
	record.name = cursor_str(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int chain_record_encode(struct buffer *b, const struct chain_record *record)
{
	uint32_t n =
		record->n_frames < TAPE_CHAIN_FRAMES_MAX ? record->n_frames : TAPE_CHAIN_FRAMES_MAX;
	int r = buffer_reserve(b, 8 + (size_t)n * 8);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le32(b->data + b->len, record->chain);
	at = put_le32(at, n);
	for (uint32_t i = 0; i < n; i++)
		at = put_le64(at, record->frames[i]);
	b->len = (size_t)(at - b->data);
	return 0;
}

int chain_record_decode(struct cursor *c, struct chain_record *ret)
{
	struct chain_record record = {0};

	if (!c->left && !c->bad)
		return 0;
	record.chain = cursor_le32(c);
	record.n_frames = cursor_le32(c);
	if (c->bad || !record.chain || record.n_frames > TAPE_CHAIN_FRAMES_MAX)
		return -EBADMSG;
	for (uint32_t i = 0; i < record.n_frames; i++)
		record.frames[i] = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}
