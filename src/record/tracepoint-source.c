// SPDX-License-Identifier: MIT
/*
 * tracepoint-source: wraps tracefs in three callbacks, and finds the name nearest to a misspelt
 * one.
 */
#include "record/tracepoint-source.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

static bool source_has(void *self, const char *system, const char *name)
{
	return tracefs_has_event(self, system, name);
}

static int source_systems(void *self, struct tracefs_names *ret, struct fault *fault)
{
	return tracefs_systems(self, ret, fault);
}

static int source_events(void *self, const char *system, struct tracefs_names *ret,
			 struct fault *fault)
{
	return tracefs_events(self, system, ret, fault);
}

struct tracepoint_source tracepoint_source_of_tracefs(struct tracefs *t)
{
	return (struct tracepoint_source){
		.has = source_has,
		.systems = source_systems,
		.events = source_events,
		.self = t,
	};
}

static void suggest_of_system(const struct tracepoint_source *s, const char *system,
			      const char *pattern, struct suggestion *nearest,
			      char best[TRACEPOINT_SOURCE_NAME_MAX])
{
	struct tracefs_names events CLEANUP(tracefs_names_done) = {0};

	if (s->events(s->self, system, &events, NULL) < 0)
		return;
	for (size_t i = 0; i < events.n; i++) {
		size_t before = nearest->distance;
		char full[TRACEPOINT_SOURCE_NAME_MAX];

		snprintf(full, sizeof(full), "%s:%s", system, events.names[i]);
		suggest_offer(nearest, strchr(pattern, ':') ? full : events.names[i]);
		if (nearest->distance < before)
			memcpy(best, full, sizeof(full));
		/* `full` does not outlive this turn of the loop; `best` is its copy. */
		nearest->best = NULL;
	}
}

bool tracepoint_source_suggest(const struct tracepoint_source *s, const char *pattern,
			       char ret[TRACEPOINT_SOURCE_NAME_MAX])
{
	struct tracefs_names systems CLEANUP(tracefs_names_done) = {0};
	struct suggestion nearest = suggest_start(pattern);

	ret[0] = 0;
	if (s->systems(s->self, &systems, NULL) < 0)
		return false;
	for (size_t i = 0; i < systems.n; i++)
		suggest_of_system(s, systems.names[i], pattern, &nearest, ret);
	return ret[0] != 0;
}
