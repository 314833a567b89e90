// SPDX-License-Identifier: MIT
/*
 * page-none: in the place of document-html where the build had no chart library.
 */
#include "document/renderer.h"

const struct document_renderer *document_html(void)
{
	return NULL;
}
