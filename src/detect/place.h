/* SPDX-License-Identifier: MIT */
/*
 * place: where the cause of a finding lies. It is what people on call ask first: is it the network,
 * the peer, or this host?
 */
#pragma once

enum trouble_place {
	PLACE_UNKNOWN, /* the tape does not tell */
	PLACE_NETWORK, /* on the way between the hosts */
	PLACE_PEER,    /* the other host, or its program */
	PLACE_HOST,    /* this host, or a program on it */
	PLACES,
};

/* For machines: "unknown", "network", "peer", "host". */
const char *place_name(enum trouble_place p);
/* For people: "an unknown place", "the network", "a peer", "this host". */
const char *place_words(enum trouble_place p);
