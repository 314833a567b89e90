/* SPDX-License-Identifier: MIT */
/*
 * subject: the socket that a row is about, the first part of the rows of most views. It has copies
 * of all values, so that a row can wait while its event and connection go.
 */
#pragma once

#include "tcp/conn.h"
#include "tcp/event.h"
#include "view/columns.h"

struct subject {
	uint64_t ts_ns;	   /* time of the row */
	uint64_t sk;	   /* socket id; 0: unknown */
	uint64_t cookie;   /* 0: unknown */
	uint32_t netns;	   /* inode of the network namespace; 0: unknown */
	int32_t pid;	   /* process that owns the socket; 0: unknown */
	char comm[16];	   /* name of that process; "": unknown */
	const char *owner; /* basis of the owner, "connect"; NULL: unknown */
	struct endpoint local, remote;
	uint8_t family; /* the socket's; counts where no address is known */
};

/* The subject of an event, with the cookie and the network namespace of its connection. */
void subject_of_event(struct subject *s, const struct tcp_event *e);
/* The subject of a connection. ts_ns is the end of the connection. */
void subject_of_conn(struct subject *s, const struct tcp_conn *c);
void subject_set_comm(struct subject *s, const char *comm);

/* Getter: 4 or 6, the family of an end whose address is known, else that of the socket. */
struct cell column_subject_family(const void *subject);

/* The offset of a member of the subject, for a column of rows whose first part begins with it. */
#define SUBJECT(member) .at = offsetof(struct subject, member)

/* The bytes of a connection as cells; all are absent if they are not known. */
struct byte_cells {
	struct cell tx, rx, tx_kb, rx_kb, by;
};
struct byte_cells byte_cells_of(enum tcp_bytes_by by, uint64_t tx, uint64_t rx);
