// SPDX-License-Identifier: MIT
/*
 * make-tape SCRIPT > TAPE: makes a tape from a script (tape-script.h), for tests that run the
 * program.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "support/tape-script.h"

int main(int argc, char **argv)
{
	struct buffer script CLEANUP(buffer_done) = {0}, tape CLEANUP(buffer_done) = {0};
	struct fault fault = FAULT_INIT;

	if (argc != 2 || io_read_file(argv[1], 1u << 30, &script) < 0) {
		fprintf(stderr, "usage: make-tape SCRIPT > TAPE\n");
		return 2;
	}
	if (tape_script_build((const char *)script.data, &tape, &fault) < 0) {
		fprintf(stderr, "make-tape: %s\n", fault.text);
		return 1;
	}
	return io_write_all(STDOUT_FILENO, tape.data, tape.len) < 0;
}
