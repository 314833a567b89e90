// SPDX-License-Identifier: MIT
/* The records of metadata: HOST, CLOCK, FORMAT, ABSENT, TASKS, SYMBOLS, CHAINS. */
#include "format/records.h"

#include <errno.h>

#include "format/layout.h"
#include "format/encode.h"

int host_record_encode(struct buffer *b, const struct host_record *r)
{
	size_t key = strlen(r->key) + 1, value = strlen(r->value) + 1;
	int err = buffer_reserve(b, key + value);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_str(b->data + b->len, r->key, key);
	at = put_str(at, r->value, value);
	b->len = (size_t)(at - b->data);
	return 0;
}

int host_record_decode(struct cursor *c, struct host_record *ret)
{
	struct host_record r;

	if (!c->left && !c->bad)
		return 0;
	r.key = cursor_str(c);
	r.value = cursor_str(c);
	if (c->bad)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int clock_record_encode(struct buffer *b, const struct clock_record *r)
{
	int err = buffer_reserve(b, 32);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le64(b->data + b->len, r->mono_ns);
	at = put_le64(at, (uint64_t)r->real_ns);
	at = put_le64(at, r->window_ns);
	at = put_le64(at, r->error_ns);
	b->len = (size_t)(at - b->data);
	return 0;
}

int clock_record_decode(struct cursor *c, struct clock_record *ret)
{
	struct clock_record r;

	if (!c->left && !c->bad)
		return 0;
	r.mono_ns = cursor_le64(c);
	r.real_ns = (int64_t)cursor_le64(c);
	r.window_ns = cursor_le64(c);
	r.error_ns = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int format_record_encode(struct buffer *b, const struct format_record *r)
{
	size_t system = strlen(r->system) + 1, name = strlen(r->name) + 1;
	size_t text = strlen(r->text) + 1;
	int err = buffer_reserve(b, 5 + system + name + text);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le32(b->data + b->len, r->kernel_id);
	at = put_u8(at, r->has_chain);
	at = put_str(at, r->system, system);
	at = put_str(at, r->name, name);
	at = put_str(at, r->text, text);
	b->len = (size_t)(at - b->data);
	return 0;
}

int format_record_decode(struct cursor *c, struct format_record *ret)
{
	struct format_record r;

	if (!c->left && !c->bad)
		return 0;
	r.kernel_id = cursor_le32(c);
	r.has_chain = cursor_u8(c);
	r.system = cursor_str(c);
	r.name = cursor_str(c);
	r.text = cursor_str(c);
	if (c->bad || r.has_chain > 1 || !*r.system || !*r.name)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int absent_record_encode(struct buffer *b, const struct absent_record *r)
{
	size_t system = strlen(r->system) + 1, name = strlen(r->name) + 1;
	size_t why = strlen(r->why) + 1;
	int err = buffer_reserve(b, system + name + why);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_str(b->data + b->len, r->system, system);
	at = put_str(at, r->name, name);
	at = put_str(at, r->why, why);
	b->len = (size_t)(at - b->data);
	return 0;
}

int absent_record_decode(struct cursor *c, struct absent_record *ret)
{
	struct absent_record r;

	if (!c->left && !c->bad)
		return 0;
	r.system = cursor_str(c);
	r.name = cursor_str(c);
	r.why = cursor_str(c);
	if (c->bad)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int cgroup_record_encode(struct buffer *b, const struct cgroup_record *r)
{
	size_t path = strlen(r->path) + 1;
	int err = buffer_reserve(b, 4 + path);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le32(b->data + b->len, (uint32_t)r->pid);
	at = put_str(at, r->path, path);
	b->len = (size_t)(at - b->data);
	return 0;
}

int cgroup_record_decode(struct cursor *c, struct cgroup_record *ret)
{
	struct cgroup_record r;

	if (!c->left && !c->bad)
		return 0;
	r.pid = (int32_t)cursor_le32(c);
	r.path = cursor_str(c);
	if (c->bad)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int task_record_encode(struct buffer *b, const struct task_record *r)
{
	size_t comm = strnlen(r->comm, TAPE_COMM_MAX);
	int err = buffer_reserve(b, 21 + comm + 1);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le64(b->data + b->len, r->ts_ns);
	at = put_u8(at, r->what);
	at = put_le32(at, (uint32_t)r->pid);
	at = put_le32(at, (uint32_t)r->tid);
	at = put_le32(at, (uint32_t)r->parent);
	at = put_str(at, r->comm, comm);
	at = put_u8(at, 0);
	b->len = (size_t)(at - b->data);
	return 0;
}

int task_record_decode(struct cursor *c, struct task_record *ret)
{
	struct task_record r;

	if (!c->left && !c->bad)
		return 0;
	r.ts_ns = cursor_le64(c);
	r.what = cursor_u8(c);
	r.pid = (int32_t)cursor_le32(c);
	r.tid = (int32_t)cursor_le32(c);
	r.parent = (int32_t)cursor_le32(c);
	r.comm = cursor_str(c);
	if (c->bad || r.what > TASK_EXIT || strlen(r.comm) > TAPE_COMM_MAX)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int symbol_record_encode(struct buffer *b, const struct symbol_record *r)
{
	size_t name = strlen(r->name) + 1;
	int err = buffer_reserve(b, 12 + name);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le64(b->data + b->len, r->id);
	at = put_le32(at, r->offset);
	at = put_str(at, r->name, name);
	b->len = (size_t)(at - b->data);
	return 0;
}

int symbol_record_decode(struct cursor *c, struct symbol_record *ret)
{
	struct symbol_record r;

	if (!c->left && !c->bad)
		return 0;
	r.id = cursor_le64(c);
	r.offset = cursor_le32(c);
	r.name = cursor_str(c);
	if (c->bad)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int chain_record_encode(struct buffer *b, const struct chain_record *r)
{
	uint32_t n = r->n_frames < TAPE_CHAIN_FRAMES_MAX ? r->n_frames : TAPE_CHAIN_FRAMES_MAX;
	int err = buffer_reserve(b, 8 + (size_t)n * 8);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le32(b->data + b->len, r->chain);
	at = put_le32(at, n);
	for (uint32_t i = 0; i < n; i++)
		at = put_le64(at, r->frames[i]);
	b->len = (size_t)(at - b->data);
	return 0;
}

int chain_record_decode(struct cursor *c, struct chain_record *ret)
{
	struct chain_record r = {0};

	if (!c->left && !c->bad)
		return 0;
	r.chain = cursor_le32(c);
	r.n_frames = cursor_le32(c);
	if (c->bad || !r.chain || r.n_frames > TAPE_CHAIN_FRAMES_MAX)
		return -EBADMSG;
	for (uint32_t i = 0; i < r.n_frames; i++)
		r.frames[i] = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = r;
	return 1;
}
