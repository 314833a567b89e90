// SPDX-License-Identifier: MIT
/*
 * document-html-none: in the place of document-html where the build had no chart library.
 */
#include "render/document.h"

const struct document_renderer *document_html(void)
{
	return NULL;
}
