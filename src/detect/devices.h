/* SPDX-License-Identifier: MIT */
/*
 * devices: packets that network devices of this host dropped, for the detector of loss.
 */
#pragma once

#include "detect/findings.h"

/* The device that dropped about as many packets as were lost, or more: its name, borrowed from the
 * builder. NULL: none did. */
const char *devices_explain_loss(const struct findings *f);
