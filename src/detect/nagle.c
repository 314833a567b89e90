// SPDX-License-Identifier: MIT
/*
 * nagle: a program writes a message in small parts, Nagle's algorithm holds the last part back
 * until the one before it is acknowledged, and the other end delays that acknowledgement. Only
 * tapes with the calls of programs tell: the kernel has no counter for it.
 */
#include "base/units.h"
#include "detect/call-waits.h"
#include "detect/detector.h"

#define STALLS_MIN     10u
#define STALLS_PERCENT 50u /* of the exchanges of this kind */
#define SINGLE_PERCENT                                                                             \
	25u /* of exchanges with one write that wait as long: the other end is slow */
#define FINDINGS_MAX 3u

static void nagle_rule(struct text *t)
{
	text_printf(t,
		    "where calls were recorded: %u or more exchanges at a port, and %u %%, that "
		    "waited for %u to %u ms after the last of several small writes, or between "
		    "the reads of a message (an acknowledgement is delayed by 40 ms: "
		    "TCP_DELACK_MIN), but not where %u %% of those with a single write waited as "
		    "long, or where the way is long",
		    STALLS_MIN, STALLS_PERCENT, CALL_WAIT_FROM_MS, CALL_WAIT_TO_MS, SINGLE_PERCENT);
}

static bool are_many(const struct call_waits *w)
{
	return w->n_stalled >= STALLS_MIN && w->n_stalled * 100 >= w->n * STALLS_PERCENT;
}

/* The end here writes in parts. */
static bool is_writer(const struct service_waits *a)
{
	return are_many(&a->several) &&
	       (!a->single.n || a->single.n_stalled * 100 < a->single.n * SINGLE_PERCENT);
}

/* The other end writes in parts. */
static bool is_reader(const struct service_waits *a)
{
	return are_many(&a->parts);
}

static const char writer_meaning[] =
	"The program here writes a message in several small parts. Nagle's algorithm holds the "
	"last "
	"part back until the one before it is acknowledged, and the other end delays that "
	"acknowledgement, as it waits for the rest. Write a message by one call (writev, or a "
	"buffer), or set TCP_NODELAY on the socket.";

static const char reader_meaning[] =
	"The programs at the other end write a message in several small parts: the rest came when "
	"this host had acknowledged the first part, which it delays, as it waits for the rest "
	"(Nagle's algorithm). They should write a message by one call (writev, or a buffer), or "
	"set "
	"TCP_NODELAY on the socket.";

static void nagle_emit(const struct detector *d, struct findings *f, const struct service_waits *a,
		       bool writes)
{
	const struct call_waits *w = writes ? &a->several : &a->parts;
	struct finding *x = finding_new(f, d, DOCUMENT_WARNING, w->n_stalled);
	struct text t CLEANUP(text_done) = {0};

	x->place = writes ? PLACE_HOST : PLACE_PEER;
	plural_text(&t, w->n_stalled, "exchange");
	text_printf(&t, " at port %u%s waited for a delayed acknowledgement, %.0f ms each",
		    a->key.port, a->key.is_served ? " of this host" : "",
		    (double)w->waited_ns / (double)w->n_stalled / NSEC_PER_MSEC);
	finding_title(f, x, &t);
	finding_count(f, x, "exchanges",
		      writes ? "exchanges with several small writes" : "messages read in parts",
		      w->n);
	finding_count(f, x, "stalled", "of these waited for 38 to 60 ms", w->n_stalled);
	finding_duration(f, x, "waited_ns", "waited in all", w->waited_ns);
	finding_some(f, x, "single", "exchanges with a single write", a->single.n);
	finding_some(f, x, "connections", "connections hit", a->n_conns);
	if (!a->has_several_peers) {
		ip_addr_text(&t, &a->peer);
		finding_words(f, x, "peer", "peer", text_cstr(&t));
	}
	text_clear(&t);
	if (a->pid) {
		text_printf(&t, "%s[%d]", a->comm[0] ? a->comm : "process", a->pid);
		finding_words(f, x, "process", "process", text_cstr(&t));
	}
	finding_span(x, a->first_ns, a->last_ns);
	finding_meaning(x, writes ? writer_meaning : reader_meaning);
	finding_doubt(x, "likely",
		      writes ? "as a program at the other end that always takes as long looks the "
			       "same"
			     : "as a program that pauses as long within a message looks the same");
	text_clear(&t);
	text_printf(&t, "%s %u", a->key.is_served ? "--lport" : "--rport", a->key.port);
	finding_command(f, x, "replay", text_cstr(&t));
}

/* True if the other ends of these connections are on this tape, too, and say more. */
static bool has_writer(const struct all_call_waits *s, const struct service_waits *a)
{
	struct service_waits key = {.key = {a->key.port, !a->key.is_served}};
	const struct service_waits *other = groups_find(&s->by_service, &key.key);

	return other && is_writer(other);
}

static int by_number(const void *a, const void *b)
{
	const struct service_waits *x = *(struct service_waits *const *)a;
	const struct service_waits *y = *(struct service_waits *const *)b;
	uint64_t n = x->several.n_stalled + x->parts.n_stalled;
	uint64_t m = y->several.n_stalled + y->parts.n_stalled;

	if (n != m)
		return n < m ? 1 : -1;
	if (x->key.port != y->key.port)
		return (int)x->key.port - (int)y->key.port;
	return (int)x->key.is_served - (int)y->key.is_served;
}

static void detect_nagle(const struct detector *d, struct findings *f)
{
	const struct all_call_waits *s = detector_state(d, f);
	struct service_waits **items CLEANUP(free_p) =
		(struct service_waits **)groups_sorted(&s->by_service, by_number);
	unsigned int n = 0;

	f->builder->failed |= !items;
	for (size_t i = 0; items && i < s->by_service.n && n < FINDINGS_MAX; i++) {
		bool writes = is_writer(items[i]);

		if (!writes && (!is_reader(items[i]) || has_writer(s, items[i])))
			continue;
		nagle_emit(d, f, items[i], writes);
		n++;
	}
}

const struct detector detector_nagle = {
	.id = "nagle",
	.rule = nagle_rule,
	.find = detect_nagle,
	.gathers = {.state_size = sizeof(struct all_call_waits),
		    .init = call_waits_init,
		    .kinds =
			    TCP_KIND_BIT(TCP_KIND_SEND_LENGTH) | TCP_KIND_BIT(TCP_KIND_RECV_LENGTH),
		    .event = call_waits_event,
		    .conn = call_waits_conn,
		    .done = call_waits_done},
};
