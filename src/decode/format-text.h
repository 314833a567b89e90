/* SPDX-License-Identifier: MIT */
/*
 * format-text: a format file written anew from its parsed fields, for libtraceevent: what is in
 * it is what we understood, brackets that libtraceevent cannot size (5.10's
 * saddr[sizeof(struct sockaddr_in6)]) are numbers, and the event's name starts no special case.
 */
#pragma once

#include "base/text.h"
#include "tracepoint/trace-format.h"

/* print: the "print fmt: ..." line, verbatim. */
void format_text_write(struct text *t, const struct trace_format *f, const char *print, size_t len);
