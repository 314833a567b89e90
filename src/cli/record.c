// SPDX-License-Identifier: MIT
/*
 * record: the command that records, and its options. Standard output may be the tape itself, so
 * nothing else is written there.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/run-record.h"
#include "record/session.h"
#include "tcp/filter-options.h"
#include "tracepoint/catalog.h"

static void profile_names(struct text *t)
{
	for (int i = 0; i < TCP_PROFILE_N; i++)
		text_printf(t, "%s ", tcp_profiles[i].name);
	text_str(t, "all ");
}

static int profile_set(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	const char *words[TCP_PROFILE_N + 1];
	int i;

	for (i = 0; i < TCP_PROFILE_N; i++)
		words[i] = tcp_profiles[i].name;
	words[i] = "all";
	i = option_choice("profile", arg, words, ARRAY_SIZE(words), fault);
	if (i < 0)
		return i;
	*(const char **)value = words[i];
	return 0;
}

static int realtime_set(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	uint64_t priority;
	int r = option_u64(&priority, arg, arena, fault);

	if (r < 0)
		return r;
	if (priority < 1 || priority > 99)
		return fault_set(fault, -EINVAL, "%s: not a priority from 1 to 99", arg);
	*(unsigned int *)value = (unsigned int)priority;
	return 0;
}

int record_event_add(void *record_options, const char *arg, struct arena *arena,
		     struct fault *fault)
{
	struct record_options *o = record_options;
	struct option_words w = {(const char **)o->events, o->n_events};
	int r = option_words(&w, arg, arena, fault);

	if (r == -EINVAL)
		return fault_set(fault, r, "%s: not a list of tracepoints", arg);
	for (size_t i = 0; !r && i < w.n; i++) {
		if (!strchr(w.words[i], ':'))
			return fault_set(fault, -EINVAL,
					 "%s: not system:name (tcptape list '*%s*' finds it)",
					 w.words[i], w.words[i]);
	}
	if (r < 0)
		return r;
	o->events = w.words;
	o->n_events = w.n;
	return 0;
}

#define AT(member) offsetof(struct run_record_options, member)

static const struct option_spec output_specs[] = {
	{"output", 'o', "FILE",
	 "the tape; - is standard output. Without it a name of\nhost and time "
	 "is chosen and printed",
	 option_str, AT(record.output), NULL},
};
static const struct option_table output_option_table = {.specs = output_specs,
							.n_specs = ARRAY_SIZE(output_specs)};

static const struct option_spec recording_specs[] = {
	{"duration", 'd', "TIME", "stop after 90, 1.5s, 10m, 2h", option_duration,
	 AT(record.duration_ns), NULL},
	{"profile", 'p', "PROFILE",
	 "loss: what explains losses (default); life: connections, at the\nleast cost; bytes: "
	 "life, and the bytes of every call; all: every\nevent of tcp and sock",
	 profile_set, AT(record.profile), profile_names},
	{"event", 'e', "EVENT,...", "more tracepoints, system:name, * and ? as in the shell",
	 record_event_add, AT(record), NULL},
	{"buffer", 'b', "SIZE", "memory for each CPU's ring, 512K, 8M", option_size,
	 AT(record.ring_bytes), NULL},
	{"realtime", 0, "PRIO",
	 "drain the rings before everything else on the host\n(SCHED_FIFO, 1 to 99): for hosts "
	 "without a CPU to spare",
	 realtime_set, AT(record.realtime), NULL},
	{"no-stacks", 0, NULL,
	 "no call chains: causes of retransmits, and who ended attempts to\nconnect, are less "
	 "certain",
	 option_flag, AT(record.no_stacks), NULL},
	{"no-sockets", 0, NULL,
	 "no socket tables and no samples of sockets: owners and bytes of\nconnections are less "
	 "certain",
	 option_flag, AT(record.no_sockets), NULL},
	{"no-counters", 0, NULL,
	 "no readings of the kernel's counters and settings: tcptape host\nshows nothing, and "
	 "nobody can tell what the tape lacks",
	 option_flag, AT(record.no_counters), NULL},
};
const struct option_table recording_option_table = {.specs = recording_specs,
						    .n_specs = ARRAY_SIZE(recording_specs)};

static const struct option_spec pointer_specs[] = {
	{"raw-pointers", 0, NULL, "keep kernel addresses instead of ids that stand for them",
	 option_flag, AT(record.raw_pointers), NULL},
};
const struct option_table pointer_option_table = {.specs = pointer_specs,
						  .n_specs = ARRAY_SIZE(pointer_specs)};

static const struct option_part record_parts[] = {
	{NULL, &output_option_table, 0},
	{NULL, &recording_option_table, 0},
	{NULL, &filter_option_table, AT(record.filter)},
	{NULL, &pointer_option_table, 0},
};
static const struct option_table record_option_table = {.parts = record_parts,
							.n_parts = ARRAY_SIZE(record_parts)};

/* Chooses a name in the current directory: HOST-20261121-103207.tape, with the time in UTC, or
 * HOST-...-2.tape if a tape of the same second exists. */
static void tape_name_choose(struct text *t)
{
	char host[65] = "tcp", when[32];
	time_t now = time(NULL);
	struct tm tm;

	if (gethostname(host, sizeof(host) - 1) < 0)
		strcpy(host, "tcp");
	for (char *at = host; *at; at++) {
		if (!isalnum((unsigned char)*at) && *at != '-' && (*at != '.' || at == host))
			*at = '_';
	}
	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	for (unsigned int i = 1; i < 100; i++) {
		text_clear(t);
		text_printf(t, "%s-%s", host, when);
		if (i > 1)
			text_printf(t, "-%u", i);
		text_str(t, ".tape");
		if (faccessat(AT_FDCWD, text_cstr(t), F_OK, AT_SYMLINK_NOFOLLOW) < 0)
			return;
	}
}

enum status run_record(const struct run_record_options *c, char *const *command, const char *line,
		       bool is_quiet, struct fault *fault)
{
	struct text name CLEANUP(text_done) = {0};
	struct record_result result = {0};
	struct record_options o = c->record;
	int r;

	o.command = command;
	o.command_line = line;
	o.status = isatty(STDERR_FILENO) && !is_quiet ? progress_show : NULL;
	o.notice = progress_notice;
	if (!o.profile)
		o.profile = tcp_profiles[TCP_PROFILE_LOSS].name;
	if (!o.output) {
		o.output_must_be_new = true;
		tape_name_choose(&name);
		o.output = text_cstr(&name);
	}
	if (!strcmp(o.output, "-") && isatty(STDOUT_FILENO)) {
		fault_set(fault, -EINVAL, "a tape is not for a terminal: use -o FILE, or a pipe");
		return STATUS_USAGE;
	}
	r = record_run(&o, &result, fault);
	if (o.status)
		progress_clear();
	if (r < 0)
		return STATUS_FAILED;
	if (!is_quiet)
		progress_result(&result, o.output);
	progress_command(&result, command ? command[0] : "");
	return STATUS_DONE;
}

static enum status record_run_command(const struct invocation *inv, struct fault *fault)
{
	return run_record(inv->options, inv->n_operands ? inv->operands : NULL, inv->line, false,
			  fault);
}

const struct command command_record = {
	.name = "record",
	.summary = "record this host's TCP events on a tape",
	.usage = "[-- COMMAND...]",
	.detail = "Records until interrupted, for -d TIME, or while COMMAND runs. The tape is "
		  "readable\n"
		  "up to its last whole section whatever happens to the recorder. With -o -, what\n"
		  "COMMAND prints goes to standard error.",
	.options = &record_option_table,
	.options_size = sizeof(struct run_record_options),
	.max_operands = -1,
	.run = record_run_command,
};
