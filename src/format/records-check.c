// SPDX-License-Identifier: MIT
#include "format/records-check.h"

#include <errno.h>

#include "format/records.h"

union any_record {
	struct host_record host;
	struct clock_record clock;
	struct format_record format;
	struct absent_record absent;
	struct task_record task;
	struct symbol_record symbol;
	struct cgroup_record cgroup;
	struct chain_record chain;
	struct mark_record mark;
	struct loss_record loss;
	struct tally_record tally;
	struct index_record index;
	struct trailer_record trailer;
};

static int any_decode(uint16_t kind, struct cursor *c, union any_record *any)
{
	switch (kind) {
	case TAPE_KIND_HOST: return host_record_decode(c, &any->host);
	case TAPE_KIND_CLOCK: return clock_record_decode(c, &any->clock);
	case TAPE_KIND_FORMAT: return format_record_decode(c, &any->format);
	case TAPE_KIND_ABSENT: return absent_record_decode(c, &any->absent);
	case TAPE_KIND_TASKS: return task_record_decode(c, &any->task);
	case TAPE_KIND_CGROUPS: return cgroup_record_decode(c, &any->cgroup);
	case TAPE_KIND_SYMBOLS: return symbol_record_decode(c, &any->symbol);
	case TAPE_KIND_CHAINS: return chain_record_decode(c, &any->chain);
	case TAPE_KIND_MARK: return mark_record_decode(c, &any->mark);
	case TAPE_KIND_LOSS: return loss_record_decode(c, &any->loss);
	case TAPE_KIND_TALLY: return tally_record_decode(c, &any->tally);
	case TAPE_KIND_INDEX: return index_record_decode(c, &any->index);
	case TAPE_KIND_TRAILER: return trailer_record_decode(c, &any->trailer);
	default: return 0;
	}
}

static bool is_single(uint16_t kind)
{
	return kind == TAPE_KIND_FORMAT || kind == TAPE_KIND_MARK || kind == TAPE_KIND_TRAILER;
}

int records_check(const struct section_header *h, const void *payload, size_t len,
		  struct fault *fault)
{
	struct cursor c = cursor_of(payload, len);
	union any_record any;
	uint64_t n = 0;
	int r;

	if (h->kind == TAPE_KIND_FORMAT && h->subject >= TAPE_TRACEPOINTS_MAX)
		return fault_set(fault, -EBADMSG, "FORMAT of tracepoint %u", h->subject);
	while ((r = any_decode(h->kind, &c, &any)) > 0)
		n++;
	if (r < 0)
		return fault_set(fault, -EBADMSG, "%s: record %llu makes no sense",
				 section_kind_name(h->kind), (unsigned long long)n);
	if (is_single(h->kind) && n != 1)
		return fault_set(fault, -EBADMSG, "%s with %llu records",
				 section_kind_name(h->kind), (unsigned long long)n);
	return 0;
}
