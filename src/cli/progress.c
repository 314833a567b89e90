// SPDX-License-Identifier: MIT
#include "cli/progress.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/units.h"
#include "cli/command.h"

static void progress_write(const struct text *t)
{
	/* When standard error itself fails, the failure cannot be reported anywhere. */
	if (!t->failed && io_write_all(STDERR_FILENO, t->data, t->len) < 0)
		return;
}

void progress_show(void *userdata, const struct record_status *s)
{
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "\r");
	units_duration(&t, s->elapsed_ns);
	text_str(&t, "  ");
	units_count(&t, s->events);
	text_str(&t, " events  ");
	units_count(&t, s->events_per_s);
	text_str(&t, "/s  lost ");
	units_count(&t, s->lost);
	text_str(&t, "  ");
	units_size(&t, s->tape_bytes);
	text_str(&t, "\033[K");
	progress_write(&t);
}

void progress_clear(void)
{
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "\r\033[K");
	progress_write(&t);
}

void progress_notice(void *userdata, const char *line)
{
	if (isatty(STDERR_FILENO))
		progress_clear();
	print_notice(line);
}

void progress_result(const struct record_result *r, const char *output)
{
	struct text t CLEANUP(text_done) = {0};

	units_duration(&t, r->elapsed_ns);
	text_str(&t, ": ");
	units_count(&t, r->recorded);
	text_str(&t, " events of ");
	units_count(&t, r->counted);
	text_str(&t, " counted; lost ");
	units_count(&t, r->lost);
	text_str(&t, ", undelivered ");
	units_count(&t, r->undelivered);
	text_str(&t, "; ");
	units_size(&t, r->tape_bytes);
	if (r->recorded)
		text_printf(&t, " (%.1f bytes/event)", (double)r->tape_bytes / (double)r->recorded);
	if (strcmp(output, "-"))
		text_printf(&t, " in %s", output);
	print_notice(text_cstr(&t));
}

void progress_command(const struct record_result *r, const char *name)
{
	struct text t CLEANUP(text_done) = {0};

	if (!r->has_command || !r->command_status)
		return;
	if (WIFSIGNALED(r->command_status))
		text_printf(&t, "%s was killed by signal %d", name, WTERMSIG(r->command_status));
	else
		text_printf(&t, "%s ended with status %d", name, WEXITSTATUS(r->command_status));
	print_notice(text_cstr(&t));
}
