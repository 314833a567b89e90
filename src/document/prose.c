// SPDX-License-Identifier: MIT
#include "document/prose.h"

#include "base/units.h"
#include "base/walltime.h"
#include "render/cell-text.h"
#include "render/fastfmt.h"

static void time_put(struct text *t, const struct render_options *o, uint64_t ts_ns,
		     unsigned int decimals)
{
	struct timestamp timestamp = timestamp_for_text(o);
	char *at = text_room(t, FASTFMT_MAX);

	if (at)
		t->len += (size_t)(timestamp_put(&timestamp, at, ts_ns, decimals) - at);
}

void prose_date(struct text *t, const struct render_options *o, uint64_t ts_ns)
{
	bool is_wall = o->time == RENDER_TIME_LOCAL || o->time == RENDER_TIME_UTC;
	int64_t real_ns;

	if (is_wall && o->clock.wall && o->clock.wall(o->clock.userdata, ts_ns, &real_ns))
		walltime_date(t, real_ns, o->time == RENDER_TIME_UTC);
	else
		time_put(t, o, ts_ns, 3);
}

void prose_when(struct text *t, const struct render_options *o, const struct document_finding *f)
{
	struct text until CLEANUP(text_done) = {0};
	size_t at;

	if (!f->since_ns && !f->until_ns)
		return;
	text_str(t, f->is_mostly ? "mostly " : "");
	at = t->len;
	time_put(t, o, f->since_ns, 1);
	time_put(&until, o, f->until_ns, 1);
	t->failed |= until.failed;
	if (t->failed || (t->len - at == until.len && !memcmp(t->data + at, until.data, until.len)))
		return;
	text_str(t, " to ");
	text_mem(t, until.data, until.len);
}

void prose_width(struct text *t, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = {
		{3600 * NSEC_PER_SEC, " h"}, {60 * NSEC_PER_SEC, " min"}, {NSEC_PER_SEC, " s"}};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (ns % units[i].ns)
			continue;
		text_u64(t, ns / units[i].ns);
		text_str(t, units[i].unit);
		return;
	}
	text_u64(t, ns / NSEC_PER_MSEC);
	text_str(t, " ms");
}

void prose_item(struct text *t, const struct render_options *o, const struct document_item *item)
{
	const struct column column = {.decimals = item->decimals};
	struct timestamp timestamp = timestamp_for_text(o);

	if (item->words)
		text_str(t, item->words);
	else if (item->cell.kind == CELL_TIME)
		prose_date(t, o, item->cell.u64);
	else
		cell_text(t, &column, &item->cell, &timestamp, false);
}

void prose_cell(struct text *t, const struct render_options *o, const struct column *column,
		const struct cell *cell)
{
	struct timestamp timestamp = timestamp_for_text(o);

	if (cell->kind == CELL_ABSENT)
		text_char(t, '-');
	else
		cell_text(t, column, cell, &timestamp, false);
}

size_t prose_rows(const struct document_table *table)
{
	return table->n_brief < table->n_rows ? table->n_brief : table->n_rows;
}
