// SPDX-License-Identifier: MIT
/*
 * Any words, NUL between them, as the arguments of a command: byte 0 says which. The command does
 * not run.
 */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

#define WORDS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena CLEANUP(arena_done) = {0};
	char *words CLEANUP(free_p) = calloc(1, size + 1);
	struct fault fault = FAULT_INIT;
	char *argv[WORDS_MAX + 2];
	struct invocation inv;
	struct command c;
	size_t n_commands = 0;
	bool is_help_wanted;
	int argc = 0, r;

	while (command_at(n_commands, &c))
		n_commands++;
	if (!size || !words)
		return 0;
	command_at(data[0] % n_commands, &c);
	memcpy(words, data + 1, size - 1);
	argv[argc++] = (char *)c.name;
	for (char *at = words; at < words + size - 1 && argc <= WORDS_MAX; at += strlen(at) + 1)
		argv[argc++] = at;
	argv[argc] = NULL;
	r = command_parse(&c, argc, argv, &arena, &inv, &is_help_wanted, &fault);
	/* A refusal says why, in one line. */
	if ((r < 0) != (fault.code < 0) || (r < 0 && (!fault.text[0] || strchr(fault.text, '\n'))))
		abort();
	return 0;
}
