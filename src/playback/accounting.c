// SPDX-License-Identifier: MIT
#include "playback/accounting.h"

#include <string.h>

#include "tracepoint/catalog.h"

/* Events that neither were recorded nor are lost; 0 before the final tally. */
static uint64_t tally_undelivered(const struct tally_record *t)
{
	/* A tape may say anything: there are no negative numbers of events. */
	if (!(t->flags & TALLY_FINAL) || t->recorded > t->counted ||
	    t->lost > t->counted - t->recorded)
		return 0;
	return t->counted - t->recorded - t->lost;
}

/* Are the two indices of one tracepoint? */
static bool tracepoint_is_same(const struct tape_meta *meta, uint32_t a, uint32_t b)
{
	const struct tape_tracepoint *x, *y;

	if (a == b || a >= meta->n_tracepoints || b >= meta->n_tracepoints)
		return a == b;
	x = meta->tracepoints[a];
	y = meta->tracepoints[b];
	return x && y && !strcmp(x->name, y->name) && !strcmp(x->system, y->system);
}

bool accounting_is_repeated(const struct tape_meta *meta, uint32_t tracepoint)
{
	for (uint32_t i = 0; i < tracepoint; i++) {
		if (tracepoint_is_same(meta, i, tracepoint))
			return true;
	}
	return false;
}

bool accounting_is_synthetic(const struct tape_tracepoint *tp)
{
	const struct tracepoint_info *info = catalog_find(tp->system, tp->name);

	return info && info->is_synthetic;
}

uint64_t accounting_synthetic(const struct tape_meta *meta, const char *name)
{
	uint64_t rows = 0;

	for (size_t i = 0; i < meta->n_tracepoints; i++) {
		const struct tape_tracepoint *tp = meta->tracepoints[i];

		if (tp && accounting_is_synthetic(tp) && (!name || !strcmp(tp->name, name)))
			rows += tp->rows;
	}
	return rows;
}

uint64_t accounting_rows(const struct tape_meta *meta, uint32_t tracepoint)
{
	uint64_t rows = 0;

	for (uint32_t i = 0; i < meta->n_tracepoints; i++) {
		if (meta->tracepoints[i] && tracepoint_is_same(meta, i, tracepoint))
			rows += meta->tracepoints[i]->rows;
	}
	return rows;
}

struct accounting_sum accounting_sum(const struct tape_meta *meta, uint32_t tracepoint,
				     uint32_t cpu)
{
	struct accounting_sum sum = {0};

	for (size_t i = 0; i < meta->n_tallies; i++) {
		const struct tally_record *t = &meta->tallies[i];

		if (tracepoint != ACCOUNTING_ALL &&
		    !tracepoint_is_same(meta, t->tracepoint, tracepoint))
			continue;
		if (cpu != ACCOUNTING_ALL && t->cpu != cpu)
			continue;
		sum.counted += t->counted;
		sum.recorded += t->recorded;
		sum.lost += t->lost;
		sum.undelivered += tally_undelivered(t);
		sum.has_final |= t->flags & TALLY_FINAL;
	}
	return sum;
}

/* Is the tracepoint of one of these kinds? One that the catalog does not have is of kind OTHER. */
static bool tracepoint_is_of(const struct tape_meta *meta, uint32_t tracepoint, tcp_kinds kinds)
{
	const struct tape_tracepoint *tp =
		tracepoint < meta->n_tracepoints ? meta->tracepoints[tracepoint] : NULL;
	const struct tracepoint_info *info = tp ? catalog_find(tp->system, tp->name) : NULL;

	return tp && TCP_KIND_BIT(info ? info->kind : TCP_KIND_OTHER) & kinds;
}

/* Losses as the rings reported them, when they are more than the tallies have. */
static void missing_add_ring_losses(const struct tape_meta *meta, struct accounting_missing *m)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < meta->n_losses; i++)
		lost += meta->losses[i].count;
	if (lost <= m->lost)
		return;
	m->lost = lost;
	for (size_t i = 0; i < meta->n_losses; i++) {
		if (meta->losses[i].count)
			cpu_set_text_add(&m->lost_cpus, meta->losses[i].cpu);
	}
}

void accounting_gaps(const struct tape_meta *meta, struct accounting_gaps *ret)
{
	*ret = (struct accounting_gaps){0};
	for (size_t i = 0; i < meta->n_losses; i++) {
		const struct loss_record *l = &meta->losses[i];

		if (l->count)
			continue;
		ret->n++;
		ret->ns += l->to_ns > l->from_ns ? l->to_ns - l->from_ns : 0;
		cpu_set_text_add(&ret->cpus, l->cpu);
	}
}

void accounting_missing(const struct tape_meta *meta, tcp_kinds kinds,
			struct accounting_missing *ret)
{
	*ret = (struct accounting_missing){0};
	for (size_t i = 0; i < meta->n_tallies; i++) {
		const struct tally_record *t = &meta->tallies[i];
		uint64_t undelivered = tally_undelivered(t);

		if (!tracepoint_is_of(meta, t->tracepoint, kinds))
			continue;
		ret->lost += t->lost;
		ret->undelivered += undelivered;
		if (t->lost)
			cpu_set_text_add(&ret->lost_cpus, t->cpu);
		if (undelivered)
			cpu_set_text_add(&ret->undelivered_cpus, t->cpu);
	}
	if (!accounting_sum(meta, ACCOUNTING_ALL, ACCOUNTING_ALL).has_final)
		missing_add_ring_losses(meta, ret);
}

void cpu_set_text_add(struct cpu_set_text *s, uint32_t cpu)
{
	if (cpu < TAPE_CPUS_MAX)
		s->bits[cpu / 8] |= (uint8_t)(1u << cpu % 8);
}

static bool cpu_set_text_has(const struct cpu_set_text *s, uint32_t cpu)
{
	return cpu < TAPE_CPUS_MAX && s->bits[cpu / 8] >> cpu % 8 & 1;
}

void cpu_set_text_print(const struct cpu_set_text *s, struct text *t)
{
	uint32_t n = 0;
	bool is_first = true;

	for (size_t i = 0; i < sizeof(s->bits); i++)
		n += (uint32_t)__builtin_popcount(s->bits[i]);
	text_str(t, n == 1 ? "CPU " : "CPUs ");
	for (uint32_t cpu = 0; cpu < TAPE_CPUS_MAX; cpu++) {
		uint32_t end = cpu;

		if (!cpu_set_text_has(s, cpu))
			continue;
		while (cpu_set_text_has(s, end + 1))
			end++;
		if (!is_first)
			text_char(t, ',');
		is_first = false;
		text_u64(t, cpu);
		if (end > cpu) {
			text_char(t, end > cpu + 1 ? '-' : ',');
			text_u64(t, end);
		}
		cpu = end;
	}
}
