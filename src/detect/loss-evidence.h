/* SPDX-License-Identifier: MIT */
/*
 * loss-evidence: what a finding of lost data says of the connections it is about: how bad it is, by
 * which figures, how sure that is, and what command shows more.
 */
#pragma once

#include "detect/findings.h"
#include "gather/counters.h"

/* Retransmissions of lost data without which loss is not critical. */
#define LOSS_CRITICAL_MIN 30u

/* ppm: the rate of lost data. */
enum document_level loss_level(const struct counters *s, uint64_t ppm);
void loss_add_evidence(struct findings *f, struct finding *x, const struct counters *s);
/* Adds what makes the finding less than certain. */
void loss_conclude(struct findings *f, struct finding *x, const struct counters *s);
/* The view that shows the retransmissions. Without events of retransmissions, as the kernel's
 * figures tell of them, only the connections are on the tape. */
const char *loss_view(const struct gathered *in);
