// SPDX-License-Identifier: MIT
#include "cli/fail-if.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"

static const char *blanks_skip(const char *s)
{
	return s + strspn(s, " \t");
}

static int metric_find(const char *name, size_t n, const struct report_metric **ret,
		       struct fault *fault)
{
	char typed[64] = "";
	struct suggestion near;

	if (!n || n >= sizeof(typed))
		return fault_set(
			fault, -EINVAL,
			"--fail-if: a metric is missing: tcptape report --help lists them");
	memcpy(typed, name, n);
	near = suggest_start(typed);
	for (size_t i = 0; i < n_report_metrics; i++) {
		*ret = &report_metrics[i];
		if (!strcmp(report_metrics[i].name, typed))
			return 0;
		suggest_offer(&near, report_metrics[i].name);
	}
	return near.best
		       ? fault_set(fault, -EINVAL, "--fail-if: unknown metric %s: did you mean %s?",
				   typed, near.best)
		       : fault_set(fault, -EINVAL,
				   "--fail-if: unknown metric %s: tcptape report "
				   "--help lists them",
				   typed);
}

/* Parses "1", "1%", "2.5 /s", "300ms". The unit may be left out, but must not be another one. */
static int condition_parse_value(const char *s, struct condition *c, struct fault *fault)
{
	size_t n;
	char *end;

	c->value = strtod(s, &end);
	if (end == s || !isfinite(c->value))
		return fault_set(fault, -EINVAL, "--fail-if %s: a number is missing", c->typed);
	end = (char *)blanks_skip(end);
	n = strlen(c->metric->unit);
	if (!strncmp(end, c->metric->unit, n))
		end = (char *)blanks_skip(end + n);
	if (*end)
		return fault_set(fault, -EINVAL, "--fail-if %s: %s is %s%s", c->typed,
				 c->metric->name, c->metric->unit[0] ? "in " : "a plain number",
				 c->metric->unit);
	return 0;
}

static int condition_parse(const char *typed, struct condition *c, struct fault *fault)
{
	static const struct {
		const char *word;
		enum condition_op op;
	} ops[] = {{">=", CONDITION_GE},
		   {"<=", CONDITION_LE},
		   {">", CONDITION_GT},
		   {"<", CONDITION_LT}};
	const char *at = blanks_skip(typed);
	size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");
	int r = metric_find(at, n, &c->metric, fault);

	c->typed = typed;
	if (r < 0)
		return r;
	at = blanks_skip(at + n);
	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++) {
		if (strncmp(at, ops[i].word, strlen(ops[i].word)))
			continue;
		c->op = ops[i].op;
		return condition_parse_value(blanks_skip(at + strlen(ops[i].word)), c, fault);
	}
	return fault_set(fault, -EINVAL, "--fail-if %s: one of > >= < <= is missing", typed);
}

int option_fail_if(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	struct conditions *c = value;
	struct condition *bigger = arena_alloc(arena, (c->n + 1) * sizeof(*bigger));
	int r;

	if (!bigger)
		return -ENOMEM;
	if (c->n)
		memcpy(bigger, c->items, c->n * sizeof(*bigger));
	r = condition_parse(arg, &bigger[c->n], fault);
	if (r < 0)
		return r;
	c->items = bigger;
	c->n++;
	return 0;
}

static bool condition_is_met(const struct condition *c, double value)
{
	switch (c->op) {
	case CONDITION_GT: return value > c->value;
	case CONDITION_GE: return value >= c->value;
	case CONDITION_LT: return value < c->value;
	case CONDITION_LE: return value <= c->value;
	}
	return false;
}

int fail_if_met(const struct conditions *c, const struct findings *f, struct fail_if *ret,
		struct fault *fault)
{
	const struct condition *unknown = NULL;

	*ret = (struct fail_if){0};
	for (size_t i = 0; i < c->n; i++) {
		const struct condition *one = &c->items[i];

		if (one->metric->get(f, &ret->value)) {
			if (!condition_is_met(one, ret->value))
				continue;
			ret->met = one;
			return 0;
		}
		if (one->metric->is_of_little && one->metric->is_of_little(f))
			ret->of_little = one;
		else
			unknown = one;
	}
	return unknown ? fault_set(
				 fault, -ENODATA,
				 "--fail-if %s: this tape does not tell %s (what it lacks: tcptape "
				 "info)",
				 unknown->typed, unknown->metric->name)
		       : 0;
}
