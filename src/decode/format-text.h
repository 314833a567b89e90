/* SPDX-License-Identifier: MIT */
/*
 * format-text: writes a format file anew from its parsed fields, for libtraceevent: nothing is in
 * it that was not parsed here, brackets whose size libtraceevent cannot know (5.10's
 * saddr[sizeof(struct sockaddr_in6)]) are numbers, and the event has a name that libtraceevent does
 * not treat specially.
 */
#pragma once

#include "base/text.h"
#include "tracepoint/trace-format.h"

/* Appends the format file to t. print is the "print fmt: ..." line of len bytes, copied
 * verbatim. */
void format_text_write(struct text *t, const struct trace_format *f, const char *print, size_t len);
