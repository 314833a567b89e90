/* SPDX-License-Identifier: MIT */
/*
 * translation: what the detector `translation` knows, for other detectors.
 */
#pragma once

#include "detect/findings.h"

/* True if RSTs of no socket, from this local port to this peer, are those of connections whose
 * answers come from another address than they were opened to. */
bool translation_explains(const struct findings *f, uint16_t lport, const struct ip_addr *peer);
