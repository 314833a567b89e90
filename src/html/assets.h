/* SPDX-License-Identifier: MIT */
/*
 * assets: the styles and scripts that every page brings with it. Defined by a file that the
 * build makes of src/render/page/ and the chart library; absent when built without HTML.
 */
#pragma once

#include <stddef.h>

struct html_asset {
	const char *text; /* nothing in it ends the element that it stands in */
	size_t len;
	const char *hash; /* "sha256-..." of the text, as a content security policy names it */
};

extern const struct html_asset html_chart_css;
extern const struct html_asset html_page_css;
extern const struct html_asset html_chart_js;
extern const struct html_asset html_page_js;
