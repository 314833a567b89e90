// SPDX-License-Identifier: MIT
#include "detect/detectors.h"

/* The last one looks at what the others found. */
const struct detector *const detectors[] = {
	&detector_stalled,	 &detector_synchronised, &detector_loss,    &detector_timeouts,
	&detector_tail_loss,	 &detector_unreachable,	 &detector_backlog, &detector_connects,
	&detector_slow_connects, &detector_resets,	 &detector_window,  &detector_local,
	&detector_checksum,	 &detector_quiet,
};
const size_t n_detectors = sizeof(detectors) / sizeof(*detectors);
