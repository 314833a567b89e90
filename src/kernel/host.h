/* SPDX-License-Identifier: MIT */
/*
 * host: describes the machine and the kernel that a tape is recorded on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host {
	char name[256];
	char kernel[256];     /* "6.1.0-9-amd64" */
	char version[256];    /* "#1 SMP ..." */
	char arch[72];	      /* "x86_64" */
	char boot_id[64];     /* "": unknown */
	char machine_os[128]; /* PRETTY_NAME of os-release; "": unknown */
	char random_id[64];   /* a fresh UUID; "": unknown */
	char cpus[1024];      /* the online CPUs as a list like "0-3,6" */
	char cpus_possible[1024];
	unsigned long long memory_bytes;
	unsigned int n_cpus_online;
	unsigned int n_cpus_configured;
	unsigned int page_size;
	unsigned int kernel_long_size; /* bytes of the kernel's long, 4 or 8, by its arch */
	bool is_big_endian;
};

/* Never fails: a value that cannot be found out stays empty or 0. */
void host_read(struct host *ret);
