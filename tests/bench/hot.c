// SPDX-License-Identifier: MIT
/*
 * hot: runs the recorder's hot path without a kernel, writes tapes of known content, and measures
 * what commands cost. scripts/bench runs it, under callgrind for the first two.
 */
#include "bench/hot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct child {
	const char *name;
	int n_args; /* how many it needs */
	int (*run)(int argc, char **argv);
	const char *usage;
} commands[] = {
	{"drain", 3, drain_main,
	 "drain EVENTS CPUS RUN    out of rings, RUN events per CPU at a time, into a tape that\n"
	 "                             is thrown away"},
	{"tape", 3, tape_main, "tape FILE EVENTS CPUS    write a tape"},
	{"cost", 1, cost_main,
	 "cost COMMAND...          run it without its output; print its seconds, CPU seconds and\n"
	 "                             peak memory in KiB"},
};

void must(int r, const struct fault *fault)
{
	if (r < 0) {
		fprintf(stderr, "hot: %s\n", fault->text[0] ? fault->text : strerror(-r));
		exit(1);
	}
}

unsigned long hot_number(const char *text, unsigned long from, unsigned long to)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!*text || *end || n < from || n > to) {
		fprintf(stderr, "hot: %s: not a number from %lu to %lu\n", text, from, to);
		exit(2);
	}
	return n;
}

void hot_places(const struct rows *r, struct block_tracepoint *ret)
{
	for (size_t i = 0; i < ROWS_TRACEPOINTS; i++)
		ret[i].n_fields = anonymise_fields(&r->tracepoints[i].format, ret[i].fields,
						   BLOCK_FIELDS_MAX);
}

static int put_host(struct tape_writer *w, struct fault *fault)
{
	static const struct host_record records[] = {
		{"host", "hot"},	 {"kernel", "6.18"}, {"arch", "x86_64"},
		{"os_endian", "little"}, {"long_size", "8"}, {"clock", "monotonic"},
	};
	struct section_spec spec = {.kind = TAPE_KIND_HOST, .count = ARRAY_SIZE(records)};
	struct buffer b CLEANUP(buffer_done) = {0};
	int r = 0;

	for (size_t i = 0; !r && i < ARRAY_SIZE(records); i++)
		r = host_record_encode(&b, &records[i]);
	return r < 0 ? r : tape_writer_section(w, &spec, b.data, b.len, fault);
}

static int put_clock(struct tape_writer *w, struct fault *fault)
{
	const struct clock_record record = {.real_ns = 1767225600000000000ll};
	struct section_spec spec = {.kind = TAPE_KIND_CLOCK, .count = 1};
	struct buffer b CLEANUP(buffer_done) = {0};
	int r = clock_record_encode(&b, &record);

	return r < 0 ? r : tape_writer_section(w, &spec, b.data, b.len, fault);
}

static int put_format(struct tape_writer *w, const struct rows_tracepoint *tp, uint32_t i,
		      struct fault *fault)
{
	const struct format_record record = {
		.kernel_id = tp->format.id,
		.has_chain = tp->has_chain,
		.system = tp->system,
		.name = tp->name,
		.text = (const char *)tp->text.data,
	};
	struct section_spec spec = {.kind = TAPE_KIND_FORMAT, .subject = i, .count = 1};
	struct buffer b CLEANUP(buffer_done) = {0};
	int r = format_record_encode(&b, &record);

	return r < 0 ? r : tape_writer_section(w, &spec, b.data, b.len, fault);
}

int hot_begin(const struct rows *rows, struct tape_writer *w, struct fault *fault)
{
	int r = put_host(w, fault);

	if (!r)
		r = put_clock(w, fault);
	for (uint32_t i = 0; !r && i < ROWS_TRACEPOINTS; i++)
		r = put_format(w, &rows->tracepoints[i], i, fault);
	return r;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i].name) && argc - 2 >= commands[i].n_args)
			return commands[i].run(argc - 1, argv + 1);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(stderr, "hot %s\n", commands[i].usage);
	return 2;
}
