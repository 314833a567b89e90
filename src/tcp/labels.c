// SPDX-License-Identifier: MIT
#include "tcp/labels.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Networks around others come before them, and those of one port and family stand together. */
static int place_compare(const struct label *a, const struct label *b)
{
	int r = (int)a->port - (int)b->port;

	if (!r)
		r = (int)a->family - (int)b->family;
	if (!r)
		r = memcmp(a->bytes, b->bytes, sizeof(a->bytes));
	return r ? r : (int)a->bits - (int)b->bits;
}

static int by_place(const void *a, const void *b)
{
	const struct label *x = a, *y = b;
	int r = place_compare(x, y);

	return r ? r : (x->line > y->line) - (x->line < y->line);
}

static int by_name(const void *a, const void *b)
{
	const struct label *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* Makes equal names the same pointer. */
static int names_unite(struct label *items, size_t n)
{
	struct label **sorted CLEANUP(free_p) = calloc(n + 1, sizeof(struct label *));

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &items[i];
	qsort(sorted, n, sizeof(struct label *), by_name);
	for (size_t i = 1; i < n; i++) {
		if (!strcmp(sorted[i]->name, sorted[i - 1]->name))
			sorted[i]->name = sorted[i - 1]->name;
	}
	return 0;
}

/* Leaves out what is said twice. *n is the number of labels before and after. */
static int labels_thin(struct label *items, size_t *n, const char *file, struct fault *fault)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		const struct label *last = kept ? &items[kept - 1] : NULL;

		if (!last || place_compare(last, &items[i]) != 0)
			items[kept++] = items[i];
		else if (last->name != items[i].name)
			return fault_set(fault, -EBADMSG,
					 "%s: line %u: line %u has another name for it", file,
					 items[i].line, last->line);
	}
	*n = kept;
	return 0;
}

static bool label_holds(const struct label *label, uint16_t port, const struct ip_addr *a)
{
	struct ip_prefix p = {.addr.family = label->family, .bits = label->bits};

	memcpy(p.addr.bytes, label->bytes, sizeof(p.addr.bytes));
	return label->port == port && ip_prefix_has(&p, a);
}

static struct ip_addr label_addr(const struct label *label)
{
	struct ip_addr a = {.family = label->family};

	memcpy(a.bytes, label->bytes, sizeof(a.bytes));
	return a;
}

/* Networks do not overlap but for those that are within others: around a network is the one before
 * it in the order, or one of those around that one. */
static void labels_link(struct label *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct ip_addr a = label_addr(&items[i]);
		uint32_t at = i ? (uint32_t)i - 1 : LABEL_NONE;

		while (at != LABEL_NONE && !label_holds(&items[at], items[i].port, &a))
			at = items[at].around;
		items[i].around = at;
	}
}

int labels_make(struct label *items, size_t n, const char *file, struct arena *arena,
		struct labels *ret, struct fault *fault)
{
	struct label *kept;
	int r;

	if (names_unite(items, n) < 0)
		return fault_no_memory(fault);
	if (n)
		qsort(items, n, sizeof(*items), by_place);
	r = labels_thin(items, &n, file, fault);
	if (r < 0)
		return r;
	labels_link(items, n);
	kept = arena_alloc(arena, (n + 1) * sizeof(*kept));
	if (!kept)
		return fault_no_memory(fault);
	if (n)
		memcpy(kept, items, n * sizeof(*kept));
	*ret = (struct labels){kept, n};
	return 0;
}

/* The label of the longest prefix that holds the address, among those with this port. */
static const struct label *label_with_port(const struct labels *l, uint16_t port,
					   const struct ip_addr *a)
{
	struct label wanted = {.family = a->family, .bits = UINT8_MAX, .port = port};
	size_t from = 0, to = l->n;
	uint32_t at;

	memcpy(wanted.bytes, a->bytes, sizeof(wanted.bytes));
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (place_compare(&l->items[middle], &wanted) <= 0)
			from = middle + 1;
		else
			to = middle;
	}
	at = from ? (uint32_t)from - 1 : LABEL_NONE;
	while (at != LABEL_NONE && !label_holds(&l->items[at], port, a))
		at = l->items[at].around;
	return at != LABEL_NONE ? &l->items[at] : NULL;
}

const struct label *labels_find(const struct labels *l, const struct endpoint *e)
{
	const struct label *any, *own;

	if (!l || !l->n)
		return NULL;
	any = label_with_port(l, 0, &e->addr);
	own = e->port ? label_with_port(l, e->port, &e->addr) : NULL;
	return own && (!any || own->bits >= any->bits) ? own : any;
}

bool label_is_of_one(const struct label *label)
{
	return label->family && label->bits == (label->family == 4 ? 32 : 128);
}

const char *labels_name(const struct labels *l, const struct endpoint *e)
{
	const struct label *label = labels_find(l, e);

	return label ? label->name : NULL;
}

bool labels_have(const struct labels *l, const char *name)
{
	for (size_t i = 0; l && i < l->n; i++) {
		if (!strcmp(l->items[i].name, name))
			return true;
	}
	return false;
}

void labels_addr_text(const struct labels *l, const struct ip_addr *a, struct text *t)
{
	const char *name = labels_name(l, &(struct endpoint){.addr = *a});

	if (name) {
		text_str(t, name);
		text_str(t, " (");
	}
	ip_addr_text(t, a);
	if (name)
		text_char(t, ')');
}

void labels_endpoint_text(const struct labels *l, const struct endpoint *e, struct text *t)
{
	const char *name = labels_name(l, e);

	if (name) {
		text_str(t, name);
		text_str(t, " (");
	}
	endpoint_text(t, e);
	if (name)
		text_char(t, ')');
}
