// SPDX-License-Identifier: MIT
#include "record/settings-changes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/vec.h"
#include "kernel/clock.h"
#include "kernel/links.h"
#include "kernel/settings.h"

/* A host with more links than these has them made by the thousand, all alike. */
#define LINKS_MAX 256u

struct settings_reading {
	struct settings_changes *changes;
	struct batch_records *ret;
	uint64_t ts_ns;
	uint32_t netns;
	size_t at; /* where the last setting stood: the next one mostly follows */
	size_t n_links;
};

void settings_changes_done(struct settings_changes *s)
{
	free(s->names);
	free(s->values);
	arena_done(&s->arena);
	*s = (struct settings_changes){0};
}

int setting_append(struct batch_records *ret, uint64_t ts_ns, uint32_t netns, const char *name,
		   const char *value)
{
	struct setting_record record = {ts_ns, netns, name, value};

	if (setting_record_encode(&ret->records, &record) < 0)
		return -ENOMEM;
	batch_records_count(ret, ts_ns);
	return 0;
}

/* The place of a setting; n: it is new. */
static size_t setting_find(struct settings_reading *r, const char *name)
{
	const struct settings_changes *s = r->changes;

	for (size_t tries = 0; tries < s->n; tries++) {
		r->at = (r->at + 1) % s->n;
		if (!strcmp(s->names[r->at], name))
			return r->at;
	}
	return s->n;
}

static int setting_take(void *userdata, const char *name, const char *value, bool is_of_net)
{
	struct settings_reading *r = userdata;
	struct settings_changes *s = r->changes;
	size_t at = setting_find(r, name);

	if (at < s->n && !strcmp(s->values[at], value))
		return 0;
	if (at == s->n) {
		if (vec_reserve(s->names, s->cap_names, s->n + 1) < 0 ||
		    vec_reserve(s->values, s->cap_values, s->n + 1) < 0)
			return -ENOMEM;
		s->names[at] = arena_str(&s->arena, name);
		s->n++;
	}
	s->values[at] = arena_str(&s->arena, value);
	if (!s->names[at] || !s->values[at])
		return -ENOMEM;
	return setting_append(r->ret, r->ts_ns, is_of_net ? r->netns : 0, name, value);
}

static int link_take(void *userdata, const struct net_link *link)
{
	struct settings_reading *r = userdata;
	char name[128], mtu[16];
	int err = 0;

	if (!link->name || r->n_links++ >= LINKS_MAX)
		return 0;
	if (link->mtu) {
		snprintf(name, sizeof(name), "link.%s.mtu", link->name);
		snprintf(mtu, sizeof(mtu), "%u", link->mtu);
		err = setting_take(r, name, mtu, true);
	}
	if (!err && link->qdisc) {
		snprintf(name, sizeof(name), "link.%s.qdisc", link->name);
		err = setting_take(r, name, link->qdisc, true);
	}
	return err;
}

int settings_changes_read(struct settings_changes *s, uint32_t netns, struct batch_records *ret)
{
	struct settings_reading r = {
		.changes = s, .ret = ret, .ts_ns = clock_now(), .netns = netns};
	int err = settings_walk("/proc/sys", setting_take, &r);

	/* What netlink refuses is left out. */
	if (!err && links_walk(link_take, &r) == -ENOMEM)
		err = -ENOMEM;
	return err;
}

struct few_settings {
	struct batch_records *ret;
	uint64_t ts_ns;
	uint32_t netns;
};

static int few_take(void *userdata, const char *name, const char *value, bool is_of_net)
{
	const struct few_settings *f = userdata;

	return setting_append(f->ret, f->ts_ns, f->netns, name, value);
}

int settings_append_few(struct batch_records *ret, uint32_t netns)
{
	struct few_settings f = {ret, clock_now(), netns};

	return settings_walk_few("/proc/sys", few_take, &f);
}
