// SPDX-License-Identifier: MIT
#include "cli/commands.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/suggest.h"

static const struct command *const before_views[] = {
	&command_record,
	&command_report,
};

static const struct command *const after_views[] = {
	&command_conn,	&command_diff, &command_live,	&command_info,
	&command_check, &command_list, &command_doctor,
};

bool command_at(size_t i, struct command *ret)
{
	if (i < ARRAY_SIZE(before_views)) {
		*ret = *before_views[i];
		return true;
	}
	i -= ARRAY_SIZE(before_views);
	if (i < n_views) {
		*ret = command_of_view(views[i]);
		return true;
	}
	i -= n_views;
	if (i < ARRAY_SIZE(after_views)) {
		*ret = *after_views[i];
		return true;
	}
	return false;
}

int command_find(const char *name, struct command *ret, struct fault *fault)
{
	struct suggestion near = suggest_start(name);
	struct command c;

	for (size_t i = 0; command_at(i, &c); i++) {
		if (!strcmp(c.name, name)) {
			*ret = c;
			return 0;
		}
		suggest_offer(&near, c.name);
	}
	suggest_offer(&near, "help");
	if (near.best)
		return fault_set(fault, -EINVAL, "unknown command %s: did you mean %s?", name,
				 near.best);
	return fault_set(fault, -EINVAL, "unknown command %s: tcptape help lists them", name);
}

int command_for_view(const struct command *c, const char *name, struct command *ret,
		     struct fault *fault)
{
	struct command of_view;
	int r = command_find(name, &of_view, fault);

	assert(c->usage_after_view);
	if (r < 0)
		return r;
	if (!of_view.view)
		return fault_set(fault, -EINVAL, "%s is no view (tcptape help lists them)", name);
	*ret = *c;
	ret->view = of_view.view;
	ret->summary = of_view.summary;
	ret->usage = c->usage_after_view;
	ret->detail = NULL;
	return 0;
}
