// SPDX-License-Identifier: MIT
#include "detect/place.h"

#include <assert.h>

static const char *const names[PLACES] = {
	[PLACE_UNKNOWN] = "unknown",
	[PLACE_NETWORK] = "network",
	[PLACE_PEER] = "peer",
	[PLACE_HOST] = "host",
};

static const char *const words[PLACES] = {
	[PLACE_UNKNOWN] = "an unknown place",
	[PLACE_NETWORK] = "the network",
	[PLACE_PEER] = "a peer",
	[PLACE_HOST] = "this host",
};

const char *place_name(enum trouble_place p)
{
	assert(p < PLACES);
	return names[p];
}

const char *place_words(enum trouble_place p)
{
	assert(p < PLACES);
	return words[p];
}
