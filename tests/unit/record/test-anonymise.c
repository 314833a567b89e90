// SPDX-License-Identifier: MIT
/*
 * anonymise: addresses get ids, code gets symbols, and numbers stay.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

#include "base/io.h"
#include "format/records.h"
#include "record/anonymise.h"
#include "tracepoint/print-fmt.h"

#define TEXT 0xffffffff81000000ULL
#define HEAP 0xffff888100000000ULL

static const char list[] = "ffffffff81000000 T _text\n"
			   "ffffffff81000100 t tcp_ack\n"
			   "ffffffff81000400 T tcp_v4_rcv\n"
			   "ffffffff81000800 D data\n";

struct world {
	char kallsyms[64];
	struct anonymiser *anonymiser;
};

static void world_open_on(struct world *w, const char *arch, bool raw, size_t dense_max)
{
	struct anonymiser_options o = {
		.kallsyms = w->kallsyms, .arch = arch, .raw_pointers = raw, .dense_max = dense_max};
	int fd;

	snprintf(w->kallsyms, sizeof(w->kallsyms), "/tmp/test-anonymise-XXXXXX");
	fd = mkstemp(w->kallsyms);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, list, sizeof(list) - 1), sizeof(list) - 1);
	close(fd);
	assert_int_equal(anonymiser_new(&o, &w->anonymiser, NULL), 0);
}

static void world_open(struct world *w, bool raw, size_t dense_max)
{
	world_open_on(w, "x86_64", raw, dense_max);
}

static void world_close(struct world *w)
{
	anonymiser_free(w->anonymiser);
	unlink(w->kallsyms);
}

static const struct anonymise_field pointer = {.offset = 0, .size = 8, .is_pointer = true};
static const struct anonymise_field number = {.offset = 0, .size = 8};

static void rows64(struct world *w, const struct anonymise_field *f, uint64_t *v, size_t n)
{
	assert_int_equal(anonymise_rows(w->anonymiser, (uint8_t *)v, 8, n, f, 1), 0);
}

static void expect_symbol(struct world *w, uint64_t id, const char *name, uint32_t offset)
{
	struct anonymise_symbols *symbols = anonymiser_new_symbols(w->anonymiser);
	struct cursor c = cursor_of(symbols->records.data, symbols->records.len);
	struct symbol_record r;

	while (symbol_record_decode(&c, &r) == 1) {
		if (r.id != id)
			continue;
		assert_string_equal(r.name, name);
		assert_int_equal(r.offset, offset);
		return;
	}
	fail_msg("no symbol for id %llu", (unsigned long long)id);
}

static void test_anonymise_pointers(void **state)
{
	struct world w;
	uint64_t v[] = {HEAP, 0, HEAP + 64, HEAP, HEAP, TEXT + 0x110, HEAP + 64};
	const uint64_t expected[] = {1, 0, 2, 1, 1, 3, 2};

	world_open(&w, false, 1000);
	rows64(&w, &pointer, v, ARRAY_SIZE(v));
	assert_memory_equal(v, expected, sizeof(v));
	assert_int_equal(anonymiser_new_symbols(w.anonymiser)->n, 1);
	expect_symbol(&w, 3, "tcp_ack", 0x10);
	world_close(&w);
}

static void test_anonymise_longs(void **state)
{
	struct world w;
	uint64_t v[] = {0, 5, 4096, 1ULL << 40, (uint64_t)-1, (uint64_t)-4096, TEXT + 0x400, HEAP};

	world_open(&w, false, 1000);
	rows64(&w, &number, v, ARRAY_SIZE(v));
	assert_int_equal(v[1], 5);
	assert_int_equal(v[2], 4096);
	assert_int_equal(v[3], 1ULL << 40);
	assert_int_equal(v[4], (uint64_t)-1);
	assert_int_equal(v[5], (uint64_t)-4096);
	assert_int_equal(v[6], 1);
	assert_int_equal(v[7], 2);
	expect_symbol(&w, 1, "tcp_v4_rcv", 0);
	world_close(&w);
}

static void test_anonymise_narrow_and_unaligned(void **state)
{
	struct world w;
	const struct anonymise_field f = {.offset = 3, .size = 4, .is_pointer = true};
	const struct anonymise_field beyond = {.offset = 4, .size = 4, .is_pointer = true};
	uint8_t rows[3][7];
	const uint32_t v[] = {0xc1000000, 0xc2000000, 0xc1000000};
	uint32_t got;

	world_open(&w, false, 1000);
	for (size_t i = 0; i < 3; i++) {
		memset(rows[i], 0xee, sizeof(rows[i]));
		memcpy(rows[i] + 3, &v[i], 4);
	}
	assert_int_equal(anonymise_rows(w.anonymiser, rows[0], 7, 3, &beyond, 1), 0);
	assert_int_equal(anonymise_rows(w.anonymiser, rows[0], 7, 3, &f, 1), 0);
	for (size_t i = 0; i < 3; i++) {
		memcpy(&got, rows[i] + 3, 4);
		assert_int_equal(got, i == 1 ? 2 : 1);
		assert_int_equal(rows[i][2], 0xee);
	}
	world_close(&w);
}

/* Beyond the limit equal addresses stay equal, different ones different, and no bits show
 * through. */
static void test_anonymise_beyond_the_limit(void **state)
{
	enum { N = 5000, DENSE = 100 };
	struct world w;
	uint64_t *v = calloc(2 * N, sizeof(*v));
	uint64_t code;

	assert_non_null(v);
	world_open(&w, false, DENSE);
	for (size_t i = 0; i < N; i++)
		v[i] = v[N + i] = HEAP + i * 64;
	rows64(&w, &pointer, v, 2 * N);
	for (size_t i = 0; i < N; i++) {
		assert_int_equal(v[i], v[N + i]);
		if (i < DENSE) {
			assert_int_equal(v[i], i + 1);
			continue;
		}
		assert_true(v[i] >> 63);
		assert_int_not_equal(v[i], HEAP + i * 64);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(v[i], v[k]);
	}
	assert_int_equal(anonymise_code(w.anonymiser, TEXT + 1, &code), 0);
	assert_int_equal(code, DENSE + 1);
	expect_symbol(&w, code, "_text", 1);
	world_close(&w);
	free(v);
}

static void test_anonymise_raw(void **state)
{
	struct world w;
	uint64_t v[] = {HEAP, TEXT + 0x111, 0};
	uint64_t code;

	world_open(&w, true, 1000);
	rows64(&w, &pointer, v, ARRAY_SIZE(v));
	assert_int_equal(v[0], HEAP);
	assert_int_equal(v[1], TEXT + 0x111);
	expect_symbol(&w, TEXT + 0x111, "tcp_ack", 0x11);
	assert_int_equal(anonymise_code(w.anonymiser, TEXT + 0x111, &code), 0);
	assert_int_equal(code, TEXT + 0x111);
	assert_int_equal(anonymiser_new_symbols(w.anonymiser)->n, 1);
	world_close(&w);
}

static void test_anonymise_fields(void **state)
{
	struct trace_format *f = calloc(1, sizeof(*f));
	struct anonymise_field fields[4];

	assert_non_null(f);
	f->n_fields = 4;
	f->fields[0] =
		(struct trace_field){.offset = 0, .size = 8, .is_pointer = true, .is_common = true};
	f->fields[1] = (struct trace_field){.offset = 8, .size = 8, .is_pointer = true};
	f->fields[2] = (struct trace_field){.offset = 16, .size = 4};
	f->fields[3] = (struct trace_field){.offset = 24, .size = 8, .is_long = true};
	assert_int_equal(anonymise_fields(f, fields, 4), 2);
	/* Each element of an array of longs may be an address. */
	f->fields[3] = (struct trace_field){.offset = 24,
					    .size = 16,
					    .is_array = true,
					    .is_long_array = true,
					    .element_size = 8};
	assert_int_equal(anonymise_fields(f, fields, 4), 3);
	assert_int_equal(fields[1].offset, 24);
	assert_int_equal(fields[2].offset, 32);
	assert_int_equal(fields[2].size, 8);
	f->fields[3] = (struct trace_field){.offset = 24, .size = 8, .is_long = true};
	assert_int_equal(anonymise_fields(f, fields, 4), 2);
	assert_int_equal(fields[0].offset, 8);
	assert_true(fields[0].is_pointer);
	assert_int_equal(fields[1].offset, 24);
	assert_false(fields[1].is_pointer);
	free(f);
}

static void test_anonymise_clears_what_no_field_has(void **state)
{
	struct trace_format *f CLEANUP(free_p) = calloc(1, sizeof(*f));
	struct anonymiser *s CLEANUP(anonymiser_free_p) = NULL;
	struct anonymiser_options o = {.kallsyms = "/nonexistent",
				       .dense_max = ANONYMISE_DENSE_MAX};
	struct anonymise_field fields[4];
	uint8_t rows[24];

	f->record_size = 12;
	f->n_fields = 3;
	f->fields[0] = (struct trace_field){.offset = 8, .size = 4};
	f->fields[1] = (struct trace_field){.offset = 0, .size = 2};
	f->fields[2] = (struct trace_field){.offset = 3, .size = 1};
	assert_int_equal(anonymise_fields(f, fields, 4), 2);
	assert_int_equal(anonymiser_new(&o, &s, NULL), 0);
	memset(rows, 0xff, sizeof(rows));
	assert_int_equal(anonymise_rows(s, rows, 12, 2, fields, 2), 0);
	for (size_t i = 0; i < sizeof(rows); i++)
		assert_int_equal(rows[i], i % 12 == 2 || (i % 12 >= 4 && i % 12 < 8) ? 0 : 0xff);
}

/* Is a value in a field of a real format file replaced on a host of an architecture? The layouts of
 * aarch64 are those of x86_64. */
static const struct {
	const char *arch, *format, *field;
	uint64_t value;
	bool is_replaced;
} by_arch[] = {
#define READY	"x86_64-6.18/sock.sk_data_ready"
#define LIMIT	"x86_64-6.18/sock.sock_exceed_buf_limit"
#define LIMIT_S "s390x-6.1/sock.sock_exceed_buf_limit"
#define LIMIT_I "i386-6.1/sock.sock_exceed_buf_limit"
	/* A long that goes to %ps is an address, whatever it looks like. */
	{"x86_64", READY, "ip", 0xffffffffc0123456, true},
	{"x86_64", READY, "ip", 0x7f0000001000, true},
	{"aarch64", READY, "ip", 0xffff800080123456, true},
	{"s390x", READY, "ip", 0x123456, true},
	{"s390x", READY, "ip", 0x3ff80123456, true},
	{NULL, READY, "ip", 0x123456, true},
	/* Each value of a pointer is an address. */
	{"x86_64", "x86_64-6.18/skb.kfree_skb", "location", 0xffffffff81000110, true},
	{"aarch64", "x86_64-6.18/skb.kfree_skb", "skbaddr", 0xf5ff000012345680, true},
	{"s390x", "s390x-6.1/skb.kfree_skb", "skbaddr", 0x8a34500, true},
	{"i386", "i386-6.1/skb.kfree_skb", "skbaddr", 0x81234500, true},
	{"i386", "i386-6.1/skb.kfree_skb", "location", 0xc1000110, true},
	/* A long that is shown in decimal is a number, unless no count is that large. */
	{"x86_64", LIMIT, "allocated", 1 << 20, false},
	{"x86_64", LIMIT, "allocated", (uint64_t)-5, false},
	{"x86_64", LIMIT, "allocated", HEAP, true},
	{"aarch64", LIMIT, "allocated", 0xffff000012345680, true},
	{"aarch64", LIMIT, "allocated", 0xfff0000012345680, true},
	{"aarch64", LIMIT, "allocated", 0x1234567890, false},
	{"s390x", LIMIT_S, "allocated", 0x8a34500, false},
	{"s390x", LIMIT_S, "allocated", (uint64_t)-70000, false},
	{"i386", LIMIT_I, "allocated", 0x100000, false},
	{"i386", LIMIT_I, "allocated", (uint32_t)-70000, false},
	/* The value decides about a long that `print fmt` does not show in decimal. */
	{"x86_64", NULL, "any", 1ULL << 40, false},
	{"x86_64", NULL, "any", HEAP, true},
	{"x86_64", NULL, "any", 0xff11000012345680, true},
	{"x86_64", NULL, "any", (uint64_t)-65536, false},
	{"aarch64", NULL, "any", 0xffff800080123456, true},
	{"aarch64", NULL, "any", 0xfff8000080123456, true},
	{"aarch64", NULL, "any", 0xf7ff000012345680, true},
	{"aarch64", NULL, "any", 0x0000ffff12345680, false},
	{"ppc64le", NULL, "any", 0xc000000012345680, true},
	{"riscv64", NULL, "any", 0xffffffd812345680, true},
	{"loongarch64", NULL, "any", 0x9000000012345680, true},
	{"s390x", NULL, "any", 0x8a34500, true},
	{"s390x", NULL, "any", 0x3ff80123456, true},
	{"s390x", NULL, "any", 4095, false},
	{"s390x", NULL, "any", (uint64_t)-22, false},
	{"sparc64", NULL, "any", 0x8a34500, true},
	{"i386", NULL, "any", 0xc1000110, true},
	{"i386", NULL, "any", 0x81000110, true},
	{"i386", NULL, "any", 0x40001000, true},
	{"i386", NULL, "any", 0x10000000, false},
	{"i386", NULL, "any", (uint32_t)-22, false},
};

/* Without a name the format has one long that is shown in hexadecimal. */
static void read_format(struct trace_format *f, const char *name, bool is_32_bit)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	char path[300], plain[256];

	if (!name) {
		int n = snprintf(
			plain, sizeof(plain),
			"name: e\nID: 7\nformat:\n\tfield:int common_pid;\toffset:4;\tsize:4;\t"
			"signed:1;\n\n\tfield:unsigned long any;\toffset:8;\t"
			"size:%d;\tsigned:0;\n\nprint fmt: \"%%lx\", REC->any\n",
			is_32_bit ? 4 : 8);

		assert_int_equal(buffer_append(&b, plain, (size_t)n), 0);
	} else {
		snprintf(path, sizeof(path), FIXTURES "/formats/%s.format", name);
		assert_int_equal(io_read_file(path, 65536, &b), 0);
	}
	assert_int_equal(trace_format_parse((char *)b.data, b.len, f, NULL), 0);
	print_fmt_read((char *)b.data, b.len, f);
}

/* A row is in the byte order of this machine. */
static void put_field(uint8_t *row, const struct trace_field *f, uint64_t value)
{
	uint32_t half = (uint32_t)value;

	memcpy(row + f->offset, f->size == 4 ? (void *)&half : (void *)&value, f->size);
}

static uint64_t field_value(const uint8_t *row, const struct trace_field *f)
{
	uint64_t value;
	uint32_t half;

	memcpy(&half, row + f->offset, sizeof(half));
	if (f->size == 4)
		return half;
	memcpy(&value, row + f->offset, sizeof(value));
	return value;
}

static void test_anonymise_by_architecture_and_format(void **state)
{
	struct trace_format *f CLEANUP(free_p) = calloc(1, sizeof(*f));

	assert_non_null(f);
	for (size_t i = 0; i < ARRAY_SIZE(by_arch); i++) {
		struct anonymise_field fields[16];
		const struct trace_field *field;
		uint8_t row[256] = {0};
		struct world w;
		uint64_t got;
		size_t n;

		read_format(f, by_arch[i].format, by_arch[i].arch && by_arch[i].arch[0] == 'i');
		field = trace_format_field(f, by_arch[i].field);
		assert_non_null(field);
		put_field(row, field, by_arch[i].value);
		world_open_on(&w, by_arch[i].arch, false, 1000);
		n = anonymise_fields(f, fields, ARRAY_SIZE(fields));
		assert_int_equal(anonymise_rows(w.anonymiser, row, sizeof(row), 1, fields, n), 0);
		world_close(&w);
		got = field_value(row, field);
		if (got != (by_arch[i].is_replaced ? 1 : by_arch[i].value))
			fail_msg("%s: %s of %s: %llx became %llx",
				 by_arch[i].arch ? by_arch[i].arch : "no architecture",
				 by_arch[i].field, by_arch[i].format ? by_arch[i].format : "a long",
				 (unsigned long long)by_arch[i].value, (unsigned long long)got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_anonymise_pointers),
		cmocka_unit_test(test_anonymise_longs),
		cmocka_unit_test(test_anonymise_narrow_and_unaligned),
		cmocka_unit_test(test_anonymise_beyond_the_limit),
		cmocka_unit_test(test_anonymise_raw),
		cmocka_unit_test(test_anonymise_fields),
		cmocka_unit_test(test_anonymise_clears_what_no_field_has),
		cmocka_unit_test(test_anonymise_by_architecture_and_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
