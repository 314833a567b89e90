// SPDX-License-Identifier: MIT
/*
 * check: the command that verifies every byte of a tape. With --salvage it copies the undamaged
 * sections to another file.
 */
#include <errno.h>
#include <unistd.h>

#include "base/units.h"
#include "cli/audited-tape.h"
#include "cli/commands.h"
#include "cli/output-file.h"
#include "cli/status.h"
#include "playback/caveats.h"
#include "tape/check.h"

struct check_options {
	const char *salvage;
};

static const struct option_spec specs[] = {
	{"salvage", 0, "OUT", "write what is whole to the new file OUT", option_str,
	 offsetof(struct check_options, salvage), NULL},
};
static const struct option_table options = {.specs = specs, .n_specs = ARRAY_SIZE(specs)};

static void count_line(struct text *t, const char *what, uint64_t n)
{
	if (!n)
		return;
	text_printf(t, "  %-28s ", what);
	units_count(t, n);
	text_char(t, '\n');
}

static bool result_is_whole(const struct check_result *c)
{
	return !tape_damage_any(&c->damage) && !c->bad_chunks && !c->missing_rows &&
	       (!c->has_final_tally || c->rows_match_tally);
}

static void result_text(const struct check_result *c, const char *path, struct text *t)
{
	text_safe(t, path, strlen(path));
	text_str(t, result_is_whole(c) ? ": whole: " : ": damaged: what is whole: ");
	units_count(t, c->n_sections);
	text_str(t, " sections, ");
	units_count(t, c->n_rows);
	text_str(t, " rows, ");
	units_count(t, c->bytes);
	text_str(t, " bytes\n");
	count_line(t, "damaged sections", c->damage.bad_sections);
	count_line(t, "malformed chunks", c->bad_chunks);
	count_line(t, "missing sections", c->damage.missing_sections);
	count_line(t, "missing rows", c->missing_rows);
	count_line(t, "rows without a format", c->damage.undescribed_rows);
	count_line(t, "bytes in no whole section", c->damage.skipped_bytes);
	count_line(t, "sections of unknown kind", c->damage.unknown_sections);
	/* The tape is whole; the recording is not. */
	count_line(t, "CPUs that came online late", c->n_gaps);
	if (c->damage.first_what[0]) {
		text_printf(
			t, "  first damage at byte %llu: ", (unsigned long long)c->damage.first_at);
		text_safe(t, c->damage.first_what, strlen(c->damage.first_what));
		text_char(t, '\n');
	}
	if (c->damage.is_cut)
		text_str(t, "  the tape ends in the middle of a section\n");
	else if (c->damage.is_unfinished)
		text_str(t,
			 "  the tape has no end: its recorder was killed, or is still writing\n");
	if (c->has_final_tally && !c->rows_match_tally)
		text_str(t, "  the rows are not as many as the recorder counted\n");
}

/* What the kernel counted itself, against the tape: only what is not accounted for. */
static void audit_text(const struct audited_tape *a, struct text *t)
{
	uint64_t n;

	if (!a->is_done || !audit_unaccounted(&a->audit, &n))
		return;
	if (!n)
		text_str(t, "  the tape has all that the kernel counted, or it is known why not\n");
	for (size_t i = 0; i < a->audit.n; i++) {
		if (!a->audit.rows[i].unaccounted)
			continue;
		text_str(t, "  ");
		audit_row_text(&a->audit.rows[i], t);
		text_char(t, '\n');
	}
}

static void salvage_text(const struct check_result *c, const char *path, struct text *t)
{
	text_str(t, "  ");
	text_safe(t, path, strlen(path));
	text_str(t, " holds what is whole");
	if (c->damage.undescribed_rows)
		text_str(t, ", the rows without a format too");
	text_char(t, '\n');
}

/* What check opens before the sandbox is put on. */
struct check_outputs {
	struct output_file salvage;
	int copy_fd;	    /* audited_tape_copy() */
	int descriptors[3]; /* those of salvage, and copy_fd */
};

static enum status check_open(struct invocation *inv, struct fault *fault)
{
	const struct new_file_options how = {
		.option = "--salvage", .mode = 0600, .must_be_new = true};
	const struct check_options *o = inv->options;
	struct check_outputs *outputs = arena_alloc(inv->arena, sizeof(*outputs));

	inv->outputs = outputs;
	if (!outputs)
		return status_of_result(fault_no_memory(fault), fault);
	outputs->salvage = OUTPUT_FILE_NONE;
	if (o->salvage && output_file_open(o->salvage, &how, &outputs->salvage, fault) < 0)
		return STATUS_FAILED;
	output_file_descriptors(&outputs->salvage, outputs->descriptors);
	outputs->copy_fd = outputs->descriptors[2] = audited_tape_copy(inv->tapes);
	inv->needs.outputs = outputs->descriptors;
	inv->needs.n_outputs = ARRAY_SIZE(outputs->descriptors);
	return STATUS_DONE;
}

/* Writes the file out, and gives it its name. */
static int salvage_keep(struct output_file *f, struct fault *fault)
{
	if (fsync(f->file.fd) < 0 && errno != EINVAL)
		return fault_errno(fault, -errno, "%s", f->file.path);
	return output_file_keep(f, fault);
}

static int tape_verify(const struct invocation *inv, struct check_result *ret,
		       struct audited_tape *ret_audited, struct fault *fault)
{
	const struct check_options *o = inv->options;
	struct tape_reader *reader CLEANUP(tape_reader_close_p) = NULL;
	struct check_outputs *outputs = inv->outputs;
	struct sink sink = sink_fd(outputs->salvage.file.fd, o->salvage);
	int r = audited_tape_open(ret_audited, inv->tapes, outputs->copy_fd, &reader, fault);

	if (r < 0)
		return r;
	r = tape_check(reader, o->salvage ? &sink : NULL, ret, fault);
	/* What was written before a disk was full is a tape, too. */
	if (o->salvage && (!r || sink.written)) {
		int kept = salvage_keep(&outputs->salvage, fault);

		r = r ? r : kept;
	}
	return r ? r : audited_tape_make(ret_audited, reader, 0, fault);
}

static enum status check_tape(const struct invocation *inv, struct fault *fault)
{
	const struct check_options *o = inv->options;
	struct text t CLEANUP(text_done) = {0};
	struct check_result result = {0};
	struct audited_tape audited CLEANUP(audited_tape_done) = {.copy.fd = -1};
	int r = tape_verify(inv, &result, &audited, fault);

	if (r < 0)
		return STATUS_FAILED;
	result_text(&result, tape_name(inv->operands[0]), &t);
	audit_text(&audited, &t);
	if (o->salvage)
		salvage_text(&result, o->salvage, &t);
	r = print_out(&t, fault);
	if (r < 0)
		return STATUS_FAILED;
	if (result_is_whole(&result))
		return STATUS_DONE;
	fault_set(fault, -EBADMSG, "%s: damaged or cut%s", tape_name(inv->operands[0]),
		  o->salvage ? "" : " (--salvage OUT writes what is whole)");
	return STATUS_DAMAGED;
}

static enum status check_run(const struct invocation *inv, struct fault *fault)
{
	struct check_outputs *outputs = inv->outputs;
	enum status status = check_tape(inv, fault);

	output_file_done(&outputs->salvage);
	return status;
}

const struct command command_check = {
	.name = "check",
	.summary = "verify every byte; --salvage OUT writes what is whole",
	.usage = "TAPE",
	.options = &options,
	.options_size = sizeof(struct check_options),
	.reads_tapes = true,
	.n_tapes = 1,
	.min_operands = 1,
	.max_operands = 1,
	.open = check_open,
	.run = check_run,
};
