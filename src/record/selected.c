// SPDX-License-Identifier: MIT
/*
 * selected: owns copies of the names, and joins filters by &&.
 */
#include "record/selected.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/vec.h"
#include "tracepoint/catalog.h"

void selected_list_done(struct selected_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->items[i].system);
		free(l->items[i].name);
		free(l->items[i].filter);
	}
	free(l->items);
	*l = (struct selected_list){0};
}

int selected_list_append(struct selected_list *l, const char *system, const char *name)
{
	const struct tracepoint_info *info = catalog_find(system, name);
	struct selected s = {.with_stack = info && info->with_stack};

	if (vec_reserve(l->items, l->cap, l->n + 1) < 0)
		return -ENOMEM;
	s.system = strdup(system);
	s.name = strdup(name);
	if (!s.system || !s.name) {
		free(s.system);
		free(s.name);
		return -ENOMEM;
	}
	l->items[l->n++] = s;
	return 0;
}

int selected_list_add(struct selected_list *l, const char *system, const char *name)
{
	return selected_list_has(l, system, name) ? 0 : selected_list_append(l, system, name);
}

bool selected_list_has(const struct selected_list *l, const char *system, const char *name)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!strcmp(l->items[i].system, system) && !strcmp(l->items[i].name, name))
			return true;
	}
	return false;
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
