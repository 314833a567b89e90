// SPDX-License-Identifier: MIT
/*
 * local: what should have been sent again did not leave this host.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/units.h"
#include "detect/detectors.h"
#include "tcp/names.h"

#define FAILED_MIN 3u
/* With EBUSY the first copy still waits in a queue of this host: nothing was to be sent again, and
 * it happens to any busy sender. */
static bool matters(const struct gathered_failure *r)
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
	case -ENETUNREACH:
	case -EHOSTUNREACH:
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
	struct group_walk walk = {0};
	const struct gathered_failure *r;

	while ((r = groups_next(&f->in->failures, &walk))) {
		struct text t CLEANUP(text_done) = {0};
		const char *name = r->err < 0 ? tcp_errno_name(r->err) : NULL;
		struct finding *x;

		if (!matters(r))
			continue;
		x = finding_new(f, d, DOCUMENT_WARNING, r->n);
		text_str(&t, "This host itself could not send: ");
		plural_text(&t, r->n, "attempt");
		text_str(&t, " to send again failed with ");
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
	.rule = "3 or more attempts to send again that failed with an error "
		"(tcp_retransmit_skb.err, kernels from 6.17 on); not EBUSY, with which the "
		"first copy has not left yet",
	.find = detect_local,
};
