// SPDX-License-Identifier: MIT
#include "kernel/settings.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "kernel/proc-dir.h"

#define VALUE_MAX 1024u

/* Which settings are recorded. A pattern's directory is read once for each pattern. */
struct setting_pattern {
	const char *dir;
	const char *pattern;
	bool is_of_net;
};

static const struct setting_pattern patterns[] = {
	{"net/ipv4", "ip_local_*port*", true},
	{"net/ipv4", "tcp_*", true},
	{"net/ipv4", "icmp_ratelimit", true},
	{"net/core", "somaxconn", true},
	{"net/core", "[rw]mem_*", true},
	{"net/core", "netdev_*", false},
	{"net/core", "default_qdisc", false},
	{"net/netfilter", "nf_conntrack_max", true},
	{"net/netfilter", "nf_conntrack_count", true},
	{"net/netfilter", "nf_conntrack_buckets", true},
	{"net/netfilter", "nf_conntrack_tcp_*", true},
};

/* Keys are nobody's business, whoever may read them. */
static bool is_secret(const char *name)
{
	return strstr(name, "key") != NULL;
}

static int setting_read(const char *sys, const struct setting_pattern *p, const char *file,
			setting_take_fn take, void *userdata)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	char path[600], name[300];

	snprintf(path, sizeof(path), "%s/%s/%s", sys, p->dir, file);
	snprintf(name, sizeof(name), "%s.%s", p->dir, file);
	if (is_secret(file) || io_read_file(path, VALUE_MAX, &text) < 0)
		return 0;
	for (char *at = name; (at = strchr(at, '/'));)
		*at = '.';
	for (char *at = (char *)text.data; (at = strchr(at, '\t'));)
		*at = ' ';
	text.data[strcspn((char *)text.data, "\n")] = 0;
	return take(userdata, name, (char *)text.data, p->is_of_net);
}

int settings_walk(const char *sys, setting_take_fn take, void *userdata)
{
	int r = 0;

	for (size_t i = 0; !r && i < ARRAY_SIZE(patterns); i++) {
		const struct setting_pattern *p = &patterns[i];
		char path[512];
		DIR *dir CLEANUP(closedir_p) = NULL;
		struct dirent *entry;

		snprintf(path, sizeof(path), "%s/%s", sys, p->dir);
		dir = opendir(path);
		while (!r && dir && (entry = readdir(dir))) {
			if (fnmatch(p->pattern, entry->d_name, 0) == 0)
				r = setting_read(sys, p, entry->d_name, take, userdata);
		}
	}
	return r;
}
