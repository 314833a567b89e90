// SPDX-License-Identifier: MIT
/*
 * cpus: parses the lists of CPUs in sysfs.
 */
#include "kernel/cpus.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/vec.h"

#define CPUS_MAX 65536

static int cpus_add(struct cpus *c, size_t *cap, long id)
{
	if (vec_reserve(c->ids, *cap, c->n + 1) < 0)
		return -ENOMEM;
	c->ids[c->n++] = (int)id;
	return 0;
}

static int cpus_parse_list(const char *s, struct cpus *c)
{
	size_t cap = 0;
	long last = -1;

	while (*s && *s != '\n') {
		char *end;
		long from, to;

		if (*s < '0' || *s > '9')
			return -EINVAL;
		from = to = strtol(s, &end, 10);
		if (*end == '-')
			to = strtol(end + 1, &end, 10);
		if (from <= last || to < from || to >= CPUS_MAX)
			return -EINVAL;
		for (long id = from; id <= to; id++) {
			if (cpus_add(c, &cap, id) < 0)
				return -ENOMEM;
		}
		last = to;
		s = *end == ',' ? end + 1 : end;
	}
	return c->n ? 0 : -EINVAL;
}

int cpus_parse(const char *list, struct cpus *ret)
{
	struct cpus c = {0};
	int r = cpus_parse_list(list, &c);

	if (r < 0) {
		cpus_done(&c);
		return r;
	}
	*ret = c;
	return 0;
}

static int cpus_read(const char *path, struct cpus *ret, struct fault *fault)
{
	struct buffer text CLEANUP(buffer_done) = {0};
	int r = io_read_file(path, 65536, &text);

	if (r < 0)
		return fault_errno(fault, r, "%s", path);
	r = cpus_parse((const char *)text.data, ret);
	if (r < 0)
		return fault_errno(fault, r, "%s: \"%.80s\"", path, (const char *)text.data);
	return 0;
}

int cpus_online(struct cpus *ret, struct fault *fault)
{
	return cpus_read("/sys/devices/system/cpu/online", ret, fault);
}

int cpus_possible(struct cpus *ret, struct fault *fault)
{
	struct cpus possible = {0}, online CLEANUP(cpus_done) = {0};
	int r = cpus_online(&online, fault);

	if (r < 0)
		return r;
	if (cpus_read("/sys/devices/system/cpu/possible", &possible, NULL) == 0 &&
	    possible.ids[possible.n - 1] >= online.ids[online.n - 1]) {
		*ret = possible;
		return 0;
	}
	cpus_done(&possible);
	*ret = online;
	online = (struct cpus){0};
	return 0;
}

bool cpus_have(const struct cpus *c, int id)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->ids[i] == id)
			return true;
	}
	return false;
}

void cpus_done(struct cpus *c)
{
	free(c->ids);
	*c = (struct cpus){0};
}
