// SPDX-License-Identifier: MIT
/* The files whose text names its counters itself. */
#include "kernel/counter-text.h"

#include "kernel/counter-words.h"

/* Two lines belong together: "Tcp: ActiveOpens PassiveOpens" and "Tcp: 1 2". */
int counter_text_pairs(const char *prefix, const char *text, size_t n, counter_take_fn take,
		       void *userdata)
{
	struct words file = {text, text + n}, names, values, group, other, name, value;
	int r = 0;

	while (!r && words_line(&file, &names) && words_line(&file, &values)) {
		struct counter_name base = {0};

		if (!words_until(&names, ':', &group) || !words_until(&values, ':', &other))
			continue;
		counter_name_add_word(&base, group);
		counter_name_add_str(&base, ".");
		while (!r && words_next(&names, &name) && words_next(&values, &value)) {
			int64_t v;

			if (words_number(value, &v))
				r = counter_give(&base, name, v, take, userdata);
		}
	}
	return r;
}

/* "Ip6InReceives    12" */
int counter_text_list(const char *prefix, const char *text, size_t n, counter_take_fn take,
		      void *userdata)
{
	struct words file = {text, text + n}, line, name, value;
	const struct counter_name base = {0};
	int64_t v;
	int r = 0;

	while (!r && words_line(&file, &line)) {
		if (words_next(&line, &name) && words_next(&line, &value) &&
		    words_number(value, &v))
			r = counter_give(&base, name, v, take, userdata);
	}
	return r;
}

/* "TCP: inuse 5 orphan 0" */
int counter_text_sockstat(const char *prefix, const char *text, size_t n, counter_take_fn take,
			  void *userdata)
{
	struct words file = {text, text + n}, line, group, name, value;
	int r = 0;

	while (!r && words_line(&file, &line)) {
		struct counter_name base = {0};
		int64_t v;

		if (!words_until(&line, ':', &group))
			continue;
		counter_name_add_str(&base, prefix);
		counter_name_add_word(&base, group);
		counter_name_add_str(&base, ".");
		while (!r && words_next(&line, &name) && words_next(&line, &value)) {
			if (words_number(value, &v))
				r = counter_give(&base, name, v, take, userdata);
		}
	}
	return r;
}

/* The columns of /proc/net/dev, by its header line: "bytes packets ..." for each direction. */
struct dev_columns {
	struct words names[64];
	size_t n, n_rx;
};

static bool dev_columns_take(struct dev_columns *c, struct words line)
{
	struct words title, received, name;

	*c = (struct dev_columns){0};
	if (!words_until(&line, '|', &title) || !words_until(&line, '|', &received))
		return false;
	while (c->n < 32 && words_next(&received, &name))
		c->names[c->n++] = name;
	c->n_rx = c->n;
	while (c->n < 64 && words_next(&line, &name))
		c->names[c->n++] = name;
	return true;
}

int counter_text_dev(const char *prefix, const char *text, size_t n, counter_take_fn take,
		     void *userdata)
{
	struct words file = {text, text + n}, line, link, value;
	struct dev_columns columns = {0};
	int r = 0;

	while (!r && words_line(&file, &line)) {
		struct counter_name rx = {0}, tx;
		struct words whole = line;
		int64_t v;

		if (!words_until(&line, ':', &link)) {
			dev_columns_take(&columns, whole);
			continue;
		}
		while (link.at < link.end && *link.at == ' ')
			link.at++;
		counter_name_add_str(&rx, prefix);
		counter_name_add_word(&rx, link);
		tx = rx;
		counter_name_add_str(&rx, ".rx_");
		counter_name_add_str(&tx, ".tx_");
		for (size_t i = 0; !r && i < columns.n && words_next(&line, &value); i++) {
			if (words_number(value, &v))
				r = counter_give(i < columns.n_rx ? &rx : &tx, columns.names[i], v,
						 take, userdata);
		}
	}
	return r;
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0". What is no whole number follows from the total,
 * and is left out. */
int counter_text_pressure(const char *prefix, const char *text, size_t n, counter_take_fn take,
			  void *userdata)
{
	struct words file = {text, text + n}, line, group, word, name;
	int r = 0;

	while (!r && words_line(&file, &line)) {
		struct counter_name base = {0};
		int64_t v;

		if (!words_next(&line, &group))
			continue;
		counter_name_add_str(&base, prefix);
		counter_name_add_word(&base, group);
		counter_name_add_str(&base, ".");
		while (!r && words_next(&line, &word)) {
			if (words_until(&word, '=', &name) && words_number(word, &v))
				r = counter_give(&base, name, v, take, userdata);
		}
	}
	return r;
}
