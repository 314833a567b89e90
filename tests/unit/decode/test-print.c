// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <event-parse.h>
#include <stdio.h>
#include <string.h>

#include "decode/print-guard.h"
#include "fixture.h"

/* Puts numbers in the places of enumerators that the kernel has not resolved. */
static void resolve(const struct buffer *text, struct text *to)
{
	static const char *const states[] = {
		"ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
		"CLOSE",       "CLOSE_WAIT", "LAST_ACK", "LISTEN",    "CLOSING",   "NEW_SYN_RECV",
	};
	const char *at = (const char *)text->data, *end = at + text->len;

	while (at < end) {
		bool is_found = false;

		for (unsigned int i = 0; i < ARRAY_SIZE(states) && !is_found; i++) {
			char name[32];
			int n = snprintf(name, sizeof(name), "{ TCP_%s,", states[i]);

			if (end - at < n || memcmp(at, name, (size_t)n))
				continue;
			text_printf(to, "{ %u,", i + 1);
			at += n;
			is_found = true;
		}
		if (!is_found)
			text_char(to, *at++);
	}
}

static void print_by_library(struct fixture *f, struct tape_row *row, struct trace_seq *s)
{
	struct text text CLEANUP(text_done) = {0};
	struct tep_handle *h = tep_alloc();
	struct tep_record record = {.data = f->row, .size = (int)row->len};

	assert_non_null(h);
	tep_set_loglevel(TEP_LOG_NONE);
	tep_set_file_bigendian(h, f->meta.is_big_endian ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(h, tep_is_bigendian() ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_long_size(h, f->meta.long_size);
	resolve(&f->text, &text);
	assert_int_equal(tep_parse_event(h, text.data, text.len, f->system), 0);
	trace_seq_init(s);
	tep_print_event(h, s, &record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(s);
	tep_free(h);
}

static void fill(struct fixture *f, uint32_t seed)
{
	size_t from = fixture_field(f, "common_pid")->offset + 4;

	for (size_t i = from; i < f->format.record_size; i++) {
		seed = seed * 1664525 + 1013904223;
		f->row[i] = seed >> 24;
	}
	/* libtraceevent takes all numbers as unsigned ones. */
	for (size_t i = 0; i < f->format.n_fields; i++) {
		const struct trace_field *field = &f->format.fields[i];
		size_t top = f->meta.is_big_endian ? 0 : field->size - 1u;

		if (field->is_signed && !field->is_array)
			f->row[field->offset + top] &= 0x7f;
	}
	/* Small numbers are the ones that have words. */
	if (seed & 1) {
		fixture_put(f, "state", seed % 14);
		fixture_put(f, "oldstate", seed % 13);
		fixture_put(f, "reason", seed % 90);
		fixture_put(f, "family", seed & 2 ? 2 : 10);
		fixture_put(f, "protocol", 6);
	}
}

/* Where libtraceevent is right, what we let it print is what it would print by itself, of the
 * original file: the same as perf script. */
static void check_print(struct fixture *f)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	size_t len;

	/* A library of 32 bits cuts pointers of 64. */
	if (f->meta.long_size > sizeof(long))
		return;
	if (!print_text_find((char *)f->text.data, f->text.len, &f->format, &len))
		fail_msg("%s %s: print format is not let through", f->kernel, f->name);
	assert_int_equal(decoder_new(&f->meta, DECODER_PRINT_ALL, &d, NULL), 0);
	for (uint32_t seed = 1; seed < 20; seed++) {
		struct tape_row row = fixture_row(f);
		struct trace_seq expected;
		struct tcp_event e;

		fill(f, seed * 7919);
		print_by_library(f, &row, &expected);
		assert_int_equal(decoder_event(d, &row, &e, NULL), 0);
		assert_string_equal(e.print, expected.buffer);
		trace_seq_destroy(&expected);
	}
}

static void test_print_equals_libtraceevent(void **state)
{
	assert_true(fixture_each(check_print) > 200);
}

/* The family is in the byte order of the machine that recorded, whatever this one's is. */
static void check_probe(const char *kernel, const char *source, const char *destination)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct fixture f;
	struct tape_row row;
	struct tcp_event e;

	fixture_load(&f, kernel, "tcp", "tcp_probe");
	fixture_put_bytes(&f, "saddr", source, 8);
	fixture_put_bytes(&f, "daddr", destination, 8);
	row = fixture_row(&f);
	assert_int_equal(decoder_new(&f.meta, DECODER_PRINT_ALL, &d, NULL), 0);
	assert_int_equal(decoder_event(d, &row, &e, NULL), 0);
	assert_non_null(strstr(e.print, "src=10.0.0.1:443 dest=10.0.0.2:80 mark=0 data_len=0 "
					"snd_nxt=0 snd_una=0 snd_cwnd=0 ssthresh=0 snd_wnd=0 "
					"srtt=0 rcv_wnd=0 sock_cookie=0"));
	fixture_done(&f);
}

static void test_print_of_a_probe(void **state)
{
	check_probe("x86_64-5.10", "\2\0\1\xbb\x0a\0\0\1", "\2\0\0\x50\x0a\0\0\2");
	check_probe("s390x-6.1", "\0\2\1\xbb\x0a\0\0\1", "\0\2\0\x50\x0a\0\0\2");
}

static void check_text(struct fixture *f, const char *want)
{
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct tape_row row = fixture_row(f);
	struct tcp_event e;

	assert_int_equal(decoder_new(&f->meta, DECODER_PRINT_ALL, &d, NULL), 0);
	assert_int_equal(decoder_event(d, &row, &e, NULL), 0);
	if (!strstr(e.print, want))
		fail_msg("%s %s: not \"%s\" but: %s", f->kernel, f->name, want, e.print);
}

/* What tracefs prints of the same rows, where libtraceevent and perf print something else. */
static void test_print_is_the_kernels(void **state)
{
	static const char *const kernels[] = {"x86_64-6.18", "s390x-6.1", "i386-6.1"};
	struct fixture f;

	fixture_load(&f, "x86_64-6.18", "sock", "sock_send_length");
	fixture_put(&f, "ret", (uint64_t)-104);
	check_text(&f, "length = 0, error = -104, flags = 0x0");
	fixture_put(&f, "ret", 17);
	check_text(&f, "length = 17, error = 0, flags = 0x0");
	fixture_put(&f, "sk", 0xff25af3545f53800);
	check_text(&f, "sk address = 0xff25af3545f53800, family");
	fixture_done(&f);
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++) {
		fixture_load(&f, kernels[i], "tcp", "tcp_retransmit_skb");
		fixture_put(&f, "state", 1);
		check_text(&f, "state=TCP_ESTABLISHED");
		fixture_put(&f, "state", 11);
		check_text(&f, "state=TCP_CLOSING");
		fixture_done(&f);
	}
}

/* A format with signed fields of all sizes, c4 = -2 and so on, printed so. */
static void check_signed(const char *print, const char *want)
{
	static const char fields[] =
		"name: x\nID: 9\nformat:\n"
		"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
		"\n"
		"\tfield:s8 c1;\toffset:2;\tsize:1;\tsigned:1;\n"
		"\tfield:s16 c2;\toffset:4;\tsize:2;\tsigned:1;\n"
		"\tfield:int c4;\toffset:8;\tsize:4;\tsigned:1;\n"
		"\tfield:s64 c8;\toffset:16;\tsize:8;\tsigned:1;\n"
		"\tfield:u32 u4;\toffset:24;\tsize:4;\tsigned:0;\n"
		"\nprint fmt: ";
	struct fixture f = {.meta = {.long_size = 8}};
	struct text text CLEANUP(text_done) = {0};

	text_printf(&text, "%s%s\n", fields, print);
	assert_int_equal(trace_format_parse(text.data, text.len, &f.format, NULL), 0);
	f.tracepoint = (struct tape_tracepoint){
		.system = "x", .name = "x", .format = text.data, .format_len = text.len};
	f.meta.is_big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	fixture_put(&f, "c1", (uint64_t)-2);
	fixture_put(&f, "c2", (uint64_t)-2);
	fixture_put(&f, "c4", (uint64_t)-2);
	fixture_put(&f, "c8", (uint64_t)-2);
	fixture_put(&f, "u4", 4000000000u);
	check_text(&f, want);
}

static void test_print_of_signed_numbers(void **state)
{
	check_signed("\"<%d %d %d %lld>\", REC->c1, REC->c2, REC->c4, REC->c8", "<-2 -2 -2 -2>");
	check_signed("\"<%u %x>\", REC->c4, REC->c4", "<4294967294 fffffffe>");
	check_signed("\"<%d %d>\", REC->c1 < 0 ? 1 : 2, REC->c2 > -3 ? 1 : 2", "<1 1>");
	check_signed("\"<%d %d>\", REC->c8 >= 0 ? 1 : 2, (REC->c4 <= -2) ? REC->c4 : 7", "<2 -2>");
	check_signed("\"<%d>\", REC->c4 < -2 || REC->c4 < 5 && !(REC->c8 > 0) ? 1 : 2", "<1>");
	check_signed("\"<%d>\", REC->u4 > 5 ? 1 : 2", "<1>");
	/* Comparisons that are not understood: the fields stand there. */
	check_signed("\"<%s>\", __print_symbolic(REC->c4, { -2, \"two\" }, { 2, \"2\" })", "c4=-2");
	check_signed("\"<%d>\", 0 > REC->c4 ? 1 : 2", "c4=-2");
	check_signed("\"<%d>\", REC->c4 < REC->c2 ? 1 : 2", "c4=-2");
	check_signed("\"<%d>\", (unsigned int)REC->c4 > 5 ? 1 : 2", "c4=-2");
}

static void test_print_resolves_code_ids(void **state)
{
	struct tape_symbol known = {.offset = 0x12, .name = "nf_hook_slow [nf_tables]"};
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct fixture f;
	struct tape_row row;
	struct tcp_event e;

	fixture_load(&f, "x86_64-6.18", "skb", "kfree_skb");
	*map_put(&f.meta.symbols, 0x1000, NULL) = (uintptr_t)&known;
	fixture_put(&f, "location", 0x1000);
	fixture_put(&f, "reason", 3);
	row = fixture_row(&f);
	assert_int_equal(decoder_new(&f.meta, DECODER_PRINT_ALL, &d, NULL), 0);
	assert_int_equal(decoder_event(d, &row, &e, NULL), 0);
	assert_non_null(strstr(e.print, "location=nf_hook_slow+0x12 reason"));
	assert_non_null(strstr(e.print, "reason: NO_SOCKET"));
	assert_string_equal(e.reason_name, "NO_SOCKET");
	/* libtraceevent leaves the module out, here as under perf. */
	fixture_put(&f, "location", 0x2000);
	assert_int_equal(decoder_event(d, &row, &e, NULL), 0);
	assert_non_null(strstr(e.print, "location=0x2000"));
	map_done(&f.meta.symbols);
	fixture_done(&f);
}

static const char head[] = "name: x\nID: 9\nformat:\n"
			   "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
			   "\n"
			   "\tfield:u32 a;\toffset:4;\tsize:4;\tsigned:0;\n"
			   "\tfield:u8 b[4];\toffset:8;\tsize:4;\tsigned:0;\n"
			   "\tfield:__data_loc char[] s;\toffset:12;\tsize:4;\tsigned:0;\n"
			   "\nprint fmt: ";

static bool is_let_through(const char *print)
{
	struct trace_format f;
	char text[70000];
	size_t len;

	snprintf(text, sizeof(text), "%s%s", head, print);
	assert_int_equal(trace_format_parse(text, strlen(text), &f, NULL), 0);
	return print_text_find(text, strlen(text), &f, &len);
}

static void test_print_guard(void **state)
{
	static const char *const good[] = {
		"\"a=%d\", REC->a\n",
		"\"%s %08lx %.3u 100%%\", __get_str(s), (unsigned long)REC->a, REC->b[3]",
		"\"%s\", __print_symbolic(REC->a, { 1, \"x\" }, { TCP_LISTEN, \"y\" })",
		"\"%s\", (REC->a & 0xffUL) ? __print_flags(REC->a, \"|\", { 1, \"A\" }) : \"none\"",
		"\"%pI4 %c\", REC->b, REC->a > 3 && !REC->a ? 'a' : 'b'",
		"\"%llu\", ((u64)REC->a << 3) / 1000",
	};
	static const char *const bad[] = {
		"",
		"\"",
		"\"%n\", REC->a",
		"\"%*d\", REC->a, REC->a",
		"\"%.*s\", REC->a, __get_str(s)",
		"\"%1000d\", REC->a",
		"\"%ls\", __get_str(s)",
		"\"%ph\", REC->b",
		"\"%pB\", REC->b",
		"\"%\"",
		"\"%d\", REC->nothing",
		"\"%d\", REC->s",
		"\"%s\", __get_str(a)",
		"\"%d\", REC->a[1]",
		"\"%d\", REC->b[REC->a]",
		"\"%d\", 1 / REC->a",
		"\"%d\", 1 % 0",
		"\"%d\", other(REC->a)",
		"\"%d\", sizeof(REC->a)",
		"\"%s\", __print_hex(REC->b, REC->a)",
		"\"%s\", __print_symbolic(REC->a)",
		"\"%d\", REC->a ?",
		"\"%d\", REC->a ? 1",
		"\"%d\" REC->a",
		"\"%d\", REC->a)",
		"\"a\\\" b\", REC->a",
	};
	char deep[2000] = "\"%d\", ";

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		if (!is_let_through(good[i]))
			fail_msg("refused: %s", good[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		if (is_let_through(bad[i]))
			fail_msg("let through: %s", bad[i]);
	}
	memset(deep + 6, '(', 1000);
	strcpy(deep + 1006, "1");
	assert_false(is_let_through(deep));
	memset(deep + 6, '!', 1000);
	assert_false(is_let_through(deep));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print_equals_libtraceevent),
		cmocka_unit_test(test_print_of_a_probe),
		cmocka_unit_test(test_print_is_the_kernels),
		cmocka_unit_test(test_print_of_signed_numbers),
		cmocka_unit_test(test_print_resolves_code_ids),
		cmocka_unit_test(test_print_guard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
