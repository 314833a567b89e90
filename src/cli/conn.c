// SPDX-License-Identifier: MIT
/*
 * conn: the command that tells the story of one connection. Where the user names none, it is the
 * worst of the tape: a file is read twice then, first to find that one.
 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/analysed-tape.h"
#include "cli/commands.h"
#include "cli/present.h"
#include "cli/status.h"
#include "pages/conn-page.h"
#include "tcp/conn-pick.h"

struct conn_options {
	struct present_options present;
	struct conn_pick pick; /* by an option */
	struct tape_options reading;
};

static int pick_set(struct conn_pick *pick, enum conn_pick_by by, const char *arg, int base,
		    struct fault *fault)
{
	char *end;

	if (pick->by != CONN_PICK_ANY)
		return fault_set(fault, -EINVAL, "--sk, --cookie and --number exclude each other");
	if (!isxdigit((unsigned char)arg[0]))
		return -EINVAL;
	errno = 0;
	pick->id = strtoull(arg, &end, base);
	if (errno || *end || !pick->id)
		return -EINVAL;
	pick->by = by;
	return 0;
}

/* Ids are hexadecimal wherever they are shown. */
static int sk_set(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	return pick_set(value, CONN_PICK_SK, arg, 16, fault);
}

static int cookie_set(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	return pick_set(value, CONN_PICK_COOKIE, arg, 10, fault);
}

static int number_set(void *value, const char *arg, struct arena *arena, struct fault *fault)
{
	return pick_set(value, CONN_PICK_NUMBER, arg, 10, fault);
}

#define AT(member) offsetof(struct conn_options, member)

static const struct option_spec specs[] = {
	{"sk", 0, "ID", "the connection of this socket id (0x1f, as JSON has it)", sk_set, AT(pick),
	 NULL},
	{"cookie", 0, "N", "the connection whose socket has this cookie (as in ss -e)", cookie_set,
	 AT(pick), NULL},
	{"number", 0, "N", "connection number N of the tape, as this command shows it", number_set,
	 AT(pick), NULL},
	{"all", 0, NULL, "every event by itself: none merged, none left out", option_flag,
	 AT(present.with_all), NULL},
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

/* How much is kept of a connection; with --all, as much as memory is to be taken for. */
static struct history_limits limits_of(const struct conn_options *o)
{
	return o->present.with_all
		       ? (struct history_limits){.events_max = 500000,
						 .keeps_each = true,
						 .samples_each = 262144}
		       : (struct history_limits){.events_max = 4096, .samples_each = 4096};
}

/* The connection that the user names: by operands, or by an option. */
static int pick_of(const struct invocation *inv, struct conn_pick *ret, struct fault *fault)
{
	const struct conn_options *o = inv->options;
	struct text t CLEANUP(text_done) = {0};

	*ret = o->pick;
	if (inv->n_operands < 2)
		return 0;
	if (o->pick.by != CONN_PICK_ANY)
		return fault_set(fault, -EINVAL, "%s: an option names the connection already",
				 inv->operands[1]);
	for (int i = 1; i < inv->n_operands; i++) {
		text_str(&t, i > 1 ? " " : "");
		text_str(&t, inv->operands[i]);
	}
	return conn_pick_parse(text_cstr(&t), ret, fault);
}

/* Finds the worst connection of a file, by the measure of the report. */
static int pick_worst(const struct invocation *inv, struct conn_pick *pick, uint64_t *ret_n,
		      struct fault *fault)
{
	const struct gather_options gather = {0};
	const struct analysed_tape_how how = {.gather = &gather, .with_probes = true};
	const struct conn_options *o = inv->options;
	struct analysed_tape e CLEANUP(analysed_tape_done) = {0};
	int r = analysed_tape_read(&e, inv->tapes, &o->reading, &how, fault);

	if (r < 0)
		return r;
	assert(e.gathered);
	*ret_n = e.gathered->worst_conns.n_offered;
	if (*ret_n)
		*pick = (struct conn_pick){.by = CONN_PICK_NUMBER,
					   .id = e.gathered->worst_conns.items[0].id};
	return 0;
}

static int page_put(const struct conn_options *o, const struct conn_pick *pick, uint64_t n_conns,
		    struct analysed_tape *e, struct fault *fault)
{
	struct conn_page page CLEANUP(conn_page_done) = {0};
	const struct tape_clock clock = playback_clock(e->playback);
	struct text t CLEANUP(text_done) = {0};
	int r;

	conn_pick_text(pick, &t);
	if (!e->gathered->story.is_known)
		return fault_set(fault, -ENOENT,
				 "%s: no connection%s%s: tcptape life lists those of a tape",
				 e->facts.tape, t.len && !n_conns ? " fits " : "",
				 t.len && !n_conns ? text_cstr(&t) : "");
	r = conn_page_make(&page, e->gathered, &e->facts, n_conns, fault);
	return r < 0 ? r
		     : present_document(&o->present, o->reading.time, &clock, &page.document,
					fault);
}

static enum status conn_run(const struct invocation *inv, struct fault *fault)
{
	const struct conn_options *o = inv->options;
	const struct history_limits limits = limits_of(o);
	struct conn_pick pick;
	const struct gather_options gather = {.pick = &pick, .limits = &limits};
	const struct analysed_tape_how how = {.gather = &gather, .with_probes = true};
	struct analysed_tape e CLEANUP(analysed_tape_done) = {0};
	uint64_t n_conns = 0;
	bool is_named;
	int r = pick_of(inv, &pick, fault);

	if (r < 0)
		return STATUS_USAGE;
	is_named = pick.by != CONN_PICK_ANY;
	if (!is_named && !tape_file_is_stream(inv->tapes))
		r = pick_worst(inv, &pick, &n_conns, fault);
	if (!r)
		r = analysed_tape_read(&e, inv->tapes, &o->reading, &how, fault);
	if (r < 0)
		return e.playback ? status_of_playback(e.playback, r, fault) : STATUS_FAILED;
	assert(e.gathered);
	if (!is_named)
		n_conns = n_conns ? n_conns : e.gathered->worst_conns.n_offered;
	r = page_put(o, &pick, n_conns, &e, fault);
	return status_of_playback(e.playback, r, fault);
}

const struct command command_conn = {
	.name = "conn",
	.summary = "one connection's story, from birth to end",
	.usage = "TAPE [WHICH]",
	.detail =
		"WHICH is a connection, 10.0.0.1:5001-10.0.0.2:80 or [2001:db8::1]:5001-..., or "
		"one "
		"end of\n"
		"it; --sk, --cookie and --number name one, too. Without any, the story is that of "
		"the worst\n"
		"connection of the tape, by the measure of the report. Where several fit, it is "
		"that of the\n"
		"worst of them, and the others follow, each with the option that picks it. Of a "
		"long life\n"
		"the middle is left out of text and Markdown, and --all shows it. The congestion "
		"window,\n"
		"the round trip and so on are shown over time: from the samples of connections "
		"in trouble, and\n"
		"where tcp:tcp_probe was recorded (record -p all, or -e tcp:tcp_probe).",
	.options = &options,
	.options_size = sizeof(struct conn_options),
	.reads_tapes = true,
	.n_tapes = 1,
	.min_operands = 1,
	.max_operands = 3,
	.run = conn_run,
};
