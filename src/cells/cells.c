// SPDX-License-Identifier: MIT
#include "cells/cells.h"

#include "tcp/names.h"

struct cell cell_state(int32_t state)
{
	const char *name = tcp_state_name(state);

	return name ? cell_word(name) : cell_i64(state);
}
