// SPDX-License-Identifier: MIT
#include "view/mptcp-sums.h"

#include <errno.h>
#include <string.h>

#include "base/units.h"

#define CONNECTIONS_MAX 65536u
#define SHOWN_MAX	10u

/* Two ends of a connection on one host have tokens of their own; other network namespaces may have
 * the same one. */
struct mptcp_key {
	uint32_t netns, token;
};

struct mptcp_sum {
	struct mptcp_key key;
	uint64_t n, n_joins; /* subflows, and those of them that are not the first */
	uint64_t n_bytes;    /* subflows whose bytes are known */
	uint64_t tx, rx;
};

void mptcp_sums_init(struct mptcp_sums *s)
{
	*s = (struct mptcp_sums){.by_token = {.key_size = sizeof(struct mptcp_key),
					      .item_size = sizeof(struct mptcp_sum)}};
}

void mptcp_sums_done(struct mptcp_sums *s)
{
	groups_done(&s->by_token);
}

int mptcp_sums_add(struct mptcp_sums *s, const struct tcp_conn *c)
{
	const struct mptcp_key key = {c->netns, tcp_conn_attempt(c)->mptcp_token};
	struct mptcp_sum *sum;
	uint64_t tx, rx;
	int r;

	if (!c->subflow)
		return 0;
	if (!key.token) {
		s->n_unknown++;
		return 0;
	}
	sum = groups_get_up_to(&s->by_token, &key, CONNECTIONS_MAX, &r);
	if (!sum) {
		s->n_left_out += !r;
		return r;
	}
	sum->n++;
	sum->n_joins += tcp_conn_is_join(c);
	if (tcp_conn_bytes(c, &tx, &rx)) {
		sum->n_bytes++;
		sum->tx += tx;
		sum->rx += rx;
	}
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	const struct mptcp_sum *x = *(struct mptcp_sum *const *)a;
	const struct mptcp_sum *y = *(struct mptcp_sum *const *)b;

	if (x->tx + x->rx != y->tx + y->rx)
		return x->tx + x->rx > y->tx + y->rx ? -1 : 1;
	if (x->key.netns != y->key.netns)
		return x->key.netns < y->key.netns ? -1 : 1;
	return (x->key.token > y->key.token) - (x->key.token < y->key.token);
}

static void sum_text(const struct mptcp_sum *s, struct text *t)
{
	text_printf(t, "mptcp %x: ", s->key.token);
	units_count(t, s->n);
	text_printf(t, " subflow%s", s->n == 1 ? "" : "s");
	if (!s->n_bytes) {
		text_str(t, ", whose bytes are not known");
		return;
	}
	text_str(t, s->n == 1 ? ": " : ", in all ");
	units_size(t, s->tx);
	text_str(t, " sent, ");
	units_size(t, s->rx);
	text_str(t, " received");
	if (s->n_bytes == s->n && s->n_joins < s->n)
		return;
	text_str(t, "; at least, as ");
	text_str(t, s->n_bytes < s->n ? "the bytes of some are not known"
				      : "its first subflow is not on the tape");
}

/* "3 more MPTCP connections ...": one, or n of them. */
static int note_of_rest(uint64_t n, const char *one, const char *many, const char *rest,
			struct table_sink *out, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};

	if (!n)
		return 0;
	units_count(&t, n);
	text_str(&t, n == 1 ? one : many);
	text_str(&t, rest);
	return table_note(out, text_cstr(&t), fault);
}

int mptcp_sums_emit(const struct mptcp_sums *s, struct table_sink *out, struct fault *fault)
{
	struct mptcp_sum **items CLEANUP(free_p) =
		(struct mptcp_sum **)groups_sorted(&s->by_token, by_bytes);
	size_t n = s->by_token.n < SHOWN_MAX ? s->by_token.n : SHOWN_MAX;
	int r = 0;

	if (!items)
		return fault_no_memory(fault);
	for (size_t i = 0; !r && i < n; i++) {
		struct text t CLEANUP(text_done) = {0};

		sum_text(items[i], &t);
		r = table_note(out, text_cstr(&t), fault);
	}
	if (!r)
		r = note_of_rest(s->by_token.n - n, " more MPTCP connection",
				 " more MPTCP connections", " (JSON: mptcp_token)", out, fault);
	if (!r)
		r = note_of_rest(s->n_left_out, " subflow", " subflows",
				 " of further MPTCP connections", out, fault);
	return r ? r
		 : note_of_rest(
			   s->n_unknown, " subflow", " subflows",
			   " of which the tape does not tell the MPTCP connection: a row shows "
			   "a part of its bytes",
			   out, fault);
}

void mptcp_name_text(const struct tcp_conn *c, struct text *t)
{
	uint32_t token = tcp_conn_attempt(c)->mptcp_token;
	const char *name = tcp_subflow_name(c->subflow);

	text_str(t, "mptcp");
	if (token)
		text_printf(t, " %x", token);
	if (name)
		text_printf(t, " %s", name);
}
