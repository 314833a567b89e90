// SPDX-License-Identifier: MIT
/* Nothing is wrong, or nothing was seen; damaged segments; and words that all detectors use. */
#include "support/scene.h"

#include <string.h>

#include "detect/rule-words.h"

static void feed_bad_csums(struct scene *s, size_t n, uint8_t host)
{
	const struct tcp_event e = scene_event(s, TCP_KIND_BAD_CSUM, scene_serve(s, 1, host, 80));

	while (n--)
		scene_feed(s, &e);
}

static void test_checksum(void **state)
{
	struct scene *s = *state;

	feed_bad_csums(s, 2, 2);
	scene_expect(s, "checksum", NOTHING);
	s = scene_anew(state);
	feed_bad_csums(s, 3, 2);
	scene_expect(s, "checksum", DOCUMENT_WARNING);
	assert_string_equal(scene_first(s, "checksum")->title,
			    "3 segments arrived damaged from 10.0.1.2");
	s = scene_anew(state);
	feed_bad_csums(s, 3, 2);
	feed_bad_csums(s, 1, 3);
	scene_find(s);
	assert_string_equal(scene_first(s, "checksum")->title, "4 segments arrived damaged");
}

/* Nothing is wrong, or nothing was seen: that is not the same. */
static void test_quiet(void **state)
{
	struct scene *s = *state;
	const struct document_finding *x;

	scene_transfer(s, 1, 2, &(struct tcp_info_growth){.sent_bytes = 1000});
	scene_expect(s, "quiet", DOCUMENT_GOOD);
	x = scene_first(s, "quiet");
	assert_string_equal(x->sure, "certain");
	assert_null(x->doubt);
	/* One event in a hundred that is missing would show trouble. */
	s->facts.recorded = 99;
	s->facts.lost = 1;
	scene_find(s);
	assert_string_equal(scene_first(s, "quiet")->sure, "likely");
	assert_int_equal(scene_first(s, "quiet")->level, DOCUMENT_GOOD);
	/* More is no longer good, and the title says so. */
	s->facts.recorded = 98;
	scene_find(s);
	x = scene_first(s, "quiet");
	assert_string_equal(x->sure, "possible");
	assert_int_equal(x->level, DOCUMENT_NOTICE);
	assert_string_equal(x->title, "Nothing can be said: 1.0% of the events are missing; "
				      "nothing wrong was found in the rest");
	s->facts.lost = 0;
	s->facts.damage = "cut";
	scene_find(s);
	x = scene_first(s, "quiet");
	assert_non_null(x->doubt);
	assert_int_equal(x->level, DOCUMENT_NOTICE);
	s->facts.damage = NULL;
	s->context.recorded = ~TCP_KIND_BIT(TCP_KIND_RETRANSMIT);
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "quiet")->doubt, "without retransmissions"));
	feed_bad_csums(s, 3, 2);
	scene_expect(s, "quiet", NOTHING);
}

/* What a detector could not see is named. */
static void test_quiet_names_what_was_not_watched(void **state)
{
	struct scene *s = *state;
	const struct document_finding *x;
	size_t i;

	scene_transfer(s, 1, 2, &(struct tcp_info_growth){.sent_bytes = 1000});
	s->context.recorded =
		~(TCP_KIND_BIT(TCP_KIND_BAD_CSUM) | TCP_KIND_BIT(TCP_KIND_SOCKET_DUMPED));
	s->facts.filter = "-4";
	s->facts.n_namespaces_missed = 2;
	scene_find(s);
	x = scene_first(s, "quiet");
	for (i = 0; i < x->n_evidence && strcmp(x->evidence[i].key, "unwatched"); i++)
		continue;
	assert_true(i < x->n_evidence);
	assert_string_equal(x->evidence[i].cell.str,
			    "bad checksums, sockets that were open (no socket tables), what the "
			    "recording's filter leaves out, sockets of 2 network namespaces");
}

static void test_quiet_of_nothing(void **state)
{
	struct scene *s = *state;

	scene_expect(s, "quiet", DOCUMENT_GOOD);
	assert_string_equal(scene_first(s, "quiet")->sure, "possible");
	assert_string_equal(scene_first(s, "quiet")->title,
			    "There is no TCP in what was looked at");
	s->facts.recorded = 0;
	findings_done(&s->findings);
	s->findings = (struct findings){.builder = &s->builder, .in = &s->in, .facts = &s->facts};
	assert_int_equal(detectors_run(&s->findings), 0);
	assert_string_equal(scene_first(s, "quiet")->title,
			    "No TCP happened while this was recorded");
}

/* Counts of events are lower bounds where some are missing. */
static void test_missing_events_are_told(void **state)
{
	struct scene *s = *state;

	s->facts.undelivered = 1;
	feed_bad_csums(s, 3, 2);
	scene_find(s);
	assert_non_null(strstr(scene_first(s, "checksum")->doubt, "lower bounds"));
}

/* Every rule can be written: its thresholds have words. */
static void test_rules(void **state)
{
	for (size_t i = 0; i < n_detectors; i++) {
		struct text t CLEANUP(text_done) = {0};

		detectors[i]->rule(&t);
		assert_true(t.len > 0 && !t.failed);
	}
}

static void test_rule_words(void **state)
{
	assert_string_equal(number_word(2), "two");
	assert_string_equal(number_word(10), "ten");
	assert_string_equal(times_word(2), "twice");
	assert_string_equal(times_word(5), "five times");
	assert_string_equal(share_word(10), "a tenth");
	assert_string_equal(share_word(50), "half");
	assert_true(ppm_percent(1000) == 0.1);
}

static void test_percent(void **state)
{
	static const struct {
		uint64_t ppm;
		const char *text;
	} cases[] = {{0, "0.00%"},    {1, "<0.01%"},   {99, "<0.01%"},	{100, "0.01%"},
		     {9949, "0.99%"}, {10000, "1.0%"}, {52000, "5.2%"}, {1000000, "100.0%"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct text t CLEANUP(text_done) = {0};

		percent_text(&t, cases[i].ppm);
		assert_string_equal(text_cstr(&t), cases[i].text);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_checksum),
		TEST(test_quiet),
		TEST(test_quiet_names_what_was_not_watched),
		TEST(test_quiet_of_nothing),
		TEST(test_missing_events_are_told),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_rule_words),
		cmocka_unit_test(test_percent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
