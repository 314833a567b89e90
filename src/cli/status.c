// SPDX-License-Identifier: MIT
#include "cli/status.h"

#include <errno.h>
#include <signal.h>

const struct status_text status_texts[] = {
	{STATUS_DONE, "done"},
	{STATUS_FAILED, "failed"},
	{STATUS_USAGE, "wrong usage"},
	{STATUS_DAMAGED, "done, but the tape is damaged or cut (the output covers what is whole)"},
	{STATUS_CONDITION, "done, and a --fail-if of report is met"},
};
const size_t n_status_texts = ARRAY_SIZE(status_texts);

enum status status_of_result(int r, struct fault *fault)
{
	if (r != -EPIPE)
		return r < 0 ? STATUS_FAILED : STATUS_DONE;
	*fault = FAULT_INIT;
	return STATUS_DONE;
}

enum status status_of_playback(const struct playback *p, int r, struct fault *fault)
{
	struct fault damage = FAULT_INIT;
	enum playback_verdict verdict = playback_verdict(p, &damage);

	if (verdict == PLAYBACK_MISUSED)
		return STATUS_USAGE;
	if (r < 0)
		return status_of_result(r, fault);
	if (verdict == PLAYBACK_WHOLE)
		return STATUS_DONE;
	*fault = damage;
	return STATUS_DAMAGED;
}

/* Does nothing. SIG_IGN would be inherited by a program that is executed; a handler is not. */
static void signal_swallow(int signo)
{
}

void stream_ignore_first_interrupt(void)
{
	struct sigaction action = {.sa_handler = signal_swallow,
				   .sa_flags = SA_RESTART | (int)SA_RESETHAND};

	sigaction(SIGINT, &action, NULL);
}
