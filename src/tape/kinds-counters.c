// SPDX-License-Identifier: MIT
/*
 * The kinds of sections that say what the kernel counted itself, and how it is set: COUNTERS and
 * SETTINGS. The metadata remembers the names of counters and the settings. It does not remember
 * readings, of which there is no end: who wants them takes them from the sections as they pass.
 */
#include "tape/section-kind.h"

#include <errno.h>
#include <string.h>

#include "format/counter-values.h"
#include "tape/meta-array.h"
#include "tape/meta.h"

static int counters_decode(struct cursor *c, union tape_record *ret)
{
	return counters_record_decode(c, &ret->counters);
}

static int counter_names_grow(struct tape_meta *m, size_t n)
{
	while (m->n_counter_names < n) {
		if (!meta_array_add(&m->arena, (void **)&m->counter_names, m->n_counter_names,
				    sizeof(*m->counter_names)))
			return -ENOMEM;
		m->n_counter_names++;
	}
	return 0;
}

/* A number never changes its meaning; a name that comes again does no harm. */
static int counter_name_take(struct tape_meta *m, size_t number, const char *name,
			     struct fault *fault)
{
	if (counter_names_grow(m, number + 1) < 0)
		return -ENOMEM;
	if (m->counter_names[number])
		return strcmp(m->counter_names[number], name)
			       ? fault_set(fault, -EBADMSG, "COUNTERS: name %zu was %s, now %s",
					   number, m->counter_names[number], name)
			       : 0;
	m->counter_names[number] = arena_str(&m->arena, name);
	return m->counter_names[number] ? 0 : -ENOMEM;
}

static int counters_take(struct tape_meta *m, const struct section_header *h,
			 const union tape_record *record, struct fault *fault)
{
	const struct counters_record *r = &record->counters;
	struct cursor c = cursor_of(r->body, r->body_len);
	size_t number = r->number;
	const char *name;
	int err = 0;

	if (r->what != COUNTERS_NAMES) {
		m->n_counter_readings++;
		return 0;
	}
	while (!err && counter_name_decode(&c, &name) > 0)
		err = counter_name_take(m, number++, name, fault);
	return err;
}

static int setting_decode(struct cursor *c, union tape_record *ret)
{
	return setting_record_decode(c, &ret->setting);
}

static int setting_take(struct tape_meta *m, const struct section_header *h,
			const union tape_record *record, struct fault *fault)
{
	struct setting_record *place =
		meta_array_add(&m->arena, (void **)&m->settings, m->n_settings, sizeof(*place));

	if (!place)
		return -ENOMEM;
	*place = record->setting;
	place->name = arena_str(&m->arena, record->setting.name);
	place->value = arena_str(&m->arena, record->setting.value);
	if (!place->name || !place->value)
		return -ENOMEM;
	m->n_settings++;
	return 0;
}

const struct section_kind kinds_counters[] = {
	{.number = TAPE_KIND_COUNTERS,
	 .name = "COUNTERS",
	 .decode = counters_decode,
	 .take = counters_take},
	{.number = TAPE_KIND_SETTINGS,
	 .name = "SETTINGS",
	 .decode = setting_decode,
	 .take = setting_take},
};
const size_t n_kinds_counters = ARRAY_SIZE(kinds_counters);
