// SPDX-License-Identifier: MIT
/*
 * meta: looks up metadata.
 */
#include "tape/meta.h"

#include <errno.h>
#include <string.h>

#include "tape/section-kind.h"

void meta_init(struct tape_meta *m)
{
	*m = (struct tape_meta){.long_size = 8, .page_size = 4096};
}

void meta_done(struct tape_meta *m)
{
	arena_done(&m->arena);
	map_done(&m->chains);
	map_done(&m->cgroup_paths);
	map_done(&m->symbols);
	*m = (struct tape_meta){0};
}

const char *meta_host(const struct tape_meta *m, const char *key)
{
	for (size_t i = m->n_host; i-- > 0;) {
		if (!strcmp(m->host[i].key, key))
			return m->host[i].value;
	}
	return NULL;
}

static bool setting_is(const struct setting_record *s, uint32_t netns, const char *name)
{
	return s->netns == netns && !strcmp(s->name, name);
}

const char *meta_setting(const struct tape_meta *m, uint32_t netns, const char *name)
{
	for (size_t i = 0; i < m->n_settings; i++) {
		if (setting_is(&m->settings[i], netns, name))
			return m->settings[i].value;
	}
	return NULL;
}

const char *meta_setting_at_end(const struct tape_meta *m, uint32_t netns, const char *name)
{
	for (size_t i = m->n_settings; i-- > 0;) {
		if (setting_is(&m->settings[i], netns, name))
			return m->settings[i].value;
	}
	return NULL;
}

const char *meta_cgroup_path(const struct tape_meta *m, uint64_t cgroup)
{
	const uint64_t *place = map_get(&m->cgroup_paths, cgroup);

	return place ? (const char *)(uintptr_t)*place : NULL;
}

bool meta_wall_time(const struct tape_meta *m, uint64_t ts_ns, int64_t *ret_real_ns)
{
	if (m->is_clock_late && ts_ns < m->wall.stretches[0].from_ns)
		return false;
	return wall_clock_at(&m->wall, ts_ns, ret_real_ns);
}

uint64_t meta_start_ns(const struct tape_meta *m)
{
	return m->n_clocks && !m->is_clock_late ? m->clocks[0].mono_ns : m->first_ns;
}

uint64_t meta_end_ns(const struct tape_meta *m)
{
	uint64_t clock_ns = m->n_clocks ? m->clocks[m->n_clocks - 1].mono_ns : 0;

	return clock_ns > m->last_ns ? clock_ns : m->last_ns;
}

/* The most bytes that a map's slots take for each entry: right after the map has grown. */
#define MAP_COST 96

bool meta_is_full(const struct tape_meta *m)
{
	size_t entries =
		map_count(&m->chains) + map_count(&m->symbols) + map_count(&m->cgroup_paths);

	return m->arena.bytes + entries * MAP_COST >= META_BYTES_MAX;
}

int meta_full_fault(const struct section_header *h, struct fault *fault)
{
	return fault_set(fault, -EBADMSG, "%s: more metadata than %u MiB",
			 section_kind_name(h->kind), META_BYTES_MAX >> 20);
}
