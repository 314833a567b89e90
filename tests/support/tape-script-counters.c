// SPDX-License-Identifier: MIT
/* The verbs of a script that make COUNTERS and SETTINGS. */
#include "support/tape-script-counters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/counter-values.h"

static int record_write(struct script *s, struct counters_record *record, const struct buffer *body)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	int err;

	record->body = body->data;
	record->body_len = (uint32_t)body->len;
	err = counters_record_encode(&b, record);
	return err < 0 ? err : script_section(s, TAPE_KIND_COUNTERS, 0, &b, 1, record->ts_ns);
}

int script_counter_names(struct script *s)
{
	struct counters_record record = {.what = COUNTERS_NAMES,
					 .number = (uint32_t)script_number(s, 1)};
	struct buffer body CLEANUP(buffer_done) = {0};
	int err = 0;

	for (size_t i = 2; !err && i < s->n_words; i++)
		err = counter_name_encode(&body, s->words[i]);
	return err < 0 ? err : record_write(s, &record, &body);
}

int script_counters(struct script *s)
{
	bool is_all = !strcmp(script_word(s, 4), "all");
	struct counters_record record = {.what = is_all ? COUNTERS_ALL : COUNTERS_CHANGES,
					 .netns = (uint32_t)script_number(s, 1),
					 .number = (uint32_t)script_number(s, 2),
					 .ts_ns = script_number(s, 3)};
	struct buffer body CLEANUP(buffer_done) = {0};
	uint32_t next = 0;
	int err = is_all || !strcmp(script_word(s, 4), "changes") ? 0 : -EINVAL;

	for (size_t i = 5; !err && i < s->n_words; i++) {
		struct counter_value v = {.counter = (uint32_t)strtoul(s->words[i], NULL, 10)};
		const char *value = strchr(s->words[i], '=');

		if (!value || v.counter < next)
			return -EINVAL;
		v.value = strtoll(value + 1, NULL, 10);
		err = counter_value_encode(&body, &next, &v);
	}
	return err < 0 ? err : record_write(s, &record, &body);
}

int script_setting(struct script *s)
{
	struct buffer b CLEANUP(buffer_done) = {0};
	struct setting_record r = {.ts_ns = script_number(s, 1),
				   .netns = (uint32_t)script_number(s, 2),
				   .name = script_word(s, 3),
				   .value = script_rest(s, 4)};
	int err = setting_record_encode(&b, &r);

	return err < 0 ? err : script_section(s, TAPE_KIND_SETTINGS, 0, &b, 1, r.ts_ns);
}
