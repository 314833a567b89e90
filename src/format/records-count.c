// SPDX-License-Identifier: MIT
/* The records that count and locate: MARK, LOSS, TALLY, INDEX, TRAILER. All of fixed size. */
#include "format/records.h"

#include <errno.h>

#include "format/layout.h"
#include "format/encode.h"

int mark_record_encode(struct buffer *b, const struct mark_record *r)
{
	int err = buffer_reserve(b, 28);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le64(b->data + b->len, r->complete_until);
	at = put_le64(at, r->drained_ns);
	at = put_le32(at, r->n_chunks);
	at = put_le64(at, r->n_rows);
	b->len = (size_t)(at - b->data);
	return 0;
}

int mark_record_decode(struct cursor *c, struct mark_record *ret)
{
	struct mark_record r;

	if (!c->left && !c->bad)
		return 0;
	r.complete_until = cursor_le64(c);
	r.drained_ns = cursor_le64(c);
	r.n_chunks = cursor_le32(c);
	r.n_rows = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int loss_record_encode(struct buffer *b, const struct loss_record *r)
{
	int err = buffer_reserve(b, 28);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le32(b->data + b->len, r->cpu);
	at = put_le64(at, r->count);
	at = put_le64(at, r->from_ns);
	at = put_le64(at, r->to_ns);
	b->len = (size_t)(at - b->data);
	return 0;
}

int loss_record_decode(struct cursor *c, struct loss_record *ret)
{
	struct loss_record r;

	if (!c->left && !c->bad)
		return 0;
	r.cpu = cursor_le32(c);
	r.count = cursor_le64(c);
	r.from_ns = cursor_le64(c);
	r.to_ns = cursor_le64(c);
	if (c->bad || r.cpu >= TAPE_CPUS_MAX)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int tally_record_encode(struct buffer *b, const struct tally_record *r)
{
	int err = buffer_reserve(b, TALLY_LEN);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le32(b->data + b->len, r->tracepoint);
	at = put_le32(at, r->cpu);
	at = put_le64(at, r->counted);
	at = put_le64(at, r->recorded);
	at = put_le64(at, r->lost);
	at = put_u8(at, r->flags);
	b->len = (size_t)(at - b->data);
	return 0;
}

int tally_record_decode(struct cursor *c, struct tally_record *ret)
{
	struct tally_record r;

	if (!c->left && !c->bad)
		return 0;
	r.tracepoint = cursor_le32(c);
	r.cpu = cursor_le32(c);
	r.counted = cursor_le64(c);
	r.recorded = cursor_le64(c);
	r.lost = cursor_le64(c);
	r.flags = cursor_u8(c);
	if (c->bad || r.tracepoint >= TAPE_TRACEPOINTS_MAX || r.cpu >= TAPE_CPUS_MAX)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int index_record_encode(struct buffer *b, const struct index_record *r)
{
	int err = buffer_reserve(b, 34);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le64(b->data + b->len, r->offset);
	at = put_le16(at, r->kind);
	at = put_le32(at, r->subject);
	at = put_le32(at, r->count);
	at = put_le64(at, r->time_from);
	at = put_le64(at, r->time_to);
	b->len = (size_t)(at - b->data);
	return 0;
}

int index_record_decode(struct cursor *c, struct index_record *ret)
{
	struct index_record r;

	if (!c->left && !c->bad)
		return 0;
	r.offset = cursor_le64(c);
	r.kind = cursor_le16(c);
	r.subject = cursor_le32(c);
	r.count = cursor_le32(c);
	r.time_from = cursor_le64(c);
	r.time_to = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = r;
	return 1;
}

int trailer_record_encode(struct buffer *b, const struct trailer_record *r)
{
	int err = buffer_reserve(b, 16);
	uint8_t *at;

	if (err < 0)
		return err;
	at = put_le64(b->data + b->len, r->index_offset);
	at = put_le64(at, r->tape_bytes);
	b->len = (size_t)(at - b->data);
	return 0;
}

int trailer_record_decode(struct cursor *c, struct trailer_record *ret)
{
	struct trailer_record r;

	if (!c->left && !c->bad)
		return 0;
	r.index_offset = cursor_le64(c);
	r.tape_bytes = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = r;
	return 1;
}
