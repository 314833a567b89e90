// SPDX-License-Identifier: MIT
#include "tcp/filter.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool has_port(const struct filter_ports *p, uint16_t port)
{
	for (size_t i = 0; port && i < p->n; i++) {
		if (p->ports[i] == port)
			return true;
	}
	return false;
}

static bool has_addr(const struct filter_prefixes *p, const struct ip_addr *a)
{
	for (size_t i = 0; a->family && i < p->n; i++) {
		if (ip_prefix_has(&p->prefixes[i], a))
			return true;
	}
	return false;
}

static bool has_pid(const struct filter_pids *p, int32_t pid)
{
	for (size_t i = 0; pid && i < p->n; i++) {
		if (p->pids[i] == pid)
			return true;
	}
	return false;
}

static bool has_name(const struct filter_names *p, const char *name)
{
	for (size_t i = 0; name && i < p->n; i++) {
		if (!strcmp(p->names[i], name))
			return true;
	}
	return false;
}

/* The parts of an event or a connection that conditions are about. */
struct subject {
	const struct endpoint *local, *remote;
	uint8_t family; /* counts where no address is known */
	int32_t pid;
	const char *comm;
};

static uint8_t subject_family(const struct subject *s)
{
	if (s->local->addr.family)
		return s->local->addr.family;
	return s->remote->addr.family ? s->remote->addr.family : s->family;
}

static bool subject_passes(const struct event_filter *f, const struct subject *s)
{
	const struct endpoint *l = s->local, *r = s->remote;

	if (f->port.n && !has_port(&f->port, l->port) && !has_port(&f->port, r->port))
		return false;
	if (f->lport.n && !has_port(&f->lport, l->port))
		return false;
	if (f->rport.n && !has_port(&f->rport, r->port))
		return false;
	if (f->addrs.n && !has_addr(&f->addrs, &l->addr) && !has_addr(&f->addrs, &r->addr))
		return false;
	if (f->family && f->family != subject_family(s))
		return false;
	if (f->pids.n && !has_pid(&f->pids, s->pid))
		return false;
	if (f->comms.n && !has_name(&f->comms, s->comm))
		return false;
	if (f->labels.n && !has_name(&f->labels, labels_name(f->label_names, l)) &&
	    !has_name(&f->labels, labels_name(f->label_names, r)))
		return false;
	return !f->also || subject_passes(f->also, s);
}

bool event_filter_passes(const struct event_filter *f, const struct tcp_event *e)
{
	return subject_passes(f,
			      &(struct subject){&e->local, &e->remote, e->family, e->pid, e->comm});
}

bool event_filter_passes_conn(const struct event_filter *f, const struct tcp_conn *c)
{
	return subject_passes(f, &(struct subject){&c->local, &c->remote, c->family, c->owner.pid,
						   c->owner.comm});
}

/* Splits a copy of the list: *ret is its first entry, each entry ends with a NUL, and the next one
 * follows. An empty list has one empty entry. 0 or -ENOMEM. */
static int list_split(const char *list, struct arena *arena, char **ret, size_t *ret_n)
{
	char *copy = arena_str(arena, list);
	size_t n = 1;

	if (!copy)
		return -ENOMEM;
	for (char *at = copy; *at; at++) {
		if (*at == ',') {
			*at = 0;
			n++;
		}
	}
	*ret = copy;
	*ret_n = n;
	return 0;
}

/* A copy of the n_old entries with room for n_more after them. NULL: out of memory. */
static void *list_extend(const void *old, size_t n_old, size_t n_more, size_t size,
			 struct arena *arena)
{
	char *entries = arena_alloc(arena, (n_old + n_more) * size);

	if (entries && n_old)
		memcpy(entries, old, n_old * size);
	return entries;
}

static int parse_number(const char *s, unsigned long max, unsigned long *ret)
{
	unsigned long v;
	char *end;

	if (!isdigit((unsigned char)s[0]))
		return -EINVAL;
	errno = 0;
	v = strtoul(s, &end, 10);
	if (errno || *end || !v || v > max)
		return -EINVAL;
	*ret = v;
	return 0;
}

int filter_ports_add(struct filter_ports *p, const char *list, struct arena *arena)
{
	unsigned long port;
	uint16_t *ports;
	char *word;
	size_t n;
	int r;

	r = list_split(list, arena, &word, &n);
	if (r < 0)
		return r;
	ports = list_extend(p->ports, p->n, n, sizeof(*ports), arena);
	if (!ports)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++, word += strlen(word) + 1) {
		r = parse_number(word, UINT16_MAX, &port);
		if (r < 0)
			return r;
		ports[p->n + i] = (uint16_t)port;
	}
	*p = (struct filter_ports){ports, p->n + n};
	return 0;
}

int filter_prefixes_add(struct filter_prefixes *p, const char *list, struct arena *arena)
{
	struct ip_prefix *prefixes;
	char *word;
	size_t n;
	int r;

	r = list_split(list, arena, &word, &n);
	if (r < 0)
		return r;
	prefixes = list_extend(p->prefixes, p->n, n, sizeof(*prefixes), arena);
	if (!prefixes)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++, word += strlen(word) + 1) {
		r = ip_prefix_parse(word, &prefixes[p->n + i]);
		if (r < 0)
			return r;
	}
	*p = (struct filter_prefixes){prefixes, p->n + n};
	return 0;
}

int filter_pids_add(struct filter_pids *p, const char *list, struct arena *arena)
{
	unsigned long pid;
	int32_t *pids;
	char *word;
	size_t n;
	int r;

	r = list_split(list, arena, &word, &n);
	if (r < 0)
		return r;
	pids = list_extend(p->pids, p->n, n, sizeof(*pids), arena);
	if (!pids)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++, word += strlen(word) + 1) {
		r = parse_number(word, INT32_MAX, &pid);
		if (r < 0)
			return r;
		pids[p->n + i] = (int32_t)pid;
	}
	*p = (struct filter_pids){pids, p->n + n};
	return 0;
}

/* Splits a copy of a list of names as list_split() does. A comma or a backslash with a backslash
 * before it belongs to a name. */
static int names_split(const char *list, struct arena *arena, char **ret, size_t *ret_n)
{
	char *copy = arena_str(arena, list), *to = copy;
	size_t n = 1;

	if (!copy)
		return -ENOMEM;
	for (const char *at = copy; *at; at++) {
		bool is_escape = *at == '\\' && (at[1] == ',' || at[1] == '\\');

		if (*at == ',')
			n++;
		at += is_escape;
		*to++ = *at == ',' && !is_escape ? '\0' : *at;
	}
	*to = '\0';
	*ret = copy;
	*ret_n = n;
	return 0;
}

int filter_names_add(struct filter_names *p, const char *list, struct arena *arena)
{
	const char **names;
	char *word;
	size_t n;
	int r;

	r = names_split(list, arena, &word, &n);
	if (r < 0)
		return r;
	names = list_extend(p->names, p->n, n, sizeof(*names), arena);
	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++, word += strlen(word) + 1) {
		if (!*word)
			return -EINVAL;
		names[p->n + i] = word;
	}
	*p = (struct filter_names){names, p->n + n};
	return 0;
}

bool event_filter_is_empty(const struct event_filter *f)
{
	return !f->port.n && !f->lport.n && !f->rport.n && !f->addrs.n && !f->family &&
	       !f->pids.n && !f->comms.n && !f->labels.n &&
	       (!f->also || event_filter_is_empty(f->also));
}
