/* SPDX-License-Identifier: MIT */
/*
 * socket-notices: what the user is told, when a recording ends, of sockets that are not on the tape
 * and why.
 */
#pragma once

#include "record/record-options.h"
#include "record/sockets.h"

void socket_notices(const struct sockets *s, const struct record_options *o);
