// SPDX-License-Identifier: MIT
/* The files whose columns have no names in the text, or one for all CPUs. */
#include "kernel/counter-text.h"
#include "kernel/counter-words.h"

#include <stdio.h>

#define COLUMNS_MAX 32u

static bool hex_number(struct words word, uint64_t *ret)
{
	uint64_t v = 0;

	if (word.at == word.end)
		return false;
	for (; word.at < word.end; word.at++) {
		char c = *word.at;
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
						   : -1;

		if (digit < 0)
			return false;
		v = v << 4 | (uint64_t)digit;
	}
	*ret = v;
	return true;
}

/* Takes the hexadecimal numbers of a line, and returns how many there are. */
static size_t hex_line(struct words line, uint64_t ret[COLUMNS_MAX])
{
	struct words word;
	size_t n = 0;

	while (n < COLUMNS_MAX && words_next(&line, &word) && hex_number(word, &ret[n]))
		n++;
	return n;
}

static struct words words_of(const char *s)
{
	return (struct words){s, s + strlen(s)};
}

/* The column of /proc/net/softnet_stat that has the number of the CPU, since Linux 5.10. Before, a
 * line stands for each CPU that is online. */
#define SOFTNET_CPU 12u

/* The names of columns, as net/core/net-procfs.c has them (softnet_seq_show). */
static const char *softnet_name(size_t column, char made[24])
{
	static const char *const names[] = {
		[0] = "processed",    [1] = "dropped",	   [2] = "time_squeeze",
		[9] = "received_rps", [10] = "flow_limit", [11] = "backlog_len",
	};

	if (column < ARRAY_SIZE(names) && names[column])
		return names[column];
	snprintf(made, 24, "c%zu", column);
	return made;
}

int counter_text_softnet(const char *prefix, const char *text, size_t n, counter_take_fn take,
			 void *userdata)
{
	struct words file = {text, text + n}, line;
	uint64_t values[COLUMNS_MAX];
	int r = 0;

	for (uint64_t row = 0; !r && words_line(&file, &line); row++) {
		size_t n_columns = hex_line(line, values);
		struct counter_name base = {0};
		char cpu[32], made[24];

		snprintf(cpu, sizeof(cpu), "cpu%llu.",
			 (unsigned long long)(n_columns > SOFTNET_CPU ? values[SOFTNET_CPU] : row));
		counter_name_add_str(&base, prefix);
		counter_name_add_str(&base, cpu);
		for (size_t i = 0; !r && i < n_columns; i++) {
			/* Columns 3 to 7 are always 0, and 8 since Linux 4.10 (cpu_collision). */
			if (i == SOFTNET_CPU || (i >= 3 && i <= 8))
				continue;
			r = counter_give(&base, words_of(softnet_name(i, made)), (int64_t)values[i],
					 take, userdata);
		}
	}
	return r;
}

/* A header line, and a line of hexadecimal numbers for each possible CPU. "entries" is the same on
 * all of them. */
int counter_text_conntrack(const char *prefix, const char *text, size_t n, counter_take_fn take,
			   void *userdata)
{
	struct words file = {text, text + n}, line, names[COLUMNS_MAX];
	uint64_t sums[COLUMNS_MAX] = {0}, values[COLUMNS_MAX];
	struct counter_name base = {0};
	size_t n_names = 0, n_rows = 0;
	int r = 0;

	if (!words_line(&file, &line))
		return 0;
	while (n_names < COLUMNS_MAX && words_next(&line, &names[n_names]))
		n_names++;
	for (; words_line(&file, &line); n_rows++) {
		size_t n_columns = hex_line(line, values);

		for (size_t i = 0; i < n_columns; i++)
			sums[i] = i ? sums[i] + values[i] : values[i];
	}
	counter_name_add_str(&base, prefix);
	for (size_t i = 0; !r && n_rows && i < n_names; i++)
		r = counter_give(&base, names[i], (int64_t)sums[i], take, userdata);
	return r;
}

/* The columns of lines of /proc/stat; further ones get a number. */
struct stat_columns {
	const char *word; /* the line begins with it */
	bool has_cpus;	  /* and a CPU's number may follow */
	const char *names[12];
};

static const struct stat_columns stat_lines[] = {
	{"cpu",
	 true,
	 {"user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest",
	  "guest_nice"}},
	{"softirq",
	 false,
	 {"total", "HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED",
	  "HRTIMER", "RCU"}},
	/* One column for each interrupt follows, of which there may be thousands. */
	{"intr", false, {"total"}},
};

static const struct stat_columns *stat_columns_of(struct words word)
{
	size_t len = (size_t)(word.end - word.at);

	for (size_t i = 0; i < ARRAY_SIZE(stat_lines); i++) {
		const struct stat_columns *c = &stat_lines[i];
		size_t n = strlen(c->word);

		if (len >= n && !memcmp(word.at, c->word, n) && (len == n || c->has_cpus))
			return c;
	}
	return NULL;
}

static int stat_columns_give(const struct stat_columns *c, struct counter_name *base,
			     struct words line, counter_take_fn take, void *userdata)
{
	struct words value;
	char made[24];
	int64_t v;
	int r = 0;

	counter_name_add_str(base, ".");
	for (size_t i = 0; !r && words_next(&line, &value); i++) {
		const char *name = i < ARRAY_SIZE(c->names) ? c->names[i] : NULL;

		if (!name && c->names[1]) {
			snprintf(made, sizeof(made), "c%zu", i);
			name = made;
		}
		if (!name)
			break;
		if (words_number(value, &v))
			r = counter_give(base, words_of(name), v, take, userdata);
	}
	return r;
}

int counter_text_stat(const char *prefix, const char *text, size_t n, counter_take_fn take,
		      void *userdata)
{
	struct words file = {text, text + n}, line, word, value;
	int r = 0;

	while (!r && words_line(&file, &line)) {
		const struct stat_columns *columns;
		struct counter_name base = {0};
		int64_t v;

		if (!words_next(&line, &word))
			continue;
		columns = stat_columns_of(word);
		counter_name_add_str(&base, prefix);
		if (columns) {
			counter_name_add_word(&base, word);
			r = stat_columns_give(columns, &base, line, take, userdata);
		} else if (words_next(&line, &value) && words_number(value, &v)) {
			r = counter_give(&base, word, v, take, userdata);
		}
	}
	return r;
}

/* "0.25" as 25. */
static bool hundredths(struct words word, int64_t *ret)
{
	int64_t whole, rest;
	struct words integer;

	if (!words_until(&word, '.', &integer) || word.end - word.at != 2 ||
	    !words_number(integer, &whole) || !words_number(word, &rest))
		return false;
	*ret = whole * 100 + rest;
	return true;
}

/* "0.25 0.10 0.05 2/345 12345" */
int counter_text_loadavg(const char *prefix, const char *text, size_t n, counter_take_fn take,
			 void *userdata)
{
	static const char *const names[] = {"load1_x100", "load5_x100", "load15_x100"};
	struct words file = {text, text + n}, line, word, running;
	struct counter_name base = {0};
	int64_t v;
	int r = 0;

	if (!words_line(&file, &line))
		return 0;
	counter_name_add_str(&base, prefix);
	for (size_t i = 0; !r && i < ARRAY_SIZE(names); i++) {
		if (!words_next(&line, &word) || !hundredths(word, &v))
			return 0;
		r = counter_give(&base, words_of(names[i]), v, take, userdata);
	}
	if (r || !words_next(&line, &word) || !words_until(&word, '/', &running))
		return r;
	if (words_number(running, &v))
		r = counter_give(&base, words_of("running"), v, take, userdata);
	if (!r && words_number(word, &v))
		r = counter_give(&base, words_of("tasks"), v, take, userdata);
	return r;
}
