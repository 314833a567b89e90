/* SPDX-License-Identifier: MIT */
/*
 * gather-view: the view that gathers. Its state is a struct gathered, its options are a struct
 * gather_options, and it writes no rows.
 */
#pragma once

#include "gather/gathered.h"

extern const struct view gather_view;
/* The same, with samples from tcp_probe in the histories of connections. */
extern const struct view gather_probes_view;
