// SPDX-License-Identifier: MIT
#include "view/list.h"

const struct view *const views[] = {
	&view_replay, &view_retrans,  &view_resets, &view_life,
	&view_states, &view_connects, &view_top,
};
const size_t n_views = ARRAY_SIZE(views);
