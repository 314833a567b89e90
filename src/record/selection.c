// SPDX-License-Identifier: MIT
/*
 * selection: profiles are exact names out of the catalog, patterns are matched against what the
 * kernel lists.
 */
#include "record/selection.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "tracepoint/catalog.h"

#define WORD_MAX 256u

static bool tracefs_has(void *self, const char *system, const char *name)
{
	return tracefs_has_event(self, system, name);
}

static int tracefs_all_systems(void *self, struct tracefs_names *ret, struct fault *fault)
{
	return tracefs_systems(self, ret, fault);
}

static int tracefs_all_events(void *self, const char *system, struct tracefs_names *ret,
			      struct fault *fault)
{
	return tracefs_events(self, system, ret, fault);
}

struct listing listing_of_tracefs(struct tracefs *t)
{
	return (struct listing){
		.has = tracefs_has,
		.systems = tracefs_all_systems,
		.events = tracefs_all_events,
		.self = t,
	};
}

static void free_items(struct selected *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(items[i].system);
		free(items[i].name);
		free(items[i].filter);
	}
	free(items);
}

void selection_done(struct selection *s)
{
	free_items(s->items, s->n);
	free_items(s->absent, s->n_absent);
	*s = (struct selection){0};
}

static int append(struct selected **items, size_t *n, size_t *cap, const char *system,
		  const char *name)
{
	const struct tracepoint_info *info = catalog_find(system, name);
	struct selected s = {.with_stack = info && info->with_stack};

	if (*n == *cap) {
		size_t more_cap = *cap ? *cap * 2 : 32;
		struct selected *more = realloc(*items, more_cap * sizeof(*more));

		if (!more)
			return -ENOMEM;
		*items = more;
		*cap = more_cap;
	}
	s.system = strdup(system);
	s.name = strdup(name);
	if (!s.system || !s.name) {
		free(s.system);
		free(s.name);
		return -ENOMEM;
	}
	(*items)[(*n)++] = s;
	return 0;
}

static int add_to(struct selected **items, size_t *n, size_t *cap, const char *system,
		  const char *name)
{
	for (size_t i = 0; i < *n; i++) {
		if (strcmp((*items)[i].system, system) == 0 && strcmp((*items)[i].name, name) == 0)
			return 0;
	}
	return append(items, n, cap, system, name);
}

int selected_filter_add(struct selected *s, const char *expression)
{
	size_t len = strlen(expression) + (s->filter ? strlen(s->filter) : 0) + sizeof("()&&()");
	char *joined = malloc(len);

	if (!joined)
		return -ENOMEM;
	if (s->filter)
		snprintf(joined, len, "(%s)&&(%s)", s->filter, expression);
	else
		snprintf(joined, len, "%s", expression);
	free(s->filter);
	s->filter = joined;
	return 0;
}

int selection_divide(struct selection *s)
{
	for (size_t i = 0, n = s->n; i < n; i++) {
		const struct tracepoint_info *info =
			catalog_find(s->items[i].system, s->items[i].name);
		int r;

		if (!info || !info->chain_where)
			continue;
		r = append(&s->items, &s->n, &s->cap, info->system, info->name);
		if (!r)
			r = selected_filter_add(&s->items[s->n - 1], info->chain_where);
		if (!r)
			r = selected_filter_add(&s->items[i], info->chain_else);
		if (r < 0)
			return r;
		s->items[s->n - 1].with_stack = true;
	}
	return 0;
}

/* One whose name is certain. */
static int add_named(struct selection *s, const struct listing *l, const char *system,
		     const char *name)
{
	if (l->has(l->self, system, name))
		return add_to(&s->items, &s->n, &s->cap, system, name);
	return add_to(&s->absent, &s->n_absent, &s->cap_absent, system, name);
}

/* Adds what fits; *ret_n counts, also what was there before. A system that is gone is empty. */
static int add_matches(struct selection *s, const struct listing *l, const char *system,
		       const char *pattern, size_t *ret_n, struct fault *fault)
{
	struct tracefs_names events CLEANUP(tracefs_names_done) = {0};

	if (l->events(l->self, system, &events, NULL) < 0)
		return 0;
	for (size_t i = 0; i < events.n; i++) {
		const char *name = events.names[i];

		if (fnmatch(pattern, name, 0) != 0 || !l->has(l->self, system, name))
			continue;
		if (add_to(&s->items, &s->n, &s->cap, system, name) < 0)
			return fault_no_memory(fault);
		(*ret_n)++;
	}
	return 0;
}

/* Says which tracepoint may have been meant. */
static int unknown_pattern(const struct listing *l, const char *pattern, struct fault *fault)
{
	struct tracefs_names systems CLEANUP(tracefs_names_done) = {0};
	struct suggestion nearest = suggest_start(pattern);
	char best[WORD_MAX] = "";

	if (l->systems(l->self, &systems, NULL) < 0)
		systems.n = 0;
	for (size_t i = 0; i < systems.n; i++) {
		struct tracefs_names events CLEANUP(tracefs_names_done) = {0};

		if (l->events(l->self, systems.names[i], &events, NULL) < 0)
			continue;
		for (size_t k = 0; k < events.n; k++) {
			size_t before = nearest.distance;
			char full[WORD_MAX];

			snprintf(full, sizeof(full), "%s:%s", systems.names[i], events.names[k]);
			suggest_offer(&nearest, strchr(pattern, ':') ? full : events.names[k]);
			if (nearest.distance < before)
				memcpy(best, full, sizeof(best));
			/* The candidate does not outlive this turn. */
			nearest.best = NULL;
		}
	}
	if (best[0])
		return fault_set(fault, -ENOENT,
				 "this kernel has no tracepoint \"%s\"; did you mean \"%s\"?",
				 pattern, best);
	return fault_set(fault, -ENOENT,
			 "this kernel has no tracepoint \"%s\"; `tcptape list` shows those of "
			 "TCP, `ls /sys/kernel/tracing/events` all",
			 pattern);
}

static int add_pattern(struct selection *s, const struct listing *l, const char *pattern,
		       struct fault *fault)
{
	const char *colon = strchr(pattern, ':');
	const char *name = colon ? colon + 1 : pattern;
	struct tracefs_names systems CLEANUP(tracefs_names_done) = {0};
	char system[WORD_MAX] = "*";
	const struct tracepoint_info *known;
	size_t n = 0;
	int r;

	if (colon)
		snprintf(system, sizeof(system), "%.*s", (int)(colon - pattern), pattern);
	known = catalog_find(system, name);
	/* One that we know, but this kernel does not: missing, not misspelt. */
	if (known && !known->is_made)
		return add_named(s, l, system, name) < 0
			       ? fault_set(fault, -ENOMEM, "out of memory")
			       : 0;
	if (!strpbrk(system, "*?["))
		r = add_matches(s, l, system, name, &n, fault);
	else
		r = l->systems(l->self, &systems, fault);
	for (size_t i = 0; !r && i < systems.n; i++) {
		if (fnmatch(system, systems.names[i], 0) == 0)
			r = add_matches(s, l, systems.names[i], name, &n, fault);
	}
	if (r < 0)
		return r;
	return n ? 0 : unknown_pattern(l, pattern, fault);
}

static int unknown_profile(const char *profile, struct fault *fault)
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

static int add_of_profile(struct selection *s, const struct listing *l,
			  const struct tracepoint_info *info, unsigned int bit)
{
	const unsigned int lean = 1u << TCP_PROFILE_LIFE | 1u << TCP_PROFILE_BYTES;
	size_t before = s->n;
	int r = add_named(s, l, info->system, info->name);

	if (r < 0 || s->n == before || !(bit & lean) || !info->life_filter)
		return r;
	return selected_filter_add(&s->items[before], info->life_filter);
}

static int add_profile(struct selection *s, const struct listing *l, const char *profile,
		       struct fault *fault)
{
	unsigned int bit = 0;
	size_t n = 0;

	if (strcmp(profile, "all") == 0) {
		int r = add_matches(s, l, "tcp", "*", &n, fault);

		return r < 0 ? r : add_matches(s, l, "sock", "*", &n, fault);
	}
	for (unsigned int i = 0; i < TCP_PROFILE_N; i++) {
		if (strcmp(profile, tcp_profiles[i].name) == 0)
			bit = 1u << i;
	}
	if (!bit)
		return unknown_profile(profile, fault);
	for (size_t i = 0; i < n_tracepoint_catalog; i++) {
		const struct tracepoint_info *info = &tracepoint_catalog[i];

		if ((info->profiles & bit) && add_of_profile(s, l, info, bit) < 0)
			return fault_no_memory(fault);
	}
	return 0;
}

int selection_make(const struct listing *l, const char *profile, const char *const *patterns,
		   size_t n_patterns, struct selection *ret, struct fault *fault)
{
	struct selection s CLEANUP(selection_done) = {0};
	int r = profile ? add_profile(&s, l, profile, fault) : 0;

	for (size_t i = 0; !r && i < n_patterns; i++)
		r = add_pattern(&s, l, patterns[i], fault);
	if (r < 0)
		return r;
	if (!s.n)
		return fault_set(fault, -ENOENT,
				 "nothing to record: this kernel has none of the tracepoints that "
				 "were asked for (`tcptape list` shows what it has)");
	*ret = s;
	s = (struct selection){0};
	return 0;
}

bool selection_has(const struct selection *s, const char *system, const char *name)
{
	for (size_t i = 0; i < s->n; i++) {
		if (!strcmp(s->items[i].system, system) && !strcmp(s->items[i].name, name))
			return true;
	}
	return false;
}
