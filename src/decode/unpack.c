// SPDX-License-Identifier: MIT
/*
 * unpack: decodes a row by its binding. Where the kernel writes zero because it knows nothing (no
 * socket, no port, no state), the field is absent.
 */
#include "decode/binding.h"

#include "decode/moves.h"
#include "tcp/names.h"

/* Linux's AF_INET and AF_INET6, the same on every architecture. */
#define WIRE_INET  2
#define WIRE_INET6 10

/* One side of the row, before it is known whether it is the local or the remote one. The address is
 * still in the row. */
struct side {
	uint8_t family; /* 4, 6; 0: no address */
	bool is_mapped; /* the row has the IPv4 address as ::ffff:a.b.c.d */
	bool has_port;	/* the row has a field for it */
	uint16_t port;
	const uint8_t *bytes;
};

static const uint8_t no_address[16];

/* Returns the n bytes at an offset of the row; NULL: the row does not have them. */
static inline const uint8_t *bytes_at(const uint8_t *row, size_t len, int place, size_t n)
{
	return place >= 0 && (size_t)place + n <= len ? row + place : NULL;
}

static inline void side_set_v6(struct side *s, const uint8_t *bytes)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	s->is_mapped = !memcmp(bytes, mapped, sizeof(mapped));
	s->family = s->is_mapped ? 4 : 6;
	s->bytes = s->is_mapped ? bytes + sizeof(mapped) : bytes;
}

static inline void side_set_v4(struct side *s, const uint8_t *bytes)
{
	s->family = 4;
	s->bytes = bytes;
}

static inline bool is_any(const struct side *s)
{
	uint64_t high, low;
	uint32_t v4;

	memcpy(&v4, s->bytes, sizeof(v4));
	if (s->family == 4)
		return !v4;
	memcpy(&high, s->bytes, sizeof(high));
	memcpy(&low, s->bytes + sizeof(high), sizeof(low));
	return !(high | low);
}

/* Reads a struct sockaddr: its family is in the byte order of the recording machine, its port and
 * address in network order. */
static void side_read_blob(const uint8_t *at, bool is_swapped, struct side *s)
{
	uint16_t family = row_u16(at, is_swapped);

	if (family == WIRE_INET)
		side_set_v4(s, at + 4);
	else if (family == WIRE_INET6)
		side_set_v6(s, at + 8);
	else
		return;
	s->port = at[2] << 8 | at[3];
}

/*
 * Reads the address and port of one side. The u8[4] fields of an IPv6 socket hold arbitrary bytes
 * (127.0.0.6 on accepted sockets), so they count only when the family is AF_INET, when there is no
 * IPv6 field, or when the other side is mapped (side_add_v4()).
 */
static inline void side_read(const uint8_t *row, size_t len, bool is_swapped,
			     const struct address_place *p, int port_at, int family, struct side *s)
{
	const uint8_t *v4 = bytes_at(row, len, p->v4, 4), *v6 = bytes_at(row, len, p->v6, 16);
	const uint8_t *blob = bytes_at(row, len, p->blob, 28);
	const uint8_t *port = bytes_at(row, len, port_at, 2);
	uint16_t number = port ? row_u16(port, is_swapped) : 0;

	*s = (struct side){.bytes = no_address, .has_port = port || blob};
	if (blob)
		side_read_blob(blob, is_swapped, s);
	else if (v4 && (family == WIRE_INET || !v6))
		side_set_v4(s, v4);
	else if (v6)
		side_set_v6(s, v6);
	if (number)
		s->port = number;
}

/* Reads the IPv4 field of a side whose IPv6 address is "::", while the other side is mapped: the
 * connection is IPv4, and this address is not in the IPv6 field yet. */
static void side_add_v4(const uint8_t *row, size_t len, const struct address_place *p,
			struct side *s)
{
	const uint8_t *v4 = bytes_at(row, len, p->v4, 4);

	if (s->family == 6 && is_any(s))
		side_set_v4(s, v4 ? v4 : no_address);
}

/* True if the event is about a listener, for which 0.0.0.0 is a real address. */
static bool is_listening(const struct tcp_event *e)
{
	if (e->kind == TCP_KIND_SET_STATE)
		return e->newstate == TCP_STATE_LISTEN ||
		       (e->oldstate == TCP_STATE_LISTEN && e->newstate != TCP_STATE_SYN_RECV);
	return tcp_event_has(e, TCP_FIELD_STATE) && e->state == TCP_STATE_LISTEN;
}

static inline void side_put_addr(struct ip_addr *to, const struct side *s)
{
	to->family = s->family;
	if (s->family == 4)
		memcpy(to->bytes, s->bytes, 4);
	else
		memcpy(to->bytes, s->bytes, 16);
}

static void event_put_sides(struct tcp_event *e, const struct side *local,
			    const struct side *remote)
{
	bool has_addr = remote->family && !is_any(remote);
	uint64_t present = 0;

	if (local->port) {
		e->local.port = local->port;
		present |= TCP_FIELD_BIT(TCP_FIELD_LPORT);
	} else if (local->has_port) {
		e->zeros |= TCP_FIELD_BIT(TCP_FIELD_LPORT);
	}
	if (local->family && (!is_any(local) || is_listening(e))) {
		side_put_addr(&e->local.addr, local);
		present |= TCP_FIELD_BIT(TCP_FIELD_LADDR);
	}
	/* Without a port the address is that of an earlier connection of the socket. */
	if (remote->port) {
		e->remote.port = remote->port;
		present |= TCP_FIELD_BIT(TCP_FIELD_RPORT);
	} else if (remote->has_port) {
		e->zeros |= TCP_FIELD_BIT(TCP_FIELD_RPORT);
	}
	if (has_addr && remote->port) {
		side_put_addr(&e->remote.addr, remote);
		present |= TCP_FIELD_BIT(TCP_FIELD_RADDR);
	} else if (has_addr) {
		e->portless_family = remote->family;
		e->portless = remote->bytes;
	}
	e->present |= present;
}

static void decode_addresses(const struct binding *b, const uint8_t *row, size_t len,
			     struct tcp_event *e)
{
	const struct address_plan *a = &b->addresses;
	bool is_swapped = b->wire.is_swapped;
	const uint8_t *at = bytes_at(row, len, a->family, 2);
	int family = at ? row_u16(at, is_swapped) : 0;
	struct side from, to;

	side_read(row, len, is_swapped, &a->source, a->source_port, family, &from);
	side_read(row, len, is_swapped, &a->destination, a->destination_port, family, &to);
	if (from.is_mapped)
		side_add_v4(row, len, &a->destination, &to);
	if (to.is_mapped)
		side_add_v4(row, len, &a->source, &from);
	e->family = to.family ? to.family : from.family;
	if (!e->family)
		e->family = family == WIRE_INET ? 4 : family == WIRE_INET6 ? 6 : 0;
	if (e->family)
		e->present |= TCP_FIELD_BIT(TCP_FIELD_FAMILY);
	if (family != WIRE_INET && family != WIRE_INET6)
		e->row_family = (uint16_t)family;
	if (b->info->from_packet)
		event_put_sides(e, &to, &from);
	else
		event_put_sides(e, &from, &to);
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

static void decode_tcp_info(struct binding *b, const uint8_t *row, size_t len, struct tcp_event *e)
{
	const uint8_t *has = bytes_at(row, len, b->has_tcp_info_at, 1);

	if (!has || !*has)
		return;
	b->tcp_info.present = 0;
	for (size_t i = 0; i < b->n_tcp_info; i++) {
		const struct tcp_info_move *m = &b->tcp_info_moves[i];

		if ((size_t)m->from + m->size > len)
			continue;
		b->tcp_info.values[m->field] =
			read_number(row + m->from, m->size, false, b->wire.is_swapped);
		b->tcp_info.present |= TCP_INFO_BIT(m->field);
	}
	e->tcp_info = &b->tcp_info;
}

/* A pointer, cookie or state of zero is absent. */
static inline void field_drop_zero(struct tcp_event *e, enum tcp_field field, bool is_zero)
{
	uint64_t bit = ((uint64_t)is_zero << field) & e->present;

	e->present &= ~bit;
	e->zeros |= bit;
}

static void fields_drop_zeros(struct tcp_event *e)
{
	field_drop_zero(e, TCP_FIELD_SK, !e->sk);
	field_drop_zero(e, TCP_FIELD_SKB, !e->skb);
	field_drop_zero(e, TCP_FIELD_REQ, !e->req);
	field_drop_zero(e, TCP_FIELD_COOKIE, !e->cookie);
	field_drop_zero(e, TCP_FIELD_STATE, !e->state);
	field_drop_zero(e, TCP_FIELD_LOCATION, !e->location);
	field_drop_zero(e, TCP_FIELD_INODE, !e->inode);
	field_drop_zero(e, TCP_FIELD_CGROUP, !e->cgroup_id);
	field_drop_zero(e, TCP_FIELD_MPTCP_TOKEN, !e->mptcp_token);
	field_drop_zero(e, TCP_FIELD_SUBFLOW, !e->subflow);
	field_drop_zero(e, TCP_FIELD_HOLDER, e->holder <= 0);
}

/* Decodes a row that has every field. */
static inline void moves_run_all(const struct binding *b, const uint8_t *row, struct tcp_event *e)
{
	const struct move *m = b->moves, *end = m + b->n_copies_64;

	for (; m < end; m++)
		memcpy((char *)e + m->to, row + m->from, 8);
	for (end += b->n_copies_32; m < end; m++)
		memcpy((char *)e + m->to, row + m->from, 4);
	for (end = b->moves + b->n_moves; m < end; m++)
		move_run(m->code, row + m->from, (char *)e + m->to);
	e->present = b->present;
}

/* Decodes a row that is shorter than its format file says: the fields that it has. */
static void moves_run_some(const struct binding *b, const uint8_t *row, size_t len,
			   struct tcp_event *e)
{
	e->present = 0;
	for (size_t i = 0; i < b->n_moves; i++) {
		const struct move *m = &b->moves[i];

		if (m->from + move_width(m->code) > len)
			continue;
		e->present |= m->field < TCP_FIELD_N ? TCP_FIELD_BIT(m->field) : 0;
		move_run(m->code, row + m->from, (char *)e + m->to);
	}
}

void binding_decode(struct binding *b, const uint8_t *row, size_t len, struct tcp_event *e)
{
	if (len >= b->row_need)
		moves_run_all(b, row, e);
	else
		moves_run_some(b, row, len, e);
	fields_drop_zeros(e);
	if (b->has_addresses)
		decode_addresses(b, row, len, e);
	if (b->n_tcp_info)
		decode_tcp_info(b, row, len, e);
	if (b->n_extras)
		decode_extras(b, row, len, e);
	if (b->reasons.n && tcp_event_has(e, TCP_FIELD_REASON))
		e->reason_name = symbol_words_find(&b->reasons, e->reason);
}
