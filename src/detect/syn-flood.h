/* SPDX-License-Identifier: MIT */
/*
 * syn-flood: SYNs with false addresses, for the detectors of handshakes that are not completed.
 */
#pragma once

#include "detect/findings.h"

/* True if a finding tells that the handshakes at this address and port of this host were not
 * completed as they were a SYN flood. */
bool syn_flood_explains(const struct findings *f, const struct endpoint *at);
