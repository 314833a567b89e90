// SPDX-License-Identifier: MIT
#include "detect/close-waiters.h"

#include <string.h>

#include "base/units.h"

#define GROUPS_MAX 16384u

int close_waiters_get(struct groups *by_owner, const struct gathered *in, const struct tcp_conn *c,
		      struct close_waiters **ret)
{
	const struct conn_subject subject = gathered_subject_of_conn(in, c);
	struct close_waiters key;
	int r;

	memset(&key.key, 0, sizeof(key.key));
	key.key.is_served = subject.is_served;
	key.key.port = subject.is_served ? c->local.port : c->remote.port;
	if (c->owner.pid > 0) {
		key.key.pid = c->owner.pid;
		if (c->owner.comm)
			memcpy(key.key.comm, c->owner.comm,
			       strnlen(c->owner.comm, sizeof(key.key.comm) - 1));
	} else {
		key.key.netns = c->netns;
	}
	*ret = groups_get_up_to(by_owner, &key.key, GROUPS_MAX, &r);
	if (!*ret)
		return r;
	if (!(*ret)->whose.local.port)
		(*ret)->whose = whose_conn(in, c);
	return 0;
}

static unsigned int age_step(uint64_t ns)
{
	uint64_t ms = ns / NSEC_PER_MSEC;
	unsigned int step = 0;

	while (ms > 1 && step + 1 < CLOSE_WAIT_AGES) {
		ms /= 2;
		step++;
	}
	return step;
}

void close_waiters_add_age(struct close_waiters *w, uint64_t since_ns, uint64_t end_ns)
{
	w->n_of_age[age_step(end_ns - since_ns)]++;
	if (end_ns - since_ns > w->longest_ns)
		w->longest_ns = end_ns - since_ns;
	if (!w->since_ns || since_ns < w->since_ns)
		w->since_ns = since_ns;
}

uint64_t close_waiters_forgotten(const struct close_waiters *w)
{
	uint64_t limit = CLOSE_WAIT_TIMES * w->longest_closed_ns, n = 0;

	if (limit < CLOSE_WAIT_AGE_MIN_S * NSEC_PER_SEC)
		limit = CLOSE_WAIT_AGE_MIN_S * NSEC_PER_SEC;
	for (unsigned int i = 0; i < CLOSE_WAIT_AGES; i++) {
		if ((uint64_t)NSEC_PER_MSEC << i >= limit)
			n += w->n_of_age[i];
	}
	return n;
}

int close_waiters_by_number(const void *a, const void *b)
{
	const struct close_waiters *x = *(struct close_waiters *const *)a;
	const struct close_waiters *y = *(struct close_waiters *const *)b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return memcmp(&x->key, &y->key, sizeof(x->key));
}
