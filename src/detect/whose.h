/* SPDX-License-Identifier: MIT */
/*
 * whose: who holds a socket, in words: its process, container and network namespace, and the
 * address that it is bound to. A detector notes it while the tape is played, and adds it to the
 * evidence of a finding later.
 */
#pragma once

#include "base/text.h"
#include "detect/findings.h"
#include "gather/gathered.h"

#define WHOSE_COMM_MAX	    16u
#define WHOSE_CONTAINER_MAX 32u

struct whose {
	struct endpoint local; /* this host's end; its parts may be unknown */
	int32_t pid;	       /* a process that holds the socket; 0: unknown */
	uint32_t holders;      /* processes that hold the socket, by the socket table; 0: unknown */
	uint32_t netns;	       /* inode of the network namespace; 0: unknown */
	char comm[WHOSE_COMM_MAX];	     /* name of that process; "": unknown */
	char container[WHOSE_CONTAINER_MAX]; /* its short id or name; "": none, or unknown */
	bool is_parents; /* it is that of the parent, and the process may be elsewhere */
};

/* Returns who holds the connection or listener. */
struct whose whose_conn(const struct gathered *in, const struct tcp_conn *c);
/* Does the same for a row of a socket table; the row's connection may be unknown. */
struct whose whose_row(const struct gathered *in, const struct tcp_event *e);

/* Writes "nginx[900]", "process 900", or, where the process is not known, nothing; true: something
 * was written. */
bool whose_process_text(const struct whose *w, struct text *t);
/* Writes the process where it is known, else the container, else the network namespace if the tape
 * has several; true: something was written. */
bool whose_text(const struct gathered *in, const struct whose *w, struct text *t);

/* Adds what is known to the evidence: `address` (the endpoint, under that key and label; NULL:
 * leave it out), process, holders, container and, if the tape has several, network namespace: at
 * most five items. */
void finding_whose(struct findings *f, struct finding *x, const char *key, const char *label,
		   const struct whose *w);
