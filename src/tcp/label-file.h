/* SPDX-License-Identifier: MIT */
/*
 * label-file: the text of a file of labels. A line is a place and its name, with blanks between
 * them:
 *
 *   10.0.0.0/8           office          a network; the longest prefix wins
 *   10.2.3.4             db-1            an address
 *   10.0.0.0/8:443       office web      a port of a network
 *   2001:db8::/32        lab
 *   [2001:db8::7]:443    lab-web         IPv6 with a port is in brackets
 *   :5432                postgres        a port anywhere
 *
 * The name goes on to the end of the line, or to a "#" after a blank, with which a comment begins.
 */
#pragma once

#include "tcp/labels.h"

/* Parses the text of the file, which need not end in NUL; in faults it is called `file`. Memory
 * comes from the arena. 0; -EBADMSG and a fault that says which line is wrong, and how it should
 * be; -ENOMEM. */
int labels_parse(const char *text, size_t len, const char *file, struct arena *arena,
		 struct labels *ret, struct fault *fault) MUST_CHECK;
