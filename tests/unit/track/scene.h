/* SPDX-License-Identifier: MIT */
/*
 * scene: a tracker, and events that are fed to it at a time that the test moves on. Each connection
 * that the tracker emits becomes a line of text.
 */
#pragma once

#include "base/text.h"
#include "track/tracker.h"

#define SOFTIRQ 0x10
#define MS	1000000u

/* Processes: "curl", "nginx", "worker". */
enum { CLIENT = 100, SERVER = 200, WORKER = 300 };

struct scene {
	struct tracker *tracker;
	struct text told;
	uint64_t now;
	int (*ended)(void *userdata, const struct tcp_conn *c,
		     struct fault *fault); /* its options */
};

/* A row of sock_diag: acked, received, sent are bytes. */
struct diag_row {
	enum tcp_kind kind;
	enum socket_dump listing;
	int state;
	uint16_t lport, rport;
	uint64_t cookie;
	int32_t holder;
	uint32_t holders;
	uint64_t acked, received, sent;
};

/* Of a test: *state is its struct scene. */
int scene_setup(void **state);
int scene_teardown(void **state);

void scene_wait_ms(struct scene *s, unsigned int ms);
/* An event in an interrupt, between 10.0.0.1:lport and 10.0.0.2:rport; without an end where its
 * port is 0. */
struct tcp_event scene_event(enum tcp_kind kind, uint64_t sk, uint16_t lport, uint16_t rport);
void scene_feed(struct scene *s, struct tcp_event *e);
/* inet_sock_set_state, in the context of process pid; 0: in an interrupt. */
void scene_change(struct scene *s, uint64_t sk, uint16_t lport, uint16_t rport, int from, int to,
		  int32_t pid);
/* CLOSE to SYN_SENT by CLIENT, and 2 ms later ESTABLISHED. */
void scene_connect(struct scene *s, uint64_t sk, uint16_t lport);
/* tcp_destroy_sock; cookie 0: the event has none. */
void scene_destroy(struct scene *s, uint64_t sk, uint64_t cookie);
void scene_plain(struct scene *s, enum tcp_kind kind, uint64_t sk, uint16_t lport, uint16_t rport);
void scene_diag(struct scene *s, struct diag_row r);
/* The tape has all kinds of events, and rows of sock_diag. */
void scene_expect_diag(struct scene *s);
/* The end of the tape: compares the lines of all connections that were emitted. */
void scene_finish(struct scene *s, const char *told);
