/* SPDX-License-Identifier: MIT */
/*
 * label-text: an address as a cell shows it that has no room for both the address and its name. The
 * name of a single address stands in its place ("db-1:5432"), and that of a network or port before
 * it ("office/10.1.2.3:5432"), so that no address is lost.
 */
#pragma once

#include "tcp/labels.h"

/* label: that of e. */
void label_addr_text(const struct label *label, const struct endpoint *e, struct text *t);
void label_endpoint_text(const struct label *label, const struct endpoint *e, struct text *t);
