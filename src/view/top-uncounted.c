// SPDX-License-Identifier: MIT
/*
 * What the kernel counted for whole connections, and no event on the tape: bytes and segments.
 */
#include "base/units.h"
#include "view/top.h"

static void uncounted_add_segs(struct top_uncounted *u, const struct view_context *context,
			       const struct tcp_conn *c)
{
	uint32_t segs;

	if (tcp_conn_is_listener(c) || !view_shows_conn(context, c) ||
	    !tcp_conn_retrans_segs(c, &segs))
		return;
	u->n_events += c->n_retrans + tcp_conn_cold(c)->n_probes;
	u->n_segs += segs;
}

static void uncounted_add_bytes(struct top_uncounted *u, const struct view_context *context,
				const struct tcp_conn *c)
{
	uint64_t tx, rx, more = 0;

	/* The calls are made on the main socket of an MPTCP connection. */
	if (c->subflow || !c->has_io || !c->is_born || !view_shows_conn(context, c) ||
	    c->has_loss || tcp_conn_bytes(c, &tx, &rx) != TCP_BYTES_TCP_INFO)
		return;
	more += tx > c->io_tx ? tx - c->io_tx : 0;
	more += rx > c->io_rx ? rx - c->io_rx : 0;
	u->bytes += more;
	u->n_conns += more > 0;
}

void top_uncounted_add(struct top_uncounted *u, const struct view_context *context,
		       const struct tcp_conn *c)
{
	u->n_joins += tcp_conn_is_join(c) && view_shows_conn(context, c);
	uncounted_add_segs(u, context, c);
	uncounted_add_bytes(u, context, c);
}

static int uncounted_put_bytes(const struct top_uncounted *u, struct table_sink *out,
			       struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!u->n_conns)
		return 0;
	text_str(&t, "RX_KB and TX_KB are what calls on the tape moved, and more was moved: ");
	units_size(&t, u->bytes);
	text_str(&t, " of ");
	units_count(&t, u->n_conns);
	text_printf(&t,
		    " connection%s (by splice() or another way than send and receive calls, "
		    "or never read)",
		    u->n_conns == 1 ? "" : "s");
	return table_note(out, text_cstr(&t), fault);
}

/* A process sends and receives on the main socket, which has the ends of the first subflow. */
static int uncounted_put_joins(const struct top_uncounted *u, const struct view_context *context,
			       struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!u->n_joins)
		return 0;
	units_count(&t, u->n_joins);
	text_printf(&t,
		    " subflow%s that joined MPTCP connections: the bytes of calls are with the "
		    "first subflow of each",
		    u->n_joins == 1 ? "" : "s");
	return table_note(out, text_cstr(&t), fault);
}

/* With segmentation offload one event may be of many segments. */
static int uncounted_put_segs(const struct top_uncounted *u, const struct view_context *context,
			      struct table_sink *out, struct fault *fault)
{
	bool is_whole = !context->since_ns && context->until_ns == UINT64_MAX;
	struct text t CLEANUP(text_done) = {0};

	if (!is_whole || u->n_segs <= u->n_events ||
	    !(context->recorded & TCP_KIND_BIT(TCP_KIND_RETRANSMIT)))
		return 0;
	text_str(&t, "RETR counts events; by the kernel's figures ");
	units_count(&t, u->n_segs);
	text_str(&t, " segments were retransmitted in all (");
	units_count(&t, u->n_events);
	text_str(&t, " events, tail loss probes too)");
	return table_note(out, text_cstr(&t), fault);
}

int top_uncounted_put(const struct top_uncounted *u, const struct view_context *context,
		      struct table_sink *out, struct fault *fault)
{
	int r = uncounted_put_bytes(u, out, fault);

	if (!r)
		r = uncounted_put_joins(u, context, out, fault);
	return r ? r : uncounted_put_segs(u, context, out, fault);
}
