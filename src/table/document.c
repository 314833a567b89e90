// SPDX-License-Identifier: MIT
#include "table/document.h"

const char *document_level_name(enum document_level l)
{
	static const char *const names[DOCUMENT_LEVELS] = {
		[DOCUMENT_GOOD] = "good",
		[DOCUMENT_NOTICE] = "notice",
		[DOCUMENT_WARNING] = "warning",
		[DOCUMENT_CRITICAL] = "critical",
	};

	return (unsigned int)l < DOCUMENT_LEVELS ? names[l] : NULL;
}
