// SPDX-License-Identifier: MIT
#include "record/filter.h"

#define WIRE_INET6 10 /* AF_INET6 */
/* Bytes of an expression; the kernel refuses a page or more. */
#define EXPRESSION_MAX 3000u

static bool format_has_u16(const struct trace_format *f, const char *name)
{
	const struct trace_field *field = trace_format_field(f, name);

	return field && field->size == 2 && !field->is_array;
}

static void ports_put(struct text *t, const char *field, const struct filter_ports *p)
{
	text_printf(t, "%s==0", field);
	for (size_t i = 0; i < p->n; i++)
		text_printf(t, "||%s==%u", field, p->ports[i]);
}

/* Appends the condition that field a, or else field b (may be NULL), holds one of the ports. */
static void ports_put_condition(struct text *t, const char *a, const char *b,
				const struct filter_ports *p)
{
	struct text c CLEANUP(text_done) = {0};

	if (!p->n)
		return;
	ports_put(&c, a, p);
	if (b) {
		text_str(&c, "||");
		ports_put(&c, b, p);
	}
	if (!text_cstr(&c) || t->len + c.len > EXPRESSION_MAX)
		return;
	text_printf(t, "%s(%s)", t->len ? "&&" : "", text_cstr(&c));
}

void record_filter_expression(const struct event_filter *f, const struct trace_format *format,
			      bool from_packet, struct text *t)
{
	const char *local = from_packet ? "dport" : "sport";
	const char *remote = from_packet ? "sport" : "dport";

	if (format_has_u16(format, "sport") && format_has_u16(format, "dport")) {
		ports_put_condition(t, local, remote, &f->port);
		ports_put_condition(t, local, NULL, &f->lport);
		ports_put_condition(t, remote, NULL, &f->rport);
	}
	/* Only IPv6 can be selected by family: IPv4 may also run on an AF_INET6 socket, with mapped
	 * addresses. */
	if (f->family == 6 && format_has_u16(format, "family"))
		text_printf(t, "%sfamily==%d", t->len ? "&&" : "", WIRE_INET6);
}
