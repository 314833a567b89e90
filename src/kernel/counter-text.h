/* SPDX-License-Identifier: MIT */
/*
 * counter-text: the kernel's counters, out of the text of files in /proc. Each parser gives names
 * and values in the order of the file. The names are made by the rules in FORMAT.md; none of them
 * is known beforehand, so that counters which a kernel adds come along by themselves. Lines that
 * make no sense are passed over.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/* Gets one counter. name is not NUL-terminated, and good for the call; len is at most
 * COUNTER_TEXT_NAME_MAX. 0, or an error that ends the parsing. */
#define COUNTER_TEXT_NAME_MAX 127u
typedef int (*counter_take_fn)(void *userdata, const char *name, size_t len, int64_t value);

/* Parses a whole file of n bytes. prefix begins each name where the parser does not make it up
 * itself. 0, or what take returned. */
typedef int (*counter_parse_fn)(const char *prefix, const char *text, size_t n,
				counter_take_fn take, void *userdata);

int counter_text_pairs(const char *prefix, const char *text, size_t n, counter_take_fn take,
		       void *userdata) MUST_CHECK; /* net/snmp, net/netstat */
int counter_text_list(const char *prefix, const char *text, size_t n, counter_take_fn take,
		      void *userdata) MUST_CHECK; /* net/snmp6 */
int counter_text_sockstat(const char *prefix, const char *text, size_t n, counter_take_fn take,
			  void *userdata) MUST_CHECK;
int counter_text_dev(const char *prefix, const char *text, size_t n, counter_take_fn take,
		     void *userdata) MUST_CHECK;
int counter_text_softnet(const char *prefix, const char *text, size_t n, counter_take_fn take,
			 void *userdata) MUST_CHECK;
int counter_text_conntrack(const char *prefix, const char *text, size_t n, counter_take_fn take,
			   void *userdata) MUST_CHECK;
int counter_text_stat(const char *prefix, const char *text, size_t n, counter_take_fn take,
		      void *userdata) MUST_CHECK;
int counter_text_loadavg(const char *prefix, const char *text, size_t n, counter_take_fn take,
			 void *userdata) MUST_CHECK;
int counter_text_pressure(const char *prefix, const char *text, size_t n, counter_take_fn take,
			  void *userdata) MUST_CHECK;
