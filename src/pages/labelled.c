// SPDX-License-Identifier: MIT
#include "pages/labelled.h"

#include "cells/cells.h"
#include "cells/label-text.h"

struct cell page_endpoint(struct document_builder *b, const struct labels *names,
			  const struct endpoint *e)
{
	const struct label *label = labels_find(names, e);
	struct text t CLEANUP(text_done) = {0};

	if (!label)
		return cell_endpoint(e);
	label_endpoint_text(label, e, &t);
	return cell_str(document_builder_text(b, &t));
}
