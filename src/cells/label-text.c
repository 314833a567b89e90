// SPDX-License-Identifier: MIT
#include "cells/label-text.h"

void label_addr_text(const struct label *label, const struct endpoint *e, struct text *t)
{
	text_str(t, label->name);
	if (label_is_of_one(label))
		return;
	text_char(t, '/');
	ip_addr_text(t, &e->addr);
}

void label_endpoint_text(const struct label *label, const struct endpoint *e, struct text *t)
{
	text_str(t, label->name);
	if (!label_is_of_one(label)) {
		text_char(t, '/');
		endpoint_text(t, e);
		return;
	}
	text_char(t, ':');
	if (e->port)
		text_u64(t, e->port);
	else
		text_char(t, '-');
}
