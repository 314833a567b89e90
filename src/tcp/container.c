// SPDX-License-Identifier: MIT
#include "tcp/container.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define ID_DIGITS 64u
#define ID_SHOWN  12u

/* One directory of a path. */
struct part {
	const char *at;
	size_t len;
};

enum form_id {
	FORM_ID,      /* 64 hexadecimal digits, of which the first twelve are shown */
	FORM_NAME,    /* a name, with systemd's \xNN for special characters */
	FORM_MONITOR, /* the process that watches over a container, and is not in it */
};

/* How an engine names the control group of a container: PREFIX id SUFFIX, in a directory of this
 * name. */
struct form {
	const char *engine;
	const char *parent; /* NULL: any */
	const char *prefix, *suffix;
	enum form_id id;
};

/* The first that fits counts. */
static const struct form forms[] = {
	{"docker", NULL, "docker-", ".scope", FORM_ID},
	{"docker", "docker", "", "", FORM_ID},
	{"containerd", NULL, "cri-containerd-", ".scope", FORM_ID},
	{"containerd", NULL, "nerdctl-", ".scope", FORM_ID},
	{"cri-o", NULL, "crio-conmon-", "", FORM_MONITOR},
	{"cri-o", NULL, "crio-", ".scope", FORM_ID},
	{"cri-o", NULL, "crio-", "", FORM_ID},
	{"podman", NULL, "libpod-conmon-", "", FORM_MONITOR},
	{"podman", NULL, "libpod-payload-", "", FORM_ID}, /* --cgroups=split, Quadlet */
	{"podman", NULL, "libpod-", ".scope", FORM_ID},
	{"podman", NULL, "libpod-", "", FORM_ID},
	{NULL, NULL, "", "", FORM_ID},
	{"lxc", NULL, "lxc.monitor.", "", FORM_MONITOR},
	{"lxc", NULL, "lxc.payload.", "", FORM_NAME},
	{"lxc", "lxc.payload", "", "", FORM_NAME},
	{"lxc", "lxc", "", "", FORM_NAME},
	{"nspawn", NULL, "systemd-nspawn@", ".service", FORM_NAME},
	{"machine", "machine.slice", "machine-", ".scope", FORM_NAME},
};

static bool part_is(struct part p, const char *word)
{
	return p.len == strlen(word) && !memcmp(p.at, word, p.len);
}

static bool part_ends(struct part p, const char *suffix)
{
	size_t len = strlen(suffix);

	return p.len > len && !memcmp(p.at + p.len - len, suffix, len);
}

static bool is_hex(const char *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!isxdigit((unsigned char)at[i]))
			return false;
	}
	return true;
}

static int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Copies a name, and turns systemd's \xNN into characters. */
static void name_copy(char *ret, size_t size, struct part p)
{
	size_t n = 0;

	for (size_t i = 0; i < p.len && n + 1 < size; n++) {
		if (p.len - i >= 4 && p.at[i] == '\\' && p.at[i + 1] == 'x' &&
		    is_hex(p.at + i + 2, 2)) {
			ret[n] = (char)(hex_digit(p.at[i + 2]) << 4 | hex_digit(p.at[i + 3]));
			i += 4;
		} else {
			ret[n] = p.at[i++];
		}
	}
	ret[n] = 0;
}

/* The id or name in p, if it has the form. */
static bool form_fits(const struct form *f, struct part p, struct part parent, struct part *ret)
{
	size_t prefix = strlen(f->prefix), suffix = strlen(f->suffix);

	if ((f->parent && !part_is(parent, f->parent)) || p.len <= prefix + suffix ||
	    memcmp(p.at, f->prefix, prefix) != 0 || !part_ends(p, f->suffix))
		return false;
	*ret = (struct part){p.at + prefix, p.len - prefix - suffix};
	return f->id != FORM_ID || (ret->len == ID_DIGITS && is_hex(ret->at, ret->len));
}

/* Whether the part is that of a container, or of its monitor. */
static bool part_container(struct part p, struct part parent, struct container *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct part id;

		if (!form_fits(&forms[i], p, parent, &id))
			continue;
		if (ret->name[0] || forms[i].id == FORM_MONITOR)
			return true;
		ret->engine = forms[i].engine;
		if (forms[i].id == FORM_ID)
			id.len = ID_SHOWN;
		name_copy(ret->name, sizeof(ret->name), id);
		return true;
	}
	return false;
}

/* The uid of a pod: "pod" and 32 hexadecimal digits, in groups of 8-4-4-4-12 or not; systemd's
 * slices have "_" in place of "-". */
static void part_pod(struct part p, struct container *ret)
{
	size_t i = p.len, n = 0, digits = 0;
	struct part rest;

	if (part_ends(p, ".slice"))
		i -= strlen(".slice");
	rest = (struct part){p.at, i};
	while (i > 0 && (isxdigit((unsigned char)rest.at[i - 1]) || rest.at[i - 1] == '_' ||
			 rest.at[i - 1] == '-'))
		i--;
	/* The "d" of "pod" is a digit, too. */
	while (i < rest.len && (i < 3 || memcmp(rest.at + i - 3, "pod", 3) != 0))
		i++;
	for (size_t k = i; k < rest.len; k++)
		digits += isxdigit((unsigned char)rest.at[k]) != 0;
	if (digits != 32 || rest.len - i >= sizeof(ret->pod) || ret->pod[0])
		return;
	for (; i < rest.len; i++)
		ret->pod[n++] = rest.at[i] == '_' ? '-' : rest.at[i];
	ret->pod[n] = 0;
}

static void part_unit(struct part p, struct container *ret)
{
	if (!ret->unit[0] && (part_ends(p, ".service") || part_ends(p, ".scope")))
		name_copy(ret->unit, sizeof(ret->unit), p);
}

/* The directory that ends at `end`; containerd may have "slice:cri-containerd:id" in one. */
static struct part part_before(const char *path, const char *end)
{
	const char *at = end;

	while (at > path && at[-1] != '/')
		at--;
	return (struct part){at, (size_t)(end - at)};
}

static struct part part_after_colon(struct part p)
{
	const char *colon = memrchr(p.at, ':', p.len);

	return colon ? (struct part){colon + 1, p.len - (size_t)(colon + 1 - p.at)} : p;
}

void container_of_path(const char *path, struct container *ret)
{
	const char *end = path + strlen(path);

	*ret = (struct container){.engine = NULL};
	while (end > path) {
		struct part p = part_before(path, end);
		struct part parent =
			p.at > path ? part_before(path, p.at - 1) : (struct part){p.at, 0};
		struct part id = part_after_colon(p);

		if (!part_container(id, parent, ret))
			part_unit(p, ret);
		part_pod(p, ret);
		if (id.at > p.at)
			part_pod((struct part){p.at, (size_t)(strchr(p.at, ':') - p.at)}, ret);
		end = p.at > path ? p.at - 1 : path;
	}
}
