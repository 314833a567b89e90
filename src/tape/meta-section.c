// SPDX-License-Identifier: MIT
/*
 * meta, taken in section by section. Arrays grow by doubling inside the arena and leave the old
 * ones there, so that what was handed out stays good; their capacity is their length rounded up
 * to a power of two. META_BYTES_MAX is asked before every record.
 */
#include "tape/meta.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/records-check.h"

/* A map's slots, at the worst moment of their growing, per entry. */
#define MAP_COST 96

static bool is_full(const struct tape_meta *m)
{
	size_t entries = map_count(&m->chains) + map_count(&m->symbols);

	return m->arena.bytes + entries * MAP_COST >= META_BYTES_MAX;
}

static size_t capacity_of(size_t n)
{
	size_t cap = 8;

	while (cap < n)
		cap *= 2;
	return n ? cap : 0;
}

/* The place behind the n items of an array, zeroed, after growing it if it is full. NULL: out of
 * memory. */
static void *grow(struct arena *a, void **items, size_t n, size_t size)
{
	if (n == capacity_of(n)) {
		void *bigger = arena_alloc(a, capacity_of(n + 1) * size);

		if (!bigger)
			return NULL;
		if (n)
			memcpy(bigger, *items, n * size);
		*items = bigger;
	}
	return (char *)*items + n * size;
}

static void known_keys(struct tape_meta *m)
{
	const char *order = meta_host(m, "os_endian");
	const char *long_size = meta_host(m, "long_size");
	const char *page_size = meta_host(m, "page_size");
	const char *pointers = meta_host(m, "pointers");
	unsigned long page = page_size ? strtoul(page_size, NULL, 10) : 0;

	m->is_big_endian = order && !strcmp(order, "big");
	m->long_size = long_size && !strcmp(long_size, "4") ? 4 : 8;
	m->page_size = page >= 1024 && page <= 1u << 24 ? (unsigned int)page : 4096;
	m->has_raw_pointers = pointers && !strcmp(pointers, "raw");
}

static int take_hosts(struct tape_meta *m, struct cursor *c)
{
	struct host_record r;

	while (!is_full(m) && host_record_decode(c, &r) > 0) {
		struct host_record *place =
			grow(&m->arena, (void **)&m->host, m->n_host, sizeof(*place));

		if (!place)
			return -ENOMEM;
		place->key = arena_str(&m->arena, r.key);
		place->value = arena_str(&m->arena, r.value);
		if (!place->key || !place->value)
			return -ENOMEM;
		m->n_host++;
	}
	known_keys(m);
	return 0;
}

static int take_clocks(struct tape_meta *m, struct cursor *c, struct fault *fault)
{
	struct clock_record r;

	while (!is_full(m) && clock_record_decode(c, &r) > 0) {
		struct clock_record *place;

		if (m->n_clocks && r.mono_ns < m->clocks[m->n_clocks - 1].mono_ns)
			return fault_set(fault, -EBADMSG, "CLOCK goes backwards");
		place = grow(&m->arena, (void **)&m->clocks, m->n_clocks, sizeof(*place));

		if (!place)
			return -ENOMEM;
		*place = r;
		m->n_clocks++;
	}
	return 0;
}

static int take_absent(struct tape_meta *m, struct cursor *c)
{
	struct absent_record r;

	while (!is_full(m) && absent_record_decode(c, &r) > 0) {
		struct absent_record *place =
			grow(&m->arena, (void **)&m->absent, m->n_absent, sizeof(*place));

		if (!place)
			return -ENOMEM;
		place->system = arena_str(&m->arena, r.system);
		place->name = arena_str(&m->arena, r.name);
		place->why = arena_str(&m->arena, r.why);
		if (!place->system || !place->name || !place->why)
			return -ENOMEM;
		m->n_absent++;
	}
	return 0;
}

static int take_losses(struct tape_meta *m, struct cursor *c)
{
	struct loss_record r;

	while (!is_full(m) && loss_record_decode(c, &r) > 0) {
		struct loss_record *place =
			grow(&m->arena, (void **)&m->losses, m->n_losses, sizeof(*place));

		if (!place)
			return -ENOMEM;
		*place = r;
		m->n_losses++;
	}
	return 0;
}

static int take_cgroups(struct tape_meta *m, struct cursor *c)
{
	struct cgroup_record r;

	while (!is_full(m) && cgroup_record_decode(c, &r) > 0) {
		uint64_t *place = map_put(&m->cgroups, (uint32_t)r.pid, NULL);
		const char *path = arena_str(&m->arena, r.path);

		if (!place || !path)
			return -ENOMEM;
		*place = (uintptr_t)path;
	}
	return 0;
}

static int take_symbols(struct tape_meta *m, struct cursor *c)
{
	struct symbol_record r;

	while (!is_full(m) && symbol_record_decode(c, &r) > 0) {
		struct tape_symbol *symbol;
		uint64_t *place;

		if (map_get(&m->symbols, r.id))
			continue;
		symbol = arena_alloc(&m->arena, sizeof(*symbol));
		if (!symbol)
			return -ENOMEM;
		symbol->offset = r.offset;
		symbol->name = arena_str(&m->arena, r.name);
		place = map_put(&m->symbols, r.id, NULL);
		if (!symbol->name || !place)
			return -ENOMEM;
		*place = (uintptr_t)symbol;
	}
	return 0;
}

static int take_chains(struct tape_meta *m, struct cursor *c)
{
	struct chain_record r;

	while (!is_full(m) && chain_record_decode(c, &r) > 0) {
		struct tape_chain *chain;
		uint64_t *place;

		if (map_get(&m->chains, r.chain))
			continue;
		chain = arena_alloc(&m->arena, sizeof(*chain));
		if (!chain)
			return -ENOMEM;
		chain->n_frames = r.n_frames;
		chain->frames = arena_copy(&m->arena, r.frames, r.n_frames * sizeof(*r.frames));
		place = map_put(&m->chains, r.chain, NULL);
		if (!chain->frames || !place)
			return -ENOMEM;
		*place = (uintptr_t)chain;
	}
	return 0;
}

/* What the index stands for cannot change within a tape; saying it again is no harm. */
static int format_again(const struct tape_tracepoint *tp, const struct format_record *r,
			struct fault *fault)
{
	if (!strcmp(tp->system, r->system) && !strcmp(tp->name, r->name) &&
	    !strcmp(tp->format, r->text))
		return 0;
	return fault_set(fault, -EBADMSG, "FORMAT: tracepoint %u was %s:%s, now %s:%s", tp->index,
			 tp->system, tp->name, r->system, r->name);
}

static int grow_tracepoints(struct tape_meta *m, uint32_t index)
{
	while (m->n_tracepoints <= index) {
		if (!grow(&m->arena, (void **)&m->tracepoints, m->n_tracepoints,
			  sizeof(*m->tracepoints)))
			return -ENOMEM;
		m->n_tracepoints++;
	}
	return 0;
}

static int take_format(struct tape_meta *m, uint32_t index, struct cursor *c, struct fault *fault)
{
	struct tape_tracepoint *tp;
	struct format_record r;

	if (is_full(m) || format_record_decode(c, &r) <= 0)
		return 0;
	if (index < m->n_tracepoints && m->tracepoints[index])
		return format_again(m->tracepoints[index], &r, fault);
	tp = arena_alloc(&m->arena, sizeof(*tp));
	if (!tp)
		return -ENOMEM;
	tp->index = index;
	tp->kernel_id = r.kernel_id;
	tp->has_chain = r.has_chain;
	tp->system = arena_str(&m->arena, r.system);
	tp->name = arena_str(&m->arena, r.name);
	tp->format = arena_str(&m->arena, r.text);
	tp->format_len = strlen(r.text);
	if (!tp->system || !tp->name || !tp->format || grow_tracepoints(m, index) < 0)
		return -ENOMEM;
	m->tracepoints[index] = tp;
	return 0;
}

/* Tallies come every few seconds for as long as the recording lasts: their place is used again. */
static int take_tallies(struct tape_meta *m, uint64_t moment, struct cursor *c)
{
	size_t n = c->left / TALLY_LEN;
	struct tally_record r;

	if (n > m->tallies_cap) {
		size_t cap = capacity_of(n);
		struct tally_record *bigger;

		if (cap * sizeof(*bigger) + m->arena.bytes > META_BYTES_MAX)
			return 0;
		bigger = arena_alloc(&m->arena, cap * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		m->tallies = bigger;
		m->tallies_cap = cap;
	}
	m->n_tallies = 0;
	m->tally_ns = moment;
	while (tally_record_decode(c, &r) > 0)
		m->tallies[m->n_tallies++] = r;
	return 0;
}

static void take_tasks(struct tape_meta *m, struct cursor *c)
{
	struct task_record r;

	while (task_record_decode(c, &r) > 0)
		m->n_tasks++;
}

static void take_chunk(struct tape_meta *m, const struct section_header *h)
{
	if (h->subject < m->n_tracepoints && m->tracepoints[h->subject])
		m->tracepoints[h->subject]->rows += h->count;
	if (!m->n_rows || h->time_from < m->first_ns)
		m->first_ns = h->time_from;
	if (!m->n_rows || h->time_to > m->last_ns)
		m->last_ns = h->time_to;
	m->n_rows += h->count;
}

void meta_forget_chunk(struct tape_meta *m, const struct section_header *h)
{
	if (h->subject < m->n_tracepoints && m->tracepoints[h->subject])
		m->tracepoints[h->subject]->rows -= h->count;
	m->n_rows -= h->count;
}

int meta_section(struct tape_meta *m, const struct section_header *h, const void *payload,
		 size_t len, struct fault *fault)
{
	struct cursor c = cursor_of(payload, len);
	int r;

	if (h->kind == TAPE_KIND_CHUNK) {
		take_chunk(m, h);
		return 0;
	}
	r = records_check(h, payload, len, fault);
	if (r < 0)
		return r;
	switch (h->kind) {
	case TAPE_KIND_HOST: r = take_hosts(m, &c); break;
	case TAPE_KIND_CLOCK: r = take_clocks(m, &c, fault); break;
	case TAPE_KIND_FORMAT: r = take_format(m, h->subject, &c, fault); break;
	case TAPE_KIND_ABSENT: r = take_absent(m, &c); break;
	case TAPE_KIND_CGROUPS: r = take_cgroups(m, &c); break;
	case TAPE_KIND_LOSS: r = take_losses(m, &c); break;
	case TAPE_KIND_TALLY: r = take_tallies(m, h->time_to, &c); break;
	case TAPE_KIND_SYMBOLS: r = take_symbols(m, &c); break;
	case TAPE_KIND_CHAINS: r = take_chains(m, &c); break;
	case TAPE_KIND_TASKS: take_tasks(m, &c); break;
	case TAPE_KIND_TRAILER: m->has_trailer = true; return 0;
	default: return 0;
	}
	if (r < 0)
		return fault_errno(fault, r, "metadata of the tape");
	if (c.left)
		return fault_set(fault, -EBADMSG, "%s: more metadata than %u MiB",
				 section_kind_name(h->kind), META_BYTES_MAX >> 20);
	return 0;
}
