// SPDX-License-Identifier: MIT
#include "record/filter.h"

#define WIRE_INET6 10 /* AF_INET6 */
/* The kernel takes less than a page. */
#define EXPRESSION_MAX 3000u

static bool has(const struct trace_format *f, const char *name)
{
	const struct trace_field *field = trace_format_field(f, name);

	return field && field->size == 2 && !field->is_array;
}

static void one_of(struct text *t, const char *field, const struct filter_ports *p)
{
	text_printf(t, "%s==0", field);
	for (size_t i = 0; i < p->n; i++)
		text_printf(t, "||%s==%u", field, p->ports[i]);
}

/* a: one field, or both for either end; b: NULL, or the other. */
static void condition(struct text *t, const char *a, const char *b, const struct filter_ports *p)
{
	struct text c CLEANUP(text_done) = {0};

	if (!p->n)
		return;
	one_of(&c, a, p);
	if (b) {
		text_str(&c, "||");
		one_of(&c, b, p);
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

	if (has(format, "sport") && has(format, "dport")) {
		condition(t, local, remote, &f->port);
		condition(t, local, NULL, &f->lport);
		condition(t, remote, NULL, &f->rport);
	}
	/* IPv4 may come mapped into IPv6; IPv6 comes as nothing else. */
	if (f->family == 6 && has(format, "family"))
		text_printf(t, "%sfamily==%d", t->len ? "&&" : "", WIRE_INET6);
}
