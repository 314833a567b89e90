// SPDX-License-Identifier: MIT
#include "cells/conn-cells.h"

#include "base/units.h"

const char *conn_ending_sign(const struct tcp_conn *c)
{
	static const char *const signs[] = {
		[TCP_ENDING_OPEN] = "O",	 [TCP_ENDING_LOCAL_FIN] = "F>",
		[TCP_ENDING_REMOTE_FIN] = "F<",	 [TCP_ENDING_BOTH_FIN] = "F=",
		[TCP_ENDING_LOCAL_RESET] = "R>", [TCP_ENDING_REMOTE_RESET] = "R<",
		[TCP_ENDING_TIMEOUT] = "T",	 [TCP_ENDING_ERROR] = "E",
		[TCP_ENDING_DESTROYED] = "K",	 [TCP_ENDING_ABORTED] = "A",
		[TCP_ENDING_UNSEEN] = "?",
	};

	return c->ending < ARRAY_SIZE(signs) ? signs[c->ending] : NULL;
}

struct cell conn_ms_cell(struct text *t, uint64_t ns, bool is_exact, bool has_loss)
{
	uint64_t hundredths = (ns + 5000) / 10000;

	if (is_exact && !has_loss)
		return cell_fixed(hundredths);
	text_clear(t);
	if (!is_exact)
		text_char(t, '>');
	text_fixed(t, hundredths, 2);
	if (has_loss)
		text_char(t, '*');
	return cell_str(text_cstr(t));
}
