// SPDX-License-Identifier: MIT
/*
 * retrans --count and --group: retransmissions per group.
 */
#include <errno.h>
#include <stdlib.h>

#include "cells/cells.h"
#include "cells/conn-cells.h"
#include "view/retrans.h"

const char *const retrans_groups[RETRANS_GROUPS] = {
	[RETRANS_BY_FLOW] = "flow",	      [RETRANS_BY_PEER] = "peer",
	[RETRANS_BY_PREFIX] = "prefix",	      [RETRANS_BY_PORT] = "port",
	[RETRANS_BY_LPORT] = "lport",	      [RETRANS_BY_RPORT] = "rport",
	[RETRANS_BY_PROCESS] = "process",     [RETRANS_BY_CAUSE] = "cause",
	[RETRANS_BY_CONTAINER] = "container", [RETRANS_BY_LABEL] = "label",
};

/* The causes in the order of the output. */
static const enum tcp_cause causes[] = {
	TCP_CAUSE_RTO,	  TCP_CAUSE_FAST, TCP_CAUSE_LOSS, TCP_CAUSE_RECOVERY, TCP_CAUSE_SYN,
	TCP_CAUSE_SYNACK, TCP_CAUSE_PMTU, TCP_CAUSE_TFO,  TCP_CAUSE_DEFERRED, TCP_CAUSE_UNKNOWN,
};

void retrans_counts_init(struct retrans_counts *c, enum retrans_group group,
			 const struct labels *labels)
{
	*c = (struct retrans_counts){
		.group = group,
		.labels = labels,
		.groups = {.key_size = sizeof(struct retrans_key),
			   .item_size = sizeof(struct retrans_count)},
	};
}

void retrans_counts_done(struct retrans_counts *c)
{
	groups_done(&c->groups);
}

int retrans_counts_add(struct retrans_counts *c, const struct tcp_event *e)
{
	struct retrans_key key = retrans_key_of(c->group, e, c->labels);
	struct retrans_count *n = groups_get(&c->groups, &key);

	if (!n)
		return -ENOMEM;
	if (retrans_is_failed(e)) {
		n->n_failed++;
	} else if (e->cause == TCP_CAUSE_TLP) {
		n->n_probes++;
	} else {
		n->total++;
		n->by_cause[e->cause < TCP_CAUSE_N ? e->cause : TCP_CAUSE_UNKNOWN]++;
	}
	return 0;
}

int retrans_counts_add_segs(struct retrans_counts *c, const struct tcp_event *e, uint64_t n)
{
	struct retrans_key key = retrans_key_of(c->group, e, c->labels);
	struct retrans_count *count;

	if (c->group == RETRANS_BY_PROCESS || c->group == RETRANS_BY_CAUSE ||
	    c->group == RETRANS_BY_CONTAINER)
		return 0;
	count = groups_get(&c->groups, &key);
	if (!count)
		return -ENOMEM;
	count->n_segs += n;
	return 0;
}

static int by_retransmissions(const void *a, const void *b)
{
	const struct retrans_count *x = *(const struct retrans_count *const *)a;
	const struct retrans_count *y = *(const struct retrans_count *const *)b;
	uint64_t apart_x = x->n_probes + x->n_failed, apart_y = y->n_probes + y->n_failed;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (x->n_segs != y->n_segs)
		return x->n_segs > y->n_segs ? -1 : 1;
	if (apart_x != apart_y)
		return apart_x > apart_y ? -1 : 1;
	return retrans_key_compare(&x->key, &y->key);
}

/* A row, and the texts of its cells. */
struct retrans_count_row {
	const struct retrans_count *count;
	struct text *prefix, *causes;
};

static struct cell count_family(const void *at)
{
	const struct retrans_key *k = at;
	uint8_t family = k->local.addr.family ? k->local.addr.family : k->remote.addr.family;

	return family ? cell_u64(family) : cell_absent();
}

static struct cell count_prefix(const void *at)
{
	const struct retrans_count_row *row = at;
	const struct ip_addr *a = &row->count->key.remote.addr;

	if (!a->family)
		return cell_absent();
	text_clear(row->prefix);
	ip_addr_text(row->prefix, a);
	text_char(row->prefix, '/');
	text_u64(row->prefix, ip_addr_group_bits(a->family));
	return cell_str(text_cstr(row->prefix));
}

static struct cell count_segs(const void *at)
{
	const struct retrans_count *n = at;

	return cell_some(n->n_segs);
}

static struct cell count_cause(const void *at)
{
	const struct retrans_key *k = at;

	return cell_word(tcp_cause_name(k->cause));
}

/* The causes that occurred and their counts: "rto=12 fast=3". */
static struct cell count_causes(const void *at)
{
	const struct retrans_count_row *row = at;
	struct text *t = row->causes;

	text_clear(t);
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
		uint64_t n = row->count->by_cause[causes[i]];

		if (!n)
			continue;
		if (t->len)
			text_char(t, ' ');
		text_str(t, tcp_cause_name(causes[i]));
		text_char(t, '=');
		text_u64(t, n);
	}
	return cell_str(text_cstr(t));
}

/* The modes of the table: the kind of group, and the columns that the options add. */
enum {
	FLOW = 1 << RETRANS_BY_FLOW,
	PEER = 1 << RETRANS_BY_PEER,
	PREFIX = 1 << RETRANS_BY_PREFIX,
	PORT = 1 << RETRANS_BY_PORT,
	LPORT = 1 << RETRANS_BY_LPORT,
	RPORT = 1 << RETRANS_BY_RPORT,
	PROCESS = 1 << RETRANS_BY_PROCESS,
	CAUSE = 1 << RETRANS_BY_CAUSE,
	CONTAINER = 1 << RETRANS_BY_CONTAINER,
	LABEL = 1 << RETRANS_BY_LABEL,
	PROBES = 1 << RETRANS_GROUPS,
	FAILED = 2 << RETRANS_GROUPS,
	NO_CAUSE = (PROBES - 1) & ~CAUSE,
	BY_ENDS = (PROCESS - 1) | LABEL,
};

#define COUNT(member) .at = offsetof(struct retrans_count, member)
#define KEY(member)   COUNT(key.member)
#define BY_CAUSE(word, cause)                                                                      \
	{                                                                                          \
		word, NULL, COLUMN_DATA, 0, column_u64, COUNT(by_cause[cause]), .only = NO_CAUSE   \
	}

static const struct view_column columns[] = {
	{"local", "LADDR:LPORT", COLUMN_TEXT, 21, column_endpoint, KEY(local), .only = FLOW},
	{"remote", "RADDR:RPORT", COLUMN_TEXT, 21, column_endpoint, KEY(remote), .only = FLOW},
	{"family", NULL, COLUMN_DATA, 0, count_family, .only = FLOW | PEER | PREFIX},
	{"laddr", NULL, COLUMN_DATA, 0, column_addr, KEY(local.addr), .only = FLOW},
	{"lport", NULL, COLUMN_DATA, 0, column_port, KEY(local.port), .only = FLOW},
	{"raddr", NULL, COLUMN_DATA, 0, column_addr, KEY(remote.addr), .only = FLOW},
	{"rport", NULL, COLUMN_DATA, 0, column_port, KEY(remote.port), .only = FLOW},
	{"raddr", "RADDR", COLUMN_ALL, 21, column_addr, KEY(remote.addr), .only = PEER},
	{"prefix", "PREFIX", COLUMN_ALL, 21, count_prefix, .part = 1, .only = PREFIX},
	{"port", "PORT", COLUMN_ALL, 5, column_port, KEY(local.port), .only = PORT},
	{"lport", "LPORT", COLUMN_ALL, 5, column_port, KEY(local.port), .only = LPORT},
	{"rport", "RPORT", COLUMN_ALL, 5, column_port, KEY(remote.port), .only = RPORT},
	{"pid", "PID", COLUMN_ALL, 7, column_pid, KEY(pid), .only = PROCESS},
	{"comm", "COMM", COLUMN_ALL, 15, column_chars, KEY(comm), .only = PROCESS},
	{"container", "CONTAINER", COLUMN_ALL, 12, column_str, KEY(container), .only = CONTAINER},
	{"unit", "UNIT", COLUMN_ALL, 15, column_str, KEY(unit), .only = CONTAINER},
	{"cause", "CAUSE", COLUMN_ALL, 8, count_cause, .only = CAUSE},
	{"rlabel", "LABEL", COLUMN_ALL, 21, column_str, KEY(label), .only = LABEL},
	{"retrans", "RETRANSMITS", COLUMN_ALL, 0, column_u64, COUNT(total), .is_right = true},
	{"retrans_segs", "SEGS", COLUMN_TEXT, 0, count_segs, .at = 0, .is_right = true,
	 .only = BY_ENDS},
	{"tlp", "PROBES", COLUMN_ALL, 0, column_u64, COUNT(n_probes), .is_right = true,
	 .only = PROBES},
	{"failed", "FAILED", COLUMN_ALL, 0, column_u64, COUNT(n_failed), .is_right = true,
	 .only = FAILED},
	{"causes", "CAUSES", COLUMN_TEXT, 0, count_causes, .part = 1, .only = NO_CAUSE},
	BY_CAUSE("rto", TCP_CAUSE_RTO),
	BY_CAUSE("fast", TCP_CAUSE_FAST),
	BY_CAUSE("loss", TCP_CAUSE_LOSS),
	BY_CAUSE("recovery", TCP_CAUSE_RECOVERY),
	BY_CAUSE("syn", TCP_CAUSE_SYN),
	BY_CAUSE("synack", TCP_CAUSE_SYNACK),
	BY_CAUSE("pmtu", TCP_CAUSE_PMTU),
	BY_CAUSE("tfo", TCP_CAUSE_TFO),
	BY_CAUSE("deferred", TCP_CAUSE_DEFERRED),
	BY_CAUSE("unknown", TCP_CAUSE_UNKNOWN),
	{"retrans_segs", NULL, COLUMN_DATA, 0, count_segs, .at = 0, .only = BY_ENDS},
};

int retrans_counts_emit(struct retrans_counts *c, const struct retrans_shows *shows,
			struct table_sink *out, struct fault *fault)
{
	struct text prefix CLEANUP(text_done) = {0}, cause_text CLEANUP(text_done) = {0};
	void **items CLEANUP(free_p) = groups_sorted(&c->groups, by_retransmissions);
	unsigned int modes =
		1u << c->group | (shows->probes ? PROBES : 0) | (shows->failed ? FAILED : 0);
	int r;

	if (!items)
		return fault_no_memory(fault);
	r = view_table_begin(&c->table, columns, ARRAY_SIZE(columns), modes, out, fault);
	for (size_t i = 0; !r && i < c->groups.n; i++) {
		const struct retrans_count_row row = {items[i], &prefix, &cause_text};

		r = view_table_row(&c->table, (const void *[]){items[i], &row}, out, fault);
	}
	return r;
}
