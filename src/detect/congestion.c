// SPDX-License-Identifier: MIT
/*
 * congestion: the congestion control of connections, by the rows of socket tables and samples
 * (INET_DIAG_CONG): how much was sent with each, and whether one does worse than another toward the
 * same peer. Connections that came and went between two tables are not known.
 */
#include "detect/congestion.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "detect/detector.h"

#define CONTROLS_MAX 16u
#define PEERS_MAX    32768u
#define CONNS_MAX    131072u
#define CONTROL_NAME 16u

#define CONNS_MIN     3u       /* connections to a peer, with each */
#define BYTES_MIN     1000000u /* sent to it, with each */
#define RETRANS_MIN   30u      /* of the worse one */
#define WORSE_PPM     10000u   /* of its segments, sent again */
#define WORSE_TIMES   5u       /* as often as with the better one */
#define SEGMENT_BYTES 1448u

struct control_counts {
	uint64_t conns, tx_bytes, retrans;
};

struct peer_counts {
	struct ip_addr addr; /* the key */
	struct control_counts by[CONTROLS_MAX];
};

struct congestion {
	char names[CONTROLS_MAX][CONTROL_NAME];
	size_t n;
	uint64_t n_unknown;
	struct control_counts all[CONTROLS_MAX];
	struct map by_conn;  /* number of a connection to the number of its control */
	struct groups peers; /* of struct peer_counts */
};

static void congestion_rule(struct text *t)
{
	text_printf(t,
		    "toward one peer, of %u or more connections and 1 MB with each of two "
		    "congestion controls, the one sends %u %% and %u segments again, %u times as "
		    "much as the other; a notice",
		    CONNS_MIN, WORSE_PPM / 10000, RETRANS_MIN, WORSE_TIMES);
}

static int congestion_init(void *state)
{
	struct congestion *s = state;

	s->peers = (struct groups){.key_size = sizeof(struct ip_addr),
				   .item_size = sizeof(struct peer_counts)};
	return 0;
}

static void congestion_done(void *state)
{
	struct congestion *s = state;

	map_done(&s->by_conn);
	groups_done(&s->peers);
}

/* The number of a control; CONTROLS_MAX: there are too many. */
static size_t control_number(struct congestion *s, const char *name)
{
	size_t i = 0, len = strnlen(name, CONTROL_NAME - 1);

	while (i < s->n && (strncmp(s->names[i], name, len) != 0 || s->names[i][len]))
		i++;
	if (i == s->n && i < CONTROLS_MAX) {
		memcpy(s->names[i], name, len);
		s->n++;
	}
	return i;
}

static int congestion_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	const char *name = tcp_event_extra_text(g->e, "congestion");
	struct congestion *s = state;
	uint64_t *place;
	size_t i;

	(void)in;
	if (!name || !g->e->conn || tcp_conn_is_listener(g->e->conn) ||
	    (map_count(&s->by_conn) >= CONNS_MAX && !map_get(&s->by_conn, g->e->conn->id)))
		return 0;
	i = control_number(s, name);
	if (i == CONTROLS_MAX)
		return 0;
	place = map_put(&s->by_conn, g->e->conn->id, NULL);
	if (!place)
		return -ENOMEM;
	*place = i;
	return 0;
}

static void counts_add(struct control_counts *c, uint64_t tx_bytes, uint64_t retrans)
{
	c->conns++;
	c->tx_bytes += tx_bytes;
	c->retrans += retrans;
}

static int congestion_conn(void *state, const struct gathered *in, const struct tcp_conn *c,
			   const struct conn_history *history)
{
	struct congestion *s = state;
	uint64_t *place = map_get(&s->by_conn, c->id), tx = 0, rx, i;
	uint32_t retrans = 0;
	struct peer_counts *p, key;
	int r;

	(void)in;
	(void)history;
	if (tcp_conn_is_listener(c) || (!c->was_established && !c->established_ns))
		return 0;
	if (!place) {
		s->n_unknown++;
		return 0;
	}
	i = *place;
	map_del(&s->by_conn, c->id);
	if (!tcp_conn_bytes(c, &tx, &rx))
		tx = 0;
	if (!tcp_conn_retrans_segs(c, &retrans))
		retrans = c->n_retrans;
	counts_add(&s->all[i], tx, retrans);
	memset(&key, 0, sizeof(key));
	key.addr.family = c->remote.addr.family;
	memcpy(key.addr.bytes, c->remote.addr.bytes, sizeof(key.addr.bytes));
	p = groups_get_up_to(&s->peers, &key.addr, PEERS_MAX, &r);
	if (p)
		counts_add(&p->by[i], tx, retrans);
	return r;
}

static uint64_t again_ppm(const struct control_counts *c)
{
	return ppm_of(c->retrans, c->tx_bytes / SEGMENT_BYTES + c->retrans);
}

static bool is_enough(const struct control_counts *c)
{
	return c->conns >= CONNS_MIN && c->tx_bytes >= BYTES_MIN;
}

static bool is_worse(const struct control_counts *x, const struct control_counts *y)
{
	return is_enough(x) && is_enough(y) && x->retrans >= RETRANS_MIN &&
	       again_ppm(x) >= WORSE_PPM && again_ppm(x) >= WORSE_TIMES * again_ppm(y);
}

static void congestion_emit(const struct detector *d, struct findings *f,
			    const struct peer_counts *p, size_t worse, size_t better)
{
	const struct congestion *s = detector_state(d, f);
	const struct control_counts *x = &p->by[worse], *y = &p->by[better];
	struct finding *found = finding_new(f, d, DOCUMENT_NOTICE, x->retrans);
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "To ");
	ip_addr_text(&t, &p->addr);
	text_printf(&t, " %s sends ", s->names[worse]);
	percent_text(&t, again_ppm(x));
	text_printf(&t, " of its segments again, %s ", s->names[better]);
	percent_text(&t, again_ppm(y));
	finding_title(f, found, &t);
	ip_addr_text(&t, &p->addr);
	finding_words(f, found, "peer", "peer", text_cstr(&t));
	finding_words(f, found, "worse", "the worse congestion control", s->names[worse]);
	finding_count(f, found, "worse_connections", "its connections", x->conns);
	finding_count(f, found, "worse_retrans", "segments that it sent again", x->retrans);
	finding_words(f, found, "better", "the better one", s->names[better]);
	finding_count(f, found, "better_connections", "its connections", y->conns);
	finding_count(f, found, "better_retrans", "segments that it sent again", y->retrans);
	finding_meaning(found, "Connections to the same peer lose far more with the one congestion "
			       "control than with the other: it sends more than the way takes, or "
			       "in larger bursts. Programs choose it by TCP_CONGESTION; "
			       "net.ipv4.tcp_congestion_control is for all others.");
	finding_doubt(found, "likely", "as they may have sent at different times");
	text_clear(&t);
	text_str(&t, "--addr ");
	ip_addr_text(&t, &p->addr);
	finding_command(f, found, "retrans -c", text_cstr(&t));
}

static void detect_congestion(const struct detector *d, struct findings *f)
{
	const struct congestion *s = detector_state(d, f);
	struct group_walk walk = {0};
	const struct peer_counts *p, *at = NULL;
	size_t worse = 0, better = 0;

	/* The peer with most of what was sent again is named. */
	while (s->n > 1 && (p = groups_next(&s->peers, &walk))) {
		for (size_t i = 0; i < s->n * s->n; i++) {
			size_t x = i / s->n, y = i % s->n;

			if (!is_worse(&p->by[x], &p->by[y]) ||
			    (at && at->by[worse].retrans >= p->by[x].retrans))
				continue;
			at = p;
			worse = x;
			better = y;
		}
	}
	if (at)
		congestion_emit(d, f, at, worse, better);
}

const struct detector detector_congestion = {
	.id = "congestion",
	.place = PLACE_HOST,
	.rule = congestion_rule,
	.find = detect_congestion,
	.gathers = {.state_size = sizeof(struct congestion),
		    .init = congestion_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED) | TCP_KIND_BIT(TCP_KIND_SAMPLE),
		    .event = congestion_event,
		    .conn = congestion_conn,
		    .done = congestion_done},
};

void congestion_text(const struct findings *f, struct text *t)
{
	const struct congestion *s = detector_state(&detector_congestion, f);

	for (size_t i = 0; i < s->n; i++) {
		const struct control_counts *c = &s->all[i];

		if (!c->conns)
			continue;
		text_str(t, t->len ? "; " : "");
		text_printf(t, "%s: ", s->names[i]);
		plural_text(t, c->conns, "connection");
		text_str(t, ", ");
		units_size(t, c->tx_bytes);
		text_str(t, " sent, ");
		percent_text(t, again_ppm(c));
		text_str(t, " of it again");
	}
	if (!t->len || !s->n_unknown)
		return;
	text_str(t, "; not known of ");
	plural_text(t, s->n_unknown, "connection");
}
