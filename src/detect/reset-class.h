/* SPDX-License-Identifier: MIT */
/*
 * reset-class: what a RST was for whom. reset-kind (tcp/) says what made the kernel send or accept
 * a RST; the class adds which side is the client, what was under way, and how old the connection
 * was: that decides whether somebody lost something.
 */
#pragma once

#include "base/text.h"
#include "detect/place.h"
#include "tcp/conn.h"
#include "tcp/event.h"
#include "table/document.h"

enum reset_class {
	/* Of whole connections: */
	RESET_OF_DESTROYED,  /* an administrator destroyed the socket */
	RESET_OF_UNACCEPTED, /* the listener was closed before a process accepted it */
	RESET_OF_RACE_HERE,  /* data came on a connection that a server here had closed */
	RESET_OF_RACE_THERE, /* a client here sent on a connection that the peer had closed */
	RESET_OF_PEER,	     /* a server cut a connection of a client here */
	RESET_OF_SERVER,     /* a server here closed with data unread */
	RESET_OF_ASKED,	     /* a server here asks for a RST when it closes */
	RESET_OF_KEEPALIVE,  /* no answer to keepalive probes */
	RESET_OF_MEMORY,     /* the kernel dropped an orphan */
	RESET_OF_INVALID,    /* this host's kernel, for another reason */
	RESET_OF_MPTCP,	     /* a subflow */
	RESET_OF_LEFT_BUSY,  /* a client left with answers under way */
	RESET_OF_LEFT,	     /* a client left when all that was sent to it had arrived */
	RESET_OF_LEFT_HERE,  /* a client here left */
	RESET_OF_ASKED_HERE, /* a client here asks for a RST when it closes */
	RESET_OF_CLOSED,     /* the peer, of a client here, after one side had closed */
	RESET_OF_CHECK,	     /* a client closed a young connection without a byte */
	/* Of single segments: */
	RESET_OF_OVERFLOW,   /* accept queue full, tcp_abort_on_overflow */
	RESET_OF_LISTENER,   /* a segment for a listener that belongs to no connection */
	RESET_OF_NO_SOCKET,  /* a segment for nothing */
	RESET_OF_GIVEN_UP,   /* the peer gave up its handshake */
	RESET_OF_REJECTED,   /* a segment did not fit the handshake of a peer */
	RESET_OF_ODD_ANSWER, /* a segment did not fit the handshake of this host */
	RESET_CLASSES,
	RESET_OF_NOBODY = RESET_CLASSES, /* nothing to tell */
};

/* When RSTs of one class are a finding, and how it begins. */
struct reset_class_info {
	enum document_level level;
	uint32_t least, percent; /* thresholds: RSTs, and RSTs in % of the port's connections */
	uint32_t kinds;		 /* 1u << enum reset_kind, of which it is made */
	bool knows_why;		 /* this end knows the cause */
	const char *direction;	 /* "sent", "received" */
	const char *kind;	 /* for machines */
	const char *what;	 /* what is counted: "connection" */
	const char *where;	 /* "at" or "for"; the port follows */
	const char *title;	 /* the rest of the sentence, after the port and the peer */
	const char *meaning;
};

extern const struct reset_class_info reset_classes[RESET_CLASSES];

/* The most seconds that a connection without a byte is a check; later, a visitor lost patience. */
#define RESET_CHECK_S 1u

/* The class of a whole connection that a RST cut; NOBODY: there was none. */
enum reset_class reset_class_of_conn(const struct tcp_conn *c, bool is_served);
/* The class of e, a RST; NOBODY: its connection will tell. */
enum reset_class reset_class_of_event(const struct tcp_event *e, bool is_served);
/* Where the cause of such RSTs lies. */
enum trouble_place reset_class_place(enum reset_class c);
/* True if data had gone both ways on the connection, and was acknowledged, before the RST. */
bool reset_conn_was_used(const struct tcp_conn *c);
