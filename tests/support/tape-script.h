/* SPDX-License-Identifier: MIT */
/*
 * tape-script: makes a tape in memory from a few lines of text, one section or row a line; '#'
 * begins a comment. Rows are collected per tracepoint and written as chunks by the next `mark`.
 *
 *   host KEY VALUE...
 *   clock MONO REAL [WINDOW [ERROR]]
 *   sleep MONO SLEPT
 *   pause TIME NETNS IS_PAUSED UNASKED
 *   format INDEX SYSTEM NAME [chain] FIELD:SIZE...   a format file with these fields behind the
 *                                                    common ones is made up
 *   format-file INDEX SYSTEM NAME PATH [chain]       or taken from a file
 *   absent SYSTEM NAME WHY...
 *   task TS snapshot|comm|fork|exit PID TID PARENT [COMM]
 *   cgroup PID PATH
 *   member TS TID CGROUP [PATH]
 *   symbol ID OFFSET [NAME]
 *   chain ID FRAME...
 *   row INDEX CPU TS [chain=ID] [FIELD=VALUE...]     VALUE: a number, or x and hex bytes; FIELD is
 *                                                    a field of the format, common ones included,
 *                                                    or @OFFSET, whose VALUE is hex bytes
 *   mark COMPLETE_UNTIL
 *   loss CPU COUNT FROM TO
 *   tally INDEX CPU COUNTED RECORDED LOST [final]    consecutive ones are one section
 *   counter-names FIRST NAME...                      one section each, as the next two
 *   counters NETNS NUMBER TS all|changes [COUNTER=VALUE...]   counters by number, ascending
 *   setting TS NETNS NAME VALUE...
 *   unknown KIND [HEX]                               a section of a kind that is not known
 *   section KIND SUBJECT COUNT FROM TO [HEX]         a section of any kind, with this payload
 *   chunk                                            writes the collected rows, without a MARK
 *   finish                                           index and trailer
 *
 * Numbers are stored little-endian in rows. These verbs change how the lines after them are
 * written:
 *
 *   stored                                           first line: no payload is packed
 *   framed                                           first line: payloads are packed by hand, into
 *                                                    the same bytes with every version of libzstd
 *   byte-order big                                   numbers in rows are big-endian
 *   row-len INDEX N                                  bytes of the tracepoint's rows, where they are
 *                                                    not those of its fields
 *   codes INDEX COLUMN:CODE...                       codes of columns of its CHUNKs; other columns
 *                                                    are constant or plain
 *   time-len INDEX N                                 bytes of their time deltas
 *
 * These verbs damage the tape that was written so far. SECTION is the number of a section, from 0;
 * OFFSET counts bytes from the start of its header. The first two recompute the checksums, the
 * others do not.
 *
 *   edit SECTION OFFSET HEX                          replaces bytes
 *   payload SECTION HEX                              replaces the whole payload
 *   corrupt SECTION OFFSET HEX                       replaces bytes
 *   remove SECTION
 *   insert SECTION HEX                               puts bytes before it
 *   cut SECTION OFFSET                               the tape ends there
 *   append HEX
 */
#pragma once

#include "base/buffer.h"
#include "base/fault.h"

/* Runs the script and appends the tape to *ret. 0; -EINVAL with the line in the fault. */
int tape_script_build(const char *script, struct buffer *ret, struct fault *fault) MUST_CHECK;

/* Runs a script of a test, and returns the tape. A failure is printed, and abort() is called. */
struct buffer tape_script(const char *script);
