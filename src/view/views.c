// SPDX-License-Identifier: MIT
#include "view/view.h"

/* Every view, in the order of the help. Each is defined at the end of its own file. */
#define VIEWS(each)                                                                                \
	each(replay) each(retrans) each(resets) each(life) each(states) each(connects) each(top)   \
		each(host)

#define DECLARE(name) extern const struct view view_##name;
#define POINTER(name) &view_##name,

/* clang-format off */
VIEWS(DECLARE)

const struct view *const views[] = {VIEWS(POINTER)};
/* clang-format on */
const size_t n_views = ARRAY_SIZE(views);
