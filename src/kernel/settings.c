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

/* Settings that decide how many connections there may be, how long they wait, and how fast they
 * are. */
static const char *const few[][2] = {
	{"net/ipv4", "ip_local_port_range"},
	{"net/ipv4", "ip_local_reserved_ports"},
	{"net/ipv4", "tcp_max_syn_backlog"},
	{"net/ipv4", "tcp_syncookies"},
	{"net/ipv4", "tcp_abort_on_overflow"},
	{"net/ipv4", "tcp_tw_reuse"},
	{"net/ipv4", "tcp_fin_timeout"},
	{"net/ipv4", "tcp_syn_retries"},
	{"net/ipv4", "tcp_synack_retries"},
	{"net/ipv4", "tcp_retries2"},
	{"net/ipv4", "tcp_keepalive_time"},
	{"net/ipv4", "tcp_mtu_probing"},
	{"net/ipv4", "tcp_congestion_control"},
	{"net/ipv4", "tcp_rmem"},
	{"net/ipv4", "tcp_wmem"},
	{"net/core", "somaxconn"},
	{"net/netfilter", "nf_conntrack_max"},
};

/* Keys are nobody's business, whoever may read them. */
static bool is_secret(const char *name)
{
	return strstr(name, "key") != NULL;
}

static int setting_read(const char *sys, const char *dir, const char *file, bool is_of_net,
			setting_take_fn take, void *userdata)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	char path[600], name[300];

	snprintf(path, sizeof(path), "%s/%s/%s", sys, dir, file);
	snprintf(name, sizeof(name), "%s.%s", dir, file);
	if (is_secret(file) || io_read_file(path, VALUE_MAX, &text) < 0)
		return 0;
	for (char *at = name; (at = strchr(at, '/'));)
		*at = '.';
	for (char *at = (char *)text.data; (at = strchr(at, '\t'));)
		*at = ' ';
	text.data[strcspn((char *)text.data, "\n")] = 0;
	return take(userdata, name, (char *)text.data, is_of_net);
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
				r = setting_read(sys, p->dir, entry->d_name, p->is_of_net, take,
						 userdata);
		}
	}
	return r;
}

int settings_walk_few(const char *sys, setting_take_fn take, void *userdata)
{
	int r = 0;

	for (size_t i = 0; !r && i < ARRAY_SIZE(few); i++)
		r = setting_read(sys, few[i][0], few[i][1], true, take, userdata);
	return r;
}
