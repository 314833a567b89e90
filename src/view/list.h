/* SPDX-License-Identifier: MIT */
/*
 * list: the views, each defined at the end of its own file.
 */
#pragma once

#include "view/view.h"

extern const struct view view_connects;
extern const struct view view_life;
extern const struct view view_replay;
extern const struct view view_resets;
extern const struct view view_retrans;
extern const struct view view_states;
extern const struct view view_top;
