// SPDX-License-Identifier: MIT
#include "cli/guard.h"

#include <time.h>

static const struct option_spec specs[] = {
	{"no-sandbox", 0, NULL, "read the tape without a sandbox, for debuggers", option_flag,
	 offsetof(struct guard_options, no_sandbox), NULL},
};
const struct option_table guard_option_table = {.specs = specs, .n_specs = ARRAY_SIZE(specs)};

int guard_put_on(const struct guard_options *o, const struct sandbox_needs *needs,
		 struct fault *fault)
{
	if (o->no_sandbox)
		return 0;
	tzset();
	return sandbox_enter(needs, fault);
}
