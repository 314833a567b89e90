/* SPDX-License-Identifier: MIT */
/*
 * scene: synthetic connections and events, as the tracker would hand them out. They go through the
 * gather view, so that a test does not depend on how gather/ stores what it gathers.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "detect/detectors.h"
#include "gather/gathered.h"

/* The scene is ten seconds of a tape, with all kinds of events recorded. */
#define SCENE_START_S 1000u
#define SCENE_END_S   1010u

struct scene {
	struct gathered in;
	struct view_context context;
	struct event_filter filter;
	struct tape_facts facts;
	struct document_builder builder;
	struct findings findings;
	struct arena arena;
	uint64_t now_ns; /* of the next event */
	uint32_t n_conns;
	struct buffer tape; /* of readings, for scene_counters() */
	struct tape_reader *reader;
	struct counter_book *book;
};

/* For cmocka: *state is the struct scene. */
int scene_setup(void **state);
int scene_teardown(void **state);
/* Begins a new scene, for a test of several scenes. */
struct scene *scene_anew(void **state);

/* Gives the scene readings of counters and settings: sections of a tape, written as a script
 * (support/tape-script.h). */
void scene_counters(struct scene *s, const char *script);

/* Makes an endpoint of another host: 10.0.NET.HOST. */
struct endpoint scene_peer(uint8_t net, uint8_t host, uint16_t port);

/*
 * Make a connection, which lives as long as the scene and may be changed before scene_end.
 * scene_call: this host has connected to 10.0.NET.HOST; scene_serve: that host has connected to a
 * port of this one. The connection was established within a millisecond, and this host closed it.
 */
struct tcp_conn *scene_call(struct scene *s, uint8_t net, uint8_t host, uint16_t port);
struct tcp_conn *scene_serve(struct scene *s, uint8_t net, uint8_t host, uint16_t port);
/* Return the cold part and the attempt of a connection, which are allocated if it has none. */
struct tcp_conn_cold *scene_cold(struct scene *s, struct tcp_conn *c);
struct tcp_conn_attempt *scene_attempt(struct scene *s, struct tcp_conn *c);
/* Hands the connection, which has ended or is open at the end of the scene, to the view. */
void scene_end(struct scene *s, struct tcp_conn *c);
/* Add n connections that were opened and closed without any trouble. */
void scene_end_calls(struct scene *s, size_t n, uint8_t net, uint8_t host, uint16_t port);
void scene_end_serves(struct scene *s, size_t n, uint8_t net, uint8_t host, uint16_t port);
/* Adds n attempts that ended before they were established, each after `syns` retransmitted SYNs.
 * err: the error of a TCP_ENDING_ERROR. */
void scene_end_attempts(struct scene *s, size_t n, uint8_t net, uint8_t host, uint16_t port,
			enum tcp_ending ending, int32_t err, uint32_t syns);

/* Makes an event of the connection at now_ns. The caller fills in the rest and feeds it. */
struct tcp_event scene_event(const struct scene *s, enum tcp_kind kind, const struct tcp_conn *c);
void scene_feed(struct scene *s, const struct tcp_event *e);
void scene_retransmit(struct scene *s, const struct tcp_conn *c, enum tcp_cause cause);
void scene_congestion(struct scene *s, const struct tcp_conn *c, int32_t cong_state);
/* Feeds the final tcp_info of a connection that has no tcp_info from before the tape. */
void scene_final(struct scene *s, struct tcp_conn *c, const struct tcp_info_growth *growth);
/* Does the same for a new connection to port 443 of a peer, and ends that connection. */
void scene_transfer(struct scene *s, uint8_t net, uint8_t host,
		    const struct tcp_info_growth *growth);

/* Ends the scene and runs every detector. */
void scene_find(struct scene *s);
/* Return how many findings of a detector there are, and the first of them or NULL. */
size_t scene_count(const struct scene *s, const char *id);
const struct document_finding *scene_first(const struct scene *s, const char *id);

/* Ends the scene and expects that the worst finding of a detector has this level. */
#define NOTHING (-1)
void scene_expect(struct scene *s, const char *id, int level);
