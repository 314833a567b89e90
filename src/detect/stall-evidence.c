// SPDX-License-Identifier: MIT
/*
 * What the tape says about the cause of a stall, and the sentences that say it.
 */
#include "base/units.h"
#include "detect/mtu-healing.h"
#include "detect/stall.h"
#include "gather/timeout-runs.h"
#include "tcp/names.h"

/* Every path carries packets of 576 bytes (RFC 791), of IPv6 1,280 (RFC 8200): less 40 and 60 bytes
 * of headers, and 12 of TCP time stamps. */
#define SMALL_V4      524u
#define SMALL_V6      1208u
#define SMALL(family) ((family) == 6 ? SMALL_V6 : SMALL_V4)

/* True if acknowledgements came although this host's retransmissions were not acknowledged. */
static bool is_heard(const struct worst_conn *c, const struct timeout_run *run)
{
	const struct stall_figures *f = &c->conn_history->figures;

	return f->is_known && run->first_ns && !run->moved_ns && f->heard_ns > run->first_ns;
}

/* True if only the size of a segment seems to decide whether it arrives. */
static bool is_mtu_hole(const struct stall_evidence *s, const struct stall_figures *f,
			const struct peer_answers *p)
{
	bool is_full = f->mss && s->segment_bytes >= f->mss / 4 * 3 && !s->is_small;
	bool has_larger = p && p->segment_bytes >= s->segment_bytes;

	return is_full && !has_larger && !s->is_here &&
	       (f->has_sacked || s->is_heard || s->is_elsewhere || s->is_later);
}

/* The peer's window held the sender back for at least half of the time. */
static bool is_readers_fault(const struct worst_conn *c)
{
	const struct stall_figures *f = &c->conn_history->figures;

	return f->is_known && f->rwnd_limited_us * NSEC_PER_USEC * 2 >= stall_ns(c) &&
	       f->rwnd_limited_us && stall_kind(c) == STALL_TIMEOUT && !stall_is_lasting(c);
}

struct stall_evidence stall_evidence_of(const struct gathered *in, const struct worst_conn *c)
{
	const struct peer_answers *p = answers_of(&in->answers, &c->remote.addr);
	const struct stall_figures *f = &c->conn_history->figures;
	const struct timeout_run *run = stall_run(c);
	enum mtu_basis healing;
	struct stall_evidence s = {
		.is_for_good = stall_is_lasting(c),
		/* The first retransmission may have been sent, and lost on the way. */
		.is_here = run->n && run->n_failed + 1 >= run->n - run->n_before,
		.is_queued = run->n_queued && run->n_queued + 1 >= run->n - run->n_before,
		.is_elsewhere = run->elsewhere_ns > 0,
		.is_heard = is_heard(c, run),
		.is_window = stall_kind(c) == STALL_WINDOW,
		.is_reader = is_readers_fault(c),
		.is_reset = c->life.ending == TCP_ENDING_REMOTE_RESET && !run->moved_ns,
		.is_never_acked = f->is_nothing_acked && c->life.origin == TCP_ORIGIN_CONNECT,
		.is_left = conn_history_is_closing(run->state),
		.segment_bytes = f->segment_bytes,
	};

	s.is_here = s.is_here && run->n_failed > 0;
	s.is_later = !s.is_elsewhere && p && p->last_ns > run->to_ns &&
		     p->last_ns < stall_to_ns(c) && s.is_for_good;
	s.is_small = s.segment_bytes && s.segment_bytes <= SMALL(c->remote.addr.family);
	/* Where the same segments got through at last, the path has room for them. */
	s.is_mtu = is_mtu_hole(&s, f, p) && !run->moved_ns;
	healing = s.is_for_good || s.is_here ? MTU_NOT_HEALED
					     : mtu_healed_by(in, c->netns, c->conn_history);
	s.is_healed = healing != MTU_NOT_HEALED;
	s.is_mss_seen = healing == MTU_SEEN;
	s.mss_before = s.is_mss_seen ? c->conn_history->mss_most : 0;
	s.mss_since = s.is_healed ? f->mss : 0;
	return s;
}

void stall_evidence_join(struct stall_evidence *all, const struct stall_evidence *one)
{
	all->is_for_good |= one->is_for_good;
	all->is_here &= one->is_here;
	all->is_queued &= one->is_queued;
	all->is_elsewhere |= one->is_elsewhere;
	all->is_later |= one->is_later;
	all->is_heard &= one->is_heard;
	all->is_small &= one->is_small;
	all->is_mtu &= one->is_mtu;
	all->is_healed &= one->is_healed;
	all->is_mss_seen |= one->is_mss_seen;
	all->is_window &= one->is_window;
	all->is_reader &= one->is_reader;
	all->is_reset &= one->is_reset;
	all->is_never_acked &= one->is_never_acked;
	all->is_left &= one->is_left;
	if (one->segment_bytes < all->segment_bytes)
		all->segment_bytes = one->segment_bytes;
	if (one->mss_before > all->mss_before)
		all->mss_before = one->mss_before;
	if (one->mss_since < all->mss_since)
		all->mss_since = one->mss_since;
}

static const char *lead_of(const struct stall_evidence *s)
{
	if (s->is_window)
		return "The peer's receive window was shut, and then nobody answered the probes "
		       "for it: ";
	if (s->is_heard)
		return "The peer's packets arrive on it, but it does not acknowledge what this "
		       "host sends: ";
	if (s->is_elsewhere)
		return "Nothing that this host sends on it is acknowledged, while the peer "
		       "answers other connections: ";
	if (s->is_later)
		return "Nothing that this host sends on it is acknowledged; the peer has answered "
		       "another connection since its last timeout: ";
	return "Nothing that this host sends on it is acknowledged, and the tape shows no answer "
	       "of "
	       "the peer on another connection meanwhile: ";
}

static void mtu_text(const struct stall_evidence *s, struct text *t)
{
	text_str(t, "large packets are lost, and smaller ones arrive. The segments that are lost "
		    "carry about ");
	units_count(t, s->segment_bytes);
	text_str(t, " bytes: the path MTU is less than this host believes, and the ICMP messages "
		    "that would say so do not come back (path MTU black hole).");
}

static void healed_text(const struct stall_evidence *s, struct text *t)
{
	text_str(t, "Only the size decides: ");
	if (s->mss_before) {
		text_str(t, "segments of ");
		units_count(t, s->mss_before);
		text_str(t, " bytes");
	} else {
		text_str(t, "large segments");
	}
	text_str(t, " were lost again and again, until the kernel tried smaller ones "
		    "(net.ipv4.tcp_mtu_probing), and these arrive. The path MTU is less than this "
		    "host believes, and the ICMP messages that would say so do not come back (path "
		    "MTU black hole). Each new connection has to find that out again: mend the "
		    "path, or give its route or interface here a smaller MTU.");
}

/* The causes that are left, with "or" before the last one. */
static void causes_text(const struct stall_evidence *s, struct text *t)
{
	bool is_known_path = s->is_elsewhere || s->is_heard;
	const char *causes[4];
	size_t n = 0;

	if (!is_known_path)
		causes[n++] = "the peer, or the way to it or back, is gone";
	else if (s->is_heard)
		causes[n++] = "packets are lost on the way there, but not on the way back";
	if (!s->is_heard)
		causes[n++] =
			"a firewall or translator on the way drops it, as it has forgotten the "
			"connection or has a new rule";
	if (!s->is_small && !s->is_window)
		causes[n++] = "packets of this size do not get through (path MTU)";
	if (s->is_never_acked && !s->is_window)
		causes[n++] = "the peer's queue for new connections is full";
	for (size_t i = 0; i < n; i++)
		text_printf(t, "%s%s", !i ? "" : i + 1 < n ? ", " : "; or ", causes[i]);
	text_char(t, '.');
}

static void past_text(const struct stall_evidence *s, struct text *t)
{
	if (s->is_reader)
		text_str(t, "For most of that time the peer's receive window was shut: the program "
			    "there did not read, and nothing needs to be wrong with the network.");
	else if (s->is_reset)
		text_str(t, "Nothing that this host sent on it was acknowledged, until a RST came: "
			    "the peer was restarted and does not know the connection any more, or "
			    "something on the way answers in its name.");
	else if (s->is_elsewhere)
		text_str(t, "For that time nothing that this host sent on it was acknowledged, "
			    "while the peer answered other connections: one segment was lost again "
			    "and again, or the way was cut for some of them only.");
	else
		text_str(t, "For that time nothing that this host sent on it was acknowledged: the "
			    "way was cut, or one segment was lost again and again.");
}

static const char *here_text(const struct stall_evidence *s)
{
	if (s->is_queued)
		return "What was sent on it did not leave this host for that time, and waited in a "
		       "queue here: an interface that is down or without carrier, or no answer of "
		       "the next host on the local network (ARP, neighbour discovery).";
	return "Every retransmission failed on this host itself, so nothing leaves it: a firewall "
	       "rule, a route or an interface here, or no answer of the next host on the local "
	       "network.";
}

enum trouble_place stall_place(const struct stall_evidence *s)
{
	if (s->is_here)
		return PLACE_HOST;
	if (s->is_mtu || s->is_healed)
		return PLACE_NETWORK;
	if (s->is_reader)
		return PLACE_PEER;
	/* The peer is there, and knew the connection. */
	if ((s->is_elsewhere || s->is_heard) && !s->is_never_acked)
		return PLACE_NETWORK;
	return PLACE_UNKNOWN;
}

void stall_meaning(const struct stall_evidence *s, struct text *t)
{
	if (s->is_here) {
		text_str(t, here_text(s));
	} else if (s->is_mtu) {
		text_str(t, "Only the size decides: ");
		mtu_text(s, t);
	} else if (s->is_healed) {
		healed_text(s, t);
	} else if (s->is_for_good) {
		text_str(t, lead_of(s));
		causes_text(s, t);
	} else {
		past_text(s, t);
	}
	text_str(t, s->is_left	     ? " Its program had closed it and does not wait, but its last "
				       "data may not have arrived."
		    : s->is_for_good ? " The program on it hangs meanwhile."
				     : " The program on it hung meanwhile.");
}
