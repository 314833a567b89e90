/* SPDX-License-Identifier: MIT */
/*
 * congestion: which congestion control the connections used, for the facts of the report.
 */
#pragma once

#include "detect/findings.h"

/* Writes "cubic: 120 connections, 1.2 GiB sent, 0.02% sent again; bbr: ..."; of others it is not
 * known. Nothing where no socket table told any. */
void congestion_text(const struct findings *f, struct text *t);
