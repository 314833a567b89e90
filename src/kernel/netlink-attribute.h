/* SPDX-License-Identifier: MIT */
/*
 * netlink-attribute: walks through the attributes of a netlink message (struct nlattr, which is
 * struct rtattr under another name), with every length checked.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct netlink_attribute {
	uint16_t type; /* without the flags of a nest and of the byte order */
	uint16_t len;  /* of the value */
	const uint8_t *value;
};

/* Takes the next attribute of *at, of which *len bytes are left. False: there are no more, and *len
 * is what is left: as much as an attribute's head only if that is damaged. */
bool netlink_attribute_next(const uint8_t **at, size_t *len, struct netlink_attribute *ret);

#define NETLINK_ATTRIBUTE_HEAD 4u
