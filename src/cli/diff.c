// SPDX-License-Identifier: MIT
/*
 * diff: the command that shows what changed between two tapes.
 */
#include <errno.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/analysed-tape.h"
#include "cli/present.h"
#include "pages/diff-page.h"
#include "cli/status.h"
#include "detect/detectors.h"

struct diff_options {
	struct present_options present;
	struct tape_options reading;
};

#define AT(member) offsetof(struct diff_options, member)

static const struct option_spec specs[] = {
	{"rules", 0, NULL, "in text, too: when a change counts as one", option_flag,
	 AT(present.with_rules), NULL},
};
static const struct option_table rules_options = {.specs = specs, .n_specs = ARRAY_SIZE(specs)};
static const struct option_part option_parts[] = {
	{NULL, &document_option_table, AT(present)},
	{NULL, &rules_options, 0},
	{NULL, &color_option_table, AT(present)},
	{NULL, &tape_option_table, AT(reading)},
};
static const struct option_table options = {.parts = option_parts,
					    .n_parts = ARRAY_SIZE(option_parts)};

/* Damage of either tape is damage of the comparison. */
static enum status diff_status(const struct analysed_tape e[2], struct fault *fault)
{
	enum status status = status_of_playback(e[0].playback, 0, fault);

	return status ? status : status_of_playback(e[1].playback, 0, fault);
}

static enum status tapes_compare(const struct diff_options *o, const struct analysed_tape e[2],
				 struct fault *fault)
{
	const struct gathered *const gathered[2] = {e[0].gathered, e[1].gathered};
	const struct tape_facts *const facts[2] = {&e[0].facts, &e[1].facts};
	struct diff_page page CLEANUP(diff_page_done) = {0};
	const struct tape_clock clock = playback_clock(e[1].playback);
	int r = diff_page_make(&page, gathered, facts, fault);

	if (!r)
		r = present_document(&o->present, o->reading.time, &clock, &page.document, fault);
	return r < 0 ? status_of_result(r, fault) : diff_status(e, fault);
}

static enum status diff_run(const struct invocation *inv, struct fault *fault)
{
	const struct diff_options *o = inv->options;
	const struct analysed_tape_how how = {.gather = &detectors_gather_options};
	struct analysed_tape e[2] = {0};
	enum status status;
	int r = 0;

	for (int i = 0; !r && i < 2; i++)
		r = analysed_tape_read(&e[i], &inv->tapes[i], &o->reading, &how, fault);
	status = r < 0 ? status_of_result(r, fault) : tapes_compare(o, e, fault);
	analysed_tape_done(&e[0]);
	analysed_tape_done(&e[1]);
	return status;
}

const struct command command_diff = {
	.name = "diff",
	.summary = "what changed between two tapes",
	.usage = "BEFORE AFTER",
	.detail = "Retransmissions, timeouts, resets, failed connects and retransmitted SYN-ACKs, "
		  "measured\n"
		  "against the traffic of each tape (against time where it is not known), for all "
		  "and\n"
		  "per cause, peer, network, port, destination and process name. Only changes that "
		  "are\n"
		  "too large to be chance are named, each once. A port that only one tape has is "
		  "matched by\n"
		  "the program that serves it; what is on one tape only is new or gone, and no "
		  "change.",
	.options = &options,
	.options_size = sizeof(struct diff_options),
	.reads_tapes = true,
	.n_tapes = 2,
	.min_operands = 2,
	.max_operands = 2,
	.run = diff_run,
};
