// SPDX-License-Identifier: MIT
/* Writes the seeds of the corpora that are committed: make-corpus DIRECTORY. */
#include <stdio.h>
#include <sys/stat.h>

#include "format/chunk.h"
#include "support/random-tape.h"
#include "support/tape-script.h"

static const char *const scripts[] = {
	"host kernel 6.18\nfinish\n",
	"host os_endian big\nhost long_size 4\nhost pointers raw\n"
	"clock 1 2 3 4\nclock 5 6 7 8\nabsent tcp x gone\nfinish\n",
	"format 0 tcp a v:4\nrow 0 0 100 v=1\nrow 0 1 90 v=2\nmark 95\nrow 0 0 96 v=3\nmark 200\n"
	"tally 0 0 3 3 0 final\nfinish\n",
	"format 0 tcp a chain v:4\nchain 1 77 78\nsymbol 77 4 tcp_ack\nrow 0 0 100 chain=1 v=1\n"
	"row 0 0 50 v=2\nmark 0\ntask 1 snapshot 1 1 0 init\ntask 60 fork 2 2 1\n"
	"task 55 comm 2 2 0 sh\ntask 70 exit 2 2 0\nmark 200\nloss 0 5 1 2\nfinish\n",
	"format 0 tcp a v:4\nunknown 99 010203\nrow 0 0 1 v=1\nmark 2\n",
	"format 0 tcp a b:1 c:100\nrow 0 0 18446744073709551615 b=1\nrow 0 0 1\nrow 0 3 7\nmark 5\n"
	"format 1 sock d e:2\nrow 1 0 3\nrow 0 0 18446744073709551614\nmark 18446744073709551615\n",
};

static int save(const char *directory, const char *target, unsigned int number, const void *data,
		size_t size)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", directory, target);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/seed-%02u", directory, target, number);
	f = fopen(path, "wb");
	if (!f || fwrite(data, 1, size, f) != size || fclose(f)) {
		perror(path);
		return 1;
	}
	return 0;
}

static int save_tapes(const char *directory)
{
	unsigned int n = 0;
	int failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++, n++) {
		struct buffer b CLEANUP(buffer_done) = tape_script(scripts[i]);

		failed |= save(directory, "reader", n, b.data, b.len);
		failed |= save(directory, "merge", n, b.data, b.len);
	}
	for (uint32_t seed = 1; seed <= 4; seed++, n++) {
		struct random_options o = {.seed = seed,
					   .n_rows = seed * 9,
					   .n_cpus = seed,
					   .n_tracepoints = 1 + seed % 3,
					   .block_max = 12,
					   .has_nesting = seed & 1,
					   .has_jumps = seed & 2};
		struct random_tape t = random_tape(&o);

		failed |= save(directory, "merge", n, t.tape.data, t.tape.len);
		random_tape_done(&t);
	}
	return failed;
}

static int save_columns(const char *directory)
{
	static const uint8_t shapes[][2] = {{0, 0}, {3, 1}, {15, 0}, {16, 3}, {91, 0}};
	uint8_t data[2 + 1024];
	int failed = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(shapes); i++) {
		data[0] = shapes[i][0];
		data[1] = shapes[i][1];
		for (size_t k = 2; k < sizeof(data); k++)
			data[k] = (uint8_t)(k * k + i);
		failed |= save(directory, "columns", i, data, sizeof(data));
	}
	for (uint8_t flags = 0; flags <= CHUNK_HAS_CHAIN; flags++) {
		struct chunk_run runs[2] = {{1, 2, 1000}, {0, 3, 900}};
		size_t len = chunk_payload_len(5, 2, 7, flags, 2);
		uint8_t *at = chunk_head_encode(data + 2, 7, flags, 2, 2);

		data[0] = 4;
		at = chunk_run_encode(at, &runs[0]);
		chunk_run_encode(at, &runs[1]);
		failed |= save(directory, "columns", 10u + flags, data, 2 + len);
	}
	return failed;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	return save_tapes(argv[1]) | save_columns(argv[1]);
}
