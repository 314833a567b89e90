// SPDX-License-Identifier: MIT
#include "pages/verdict-words.h"

#include "base/units.h"

void verdict_places_text(const struct verdict *v, struct text *t)
{
	static const char *const leads[PLACES] = {
		[PLACE_UNKNOWN] = "Where it lies cannot be told",
		[PLACE_NETWORK] = "The network",
		[PLACE_PEER] = "A peer",
		[PLACE_HOST] = "This host",
	};
	bool has_other = false;

	text_str(t, leads[v->place]);
	if (v->place == PLACE_UNKNOWN)
		return;
	for (int p = PLACE_NETWORK; p < PLACES; p++) {
		if (!v->has_places[p] || p == (int)v->place)
			continue;
		text_str(t, has_other ? " and " : ", and also ");
		text_str(t, place_words((enum trouble_place)p));
		has_other = true;
	}
}

static void share_text(struct text *t, uint64_t part, uint64_t whole, const char *words)
{
	percent_text(t, ppm_of(part, whole));
	text_str(t, words);
}

void verdict_time_text(const struct busy_time *b, struct text *t)
{
	if (!b->conns)
		return;
	units_duration(t, b->busy_ns);
	text_str(t, " with data under way: ");
	share_text(t, b->repairing_ns, b->busy_ns, " of it repairing losses, ");
	share_text(t, b->window_ns, b->busy_ns, " held back by peers' receive windows, ");
	share_text(t, b->buffer_ns, b->busy_ns, " by full send buffers");
}

const char *verdict_name(const struct verdict *v)
{
	return v->is_good ? "nothing" : place_name(v->place);
}
