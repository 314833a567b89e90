// SPDX-License-Identifier: MIT
#include "pages/group-words.h"

const struct group_words group_words[GROUP_BY_N] = {
	[GROUP_BY_PEER] = {"peers", "Peers", "PEER", "peers"},
	[GROUP_BY_PREFIX] = {"prefixes", "Networks", "NETWORK", "networks"},
	[GROUP_BY_PORT] = {"ports", "Ports", "PORT", "ports"},
	[GROUP_BY_DESTINATION] = {"destinations", "Destinations called", "DESTINATION",
				  "destinations"},
	[GROUP_BY_PROCESS] = {"processes", "Processes", "PROCESS", "processes"},
	[GROUP_BY_LABEL] = {"labels", "Labels of peers", "LABEL", "labels"},
	[GROUP_BY_CONTAINER] = {"containers", "Containers and services", "CONTAINER", "containers"},
};
