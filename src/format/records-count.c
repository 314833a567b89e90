// SPDX-License-Identifier: MIT
/* The records that count and locate rows: MARK, LOSS, PAUSES, TALLY, INDEX, TRAILER. All have a
 * fixed size. */
#include "format/records.h"

#include <errno.h>

#include "format/layout.h"
#include "format/encode.h"

int mark_record_encode(struct buffer *b, const struct mark_record *record)
{
	int r = buffer_reserve(b, 28);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->complete_until);
	at = put_le64(at, record->drained_ns);
	at = put_le32(at, record->n_chunks);
	at = put_le64(at, record->n_rows);
	b->len = (size_t)(at - b->data);
	return 0;
}

int mark_record_decode(struct cursor *c, struct mark_record *ret)
{
	struct mark_record record;

	if (!c->left && !c->bad)
		return 0;
	record.complete_until = cursor_le64(c);
	record.drained_ns = cursor_le64(c);
	record.n_chunks = cursor_le32(c);
	record.n_rows = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int loss_record_encode(struct buffer *b, const struct loss_record *record)
{
	int r = buffer_reserve(b, 28);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le32(b->data + b->len, record->cpu);
	at = put_le64(at, record->count);
	at = put_le64(at, record->from_ns);
	at = put_le64(at, record->to_ns);
	b->len = (size_t)(at - b->data);
	return 0;
}

int loss_record_decode(struct cursor *c, struct loss_record *ret)
{
	struct loss_record record;

	if (!c->left && !c->bad)
		return 0;
	record.cpu = cursor_le32(c);
	record.count = cursor_le64(c);
	record.from_ns = cursor_le64(c);
	record.to_ns = cursor_le64(c);
	if (c->bad || record.cpu >= TAPE_CPUS_MAX)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int pause_record_encode(struct buffer *b, const struct pause_record *record)
{
	int r = buffer_reserve(b, 21);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->ts_ns);
	at = put_le32(at, record->netns);
	at = put_u8(at, record->is_paused);
	at = put_le64(at, record->n_unasked);
	b->len = (size_t)(at - b->data);
	return 0;
}

int pause_record_decode(struct cursor *c, struct pause_record *ret)
{
	struct pause_record record;

	if (!c->left && !c->bad)
		return 0;
	record.ts_ns = cursor_le64(c);
	record.netns = cursor_le32(c);
	record.is_paused = cursor_u8(c);
	record.n_unasked = cursor_le64(c);
	if (c->bad || record.is_paused > 1)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int tally_record_encode(struct buffer *b, const struct tally_record *record)
{
	int r = buffer_reserve(b, TALLY_LEN);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le32(b->data + b->len, record->tracepoint);
	at = put_le32(at, record->cpu);
	at = put_le64(at, record->counted);
	at = put_le64(at, record->recorded);
	at = put_le64(at, record->lost);
	at = put_u8(at, record->flags);
	b->len = (size_t)(at - b->data);
	return 0;
}

int tally_record_decode(struct cursor *c, struct tally_record *ret)
{
	struct tally_record record;

	if (!c->left && !c->bad)
		return 0;
	record.tracepoint = cursor_le32(c);
	record.cpu = cursor_le32(c);
	record.counted = cursor_le64(c);
	record.recorded = cursor_le64(c);
	record.lost = cursor_le64(c);
	record.flags = cursor_u8(c);
	if (c->bad || record.tracepoint >= TAPE_TRACEPOINTS_MAX || record.cpu >= TAPE_CPUS_MAX)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int index_record_encode(struct buffer *b, const struct index_record *record)
{
	int r = buffer_reserve(b, 34);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->offset);
	at = put_le16(at, record->kind);
	at = put_le32(at, record->subject);
	at = put_le32(at, record->count);
	at = put_le64(at, record->time_from);
	at = put_le64(at, record->time_to);
	b->len = (size_t)(at - b->data);
	return 0;
}

int index_record_decode(struct cursor *c, struct index_record *ret)
{
	struct index_record record;

	if (!c->left && !c->bad)
		return 0;
	record.offset = cursor_le64(c);
	record.kind = cursor_le16(c);
	record.subject = cursor_le32(c);
	record.count = cursor_le32(c);
	record.time_from = cursor_le64(c);
	record.time_to = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}

int trailer_record_encode(struct buffer *b, const struct trailer_record *record)
{
	int r = buffer_reserve(b, 16);
	uint8_t *at;

	if (r < 0)
		return r;
	at = put_le64(b->data + b->len, record->index_offset);
	at = put_le64(at, record->tape_bytes);
	b->len = (size_t)(at - b->data);
	return 0;
}

int trailer_record_decode(struct cursor *c, struct trailer_record *ret)
{
	struct trailer_record record;

	if (!c->left && !c->bad)
		return 0;
	record.index_offset = cursor_le64(c);
	record.tape_bytes = cursor_le64(c);
	if (c->bad)
		return -EBADMSG;
	*ret = record;
	return 1;
}
