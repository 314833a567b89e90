// SPDX-License-Identifier: MIT
#include "tcp/label-file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct label_list {
	struct label *items;
	size_t n, cap;
};

static void label_list_done(struct label_list *l)
{
	free(l->items);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static int port_parse(const char *s, uint16_t *ret)
{
	unsigned long port;
	char *end;

	if (*s < '0' || *s > '9' || strlen(s) > 5)
		return -EINVAL;
	port = strtoul(s, &end, 10);
	if (*end || !port || port > UINT16_MAX)
		return -EINVAL;
	*ret = (uint16_t)port;
	return 0;
}

/* Splits a place in two at the colon before its port: *ret_port is "" where it has none. */
static int place_split(char *place, const char **ret_prefix, const char **ret_port)
{
	char *colon = strchr(place, ':'), *bracket;

	*ret_prefix = place;
	*ret_port = "";
	if (*place == '[') {
		bracket = strchr(place, ']');
		if (!bracket || (bracket[1] && bracket[1] != ':'))
			return -EINVAL;
		*ret_prefix = place + 1;
		colon = bracket[1] ? bracket + 1 : NULL;
		*bracket = '\0';
		/* Brackets are for IPv6 only. */
		if (!strchr(*ret_prefix, ':'))
			return -EINVAL;
	} else if (colon && strchr(colon + 1, ':')) {
		return 0; /* IPv6 without a port */
	}
	if (!colon)
		return 0;
	*colon = '\0';
	*ret_port = colon + 1;
	return **ret_port ? 0 : -EINVAL;
}

static int list_add(struct label_list *l, const struct label *label)
{
	if (vec_reserve(l->items, l->cap, l->n + 1) < 0)
		return -ENOMEM;
	l->items[l->n++] = *label;
	return 0;
}

/* A port alone is one of all addresses, of those that are not known, too. */
static int list_add_port(struct label_list *l, struct label *label)
{
	static const uint8_t families[] = {0, 4, 6};
	int r = 0;

	for (size_t i = 0; !r && i < ARRAY_SIZE(families); i++) {
		label->family = families[i];
		r = list_add(l, label);
	}
	return r;
}

/* Adds the place with its name. 0, -EINVAL, -ENOMEM. The place is changed. */
static int place_add(struct label_list *l, char *place, struct label *label)
{
	const char *prefix, *port;
	struct ip_prefix p;

	if (place_split(place, &prefix, &port) < 0 || (*port && port_parse(port, &label->port) < 0))
		return -EINVAL;
	if (!*prefix)
		return label->port ? list_add_port(l, label) : -EINVAL;
	if (ip_prefix_parse(prefix, &p) < 0)
		return -EINVAL;
	label->family = p.addr.family;
	label->bits = p.bits;
	memcpy(label->bytes, p.addr.bytes, sizeof(label->bytes));
	return list_add(l, label);
}

/* Ends the line before its comment, and before the blanks at its end. */
static void line_trim(char *line)
{
	size_t len;

	for (char *at = line; *at; at++) {
		if (*at == '#' && (at == line || is_blank(at[-1]))) {
			*at = '\0';
			break;
		}
	}
	len = strlen(line);
	while (len && is_blank(line[len - 1]))
		line[--len] = '\0';
}

static int line_take(struct label_list *l, char *line, uint32_t number, const char *file,
		     struct fault *fault)
{
	struct label label = {.line = number};
	char *place, *name;
	char typed[64];
	int r;

	line_trim(line);
	for (place = line; is_blank(*place); place++)
		;
	if (!*place)
		return 0;
	for (name = place; *name && !is_blank(*name); name++)
		;
	if (*name)
		*name++ = '\0';
	while (is_blank(*name))
		name++;
	snprintf(typed, sizeof(typed), "%s", place);
	if (!*name)
		return fault_set(fault, -EBADMSG, "%s: line %u: %s has no name behind it", file,
				 number, typed);
	if (strlen(name) > LABEL_NAME_MAX)
		return fault_set(fault, -EBADMSG, "%s: line %u: the name has more than %u bytes",
				 file, number, LABEL_NAME_MAX);
	label.name = name;
	r = place_add(l, place, &label);
	if (r == -EINVAL)
		return fault_set(fault, -EBADMSG,
				 "%s: line %u: %s: no address, network or port (try 10.0.0.0/8, "
				 "10.2.3.4:443, [2001:db8::1]:443 or :443)",
				 file, number, typed);
	return r < 0 ? fault_no_memory(fault) : 0;
}

int labels_parse(const char *text, size_t len, const char *file, struct arena *arena,
		 struct labels *ret, struct fault *fault)
{
	struct label_list l CLEANUP(label_list_done) = {0};
	char *copy = arena_alloc(arena, len + 1), *end, *next;
	uint32_t number = 1;
	int r = 0;

	if (!copy)
		return fault_no_memory(fault);
	if (len)
		memcpy(copy, text, len);
	end = copy + len;
	if (!strncmp(copy, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)))
		copy += strlen(BYTE_ORDER_MARK);
	for (char *line = copy; !r && line < end; line = next, number++) {
		char *newline = memchr(line, '\n', (size_t)(end - line));

		next = newline ? newline + 1 : end;
		if (newline)
			*newline = '\0';
		if (memchr(line, '\0', (size_t)((newline ? newline : end) - line)))
			return fault_set(fault, -EBADMSG,
					 "%s: line %u: a NUL byte: is it a text file?", file,
					 number);
		r = line_take(&l, line, number, file, fault);
	}
	return r < 0 ? r : labels_make(l.items, l.n, file, arena, ret, fault);
}
