// SPDX-License-Identifier: MIT
/*
 * horizon: a short memory of drains.
 */
#include "record/horizon.h"

/* Sixteen drains this far apart reach well beyond the slack. */
#define APART_NS (8 * NSEC_PER_MSEC)

void horizon_drained(struct horizon *h, uint64_t began)
{
	unsigned int kept = h->n < HORIZON_DRAINS ? h->n : HORIZON_DRAINS;

	for (unsigned int i = 1; i <= kept; i++) {
		uint64_t earlier = h->begins[(h->n - i) % HORIZON_DRAINS];

		if (earlier + HORIZON_SLACK_NS > began)
			continue;
		if (earlier > h->complete_until)
			h->complete_until = earlier;
		break;
	}
	if (h->n && began < h->begins[(h->n - 1) % HORIZON_DRAINS] + APART_NS)
		return;
	h->begins[h->n++ % HORIZON_DRAINS] = began;
}
