// SPDX-License-Identifier: MIT
#include "record/socket-notices.h"

#include <stdio.h>
#include <string.h>

#include "kernel/capabilities.h"

#define LINE 300

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void notice_namespaces(const struct socket_spaces *s, const struct record_options *o)
{
	const struct socket_misses *m = &s->misses;
	size_t n_others = m->n - m->n_denied - m->n_files;
	struct capabilities c = capabilities_read();
	char line[LINE];

	if (m->n_denied) {
		snprintf(line, sizeof(line),
			 "%zu network namespace%s could not be entered: exact bytes and owners of "
			 "the connections there are missing (CAP_SYS_ADMIN is needed)",
			 m->n_denied, plural(m->n_denied));
		record_notice(o, line);
	}
	if (m->n_files) {
		snprintf(line, sizeof(line),
			 "the limit of open files leaves none for %zu network namespace%s: exact "
			 "bytes of connections that ended there are missing (raise it: ulimit -n)",
			 m->n_files, plural(m->n_files));
		record_notice(o, line);
	}
	if (n_others) {
		snprintf(line, sizeof(line),
			 "%zu network namespace%s could not be watched: exact bytes and owners of "
			 "the connections there are missing (%s)",
			 n_others, plural(n_others), strerror(m->error));
		record_notice(o, line);
	}
	if (s->names.n_left_out) {
		snprintf(line, sizeof(line),
			 "this host has more than %u network namespaces: %zu are not watched",
			 NETNS_MAX, s->names.n_left_out);
		record_notice(o, line);
	}
	/* Some systems protect a process or two from everybody. */
	if (s->names.n_hidden && !capabilities_have(&c, CAPABILITY_SYS_PTRACE)) {
		snprintf(line, sizeof(line),
			 "%zu of %zu processes may not be asked for their sockets: owners of their "
			 "connections are known only where an event shows them (CAP_SYS_PTRACE is "
			 "needed)",
			 s->names.n_hidden, s->names.n_processes);
		record_notice(o, line);
	}
}

static void notice_unasked(const struct socket_finals *f, const struct record_options *o)
{
	uint64_t n = socket_finals_unasked(f);
	char line[LINE];

	if (!n)
		return;
	snprintf(line, sizeof(line),
		 "%llu sockets closed while their last figures would have cost too much (more than "
		 "%.1f %% of a CPU): their bytes are unknown (profiles life and bytes have all)",
		 (unsigned long long)n, FIGURE_BUDGET_PPM / 1e4);
	record_notice(o, line);
}

void socket_notices(const struct sockets *s, const struct record_options *o)
{
	char line[LINE];

	if (!s->rows.row)
		return;
	notice_namespaces(&s->spaces, o);
	if (s->is_given_up)
		record_notice(o, "ended by a second signal: the table of sockets at the end is not "
				 "complete");
	if (s->rows.n_dropped) {
		snprintf(
			line, sizeof(line),
			"%llu rows about sockets were dropped: the writer of the tape was too slow "
			"for them",
			(unsigned long long)s->rows.n_dropped);
		record_notice(o, line);
	}
	if (s->rows.holders.n_left) {
		snprintf(line, sizeof(line),
			 "%u processes were not asked for their sockets, which would have taken "
			 "too long: owners of their connections are known only where an event "
			 "shows them",
			 s->rows.holders.n_left);
		record_notice(o, line);
	}
	notice_unasked(&s->finals, o);
	if (s->finals.n_overruns)
		record_notice(o, "sockets closed faster than the kernel's messages about them were "
				 "read: exact bytes of some connections are missing");
}
