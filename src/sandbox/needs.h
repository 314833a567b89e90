/* SPDX-License-Identifier: MIT */
/*
 * needs: what a process in the sandbox may do beside reading.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct sandbox_needs {
	const int *outputs; /* descriptors that are written to, but for standard output and error */
	size_t n_outputs;
	pid_t child; /* may be sent SIGTERM and waited for; 0: no child */
};
