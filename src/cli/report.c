// SPDX-License-Identifier: MIT
/*
 * report: one page that explains a tape, as text, Markdown, JSON or HTML; and its verdict as an exit
 * status, for runbooks.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/new-file.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/fail-if.h"
#include "cli/analysed-tape.h"
#include "cli/present.h"
#include "document/renderer.h"
#include "cli/status.h"

struct report_options {
	bool is_markdown;
	bool is_json;
	const char *html; /* a file; NULL: none */
	bool with_rules;
	struct conditions conditions;
	struct present_options present;
	struct tape_options reading;
};

#define AT(member) offsetof(struct report_options, member)

static const struct option_spec specs[] = {
	{"md", 0, NULL, "as Markdown, for a ticket", option_flag, AT(is_markdown)},
	{"json", 0, NULL, "as one JSON object", option_flag, AT(is_json)},
	{"html", 0, "FILE", "as a page for a browser: a single file that needs no network",
	 option_str, AT(html)},
	{"rules", 0, NULL, "in text, too: each finding's threshold and where it comes from",
	 option_flag, AT(with_rules)},
	{"fail-if", 0, "CONDITION",
	 "end with status 4 if the condition is met, such as\n'retrans_rate>1%' or 'critical>0'; "
	 "may be "
	 "repeated",
	 option_fail_if, AT(conditions)},
};
static const struct option_part option_parts[] = {
	{NULL, &present_color_option_table, AT(present)},
	{NULL, &tape_option_table, AT(reading)},
};
static const struct option_table options = {specs, ARRAY_SIZE(specs), option_parts,
					    ARRAY_SIZE(option_parts)};

static int write_file(const char *path, const struct text *t, struct fault *fault)
{
	const struct new_file_options how = {.option = "--html", .mode = 0666};
	struct new_file file CLEANUP(new_file_done) = {.fd = -1, .replaced = -1};
	int r = new_file_open(path, &how, &file, fault);

	if (r < 0)
		return r;
	r = io_write_all(file.fd, t->data, t->len);
	if (r < 0)
		return fault_errno(fault, r, "%s", path);
	/* A page is whole before it has its name. */
	r = new_file_name(&file, fault);
	return r < 0 ? r : new_file_close(&file, fault);
}

static int put_html(const struct page *p, const struct render_options *r, const char *path,
		    struct fault *fault)
{
	const struct document_renderer *html = document_html();
	struct text t CLEANUP(text_done) = {0}, said CLEANUP(text_done) = {0};
	int code;

	if (!html)
		return fault_set(fault, -ENOTSUP,
				 "--html: this tcptape was built without it: npm was missing then; "
				 "--md is there");
	code = html->render(&p->document, r, 0, &t, fault);
	if (code < 0)
		return code;
	if (!strcmp(path, "-"))
		return print_out(&t, fault);
	code = write_file(path, &t, fault);
	if (code < 0)
		return code;
	text_str(&said, "wrote ");
	text_str(&said, path);
	text_str(&said, ", ");
	units_size(&said, t.len);
	print_notice(text_cstr(&said));
	return 0;
}

static int put_page(const struct page *p, const struct report_options *o, struct playback *playback,
		    struct fault *fault)
{
	bool is_other = o->is_markdown || o->is_json;
	const struct document_renderer *renderer = o->is_json	    ? &document_json
						   : o->is_markdown ? &document_markdown
								    : &document_text;
	struct render_options r = {
		.fd = STDOUT_FILENO,
		.time = o->reading.time,
		.use_color = present_wants_color(o->present.color),
		.with_rules = o->with_rules,
		.clock = playback_clock(playback),
	};
	struct text t CLEANUP(text_done) = {0};
	int code;

	if (o->html) {
		code = put_html(p, &r, o->html, fault);
		if (code < 0 || !is_other)
			return code;
	}
	code = renderer->render(&p->document, &r, present_width(), &t, fault);
	return code < 0 ? code : print_out(&t, fault);
}

/* Status 4 says more than damage does: what is missing could only add to what was found. */
static enum status judge(const struct page *p, const struct report_options *o,
			 const struct analysed_tape *e, struct fault *fault)
{
	const struct condition *met;
	struct text t CLEANUP(text_done) = {0};
	double value = 0;
	int r = fail_if_met(&o->conditions, &p->findings, &met, &value, fault);

	if (r < 0)
		return STATUS_FAILED;
	if (!met)
		return status_of_playback(e->playback, 0, fault);
	text_printf(&t, "%s: %s is %.4g%s%s", met->typed, met->metric->name, value,
		    met->metric->unit[0] == '%' ? " " : "", met->metric->unit);
	fault_set(fault, -ERANGE, "%s", text_cstr(&t));
	return STATUS_CONDITION;
}

/* The page would take the place of the tape. */
static bool is_same_file(const char *path, const char *other)
{
	struct stat a, b;

	return !stat(path, &a) && !stat(other, &b) && S_ISREG(a.st_mode) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static enum status report_run(const struct invocation *inv, struct fault *fault)
{
	const struct report_options *o = inv->options;
	struct analysed_tape e CLEANUP(analysed_tape_done) = {0};
	struct page page CLEANUP(page_done) = {0};
	int r;

	if (o->is_json && o->is_markdown) {
		fault_set(fault, -EINVAL, "--json and --md exclude each other");
		return STATUS_USAGE;
	}
	if (o->html && !strcmp(o->html, "-") && (o->is_json || o->is_markdown)) {
		fault_set(fault, -EINVAL, "--html - and %s exclude each other",
			  o->is_json ? "--json" : "--md");
		return STATUS_USAGE;
	}
	if (o->html && is_same_file(o->html, inv->operands[0])) {
		fault_set(fault, -EINVAL, "%s: is the tape: choose another --html", o->html);
		return STATUS_USAGE;
	}
	r = analysed_tape_read(&e, inv->operands[0], &o->reading, fault);
	if (r < 0)
		return e.playback ? status_of_playback(e.playback, r, fault) : STATUS_FAILED;
	r = page_make(&page, e.gathered, &e.facts, fault);
	if (!r)
		r = put_page(&page, o, e.playback, fault);
	return r < 0 ? status_of_result(r, fault) : judge(&page, o, &e, fault);
}

static void report_help(struct text *t)
{
	text_str(t, "\nMetrics for --fail-if:\n");
	for (size_t i = 0; i < n_report_metrics; i++)
		text_printf(t, "  %-21s %-3s %s\n", report_metrics[i].name, report_metrics[i].unit,
			    report_metrics[i].summary);
}

const struct command command_report = {
	.name = "report",
	.summary = "what went wrong, for whom, since when: one page",
	.usage = "TAPE",
	.detail = "Findings come first, the worst one at the top, each with its evidence, how sure "
		  "it is\n"
		  "and the command that shows more; then a timeline and who had the most trouble.\n"
		  "Metrics for --fail-if are at the end.",
	.help = report_help,
	.options = &options,
	.options_size = sizeof(struct report_options),
	.min_operands = 1,
	.max_operands = 1,
	.run = report_run,
};
