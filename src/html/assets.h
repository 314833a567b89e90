/* SPDX-License-Identifier: MIT */
/*
 * assets: the styles and scripts that every page contains. The build generates the file that
 * defines them, from page/ and the chart library; a build without HTML has no such file.
 */
#pragma once

#include <stddef.h>

struct html_asset {
	const char *text; /* does not contain the end tag of the element that it stands in */
	size_t len;
	const char *hash; /* "sha256-..." of the text, as a content security policy names it */
};

extern const struct html_asset html_chart_css;
extern const struct html_asset html_page_css;
extern const struct html_asset html_chart_js;
extern const struct html_asset html_page_js;
