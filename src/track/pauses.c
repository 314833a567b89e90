// SPDX-License-Identifier: MIT
#include "track/pauses.h"

#include <errno.h>

void pauses_done(struct pauses *p)
{
	map_done(&p->open);
	losses_done(&p->some);
	losses_done(&p->whole);
}

static int pause_close(struct pauses *p, uint32_t netns, uint64_t from_ns, uint64_t to_ns)
{
	int r = losses_add(&p->some, from_ns, to_ns);

	return r || netns ? r : losses_add(&p->whole, from_ns, to_ns);
}

int pauses_take(struct pauses *p, uint64_t ts_ns, uint32_t netns, bool is_paused)
{
	uint64_t key, from_ns, *place;
	size_t pos = 0;
	bool is_new;
	int r = 0;

	if (is_paused) {
		place = map_put(&p->open, netns, &is_new);
		if (!place)
			return -ENOMEM;
		/* The same pause may be told again. */
		if (is_new)
			*place = ts_ns;
		return 0;
	}
	if (netns) {
		place = map_get(&p->open, netns);
		if (place)
			r = pause_close(p, netns, *place, ts_ns);
		map_del(&p->open, netns);
		return r;
	}
	while (!r && map_next(&p->open, &pos, &key, &from_ns))
		r = pause_close(p, (uint32_t)key, from_ns, ts_ns);
	map_clear(&p->open);
	return r;
}

bool pauses_are_whole_at(const struct pauses *p, uint64_t ns)
{
	const uint64_t *from_ns = map_get(&p->open, 0);

	return (from_ns && ns >= *from_ns) || losses_overlap(&p->whole, ns, ns);
}

bool pauses_are_at(const struct pauses *p, uint64_t ns)
{
	uint64_t key, from_ns;
	size_t pos = 0;

	while (map_next(&p->open, &pos, &key, &from_ns)) {
		if (ns >= from_ns)
			return true;
	}
	return losses_overlap(&p->some, ns, ns);
}
