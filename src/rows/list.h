/* SPDX-License-Identifier: MIT */
/*
 * list: the renderers, each defined at the end of its own file.
 */
#pragma once

#include "render/render.h"

extern const struct renderer renderer_text;
extern const struct renderer renderer_json;
extern const struct renderer renderer_csv;
