// SPDX-License-Identifier: MIT
/*
 * Unpacking a row by its binding. What the kernel writes as zero where it knows nothing (no
 * socket, no port, no state) is absent, not zero.
 */
#include "decode/binding.h"

#include "decode/moves.h"
#include "tcp/names.h"

/* AF_INET and AF_INET6 of Linux, on every architecture. */
#define WIRE_INET  2
#define WIRE_INET6 10

/* What the address fields of one side say. */
struct side {
	struct ip_addr addr;
	uint16_t port;
	bool is_mapped; /* came as ::ffff:a.b.c.d */
};

/* A place whose bytes are in the row. */
static const uint8_t *bytes_at(const uint8_t *row, size_t len, int place, size_t n)
{
	return place >= 0 && (size_t)place + n <= len ? row + place : NULL;
}

/* struct sockaddr: family in the machine's order, port and address in the network's. */
static void read_blob(const uint8_t *at, bool is_swapped, struct side *s)
{
	uint16_t family = row_u16(at, is_swapped);

	if (family == WIRE_INET) {
		s->addr = ip_addr_v4(at + 4);
	} else if (family == WIRE_INET6) {
		s->addr = ip_addr_v6(at + 8);
		s->is_mapped = s->addr.family == 4;
	} else {
		return;
	}
	s->port = at[2] << 8 | at[3];
}

/*
 * The u8[4] fields of an IPv6 socket hold anything (127.0.0.6 on accepted ones): they count only
 * when family says AF_INET, or beside another side that is mapped (add_v4).
 */
static struct side read_side(const uint8_t *row, size_t len, bool is_swapped,
			     const struct address_place *p, int port_at, int family)
{
	const uint8_t *v4 = bytes_at(row, len, p->v4, 4), *v6 = bytes_at(row, len, p->v6, 16);
	const uint8_t *blob = bytes_at(row, len, p->blob, 28);
	const uint8_t *port = bytes_at(row, len, port_at, 2);
	struct side s = {0};

	if (blob)
		read_blob(blob, is_swapped, &s);
	else if (v4 && (family == WIRE_INET || !v6))
		s.addr = ip_addr_v4(v4);
	else if (v6) {
		s.addr = ip_addr_v6(v6);
		s.is_mapped = s.addr.family == 4;
	}
	if (port && row_u16(port, is_swapped))
		s.port = row_u16(port, is_swapped);
	return s;
}

/* One side is mapped, the other "::": not known yet in IPv6, but the IPv4 field may have it. */
static void add_v4(const uint8_t *row, size_t len, const struct address_place *p, struct side *s)
{
	static const uint8_t zeros[4];
	const uint8_t *v4 = bytes_at(row, len, p->v4, 4);

	if (s->addr.family == 6 && ip_addr_is_any(&s->addr))
		s->addr = ip_addr_v4(v4 ? v4 : zeros);
}

/* Is 0.0.0.0 a real address here? Only a listener's is. */
static bool is_listening(const struct tcp_event *e)
{
	if (e->kind == TCP_KIND_SET_STATE)
		return e->newstate == TCP_STATE_LISTEN ||
		       (e->oldstate == TCP_STATE_LISTEN && e->newstate != TCP_STATE_SYN_RECV);
	return tcp_event_has(e, TCP_FIELD_STATE) && e->state == TCP_STATE_LISTEN;
}

static void place_sides(struct tcp_event *e, const struct side *local, const struct side *remote)
{
	if (local->port) {
		e->local.port = local->port;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LPORT);
	}
	if (local->addr.family && (!ip_addr_is_any(&local->addr) || is_listening(e))) {
		e->local.addr = local->addr;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_LADDR);
	}
	/* Without a port the address is what an earlier connection left behind. */
	if (!remote->port)
		return;
	e->remote.port = remote->port;
	e->present |= TCP_FIELD_BIT(TCP_FIELD_RPORT);
	if (!ip_addr_is_any(&remote->addr)) {
		e->remote.addr = remote->addr;
		e->present |= TCP_FIELD_BIT(TCP_FIELD_RADDR);
	}
}

static void decode_addresses(const struct binding *b, const uint8_t *row, size_t len,
			     struct tcp_event *e)
{
	const struct address_plan *a = &b->addresses;
	bool is_swapped = b->wire.is_swapped;
	const uint8_t *at = bytes_at(row, len, a->family, 2);
	int family = at ? row_u16(at, is_swapped) : 0;
	struct side from = read_side(row, len, is_swapped, &a->source, a->source_port, family);
	struct side to =
		read_side(row, len, is_swapped, &a->destination, a->destination_port, family);

	if (from.is_mapped)
		add_v4(row, len, &a->destination, &to);
	if (to.is_mapped)
		add_v4(row, len, &a->source, &from);
	e->family = to.addr.family ? to.addr.family : from.addr.family;
	if (!e->family)
		e->family = family == WIRE_INET ? 4 : family == WIRE_INET6 ? 6 : 0;
	if (e->family)
		e->present |= TCP_FIELD_BIT(TCP_FIELD_FAMILY);
	if (b->info->from_packet)
		place_sides(e, &to, &from);
	else
		place_sides(e, &from, &to);
}

static uint64_t read_number(const uint8_t *at, unsigned int size, bool is_signed, bool is_swapped)
{
	switch (size) {
	case 1: return is_signed ? (uint64_t)(int8_t)*at : *at;
	case 2: {
		uint16_t v = row_u16(at, is_swapped);

		return is_signed ? (uint64_t)(int16_t)v : v;
	}
	case 4: {
		uint32_t v = row_u32(at, is_swapped);

		return is_signed ? (uint64_t)(int32_t)v : v;
	}
	default: return row_u64(at, is_swapped);
	}
}

static void write_text(char *to, const uint8_t *at, size_t n, bool is_hex)
{
	if (!is_hex) {
		size_t len = strnlen((const char *)at, n);

		memcpy(to, at, len);
		to[len] = '\0';
		return;
	}
	for (size_t i = 0; i < n; i++) {
		*to++ = "0123456789abcdef"[at[i] >> 4];
		*to++ = "0123456789abcdef"[at[i] & 0xf];
	}
	*to = '\0';
}

static void decode_extras(struct binding *b, const uint8_t *row, size_t len, struct tcp_event *e)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_extras; i++) {
		const struct extra_move *m = &b->extra_moves[i];
		struct tcp_extra *x = &b->extras[n];

		if ((size_t)m->from + m->size > len)
			continue;
		*x = (struct tcp_extra){.name = m->name, .kind = m->kind};
		if (m->kind == TCP_EXTRA_TEXT) {
			x->text = b->extra_text + m->text_at;
			write_text(b->extra_text + m->text_at, row + m->from, m->size, m->is_hex);
		} else {
			x->value = read_number(row + m->from, m->size, m->kind == TCP_EXTRA_SIGNED,
					       b->wire.is_swapped);
		}
		n++;
	}
	e->extras = b->extras;
	e->n_extras = n;
}

static void drop_zeros(struct tcp_event *e)
{
	static const uint64_t may_be_unknown =
		TCP_FIELD_BIT(TCP_FIELD_SK) | TCP_FIELD_BIT(TCP_FIELD_SKB) |
		TCP_FIELD_BIT(TCP_FIELD_REQ) | TCP_FIELD_BIT(TCP_FIELD_COOKIE) |
		TCP_FIELD_BIT(TCP_FIELD_STATE) | TCP_FIELD_BIT(TCP_FIELD_LOCATION);

	if (!(e->present & may_be_unknown))
		return;
	e->present &= ~((e->sk ? 0 : TCP_FIELD_BIT(TCP_FIELD_SK)) |
			(e->skb ? 0 : TCP_FIELD_BIT(TCP_FIELD_SKB)) |
			(e->req ? 0 : TCP_FIELD_BIT(TCP_FIELD_REQ)) |
			(e->cookie ? 0 : TCP_FIELD_BIT(TCP_FIELD_COOKIE)) |
			(e->state ? 0 : TCP_FIELD_BIT(TCP_FIELD_STATE)) |
			(e->location ? 0 : TCP_FIELD_BIT(TCP_FIELD_LOCATION)));
}

void binding_decode(struct binding *b, const uint8_t *row, size_t len, struct tcp_event *e)
{
	uint64_t present = 0;

	for (size_t i = 0; i < b->n_moves; i++) {
		const struct move *m = &b->moves[i];

		if (len < b->row_need && m->from + move_width(m->code) > len)
			continue;
		move_run(m->code, row + m->from, (char *)e + m->to);
		present |= TCP_FIELD_BIT(m->field);
	}
	e->present = present & (TCP_FIELD_BIT(TCP_FIELD_N) - 1);
	drop_zeros(e);
	if (b->has_addresses)
		decode_addresses(b, row, len, e);
	if (b->n_extras)
		decode_extras(b, row, len, e);
	if (b->reasons.n && tcp_event_has(e, TCP_FIELD_REASON))
		e->reason_name = symbol_words_find(&b->reasons, e->reason);
}
