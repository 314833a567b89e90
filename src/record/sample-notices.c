// SPDX-License-Identifier: MIT
#include "record/sample-notices.h"

#include <stdio.h>

#define LINE 200

void sample_notices(const struct samples *s, const struct record_options *o)
{
	char line[LINE];

	if (!s->rows || !s->troubled.n_left_out)
		return;
	snprintf(line, sizeof(line),
		 "samples: only %u connections in trouble are looked at once a second: %llu "
		 "retransmissions were of others",
		 TROUBLED_MAX, (unsigned long long)s->troubled.n_left_out);
	record_notice(o, line);
}
