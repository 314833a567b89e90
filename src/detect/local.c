// SPDX-License-Identifier: MIT
/*
 * local: retransmissions did not leave this host, because sending them failed here.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/units.h"
#include "detect/detector.h"
#include "tcp/names.h"

#define FAILED_MIN 3u

static void local_rule(struct text *t)
{
	text_printf(t,
		    "%u or more retransmissions that failed with an error "
		    "(tcp_retransmit_skb.err, kernels from 6.17 on); not EBUSY, with which the "
		    "first copy has not left yet",
		    FAILED_MIN);
}

/* Limit for different errors. No kernel has as many, but a tape may hold any number. */
#define FAILURES_MAX 64u

/* Attempts at a retransmission that failed with the same error. */
struct send_failure {
	int32_t err; /* the key: as the kernel gives it, negative errno or positive NET_XMIT code */
	uint64_t n;
	uint64_t first_ns, last_ns;
};

struct local {
	struct groups failures;
};

static int local_init(void *state)
{
	struct local *l = state;

	l->failures = (struct groups){.key_size = sizeof(int32_t),
				      .item_size = sizeof(struct send_failure)};
	return 0;
}

static void local_done(void *state)
{
	struct local *l = state;

	groups_done(&l->failures);
}

static int local_event(void *state, const struct gathered *in, const struct gather_event *g)
{
	struct local *l = state;
	struct send_failure *x;
	int r;

	if (!gather_event_is_wanted(g) || !gather_event_has_failed(g))
		return 0;
	x = groups_get_up_to(&l->failures, &g->e->err, FAILURES_MAX, &r);
	if (!x)
		return r;
	x->n++;
	gather_span(&x->first_ns, &x->last_ns, g->e->ts_ns);
	return 0;
}

/* EBUSY means that the first copy still waits in a queue of this host, so that there was nothing to
 * retransmit. It happens to any busy sender. */
static bool is_send_failure_material(const struct send_failure *r)
{
	return r->err != -EBUSY && r->n >= FAILED_MIN;
}

static const char *meaning_of(int32_t err)
{
	if (err > 0)
		return "This host's own queue (qdisc) dropped it: the interface cannot keep up, or "
		       "its queue is too short.";
	switch (err) {
	case -EPERM:
	case -EACCES: return "A firewall rule (output hook) or a policy of this host dropped it.";
	case -EHOSTUNREACH:
		return "The peer's host, or the router to it, does not answer on the local network "
		       "(ARP, neighbour discovery): it is gone; or a route of this host rejects "
		       "it.";
	case -ENETUNREACH:
	case -ENETDOWN:
	case -ENODEV:
		return "This host has no way to the peer (any more): a route, an address or an "
		       "interface is gone.";
	case -ENOBUFS:
	case -ENOMEM:
	case -EAGAIN: return "This host had no memory or no room for it.";
	default: return "The error says why this host could not send.";
	}
}

static void detect_local(const struct detector *d, struct findings *f)
{
	const struct local *l = detector_state(d, f);
	struct group_walk walk = {0};
	const struct send_failure *r;

	while ((r = groups_next(&l->failures, &walk))) {
		struct text t CLEANUP(text_done) = {0};
		const char *name = r->err < 0 ? tcp_errno_name(r->err) : NULL;
		struct finding *x;

		if (!is_send_failure_material(r))
			continue;
		x = finding_new(f, d, DOCUMENT_WARNING, r->n);
		text_str(&t, "This host itself could not send: ");
		plural_text(&t, r->n, "retransmission");
		text_str(&t, " failed with ");
		if (name)
			text_str(&t, name);
		else if (r->err > 0)
			text_str(&t, "a drop in its own queue");
		else
			text_printf(&t, "error %u", 0u - (uint32_t)r->err);
		finding_title(f, x, &t);
		finding_count(f, x, "attempts", "failed attempts", r->n);
		text_clear(&t);
		text_printf(&t, "%s%s%d", name ? name : "", name ? " " : "", r->err);
		finding_words(f, x, "err", "error", text_cstr(&t));
		finding_span(x, r->first_ns, r->last_ns);
		finding_meaning(x, meaning_of(r->err));
		finding_by_events(f, x);
		finding_command(f, x, "retrans -a", "");
	}
}

const struct detector detector_local = {
	.id = "local",
	.place = PLACE_HOST,
	.rule = local_rule,
	.find = detect_local,
	.gathers = {.state_size = sizeof(struct local),
		    .init = local_init,
		    .kinds = TCP_KIND_BIT(TCP_KIND_RETRANSMIT),
		    .event = local_event,
		    .done = local_done},
};
