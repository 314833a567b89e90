// SPDX-License-Identifier: MIT
/*
 * selection: a profile is a list of exact names in the catalog; a pattern is matched against the
 * tracepoints that the kernel lists.
 */
#include "record/selection.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "tracepoint/catalog.h"

#define SYSTEM_MAX 256u

void selection_done(struct selection *s)
{
	selected_list_done(&s->present);
	selected_list_done(&s->absent);
}

int selection_divide(struct selection *s)
{
	struct selected_list *l = &s->present;

	for (size_t i = 0, n = l->n; i < n; i++) {
		const struct tracepoint_info *info =
			catalog_find(l->items[i].system, l->items[i].name);
		int r;

		if (!info || !info->chain_where)
			continue;
		r = selected_list_append(l, info->system, info->name);
		if (!r)
			r = selected_filter_add(&l->items[l->n - 1], info->chain_where);
		if (!r)
			r = selected_filter_add(&l->items[i], info->chain_else);
		if (r < 0)
			return r;
		l->items[l->n - 1].with_stack = true;
	}
	return 0;
}

/* Adds a tracepoint by its exact name: as present or as absent. */
static int selection_add_named(struct selection *s, const struct tracepoint_source *source,
			       const char *system, const char *name)
{
	bool is_present = source->has(source->self, system, name);

	return selected_list_add(is_present ? &s->present : &s->absent, system, name);
}

/* Adds the tracepoints of a system that match a pattern. *ret_n grows by the number of matches,
 * including tracepoints that the list had before. A system that cannot be listed counts as
 * empty. */
static int selection_add_matches(struct selection *s, const struct tracepoint_source *source,
				 const char *system, const char *pattern, size_t *ret_n,
				 struct fault *fault)
{
	struct tracefs_names events CLEANUP(tracefs_names_done) = {0};

	if (source->events(source->self, system, &events, NULL) < 0)
		return 0;
	for (size_t i = 0; i < events.n; i++) {
		const char *name = events.names[i];

		if (fnmatch(pattern, name, 0) != 0 || !source->has(source->self, system, name))
			continue;
		if (selected_list_add(&s->present, system, name) < 0)
			return fault_no_memory(fault);
		(*ret_n)++;
	}
	return 0;
}

static int refuse_pattern(const struct tracepoint_source *source, const char *pattern,
			  struct fault *fault)
{
	char nearest[TRACEPOINT_SOURCE_NAME_MAX];

	if (tracepoint_source_suggest(source, pattern, nearest))
		return fault_set(fault, -ENOENT,
				 "this kernel has no tracepoint \"%s\"; did you mean \"%s\"?",
				 pattern, nearest);
	return fault_set(fault, -ENOENT,
			 "this kernel has no tracepoint \"%s\"; `tcptape list` shows those of "
			 "TCP, `ls /sys/kernel/tracing/events` all",
			 pattern);
}

static int selection_add_pattern(struct selection *s, const struct tracepoint_source *source,
				 const char *pattern, struct fault *fault)
{
	const char *colon = strchr(pattern, ':');
	const char *name = colon ? colon + 1 : pattern;
	struct tracefs_names systems CLEANUP(tracefs_names_done) = {0};
	char system[SYSTEM_MAX] = "*";
	const struct tracepoint_info *known;
	size_t n = 0;
	int r;

	if (colon)
		snprintf(system, sizeof(system), "%.*s", (int)(colon - pattern), pattern);
	known = catalog_find(system, name);
	/* A name in the catalog is no misspelling: if this kernel lacks the tracepoint, it counts
	 * as absent. */
	if (known && !known->is_synthetic)
		return selection_add_named(s, source, system, name) < 0 ? fault_no_memory(fault)
									: 0;
	if (!strpbrk(system, "*?["))
		r = selection_add_matches(s, source, system, name, &n, fault);
	else
		r = source->systems(source->self, &systems, fault);
	for (size_t i = 0; !r && i < systems.n; i++) {
		if (fnmatch(system, systems.names[i], 0) == 0)
			r = selection_add_matches(s, source, systems.names[i], name, &n, fault);
	}
	if (r < 0)
		return r;
	return n ? 0 : refuse_pattern(source, pattern, fault);
}

static int refuse_profile(const char *profile, struct fault *fault)
{
	struct suggestion nearest = suggest_start(profile);

	suggest_offer(&nearest, "all");
	for (size_t i = 0; i < TCP_PROFILE_N; i++)
		suggest_offer(&nearest, tcp_profiles[i].name);
	if (nearest.best)
		return fault_set(fault, -EINVAL, "no profile \"%s\"; did you mean \"%s\"?", profile,
				 nearest.best);
	return fault_set(fault, -EINVAL, "no profile \"%s\"; `tcptape list` shows what there is",
			 profile);
}

/* Profiles "life" and "bytes" need only some hits of a tracepoint (life_filter of the catalog). */
static int selection_add_of_profile(struct selection *s, const struct tracepoint_source *source,
				    const struct tracepoint_info *info, unsigned int profile_bit)
{
	const unsigned int filtered = 1u << TCP_PROFILE_LIFE | 1u << TCP_PROFILE_BYTES;
	size_t before = s->present.n;
	int r = selection_add_named(s, source, info->system, info->name);

	if (r < 0 || s->present.n == before || !(profile_bit & filtered) || !info->life_filter)
		return r;
	return selected_filter_add(&s->present.items[before], info->life_filter);
}

static int selection_add_profile(struct selection *s, const struct tracepoint_source *source,
				 const char *profile, struct fault *fault)
{
	unsigned int bit = 0;
	size_t n = 0;

	if (strcmp(profile, "all") == 0) {
		int r = selection_add_matches(s, source, "tcp", "*", &n, fault);

		return r < 0 ? r : selection_add_matches(s, source, "sock", "*", &n, fault);
	}
	for (unsigned int i = 0; i < TCP_PROFILE_N; i++) {
		if (strcmp(profile, tcp_profiles[i].name) == 0)
			bit = 1u << i;
	}
	if (!bit)
		return refuse_profile(profile, fault);
	for (size_t i = 0; i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];

		if ((info->profiles & bit) && selection_add_of_profile(s, source, info, bit) < 0)
			return fault_no_memory(fault);
	}
	return 0;
}

int selection_make(const struct tracepoint_source *source, const char *profile,
		   const char *const *patterns, size_t n_patterns, struct selection *ret,
		   struct fault *fault)
{
	struct selection s CLEANUP(selection_done) = {0};
	int r = profile ? selection_add_profile(&s, source, profile, fault) : 0;

	for (size_t i = 0; !r && i < n_patterns; i++)
		r = selection_add_pattern(&s, source, patterns[i], fault);
	if (r < 0)
		return r;
	if (!s.present.n)
		return fault_set(fault, -ENOENT,
				 "nothing to record: this kernel has none of the tracepoints that "
				 "were asked for (`tcptape list` shows what it has)");
	*ret = s;
	s = (struct selection){0};
	return 0;
}
