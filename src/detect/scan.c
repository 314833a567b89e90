// SPDX-License-Identifier: MIT
/*
 * scan: somebody tries many ports, or many hosts, one after the other. At the host that is scanned
 * RSTs of no socket tell; at the host that scans, attempts that fail.
 */
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "detect/detector.h"
#include "detect/rule-words.h"
#include "detect/scan-targets.h"

#define TARGETS_MIN   20u
#define TRIES_MAX     3u  /* of one target; who tries more often wants that one */
#define PER_MINUTE    10u /* targets */
#define FINDINGS_MAX  5u
#define EPHEMERAL_MIN 32768u /* the default of net.ipv4.ip_local_port_range */
#define MOST_PERCENT  90u

/* What one source has tried. */
struct scan_source {
	struct scan_key key; /* its target is zero */
	uint64_t n_targets, n_addrs, n_ports, n_tries, n_ephemeral;
	uint64_t first_ns, last_ns;
	uint16_t source_port; /* the port that all segments came from; 0: there are several */
	const struct scan_target *any;
};

static void scan_rule(struct text *t)
{
	text_printf(t,
		    "%u or more places (addresses and ports) that one peer or one process tried "
		    "without success, each at most %s, and %u or more a minute",
		    TARGETS_MIN, times_word(TRIES_MAX), PER_MINUTE);
}

/* Counts an address, or a port, once for each source. False: out of memory. */
static bool scan_count_once(struct groups *seen, const struct scan_key *source,
			    const struct ip_addr *addr, uint16_t port, uint64_t *n)
{
	struct scan_key key;
	size_t before = seen->n;

	memcpy(&key, source, sizeof(key));
	memset(&key.target, 0, sizeof(key.target));
	if (addr) {
		key.target.addr.family = addr->family;
		memcpy(key.target.addr.bytes, addr->bytes, sizeof(key.target.addr.bytes));
	}
	key.target.port = port;
	if (!groups_get(seen, &key))
		return false;
	*n += seen->n > before;
	return true;
}

static bool scan_sum(const struct scans *s, struct groups *sources, struct groups *seen)
{
	struct group_walk walk = {0};
	const struct scan_target *t;

	while ((t = groups_next(&s->targets, &walk))) {
		struct scan_source *source;
		struct scan_key key;

		if (t->n > TRIES_MAX)
			continue;
		memcpy(&key, &t->key, sizeof(key));
		memset(&key.target, 0, sizeof(key.target));
		source = groups_get(sources, &key);
		if (!source ||
		    !scan_count_once(seen, &key, &t->key.target.addr, 0, &source->n_addrs) ||
		    !scan_count_once(seen, &key, NULL, t->key.target.port, &source->n_ports))
			return false;
		if (!source->n_targets)
			source->source_port = t->source_port;
		else if (source->source_port != t->source_port)
			source->source_port = 0;
		source->any = t;
		source->n_targets++;
		source->n_tries += t->n;
		source->n_ephemeral += t->key.target.port >= EPHEMERAL_MIN;
		if (!source->first_ns || t->first_ns < source->first_ns)
			source->first_ns = t->first_ns;
		if (t->last_ns > source->last_ns)
			source->last_ns = t->last_ns;
	}
	return true;
}

/* True if the segments look like answers of a server to connections of this host that are gone: all
 * from one port, to ports that clients get. */
static bool are_answers(const struct scan_source *s)
{
	return s->source_port && s->n_ephemeral * 100 >= s->n_targets * MOST_PERCENT;
}

static bool is_scan(const struct scan_source *s)
{
	uint64_t minutes = (s->last_ns - s->first_ns) / (60 * NSEC_PER_SEC) + 1;

	return s->n_targets >= TARGETS_MIN && s->n_targets >= PER_MINUTE * minutes &&
	       (s->key.source.is_here || !are_answers(s));
}

/* True if s is a peer that is on this host itself, and one of the n sources is its process. */
static bool is_told_by_process(const struct scan_source *s, struct scan_source *const *items,
			       size_t n)
{
	for (size_t i = 0; !s->key.source.is_here && i < n; i++) {
		const struct scan_source *t = items[i];

		if (t->key.source.is_here && is_scan(t) &&
		    ip_addr_equal(&t->key.source.addr, &s->key.source.addr))
			return true;
	}
	return false;
}

static void scan_source_text(const struct scan_source *s, const struct labels *names,
			     struct text *t)
{
	if (s->key.source.is_here)
		text_printf(t, "%s[%d]", s->any->comm[0] ? s->any->comm : "process",
			    s->key.source.pid);
	else
		labels_addr_text(names, &s->key.source.addr, t);
}

static void scan_title(const struct scan_source *s, const struct labels *names, struct text *t)
{
	scan_source_text(s, names, t);
	text_str(t, s->key.source.is_here ? " of this host" : "");
	text_str(t, " tried ");
	if (s->n_ports > 1) {
		plural_text(t, s->n_ports, "port");
		text_str(t, s->n_addrs > 1 ? " on " : "");
	}
	if (s->n_ports == 1)
		text_printf(t, "port %u on ", s->any->key.target.port);
	if (s->n_addrs > 1) {
		units_count(t, s->n_addrs);
		text_str(t, s->key.source.is_here ? " hosts" : " addresses of this host");
	} else {
		text_str(t, s->n_ports > 1 ? " of " : "");
		labels_addr_text(names, &s->any->key.target.addr, t);
	}
	text_str(t, ": a scan");
}

static void scan_emit(const struct detector *d, struct findings *f, const struct scan_source *s,
		      uint64_t n_left_out)
{
	struct finding *x = finding_new(f, d, DOCUMENT_NOTICE, s->n_targets);
	struct text t CLEANUP(text_done) = {0};

	scan_title(s, gathered_labels(f->in), &t);
	finding_title(f, x, &t);
	if (s->key.source.is_here)
		x->place = PLACE_HOST;
	if (s->key.source.is_here) {
		scan_source_text(s, NULL, &t);
		finding_words(f, x, "source", "source", text_cstr(&t));
	} else {
		finding_addr(f, x, "source", "source", &s->key.source.addr);
	}
	finding_count(f, x, "ports", "ports", s->n_ports);
	finding_count(f, x, "addresses", "addresses", s->n_addrs);
	finding_count(f, x, "tries", "tries", s->n_tries);
	finding_some(f, x, "left_out", "further tries, by anybody", n_left_out);
	finding_span(x, s->first_ns, s->last_ns);
	finding_meaning(x, s->key.source.is_here
				   ? "A program here tries one place after the other, and nothing "
				     "answers or all refuse: a port scanner, or a search for "
				     "services. Those that answered are not counted."
				   : "One peer calls ports where nothing listens, one after the "
				     "other: a port scanner, or an inventory of the network. "
				     "Ports that answered are not counted.");
	finding_doubt(x, "likely", "as a client with a long list of dead places looks the same");
	text_clear(&t);
	if (s->key.source.is_here) {
		text_printf(&t, "--pid %d", s->key.source.pid);
		finding_command(f, x, "connects -x", text_cstr(&t));
		return;
	}
	text_str(&t, "--addr ");
	ip_addr_text(&t, &s->key.source.addr);
	finding_command(f, x, "resets -c", text_cstr(&t));
}

static int by_targets(const void *a, const void *b)
{
	const struct scan_source *x = *(struct scan_source *const *)a;
	const struct scan_source *y = *(struct scan_source *const *)b;

	if (x->n_targets != y->n_targets)
		return x->n_targets < y->n_targets ? 1 : -1;
	return memcmp(&x->key, &y->key, sizeof(x->key));
}

static void detect_scan(const struct detector *d, struct findings *f)
{
	const struct scans *s = detector_state(d, f);
	struct groups sources CLEANUP(groups_done) = {.key_size = sizeof(struct scan_key),
						      .item_size = sizeof(struct scan_source)};
	struct groups seen CLEANUP(groups_done) = {.key_size = sizeof(struct scan_key),
						   .item_size = sizeof(struct scan_key)};
	struct scan_source **items CLEANUP(free_p) = NULL;
	unsigned int n = 0;

	if (scan_sum(s, &sources, &seen))
		items = (struct scan_source **)groups_sorted(&sources, by_targets);
	f->builder->failed |= !items;
	for (size_t i = 0; items && i < sources.n && n < FINDINGS_MAX; i++) {
		if (is_scan(items[i]) && !is_told_by_process(items[i], items, sources.n)) {
			scan_emit(d, f, items[i], s->n_left_out);
			n++;
		}
	}
}

const struct detector detector_scan = {
	.id = "scan",
	.place = PLACE_PEER,
	.rule = scan_rule,
	.find = detect_scan,
	.gathers = {.state_size = sizeof(struct scans),
		    .init = scan_targets_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_SEND_RESET),
		    .event = scan_targets_event,
		    .conn = scan_targets_conn,
		    .done = scan_targets_done},
};
