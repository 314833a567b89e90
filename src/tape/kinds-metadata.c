// SPDX-License-Identifier: MIT
/*
 * The kinds of sections that say what rows mean: HOST, CLOCK, SLEEPS, FORMAT, ABSENT, TASKS,
 * SYMBOLS, CHAINS, CGROUPS and MEMBERS.
 */
#include "tape/section-kind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tape/meta-array.h"
#include "tape/meta.h"

static int host_decode(struct cursor *c, union tape_record *ret)
{
	return host_record_decode(c, &ret->host);
}

/* Remembers the keys that change how the tape is read. The last value of a key is valid. */
static void host_learn(struct tape_meta *m, const char *key, const char *value)
{
	unsigned long page;

	if (!strcmp(key, "os_endian"))
		m->is_big_endian = !strcmp(value, "big");
	else if (!strcmp(key, "long_size"))
		m->long_size = !strcmp(value, "4") ? 4 : 8;
	else if (!strcmp(key, "pointers"))
		m->has_raw_pointers = !strcmp(value, "raw");
	if (strcmp(key, "page_size"))
		return;
	page = strtoul(value, NULL, 10);
	m->page_size = page >= 1024 && page <= 1u << 24 ? (unsigned int)page : 4096;
}

static int host_take(struct tape_meta *m, const struct section_header *h,
		     const union tape_record *record, struct fault *fault)
{
	struct host_record *place =
		meta_array_add(&m->arena, (void **)&m->host, m->n_host, sizeof(*place));

	if (!place)
		return -ENOMEM;
	place->key = arena_str(&m->arena, record->host.key);
	place->value = arena_str(&m->arena, record->host.value);
	if (!place->key || !place->value)
		return -ENOMEM;
	m->n_host++;
	host_learn(m, place->key, place->value);
	return 0;
}

static int clock_decode(struct cursor *c, union tape_record *ret)
{
	return clock_record_decode(c, &ret->clock);
}

static int clock_take(struct tape_meta *m, const struct section_header *h,
		      const union tape_record *record, struct fault *fault)
{
	struct clock_record *place;

	if (m->n_clocks && record->clock.mono_ns < m->clocks[m->n_clocks - 1].mono_ns)
		return fault_set(fault, -EBADMSG, "CLOCK goes backwards");
	place = meta_array_add(&m->arena, (void **)&m->clocks, m->n_clocks, sizeof(*place));
	if (!place)
		return -ENOMEM;
	*place = record->clock;
	if (!m->n_clocks)
		m->is_clock_late = m->n_rows > 0;
	m->n_clocks++;
	return wall_clock_take(&m->wall, &m->arena, &record->clock,
			       wall_clock_rows_end(m->last_ns));
}

static int sleep_decode(struct cursor *c, union tape_record *ret)
{
	return sleep_record_decode(c, &ret->sleep);
}

static int sleep_take(struct tape_meta *m, const struct section_header *h,
		      const union tape_record *record, struct fault *fault)
{
	struct sleep_record *place;

	if (m->n_sleeps && record->sleep.mono_ns < m->sleeps[m->n_sleeps - 1].mono_ns)
		return fault_set(fault, -EBADMSG, "SLEEPS goes backwards");
	place = meta_array_add(&m->arena, (void **)&m->sleeps, m->n_sleeps, sizeof(*place));
	if (!place)
		return -ENOMEM;
	*place = record->sleep;
	m->n_sleeps++;
	return 0;
}

static int format_decode(struct cursor *c, union tape_record *ret)
{
	return format_record_decode(c, &ret->format);
}

/* Checks a FORMAT whose index is known: it may repeat the tracepoint, but not change it. */
static int format_again(const struct tape_tracepoint *tp, const struct format_record *r,
			struct fault *fault)
{
	if (!strcmp(tp->system, r->system) && !strcmp(tp->name, r->name) &&
	    !strcmp(tp->format, r->text))
		return 0;
	return fault_set(fault, -EBADMSG, "FORMAT: tracepoint %u was %s:%s, now %s:%s", tp->index,
			 tp->system, tp->name, r->system, r->name);
}

static int tracepoints_grow(struct tape_meta *m, uint32_t index)
{
	while (m->n_tracepoints <= index) {
		if (!meta_array_add(&m->arena, (void **)&m->tracepoints, m->n_tracepoints,
				    sizeof(*m->tracepoints)))
			return -ENOMEM;
		m->n_tracepoints++;
	}
	return 0;
}

static int format_take(struct tape_meta *m, const struct section_header *h,
		       const union tape_record *record, struct fault *fault)
{
	const struct format_record *r = &record->format;
	struct tape_tracepoint *tp;

	if (h->subject < m->n_tracepoints && m->tracepoints[h->subject])
		return format_again(m->tracepoints[h->subject], r, fault);
	tp = arena_alloc(&m->arena, sizeof(*tp));
	if (!tp)
		return -ENOMEM;
	tp->index = h->subject;
	tp->kernel_id = r->kernel_id;
	tp->has_chain = r->has_chain;
	tp->system = arena_str(&m->arena, r->system);
	tp->name = arena_str(&m->arena, r->name);
	tp->format = arena_str(&m->arena, r->text);
	tp->format_len = strlen(r->text);
	if (!tp->system || !tp->name || !tp->format || tracepoints_grow(m, h->subject) < 0)
		return -ENOMEM;
	m->tracepoints[h->subject] = tp;
	return 0;
}

static int absent_decode(struct cursor *c, union tape_record *ret)
{
	return absent_record_decode(c, &ret->absent);
}

static int absent_take(struct tape_meta *m, const struct section_header *h,
		       const union tape_record *record, struct fault *fault)
{
	struct absent_record *place =
		meta_array_add(&m->arena, (void **)&m->absent, m->n_absent, sizeof(*place));

	if (!place)
		return -ENOMEM;
	place->system = arena_str(&m->arena, record->absent.system);
	place->name = arena_str(&m->arena, record->absent.name);
	place->why = arena_str(&m->arena, record->absent.why);
	if (!place->system || !place->name || !place->why)
		return -ENOMEM;
	m->n_absent++;
	return 0;
}

static int task_decode(struct cursor *c, union tape_record *ret)
{
	return task_record_decode(c, &ret->task);
}

static int task_take(struct tape_meta *m, const struct section_header *h,
		     const union tape_record *record, struct fault *fault)
{
	m->n_tasks++;
	return 0;
}

static int symbol_decode(struct cursor *c, union tape_record *ret)
{
	return symbol_record_decode(c, &ret->symbol);
}

static int symbol_take(struct tape_meta *m, const struct section_header *h,
		       const union tape_record *record, struct fault *fault)
{
	struct tape_symbol *symbol;
	uint64_t *place;

	if (map_get(&m->symbols, record->symbol.id))
		return 0;
	symbol = arena_alloc(&m->arena, sizeof(*symbol));
	if (!symbol)
		return -ENOMEM;
	symbol->offset = record->symbol.offset;
	symbol->name = arena_str(&m->arena, record->symbol.name);
	place = map_put(&m->symbols, record->symbol.id, NULL);
	if (!symbol->name || !place)
		return -ENOMEM;
	*place = (uintptr_t)symbol;
	return 0;
}

static int chain_decode(struct cursor *c, union tape_record *ret)
{
	return chain_record_decode(c, &ret->chain);
}

static int chain_take(struct tape_meta *m, const struct section_header *h,
		      const union tape_record *record, struct fault *fault)
{
	const struct chain_record *r = &record->chain;
	struct tape_chain *chain;
	uint64_t *place;

	if (map_get(&m->chains, r->chain))
		return 0;
	chain = arena_alloc(&m->arena, sizeof(*chain));
	if (!chain)
		return -ENOMEM;
	chain->n_frames = r->n_frames;
	chain->frames = arena_copy(&m->arena, r->frames, r->n_frames * sizeof(*r->frames));
	place = map_put(&m->chains, r->chain, NULL);
	if (!chain->frames || !place)
		return -ENOMEM;
	*place = (uintptr_t)chain;
	return 0;
}

static int cgroup_decode(struct cursor *c, union tape_record *ret)
{
	return cgroup_record_decode(c, &ret->cgroup);
}

static int member_decode(struct cursor *c, union tape_record *ret)
{
	return member_record_decode(c, &ret->member);
}

/* Only paths are remembered: who is where at what time is for those who read the tape in order. */
static int member_take(struct tape_meta *m, const struct section_header *h,
		       const union tape_record *record, struct fault *fault)
{
	const struct member_record *r = &record->member;
	const char *path;
	uint64_t *place;

	if (!*r->path || map_get(&m->cgroup_paths, r->cgroup))
		return 0;
	path = arena_str(&m->arena, r->path);
	place = path ? map_put(&m->cgroup_paths, r->cgroup, NULL) : NULL;
	if (!place)
		return -ENOMEM;
	*place = (uintptr_t)path;
	return 0;
}

const struct section_kind kinds_metadata[] = {
	{.number = TAPE_KIND_HOST, .name = "HOST", .decode = host_decode, .take = host_take},
	{.number = TAPE_KIND_CLOCK, .name = "CLOCK", .decode = clock_decode, .take = clock_take},
	{.number = TAPE_KIND_SLEEPS, .name = "SLEEPS", .decode = sleep_decode, .take = sleep_take},
	{.number = TAPE_KIND_FORMAT,
	 .name = "FORMAT",
	 .is_single = true,
	 .has_tracepoint = true,
	 .decode = format_decode,
	 .take = format_take},
	{.number = TAPE_KIND_ABSENT,
	 .name = "ABSENT",
	 .decode = absent_decode,
	 .take = absent_take},
	{.number = TAPE_KIND_TASKS,
	 .name = "TASKS",
	 .decode = task_decode,
	 .take = task_take,
	 .needs_no_memory = true},
	{.number = TAPE_KIND_SYMBOLS,
	 .name = "SYMBOLS",
	 .decode = symbol_decode,
	 .take = symbol_take},
	{.number = TAPE_KIND_CHAINS, .name = "CHAINS", .decode = chain_decode, .take = chain_take},
	{.number = TAPE_KIND_CGROUPS, .name = "CGROUPS", .decode = cgroup_decode},
	{.number = TAPE_KIND_MEMBERS,
	 .name = "MEMBERS",
	 .decode = member_decode,
	 .take = member_take},
};
const size_t n_kinds_metadata = ARRAY_SIZE(kinds_metadata);
