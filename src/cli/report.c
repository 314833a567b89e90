// SPDX-License-Identifier: MIT
/*
 * report: the command that explains a tape on one page. For scripts, its exit status says whether a
 * condition of --fail-if is met.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/fail-if.h"
#include "cli/analysed-tape.h"
#include "cli/output-file.h"
#include "cli/present.h"
#include "cli/status.h"
#include "detect/detectors.h"

struct report_options {
	const char *html; /* path of a file to write, "-" for standard output; NULL: none */
	struct conditions conditions;
	struct present_options present;
	struct tape_options reading;
};

#define AT(member) offsetof(struct report_options, member)

static const struct option_spec specs[] = {
	{"html", 0, "FILE", "as a page for a browser: a single file that needs no network",
	 option_str, AT(html), NULL},
	{"rules", 0, NULL, "in text, too: each finding's threshold and where it comes from",
	 option_flag, AT(present.with_rules), NULL},
	{"fail-if", 0, "CONDITION",
	 "end with status 4 if the condition is met, such as\n'retrans_rate>1%' or 'critical>0'; "
	 "may be "
	 "repeated",
	 option_fail_if, AT(conditions), NULL},
};
static const struct option_table own_options = {.specs = specs, .n_specs = ARRAY_SIZE(specs)};
static const struct option_part option_parts[] = {
	{NULL, &document_option_table, AT(present)},
	{NULL, &own_options, 0},
	{NULL, &color_option_table, AT(present)},
	{NULL, &tape_option_table, AT(reading)},
};
static const struct option_table options = {.parts = option_parts,
					    .n_parts = ARRAY_SIZE(option_parts)};

/* What report opens before the sandbox is put on. */
struct report_outputs {
	struct output_file html;
	int descriptors[2];
};

/* The file gets its name only when the whole page is in it. */
static int html_write(struct output_file *f, const struct text *t, struct fault *fault)
{
	int r = io_write_all(f->file.fd, t->data, t->len);

	if (r < 0)
		return fault_errno(fault, r, "%s", f->file.path);
	return output_file_keep(f, fault);
}

static int html_put(const struct report_page *p, const struct report_options *o,
		    struct output_file *file, const struct tape_clock *clock, struct fault *fault)
{
	struct present_options html = o->present;
	struct text t CLEANUP(text_done) = {0}, said CLEANUP(text_done) = {0};
	int r;

	html.format = format_named("html");
	r = present_render(&html, o->reading.time, clock, &p->document, &t, fault);
	if (r < 0)
		return r;
	if (!strcmp(o->html, "-"))
		return print_out(&t, fault);
	r = html_write(file, &t, fault);
	if (r < 0)
		return r;
	text_str(&said, "wrote ");
	text_str(&said, o->html);
	text_str(&said, ", ");
	units_size(&said, t.len);
	print_notice(text_cstr(&said));
	return 0;
}

/* With --html the text is not printed, but a format that was asked for as well is. */
static int page_put(const struct report_page *p, const struct report_options *o,
		    struct output_file *file, struct playback *playback, struct fault *fault)
{
	const struct tape_clock clock = playback_clock(playback);
	int r = o->html ? html_put(p, o, file, &clock, fault) : 0;

	if (r < 0 || (o->html && !o->present.format))
		return r;
	return present_document(&o->present, o->reading.time, &clock, &p->document, fault);
}

/* A condition that is met takes precedence over damage: with the missing events there could only be
 * more trouble. */
static enum status conditions_judge(const struct report_page *p, const struct report_options *o,
				    const struct analysed_tape *e, struct fault *fault)
{
	struct text t CLEANUP(text_done) = {0};
	struct fail_if judged;
	int r = fail_if_met(&o->conditions, &p->findings, &judged, fault);

	if (r < 0)
		return STATUS_FAILED;
	if (!judged.met && judged.of_little) {
		text_printf(&t, "--fail-if %s: not met, as too little was sent for a %s",
			    judged.of_little->typed, judged.of_little->metric->name);
		print_notice(text_cstr(&t));
	}
	if (!judged.met)
		return status_of_playback(e->playback, 0, fault);
	text_printf(&t, "%s: %s is %.4g%s%s", judged.met->typed, judged.met->metric->name,
		    judged.value, judged.met->metric->unit[0] == '%' ? " " : "",
		    judged.met->metric->unit);
	fault_set(fault, -ERANGE, "%s", text_cstr(&t));
	return STATUS_CONDITION;
}

/* True if both paths name one file: the page would replace the tape. */
static bool path_is_same_file(const char *path, const char *other)
{
	struct stat a, b;

	return !stat(path, &a) && !stat(other, &b) && S_ISREG(a.st_mode) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static enum status html_open(struct invocation *inv, struct fault *fault)
{
	const struct new_file_options how = {.option = "--html", .mode = 0666};
	const struct report_options *o = inv->options;
	struct report_outputs *outputs = inv->outputs;

	if (path_is_same_file(o->html, inv->operands[0])) {
		fault_set(fault, -EINVAL, "%s: is the tape: choose another --html", o->html);
		return STATUS_USAGE;
	}
	if (output_file_open(o->html, &how, &outputs->html, fault) < 0)
		return STATUS_FAILED;
	output_file_descriptors(&outputs->html, outputs->descriptors);
	inv->needs.outputs = outputs->descriptors;
	inv->needs.n_outputs = ARRAY_SIZE(outputs->descriptors);
	return STATUS_DONE;
}

static enum status report_open(struct invocation *inv, struct fault *fault)
{
	const struct report_options *o = inv->options;
	struct report_outputs *outputs = arena_alloc(inv->arena, sizeof(*outputs));
	struct text other CLEANUP(text_done) = {0};

	inv->outputs = outputs;
	if (!outputs)
		return status_of_result(fault_no_memory(fault), fault);
	outputs->html = OUTPUT_FILE_NONE;
	if (o->html && strcmp(o->html, "-"))
		return html_open(inv, fault);
	if (o->html && o->present.format) {
		format_option_text(o->present.format, &other);
		fault_set(fault, -EINVAL, "--html - and %s exclude each other", text_cstr(&other));
		return STATUS_USAGE;
	}
	return STATUS_DONE;
}

static enum status tape_explain(const struct invocation *inv, struct output_file *file,
				struct fault *fault)
{
	const struct report_options *o = inv->options;
	struct analysed_tape e CLEANUP(analysed_tape_done) = {0};
	struct report_page page CLEANUP(report_page_done) = {0};
	/* Only a page for a browser shows samples. */
	const struct analysed_tape_how how = {
		.gather = &detectors_gather_options,
		.with_probes = o->html || o->present.format == format_named("html"),
	};
	int r = analysed_tape_read(&e, inv->tapes, &o->reading, &how, fault);

	if (r < 0)
		return e.playback ? status_of_playback(e.playback, r, fault) : STATUS_FAILED;
	r = report_page_make(&page, e.gathered, &e.facts, fault);
	if (!r)
		r = page_put(&page, o, file, e.playback, fault);
	return r < 0 ? status_of_result(r, fault) : conditions_judge(&page, o, &e, fault);
}

static enum status report_run(const struct invocation *inv, struct fault *fault)
{
	struct report_outputs *outputs = inv->outputs;
	enum status status = tape_explain(inv, &outputs->html, fault);

	output_file_done(&outputs->html);
	return status;
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
		  "Metrics for --fail-if are at the end. Where fewer than 100 segments of data "
		  "were sent\n"
		  "and 1 to 4 of them retransmitted, there is no retrans_rate: a condition on it "
		  "is not\n"
		  "met, and a note says so.",
	.help = report_help,
	.options = &options,
	.options_size = sizeof(struct report_options),
	.reads_tapes = true,
	.n_tapes = 1,
	.min_operands = 1,
	.max_operands = 1,
	.open = report_open,
	.run = report_run,
};
