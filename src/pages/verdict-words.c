// SPDX-License-Identifier: MIT
#include "pages/verdict-words.h"

#include "base/units.h"

void verdict_places_text(const struct verdict *v, struct text *t)
{
	const char *const leads[PLACES] = {
		[PLACE_UNKNOWN] = v->has_places[PLACE_NETWORK] || v->has_places[PLACE_PEER] ||
						  v->has_places[PLACE_HOST]
					  ? "Where the worst lies cannot be told"
					  : "Where it lies cannot be told",
		[PLACE_NETWORK] = "The network",
		[PLACE_PEER] = "A peer",
		[PLACE_HOST] = "This host",
	};
	bool has_other = false;

	text_str(t, leads[v->place]);
	for (int p = PLACE_NETWORK; p < PLACES; p++) {
		if (!v->has_places[p] || p == (int)v->place)
			continue;
		text_str(t, has_other			? " and "
			    : v->place == PLACE_UNKNOWN ? "; other findings lie with "
							: ", and also ");
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
	if (b->knows_repairing) {
		text_str(t, b->is_least && b->repairing_ns ? "at least " : "");
		share_text(t, b->repairing_ns, b->busy_ns, " of it repairing losses, ");
	}
	share_text(t, b->window_ns, b->busy_ns, " held back by peers' receive windows, ");
	share_text(t, b->buffer_ns, b->busy_ns, " by full send buffers");
	if (b->repairing_ns + b->window_ns + b->buffer_ns > b->busy_ns)
		text_str(t, " (some of it at the same time)");
}

const char *verdict_name(const struct verdict *v)
{
	return v->is_good ? "nothing" : place_name(v->place);
}
