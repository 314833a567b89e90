// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "tracepoint/catalog.h"

/* The fuzz targets, over what a few bytes of mischief make of every format file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t seed = 1;

static uint32_t next_random(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static void mutate(uint8_t *data, size_t from, size_t size)
{
	static const char *const words[] = {"REC->",
					    "0",
					    "65535",
					    "4294967295",
					    "-1",
					    "[",
					    "]",
					    "(",
					    ")",
					    "%s",
					    "%d",
					    "%pISpc",
					    "%*d",
					    "{",
					    "}",
					    "?",
					    ":",
					    "/",
					    "\"",
					    "\\",
					    ",",
					    ";\n",
					    "\n\n",
					    "__data_loc ",
					    "__get_str(",
					    "__print_symbolic(",
					    "__print_flags(",
					    "size:0;",
					    "offset:65500;",
					    "signed:1;",
					    "char ",
					    "long "};

	for (uint32_t n = 1 + next_random() % 4; n; n--) {
		size_t at = from + next_random() % (size - from);
		const char *word = words[next_random() % ARRAY_SIZE(words)];
		size_t len = strlen(word), other = from + next_random() % (size - from);

		switch (next_random() % 3) {
		case 0: data[at] = next_random(); break;
		case 1: memcpy(data + at, word, len < size - at ? len : size - at); break;
		default:
			len = next_random() % 24;
			if (at + len <= size && other + len <= size)
				memmove(data + at, data + other, len);
		}
	}
}

static size_t catalog_index(const struct fixture *f)
{
	return catalog_find(f->system, f->name) - tracepoint_catalog;
}

static void check_mutations(struct fixture *f)
{
	size_t row_len = f->format.record_size, size = 4 + row_len + f->text.len;
	uint8_t *data = malloc(size);

	assert_non_null(data);
	for (int i = 0; i < MUTATIONS; i++) {
		data[0] = f->meta.is_big_endian | (f->meta.long_size == 4) << 1;
		data[1] = catalog_index(f);
		data[2] = row_len & 0xff;
		data[3] = row_len >> 8;
		for (size_t k = 4; k < 4 + row_len; k++)
			data[k] = next_random();
		memcpy(data + 4 + row_len, f->text.data, f->text.len);
		mutate(data, 4 + row_len, size);
		LLVMFuzzerTestOneInput(data, size);
	}
	free(data);
}

static void test_mutation_of_every_format(void **state)
{
	assert_true(fixture_each(check_mutations) > 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutation_of_every_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
