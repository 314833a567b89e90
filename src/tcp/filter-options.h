/* SPDX-License-Identifier: MIT */
/*
 * filter-options: which connections are meant, in the same words for recording and viewing.
 */
#pragma once

#include "base/options.h"
#include "tcp/filter.h"

int option_ipv4(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_ipv6(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_ports(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_addrs(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_pids(void *value, const char *arg, struct arena *arena, struct fault *fault);
int option_comms(void *value, const char *arg, struct arena *arena, struct fault *fault);

/* The specs for a struct event_filter that is `member` of `type`. */
#define FILTER_SPECS(type, member)                                                                 \
	{"port",       0,                                                                          \
	 "PORTS",      "either end's port is one of 80,443,...",                                   \
	 option_ports, offsetof(type, member.port)},                                               \
		{"lport",	    'L',	  "PORTS",                                         \
		 "this host's end", option_ports, offsetof(type, member.lport)},                   \
		{"rport",	  'D',		"PORTS",                                           \
		 "the other end", option_ports, offsetof(type, member.rport)},                     \
		{"addr",       0,                                                                  \
		 "CIDR",       "either end's address is in 10.0.0.0/8,...",                        \
		 option_addrs, offsetof(type, member.addrs)},                                      \
		{"ipv4",      '4',                                                                 \
		 NULL,	      "IPv4 only, also where it is mapped into IPv6",                      \
		 option_ipv4, offsetof(type, member.family)},                                      \
		{"ipv6", '6', NULL, "IPv6 only", option_ipv6, offsetof(type, member.family)},      \
		{"pid",	      0,                                                                   \
		 "PIDS",      "the process that owns the socket",                                  \
		 option_pids, offsetof(type, member.pids)},                                        \
	{                                                                                          \
		"comm", 0, "NAMES", "the name of that process", option_comms,                      \
			offsetof(type, member.comms)                                               \
	}

/* The options as they would be typed: "--port 80,443 -4"; "" for an empty filter. */
void filter_text(const struct event_filter *f, struct text *t);
/* And back: what a tape says it was recorded with. 0, -EINVAL, -ENOMEM. */
int filter_parse(const char *line, struct arena *arena, struct event_filter *ret) MUST_CHECK;
