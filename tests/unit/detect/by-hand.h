/* SPDX-License-Identifier: MIT */
/*
 * by-hand: an incident that a test fills itself, number by number, and what detectors find in it.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "detect/findings.h"

struct by_hand {
	struct gathered in;
	struct view_context context;
	struct event_filter filter;
	struct tape_facts facts;
	struct document_builder builder;
	struct findings findings;
};

/* *state is the struct by_hand: a tape of ten seconds with all kinds recorded. */
int by_hand_setup(void **state);
int by_hand_teardown(void **state);

/* A connection from here to 10.0.NET.PEER, or from there to this host's port. */
struct conn_subject caller_of(uint8_t net, uint8_t peer, uint16_t port);
struct conn_subject served_at(uint8_t net, uint8_t peer, uint16_t port);
/* Adds the numbers of s to all that the subject belongs to. */
void by_hand_add(struct by_hand *h, const struct conn_subject *subject, const struct counters *s);
/* All detectors; again after more was added. */
void by_hand_find(struct by_hand *h);
/* So many findings of this detector there are; of the first of them. */
size_t by_hand_count(const struct by_hand *h, const char *id);
const struct document_finding *by_hand_first(const struct by_hand *h, const char *id);

/* What is found now: nothing of this kind, or the worst of it has this level. */
#define NOTHING (-1)
void by_hand_expect(struct by_hand *h, const char *id, int level);
