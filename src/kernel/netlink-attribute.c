// SPDX-License-Identifier: MIT
#include "kernel/netlink-attribute.h"

#include <linux/netlink.h>
#include <string.h>

_Static_assert(sizeof(struct nlattr) == NETLINK_ATTRIBUTE_HEAD, "the head of an attribute");

bool netlink_attribute_next(const uint8_t **at, size_t *len, struct netlink_attribute *ret)
{
	struct nlattr a;
	size_t whole;

	if (*len < sizeof(a))
		return false;
	memcpy(&a, *at, sizeof(a));
	if (a.nla_len < sizeof(a) || a.nla_len > *len)
		return false;
	ret->type = a.nla_type & NLA_TYPE_MASK;
	ret->len = (uint16_t)(a.nla_len - sizeof(a));
	ret->value = *at + sizeof(a);
	whole = NLA_ALIGN(a.nla_len);
	if (whole > *len)
		whole = *len;
	*at += whole;
	*len -= whole;
	return true;
}
