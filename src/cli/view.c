// SPDX-License-Identifier: MIT
/*
 * The command of every view: the options that all of them share, and the pipeline.
 */
#include <errno.h>

#include "cli/commands.h"
#include "cli/pipeline.h"

struct view_call_options {
	struct present_options output;
	enum render_time time;
	uint64_t limit;
	struct moment since, until;
	struct event_filter filter;
};

static int option_time(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	static const char *const words[] = {
		[RENDER_TIME_LOCAL] = "local",
		[RENDER_TIME_UTC] = "utc",
		[RENDER_TIME_REL] = "rel",
		[RENDER_TIME_UNIX] = "unix",
	};
	int i = option_choice("time", arg, words, ARRAY_SIZE(words), fault);

	if (i < 0)
		return i;
	*(enum render_time *)value = (enum render_time)i;
	return 0;
}

static int set_family(uint8_t *family, uint8_t wanted, struct fault *fault)
{
	if (*family && *family != wanted)
		return fault_set(fault, -EINVAL, "-4 and -6 exclude each other");
	*family = wanted;
	return 0;
}

static int option_ipv4(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	return set_family(value, 4, fault);
}

static int option_ipv6(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	return set_family(value, 6, fault);
}

static int option_ports(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = filter_ports_add(value, arg, arena);

	return r == -EINVAL ? fault_set(fault, r, "%s: not a port (try 443 or 80,443)", arg) : r;
}

static int option_addrs(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = filter_prefixes_add(value, arg, arena);

	return r == -EINVAL ? fault_set(fault, r,
					"%s: not an address (try 10.0.0.0/8 or 2001:db8::1)", arg)
			    : r;
}

static int option_pids(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = filter_pids_add(value, arg, arena);

	return r == -EINVAL ? fault_set(fault, r, "%s: not a process id", arg) : r;
}

static int option_comms(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = filter_names_add(value, arg, arena);

	return r == -EINVAL ? fault_set(fault, r, "%s: an empty name", arg) : r;
}

#define AT(member) offsetof(struct view_call_options, member)

static const struct option_spec options[] = {
	PRESENT_SPECS(struct view_call_options, output),
	{"time", 0, "CLOCK", "local, utc, rel (since the tape's start) or unix", option_time,
	 AT(time)},
	{"limit", 0, "N", "at most N rows", option_u64, AT(limit)},
	{"since", 0, "TIME", "from 10:32, +5s (after the tape's start) or\n2026-11-21T10:32:07",
	 option_moment, AT(since)},
	{"until", 0, "TIME", "up to then", option_moment, AT(until)},
	{"port", 0, "PORTS", "either end's port is one of 80,443,...", option_ports,
	 AT(filter.port)},
	{"lport", 'L', "PORTS", "this host's end", option_ports, AT(filter.lport)},
	{"rport", 'D', "PORTS", "the other end", option_ports, AT(filter.rport)},
	{"addr", 0, "CIDR", "either end's address is in 10.0.0.0/8,...", option_addrs,
	 AT(filter.addrs)},
	{"ipv4", '4', NULL, "IPv4 only, also where it is mapped into IPv6", option_ipv4,
	 AT(filter.family)},
	{"ipv6", '6', NULL, "IPv6 only", option_ipv6, AT(filter.family)},
	{"pid", 0, "PIDS", "the process that owns the socket", option_pids, AT(filter.pids)},
	{"comm", 0, "NAMES", "the name of that process", option_comms, AT(filter.comms)},
};

static enum status view_run(const struct invocation *inv, struct fault *fault)
{
	const struct view_call_options *o = inv->options;
	struct pipeline_options p = {
		.path = inv->operands[0],
		.view = inv->view,
		.view_options = inv->view_options,
		.output = o->output,
		.time = o->time,
		.limit = o->limit,
		.since = o->since,
		.until = o->until,
		.filter = o->filter,
	};

	return pipeline_run(&p, fault);
}

struct command command_of_view(const struct view *v)
{
	return (struct command){
		.name = v->name,
		.summary = v->summary,
		.usage = "TAPE",
		.detail = v->detail,
		.options = options,
		.n_options = ARRAY_SIZE(options),
		.options_size = sizeof(struct view_call_options),
		.min_operands = 1,
		.max_operands = 1,
		.view = v,
		.run = view_run,
	};
}
