// SPDX-License-Identifier: MIT
#include "tcp/conn-pick.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* "[2001:db8::1]:65535" and its NUL; an IPv6 address that ends in an IPv4 one has 45 characters. */
#define END_MAX 56u

static int port_parse(const char *s, uint16_t *ret)
{
	unsigned long port;
	char *end;

	if (!isdigit((unsigned char)s[0]))
		return -EINVAL;
	port = strtoul(s, &end, 10);
	if (*end || !port || port > UINT16_MAX)
		return -EINVAL;
	*ret = (uint16_t)port;
	return 0;
}

/* Parses n characters. */
static int end_parse(const char *s, size_t n, struct endpoint *ret)
{
	char copy[END_MAX], *port, *addr = copy;
	struct ip_prefix prefix;
	struct endpoint end = {0};

	if (n >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, s, n);
	copy[n] = '\0';
	port = strrchr(copy, ':');
	if (!port || strchr(copy, '/'))
		return -EINVAL;
	*port++ = '\0';
	if (addr[0] == '[') {
		if (port - 2 <= addr || port[-2] != ']')
			return -EINVAL;
		port[-2] = '\0';
		addr++;
	} else if (strchr(addr, ':')) {
		return -EINVAL;
	}
	if (ip_prefix_parse(addr, &prefix) < 0 || port_parse(port, &end.port) < 0)
		return -EINVAL;
	end.addr = prefix.addr;
	*ret = end;
	return 0;
}

int endpoint_parse(const char *s, struct endpoint *ret)
{
	return end_parse(s, strlen(s), ret);
}

int conn_pick_parse(const char *s, struct conn_pick *ret, struct fault *fault)
{
	struct conn_pick p = {.by = CONN_PICK_END};
	size_t first = strcspn(s, "- >");
	const char *second = s + first;

	second += strspn(second, "- >");
	if (end_parse(s, first, &p.ends[0]) < 0 ||
	    (*second && endpoint_parse(second, &p.ends[1]) < 0))
		return fault_set(fault, -EINVAL,
				 "%s: no connection (try 10.0.0.1:5001-10.0.0.2:80, 10.0.0.1:5001, "
				 "[2001:db8::1]:443)",
				 s);
	if (*second)
		p.by = CONN_PICK_ENDS;
	*ret = p;
	return 0;
}

static enum conn_pick_fit ends_fit(const struct conn_pick *p, const struct tcp_conn *c)
{
	if (endpoint_equal(&p->ends[0], &c->local) && endpoint_equal(&p->ends[1], &c->remote))
		return CONN_PICK_FITS;
	if (endpoint_equal(&p->ends[0], &c->remote) && endpoint_equal(&p->ends[1], &c->local))
		return CONN_PICK_TURNED;
	return CONN_PICK_NOT;
}

static enum conn_pick_fit end_fits(const struct conn_pick *p, const struct tcp_conn *c)
{
	if (endpoint_equal(&p->ends[0], &c->local))
		return CONN_PICK_FITS;
	return endpoint_equal(&p->ends[0], &c->remote) ? CONN_PICK_TURNED : CONN_PICK_NOT;
}

enum conn_pick_fit conn_pick_fit(const struct conn_pick *p, const struct tcp_conn *c)
{
	bool fits = false;

	switch (p->by) {
	case CONN_PICK_ANY: fits = true; break;
	case CONN_PICK_ENDS: return ends_fit(p, c);
	case CONN_PICK_END: return end_fits(p, c);
	case CONN_PICK_SK: fits = c->sk == p->id; break;
	case CONN_PICK_COOKIE: fits = c->cookie == p->id; break;
	case CONN_PICK_NUMBER: fits = c->id == p->id; break;
	}
	return fits ? CONN_PICK_FITS : CONN_PICK_NOT;
}

void conn_pick_text(const struct conn_pick *p, struct text *t)
{
	switch (p->by) {
	case CONN_PICK_ANY: break;
	case CONN_PICK_ENDS:
	case CONN_PICK_END:
		endpoint_text(t, &p->ends[0]);
		if (p->by == CONN_PICK_ENDS) {
			text_char(t, '-');
			endpoint_text(t, &p->ends[1]);
		}
		break;
	case CONN_PICK_SK:
		text_str(t, "--sk 0x");
		text_hex(t, p->id);
		break;
	case CONN_PICK_COOKIE:
		text_str(t, "--cookie ");
		text_u64(t, p->id);
		break;
	case CONN_PICK_NUMBER:
		text_str(t, "--number ");
		text_u64(t, p->id);
		break;
	}
}
