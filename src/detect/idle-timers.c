// SPDX-License-Identifier: MIT
#include "detect/idle-timers.h"

#include <stddef.h>

#include "base/cleanup.h"
#include "base/units.h"

/* Times after which devices forget connections. */
static const struct idle_timer idle_timers[] = {
	{60, "Many balancers and proxies forget connections after 60 s."},
	{240, "Azure's balancer forgets connections after 4 minutes unless it is told otherwise."},
	{300, NULL},
	{350, "AWS's network balancers and NAT gateways forget connections after 350 s."},
	{600, "Google Cloud's firewall forgets connections after 10 minutes."},
	{900, NULL},
	{1200, NULL},
	{1800, NULL},
	{3600, "Many firewalls forget connections after an hour."},
	{7440, "A NAT may forget connections after 2 h 4 min (RFC 5382, REQ-5)."},
	{432000, "The connection tracking of Linux forgets connections after five days."},
};

const struct idle_timer *idle_timer_of(uint64_t ns)
{
	const struct idle_timer *found = NULL;

	/* The times are those of milliseconds, and a packet is under way for a while. */
	for (size_t i = 0; i < ARRAY_SIZE(idle_timers); i++) {
		uint64_t s_ns = idle_timers[i].s * NSEC_PER_SEC;

		if (s_ns <= ns + NSEC_PER_SEC / 2 && ns * 100 <= s_ns * (100 + IDLE_TIMER_ABOVE))
			found = &idle_timers[i];
	}
	return found;
}
