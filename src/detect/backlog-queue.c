// SPDX-License-Identifier: MIT
/*
 * Full accept queues: of listeners of this host that a socket table or a sample shows, and those
 * that show by what the kernel does to clients.
 */
#include "base/units.h"
#include "detect/backlog-state.h"

static const struct counters *counters_to(const struct gathered *in, const struct destination *d)
{
	static const struct counters none;
	const struct conn_subject s = {.remote = d->at, .is_caller = true};
	const struct conn_group *g = gathered_group(in, GROUP_BY_DESTINATION, &s);

	return g ? &g->counters : &none;
}

/* What clients of this host say about a queue: the sum over the addresses at which it serves. */
struct clients {
	uint64_t never, never_big, late, early, longest_ns;
	uint64_t connects; /* attempts to connect */
	uint64_t syns;	   /* those of which the SYN was repeated */
	uint64_t held;	   /* connects that were held up in any of these ways */
	uint64_t first_ns, last_ns;
	const struct destination *one; /* the destination, the last of several */
};

static void clients_add(struct clients *s, const struct gathered *in, const struct destination *d)
{
	s->never += d->never;
	s->never_big += d->never_big;
	s->late += d->late;
	s->early += d->early;
	s->longest_ns = d->longest_ns > s->longest_ns ? d->longest_ns : s->longest_ns;
	s->connects += counters_to(in, d)->attempts.n;
	s->syns += d->syn_again;
	s->held += d->syn_again + d->never + d->late - d->with_syns;
	if (d->first_ns && (!s->first_ns || d->first_ns < s->first_ns))
		s->first_ns = d->first_ns;
	s->last_ns = d->last_ns > s->last_ns ? d->last_ns : s->last_ns;
	s->one = d;
}

static struct clients clients_of(const struct gathered *in, const struct backlog *b,
				 const struct accept_queue *q)
{
	struct clients s = {0};
	struct group_walk walk = {0};
	const struct destination *d;

	while ((d = groups_next(&b->take_ups.destinations.by_endpoint, &walk))) {
		if (backlog_is_here(d) && accept_queue_serves(q, &d->at, d->netns))
			clients_add(&s, in, d);
	}
	return s;
}

static void whose_at_text(const struct gathered *in, const struct whose *w, struct text *t)
{
	if (whose_text(in, w, t))
		text_str(t, " at ");
	labels_endpoint_text(gathered_labels(in), &w->local, t);
}

static void clients_put(struct findings *f, struct finding *x, const struct clients *s)
{
	finding_some(f, x, "connects", "connects of this host", s->connects);
	finding_some(f, x, "syn_again", "SYN repeated", s->syns);
	finding_some(f, x, "late", "taken up after data was retransmitted", s->late);
	finding_some(f, x, "never", "established, never taken up", s->never);
	finding_some(f, x, "resent", "retransmissions of data before that, probes too", s->early);
	if (s->longest_ns)
		finding_duration(f, x, "longest_ns", "longest wait", s->longest_ns);
	if (s->first_ns)
		finding_span(x, s->first_ns, s->last_ns);
}

void backlog_add_queue(struct findings *f, struct finding *x, const struct backlog *b,
		       const struct accept_queue *q)
{
	uint32_t n = accept_queues_beside(&b->queues, q);
	struct text t CLEANUP(text_done) = {0};

	finding_whose(f, x, "listener", "listener", &q->whose);
	if (accept_queue_accepters(&b->queues, q, &t))
		finding_words(f, x, "accepted_by", "connections there belong to", text_cstr(&t));
	if (n > 1)
		finding_count(f, x, "sockets", "sockets that listen there (SO_REUSEPORT)", n);
	if (!q->limit)
		return;
	finding_count(f, x, "queue", "waiting for accept()", q->waiting);
	finding_count(f, x, "backlog", "backlog", q->limit);
	finding_some(f, x, "looks_full", "times that it was looked at and full", q->n_full);
	if (q->full_to_ns > q->full_from_ns)
		finding_duration(f, x, "full_ns", "from the first of these to the last",
				 q->full_to_ns - q->full_from_ns);
}

static const char full_meaning[] =
	"The program does not take its connections with accept() as fast as they come. Beyond its "
	"backlog the kernel drops SYNs, and the data of clients that are established already: they "
	"retransmit and wait (with net.ipv4.tcp_abort_on_overflow=1 they get a RST). Make it "
	"accept faster, or its backlog and net.core.somaxconn larger.";

static const char overflow_meaning[] =
	"Clients of this host were established, and their data was dropped until the server's "
	"socket was made, while hardly anything else was lost: the accept queue was full. Beyond "
	"its backlog the kernel drops SYNs, too. Retransmissions and waiting that come of it are "
	"counted here, not as loss. Make the program accept faster, or its backlog and "
	"net.core.somaxconn larger.";

static const char syns_meaning[] =
	"SYNs of clients of this host were dropped on the way to a listener of this host, on the "
	"loopback device, where no network loses any, while others got through: the accept queue "
	"was "
	"full. The clients try again after a second, and wait. Make the program accept faster, or "
	"its backlog and net.core.somaxconn larger.";

static const char far_meaning[] =
	"The other end answered these SYNs, so it is up, something listens, and the way there and "
	"back works; connections made meanwhile worked. After that it dropped everything, as a "
	"kernel does while the accept queue of its program is full. From here it looks the same "
	"if a firewall or balancer answers for a server that is gone, or lets only handshakes "
	"through";

static void queue_command(struct findings *f, struct finding *x, const struct accept_queue *q,
			  const struct handshakes *p)
{
	struct text t CLEANUP(text_done) = {0};

	text_printf(&t, "--lport %u", q->whose.local.port);
	finding_command(f, x, p ? "connects -c" : "life", text_cstr(&t));
}

static const struct handshakes *handshakes_at(const struct backlog *b, const struct endpoint *at)
{
	const struct endpoint key = endpoint_key(at);

	return groups_find(&b->handshakes, &key);
}

/* The handshakes of all addresses at which the queue serves. */
static struct handshakes handshakes_of(const struct backlog *b, const struct accept_queue *q)
{
	struct handshakes sum = {.at = q->whose.local};
	struct group_walk walk = {0};
	const struct handshakes *p;

	while ((p = groups_next(&b->handshakes, &walk))) {
		if (!accept_queue_serves(q, &p->at, backlog_netns_of(b, &p->at)))
			continue;
		sum.by_timer += p->by_timer;
		sum.by_repeat += p->by_repeat;
		sum.half_open += p->half_open;
		sum.slow += p->slow;
		if (!sum.first_ns || (p->first_ns && p->first_ns < sum.first_ns))
			sum.first_ns = p->first_ns;
		sum.last_ns = p->last_ns > sum.last_ns ? p->last_ns : sum.last_ns;
	}
	return sum;
}

/* A queue that is full in a table or in a sample. */
static void emit_full(const struct detector *d, struct findings *f, const struct backlog *b,
		      const struct accept_queue *q)
{
	const struct handshakes sum = handshakes_of(b, q);
	const struct handshakes *p = sum.first_ns ? &sum : NULL;
	const struct clients s = clients_of(f->in, b, q);
	struct finding *x = finding_new(f, d, DOCUMENT_CRITICAL, BACKLOG_WEIGHT + q->waiting);
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "The accept queue of ");
	whose_at_text(f->in, &q->whose, &t);
	text_str(&t, q->is_full_now ? " is full: " : " was full: ");
	units_count(&t, q->waiting);
	text_str(&t, q->is_full_now ? " wait, the limit is " : " waited, the limit is ");
	units_count(&t, q->limit);
	finding_title(f, x, &t);
	backlog_add_queue(f, x, b, q);
	clients_put(f, x, &s);
	backlog_add_synacks(f, x, p);
	backlog_add_counted(f, x, q->whose.netns);
	if (!s.first_ns)
		finding_span(x, p ? p->first_ns : q->full_from_ns, p ? p->last_ns : q->full_to_ns);
	finding_meaning(x, full_meaning);
	if (p || s.early)
		finding_by_events(f, x);
	queue_command(f, x, q, p);
}

static enum document_level overflow_level(const struct clients *s)
{
	return s->never || s->held * 100 >= s->connects * OVERFLOW_PERCENT ? DOCUMENT_CRITICAL
									   : DOCUMENT_WARNING;
}

static void destination_command(struct findings *f, struct finding *x, const struct destination *d)
{
	struct text t CLEANUP(text_done) = {0};

	text_str(&t, "--addr ");
	ip_addr_text(&t, &d->at.addr);
	text_printf(&t, " --rport %u", d->at.port);
	finding_command(f, x, "retrans -c", text_cstr(&t));
}

/* A queue of this host that shows by what happened to clients. */
static void emit_overflow(const struct detector *d, struct findings *f, const struct backlog *b,
			  const struct destination *to)
{
	const struct handshakes *p = handshakes_at(b, &to->at);
	struct clients s = {0};
	uint32_t n_sockets;
	const struct accept_queue *q = backlog_queue_of(b, to, &n_sockets);
	struct whose w = q && n_sockets ? q->whose : (struct whose){0};
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	clients_add(&s, f->in, to);
	w.local = to->at;
	x = finding_new(f, d, overflow_level(&s), BACKLOG_WEIGHT + s.held);
	text_str(&t, "The accept queue of ");
	whose_at_text(f->in, &w, &t);
	text_str(&t, " was full: it held up ");
	units_count(&t, s.held);
	text_str(&t, " of ");
	plural_text(&t, s.connects, "connect");
	finding_title(f, x, &t);
	if (q && n_sockets)
		backlog_add_queue(f, x, b, q);
	else
		finding_whose(f, x, "listener", "listener", &w);
	clients_put(f, x, &s);
	backlog_add_synacks(f, x, p);
	backlog_add_counted(f, x, to->netns);
	finding_meaning(x, to->never + to->late ? overflow_meaning : syns_meaning);
	finding_doubt(x, "likely",
		      "as a firewall on this host that drops such packets looks so, too");
	destination_command(f, x, to);
}

/* The queue of another host. */
static void emit_far(const struct detector *d, struct findings *f, const struct destination *to)
{
	struct clients s = {0};
	struct text t CLEANUP(text_done) = {0};
	struct finding *x;

	clients_add(&s, f->in, to);
	x = finding_new(f, d, overflow_level(&s), BACKLOG_WEIGHT + s.never + s.syns);
	x->place = PLACE_PEER;
	labels_endpoint_text(gathered_labels(f->in), &to->at, &t);
	text_str(&t, " answered ");
	plural_text(&t, s.never, "connection");
	text_str(&t, " and never took them up: its accept queue was full");
	finding_title(f, x, &t);
	finding_group(f, x, GROUP_BY_DESTINATION,
		      &(struct group_key){.addr = to->at.addr, .port = to->at.port});
	clients_put(f, x, &s);
	text_str(&t, far_meaning);
	text_str(&t, s.never_big ? ", or if segments of that size do not get through (path MTU)."
				 : "; what was sent was too small to be stopped by the path MTU.");
	finding_meaning(x, document_builder_text(f->builder, &t));
	finding_doubt(x, "likely", NULL);
	destination_command(f, x, to);
}

void backlog_emit_queues(const struct detector *d, struct findings *f, const struct backlog *b)
{
	struct group_walk walk = {0};
	const struct accept_queue *q;
	const struct destination *to;
	uint32_t n;

	while ((q = groups_next(&b->queues.by_key, &walk))) {
		if (accept_queue_is_full(q) && accept_queue_is_wanted(&b->queues, q))
			emit_full(d, f, b, q);
	}
	walk = (struct group_walk){0};
	while ((to = groups_next(&b->take_ups.destinations.by_endpoint, &walk))) {
		q = backlog_queue_of(b, to, &n);
		if ((q && accept_queue_is_full(q)) || !backlog_overflows(f->in, b, to))
			continue;
		if (backlog_is_here(to))
			emit_overflow(d, f, b, to);
		else
			emit_far(d, f, to);
	}
}

bool backlog_has_queue(const struct findings *f, const struct backlog *b, const struct endpoint *at)
{
	struct group_walk walk = {0};
	const struct accept_queue *q;
	const struct destination *to;

	while ((q = groups_next(&b->queues.by_key, &walk))) {
		if (accept_queue_is_full(q) &&
		    accept_queue_serves(q, at, backlog_netns_of(b, at)) &&
		    accept_queue_is_wanted(&b->queues, q))
			return true;
	}
	walk = (struct group_walk){0};
	while ((to = groups_next(&b->take_ups.destinations.by_endpoint, &walk))) {
		if (endpoint_equal(&to->at, at) && backlog_is_here(to) &&
		    backlog_overflows(f->in, b, to))
			return true;
	}
	return false;
}
