// SPDX-License-Identifier: MIT
/*
 * counter-files, settings, links: what is read of a small copy of /proc, and links out of messages
 * of rtnetlink.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "kernel/counter-files.h"
#include "kernel/links.h"
#include "kernel/settings.h"

static char root[64];

static void path_of(char path[256], const char *name)
{
	snprintf(path, 256, "%s/%s", root, name);
}

static void make_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	path_of(path, name);
	for (char *at = path + strlen(root) + 1; (at = strchr(at, '/')); at++) {
		*at = 0;
		assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
		*at = '/';
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int setup(void **state)
{
	strcpy(root, "/tmp/test-counter-files.XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int teardown(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static int note(void *userdata, const char *name, size_t len, int64_t value)
{
	text_mem(userdata, name, len);
	text_printf(userdata, "=%lld ", (long long)value);
	return 0;
}

static void test_files_of_a_namespace(void **state)
{
	struct counter_files f CLEANUP(counter_files_done) = COUNTER_FILES_INIT(COUNTER_SCOPE_NET);
	struct text t CLEANUP(text_done) = {0};
	char dir[256];
	size_t n;

	make_file("net/snmp", "Tcp: A\nTcp: 1\n");
	make_file("net/stat/nf_conntrack", "entries\n0f\n");
	path_of(dir, "net");
	counter_files_open(&f, dir);
	assert_int_equal(counter_files_read(&f, note, &t), 0);
	assert_string_equal(text_cstr(&t), "Tcp.A=1 conntrack.entries=15 ");
	/* An open file is read again from its start. */
	make_file("net/snmp", "Tcp: A\nTcp: 2\n");
	text_clear(&t);
	assert_int_equal(counter_files_read(&f, note, &t), 0);
	assert_string_equal(text_cstr(&t), "Tcp.A=2 conntrack.entries=15 ");
	text_clear(&t);
	assert_int_equal(counter_files_read_in(&f, dir, note, &t, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(text_cstr(&t), "Tcp.A=2 conntrack.entries=15 ");
	assert_int_equal(counter_files_read_in(&f, "/nowhere", note, &t, &n), 0);
	assert_int_equal(n, 0);
}

static int setting_note(void *userdata, const char *name, const char *value, bool is_of_net)
{
	text_printf(userdata, "%s=%s%s; ", name, value, is_of_net ? "" : " (host)");
	return 0;
}

static void test_settings(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	char dir[256];

	make_file("sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
	make_file("sys/net/ipv4/tcp_fastopen_key", "secret\n");
	make_file("sys/net/ipv4/ip_forward", "1\n");
	make_file("sys/net/core/netdev_max_backlog", "1000\n");
	path_of(dir, "sys");
	assert_int_equal(settings_walk(dir, setting_note, &t), 0);
	assert_string_equal(text_cstr(&t), "net.ipv4.tcp_rmem=4096 131072 6291456; "
					   "net.core.netdev_max_backlog=1000 (host); ");
}

/* A few of another namespace: keys and what is not in the list stay away. */
static void test_few_settings(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	char dir[256];

	make_file("few/net/ipv4/ip_local_port_range", "32768\t60999\n");
	make_file("few/net/ipv4/tcp_fastopen_key", "secret\n");
	make_file("few/net/ipv4/tcp_reordering", "3\n");
	make_file("few/net/core/somaxconn", "4096\n");
	path_of(dir, "few");
	assert_int_equal(settings_walk_few(dir, setting_note, &t), 0);
	assert_string_equal(text_cstr(&t),
			    "net.ipv4.ip_local_port_range=32768 60999; net.core.somaxconn=4096; ");
}

static int link_note(void *userdata, const struct net_link *link)
{
	text_printf(userdata, "%s %u %s; ", link->name, link->mtu, link->qdisc ? link->qdisc : "-");
	return 0;
}

static void attribute_put(struct nlmsghdr *h, unsigned short type, const void *data, size_t n)
{
	struct rtattr *a = (struct rtattr *)((char *)h + NLMSG_ALIGN(h->nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(n);
	memcpy(RTA_DATA(a), data, n);
	h->nlmsg_len = (uint32_t)(NLMSG_ALIGN(h->nlmsg_len) + RTA_ALIGN(a->rta_len));
}

static void test_links(void **state)
{
	struct text t CLEANUP(text_done) = {0};
	uint32_t words[256] = {0}, mtu = 1500;
	struct nlmsghdr *h = (struct nlmsghdr *)words;

	h->nlmsg_type = RTM_NEWLINK;
	h->nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg));
	attribute_put(h, IFLA_IFNAME, "eth0", 5);
	attribute_put(h, IFLA_MTU, &mtu, sizeof(mtu));
	attribute_put(h, IFLA_QDISC, "fq_codel", 9);
	assert_int_equal(links_parse(words, h->nlmsg_len, link_note, &t), 1);
	assert_string_equal(text_cstr(&t), "eth0 1500 fq_codel; ");
	/* Cut anywhere: what is whole is taken, and nothing beyond is read. */
	for (size_t n = 0; n < h->nlmsg_len; n++) {
		void *copy CLEANUP(free_p) = malloc(n + 1);

		memcpy(copy, words, n);
		assert_int_equal(links_parse(copy, n, link_note, &t), 1);
	}
	h->nlmsg_type = NLMSG_DONE;
	assert_int_equal(links_parse(words, h->nlmsg_len, link_note, &t), 0);
	h->nlmsg_type = NLMSG_ERROR;
	assert_int_equal(links_parse(words, h->nlmsg_len, link_note, &t), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_of_a_namespace),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_few_settings),
		cmocka_unit_test(test_links),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
