/* SPDX-License-Identifier: MIT */
/*
 * resum: recomputes the checksums of a tape after a test has changed its bytes, so that a reader
 * gets past the checksums and the checks after them are tested.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Recomputes the checksums of the section whose header is at tape + at. That of the payload is left
 * alone if the payload is cut. */
void resum_section(uint8_t *tape, size_t size, size_t at);
/* Recomputes the checksums of every section that starts with a magic. */
void resum_all(uint8_t *tape, size_t size);
