// SPDX-License-Identifier: MIT
#include "tcp/filter-options.h"

#include <errno.h>
#include <string.h>

static int family_set(uint8_t *family, uint8_t wanted, struct fault *fault)
{
	if (*family && *family != wanted)
		return fault_set(fault, -EINVAL, "-4 and -6 exclude each other");
	*family = wanted;
	return 0;
}

static int family_set_ipv4(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	return family_set(value, 4, fault);
}

static int family_set_ipv6(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	return family_set(value, 6, fault);
}

static int ports_add(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = filter_ports_add(value, arg, arena);

	return r == -EINVAL ? fault_set(fault, r, "%s: not a port (try 443 or 80,443)", arg) : r;
}

static int addrs_add(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = filter_prefixes_add(value, arg, arena);

	return r == -EINVAL ? fault_set(fault, r,
					"%s: not an address (try 10.0.0.0/8 or 2001:db8::1)", arg)
			    : r;
}

static int pids_add(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = filter_pids_add(value, arg, arena);

	return r == -EINVAL ? fault_set(fault, r, "%s: not a process id", arg) : r;
}

static int comms_add(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	int r = filter_names_add(value, arg, arena);

	return r == -EINVAL ? fault_set(fault, r, "%s: an empty name", arg) : r;
}

#define AT(member) offsetof(struct event_filter, member)

static const struct option_spec specs[] = {
	{"port", 0, "PORTS", "either end's port is one of 80,443,...", ports_add, AT(port), NULL},
	{"lport", 'L', "PORTS", "this host's port is one of these", ports_add, AT(lport), NULL},
	{"rport", 'D', "PORTS", "the other end's port is one of these", ports_add, AT(rport), NULL},
	{"addr", 0, "CIDR", "either end's address is in 10.0.0.0/8,...", addrs_add, AT(addrs),
	 NULL},
	{"ipv4", '4', NULL, "IPv4 only, also where it is mapped into IPv6", family_set_ipv4,
	 AT(family), NULL},
	{"ipv6", '6', NULL, "IPv6 only", family_set_ipv6, AT(family), NULL},
	{"pid", 0, "PIDS", "the process that owns the socket", pids_add, AT(pids), NULL},
	{"comm", 0, "NAMES",
	 "the name of that process; a comma in a name takes a\n"
	 "backslash before it",
	 comms_add, AT(comms), NULL},
};

const struct option_table filter_option_table = {.specs = specs, .n_specs = ARRAY_SIZE(specs)};

static void ports_text(struct text *t, const char *option, const struct filter_ports *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (i)
			text_char(t, ',');
		else
			text_printf(t, "%s--%s ", t->len ? " " : "", option);
		text_u64(t, p->ports[i]);
	}
}

/* A comma that belongs to a name is escaped, as is the escape. */
static void name_text(const char *name, struct text *t)
{
	for (; *name; name++) {
		if (*name == ',' || *name == '\\')
			text_char(t, '\\');
		text_char(t, *name);
	}
}

void filter_names_text(struct text *t, const char *option, const struct filter_names *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (i)
			text_char(t, ',');
		else
			text_printf(t, "%s--%s ", t->len ? " " : "", option);
		name_text(p->names[i], t);
	}
}

void filter_text(const struct event_filter *f, struct text *t)
{
	ports_text(t, "port", &f->port);
	ports_text(t, "lport", &f->lport);
	ports_text(t, "rport", &f->rport);
	for (size_t i = 0; i < f->addrs.n; i++) {
		const struct ip_prefix *p = &f->addrs.prefixes[i];

		text_str(t, i ? "," : t->len ? " --addr " : "--addr ");
		ip_addr_text(t, &p->addr);
		text_printf(t, "/%u", p->bits);
	}
	if (f->family)
		text_printf(t, "%s-%u", t->len ? " " : "", f->family);
	for (size_t i = 0; i < f->pids.n; i++) {
		text_str(t, i ? "," : t->len ? " --pid " : "--pid ");
		text_printf(t, "%d", f->pids.pids[i]);
	}
	/* Names come last: a name may hold anything, spaces and dashes too. */
	filter_names_text(t, "comm", &f->comms);
}

static const struct option_spec *spec_of(const char *word, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(specs); i++) {
		const char *name = specs[i].name;

		if (len == 2 && word[0] == '-' && word[1] == specs[i].letter)
			return &specs[i];
		if (len == strlen(name) + 2 && !strncmp(word, "--", 2) &&
		    !strncmp(word + 2, name, len - 2))
			return &specs[i];
	}
	return NULL;
}

int filter_parse(const char *line, struct arena *arena, struct event_filter *ret)
{
	struct event_filter f = {0};

	while (*line) {
		size_t len = strcspn(line, " ");
		const struct option_spec *spec = spec_of(line, len);
		char *arg = NULL;
		int r;

		if (!spec)
			return -EINVAL;
		line += len + (line[len] == ' ');
		if (spec->arg) {
			len = spec->parse == comms_add ? strlen(line) : strcspn(line, " ");
			arg = arena_alloc(arena, len + 1);
			if (!arg)
				return -ENOMEM;
			memcpy(arg, line, len);
			line += len + (line[len] == ' ');
		}
		r = spec->parse((char *)&f + spec->offset, arg, arena, NULL);
		if (r < 0)
			return r;
	}
	*ret = f;
	return 0;
}
