// SPDX-License-Identifier: MIT
#include "rows/list.h"

#include "base/cleanup.h"

const struct renderer *const renderers[] = {
	&renderer_text,
	&renderer_json,
	&renderer_csv,
};
const size_t n_renderers = ARRAY_SIZE(renderers);
