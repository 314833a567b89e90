/* SPDX-License-Identifier: MIT */
/*
 * subject: the socket that a row is about: the part of a row that is the same in most views. It
 * holds copies, so that a row can wait for what is learned later.
 */
#pragma once

#include "tcp/conn.h"
#include "tcp/event.h"
#include "view/columns.h"

struct subject {
	uint64_t ts_ns; /* of the row */
	uint64_t sk;	/* 0: unknown */
	uint64_t cookie;
	uint32_t netns;
	int32_t pid; /* of the owner; 0: unknown */
	char comm[16];
	const char *owner; /* how the owner is known; NULL: unknown */
	struct endpoint local, remote;
	uint8_t family; /* of the socket, where no address is known */
};

/* What the event says, and the cookie and network namespace of its connection. */
void subject_of_event(struct subject *ret, const struct tcp_event *e);
/* ts_ns is the end of the connection. */
void subject_of_conn(struct subject *ret, const struct tcp_conn *c);
void subject_set_comm(struct subject *s, const char *comm);

/* Getter of the family: 4 or 6 of an end whose address is known, else of the socket. */
struct cell column_subject_family(const void *subject);

/* The place of a column, where the first part of a row begins with its subject. */
#define SUBJECT(member) .at = offsetof(struct subject, member)

/* The bytes of a connection as cells, for rows that have them; all absent where `by` is unknown. */
struct byte_cells {
	struct cell tx, rx, tx_kb, rx_kb, by;
};
struct byte_cells byte_cells_of(enum tcp_bytes_by by, uint64_t tx, uint64_t rx);
