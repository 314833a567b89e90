// SPDX-License-Identifier: MIT
/*
 * make-document: writes the HTML page of a synthetic document: a realistic one; one whose every
 * string is an attack on the page; one as large as they get; one with a single bucket, connection
 * and event; an empty one.
 *
 *   make-document incident|hostile|huge|tiny|empty FILE [local|utc|rel|unix]
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "document/renderer.h"

#define SECOND	  1000000000ULL
#define START	  (7200 * SECOND)
#define N_SERIES  14
#define N_COLUMNS 9
#define HOSTILE                                                                                    \
	"</script></title><img src=x onerror=alert(1)>\"'&amp;\033\x01\n\xff\xc3\xe2\x80\xae"

/* All data of one document. It is never freed: the process ends soon. */
struct document_data {
	struct document document;
	struct document_chart chart;
	struct document_series series[N_SERIES];
	bool is_hostile;
	uint64_t random;
};

static uint64_t random_next(struct document_data *m, uint64_t below)
{
	m->random = m->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (m->random >> 33) % below;
}

static void *memory_make(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		abort();
	return p;
}

/* Returns the words, or the hostile string in a hostile document. */
static const char *string_or_hostile(const struct document_data *m, const char *words)
{
	return m->is_hostile ? HOSTILE : words;
}

/* The same for a formatted string, which is never freed. */
static const char *PRINTF(2, 3)
	string_printf(const struct document_data *m, const char *format, ...)
{
	va_list args;
	char *words;
	int n;

	if (m->is_hostile)
		return HOSTILE;
	va_start(args, format);
	n = vasprintf(&words, format, args);
	va_end(args);
	if (n < 0)
		abort();
	return words;
}

static bool clock_wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	/* 2026-11-21 10:30:00 UTC */
	*ret_real_ns = 1795257000LL * (int64_t)SECOND + (int64_t)(ts_ns - START);
	return true;
}

static uint64_t clock_start(void *userdata)
{
	return START;
}

static const struct {
	const char *label;
	bool is_gauge, is_trouble;
} kinds[N_SERIES] = {
	{"retransmit: timeout", false, true},
	{"retransmit: fast", false, true},
	{"retransmit: SYN", false, true},
	{"tail loss probe", false, true},
	{"RST received", false, true},
	{"RST sent", false, true},
	{"connect failed", false, true},
	{"bad checksum", false, true},
	{"connections opened", false, false},
	{"connections closed", false, false},
	{"connections accepted", false, false},
	{"open connections", true, false},
	{"connections in recovery", true, false},
	{"lost records", false, true},
};

static uint64_t value_at(struct document_data *m, size_t series, size_t i, size_t n)
{
	bool is_bad = i > n * 2 / 5 && i < n / 2;

	switch (series) {
	case 0: return is_bad ? 20 + random_next(m, 30) : random_next(m, 12) == 0;
	case 1: return is_bad ? 8 + random_next(m, 14) : random_next(m, 3);
	case 2: return is_bad ? random_next(m, 12) : 0;
	case 3: return random_next(m, 4) ? 0 : random_next(m, 4);
	case 4: return i == n / 2 ? 37 : 0;
	case 5: return is_bad ? random_next(m, 3) : 0;
	case 6: return is_bad ? random_next(m, 5) : 0;
	case 8: return 180 + random_next(m, 60) - (is_bad ? 120 : 0);
	case 9: return 170 + random_next(m, 80);
	case 10: return 90 + random_next(m, 20);
	case 11: return 4200 + (is_bad ? 900 : 0) + random_next(m, 120);
	case 12: return is_bad ? 40 + random_next(m, 9) : random_next(m, 3);
	default: return 0;
	}
}

static void make_chart(struct document_data *m, size_t n_buckets)
{
	m->chart = (struct document_chart){
		.start_ns = START,
		.bucket_ns = SECOND,
		.n_buckets = n_buckets,
		.series = m->series,
		.n_series = N_SERIES,
	};
	for (size_t s = 0; s < N_SERIES; s++) {
		uint64_t *values = memory_make(n_buckets, sizeof(*values));

		for (size_t i = 0; i < n_buckets; i++)
			values[i] = value_at(m, s, i, n_buckets);
		m->series[s] = (struct document_series){
			.key = string_or_hostile(m, "series"),
			.label = string_or_hostile(m, kinds[s].label),
			.is_gauge = kinds[s].is_gauge,
			.is_trouble = kinds[s].is_trouble,
			.values = values,
		};
	}
	m->document.chart = &m->chart;
}

static void make_facts(struct document_data *m)
{
	struct document_item facts[] = {
		{"host", string_or_hostile(m, "Host"),
		 cell_str(string_or_hostile(m, "web1.example")), NULL, 0},
		{"kernel", string_or_hostile(m, "Kernel"),
		 cell_str(string_or_hostile(m, "6.18.2-amd64")), NULL, 0},
		{"started", string_or_hostile(m, "Recorded from"), cell_time(START), NULL, 0},
		{"duration_ns", string_or_hostile(m, "For"), cell_u64(1200 * SECOND),
		 string_or_hostile(m, "20 min 0 s"), 0},
		{"events", string_or_hostile(m, "Events"), cell_u64(1283344),
		 string_or_hostile(m, "1,283,344"), 0},
		{"lost", string_or_hostile(m, "Lost"), cell_u64(0), string_or_hostile(m, "none"),
		 0},
		{"connections", string_or_hostile(m, "Connections"), cell_u64(48211),
		 string_or_hostile(m, "48,211"), 0},
		{"rate", string_or_hostile(m, "Retransmits/s"), cell_fixed(1234), NULL, 2},
		{"boot", NULL, cell_str(string_or_hostile(m, "not for people")), NULL, 0},
	};

	m->document.n_facts = ARRAY_SIZE(facts);
	m->document.facts = memcpy(memory_make(1, sizeof(facts)), facts, sizeof(facts));
}

static void make_findings(struct document_data *m, size_t n_buckets)
{
	struct document_item evidence[] = {
		{"retransmits", string_or_hostile(m, "Retransmits"), cell_u64(4817),
		 string_or_hostile(m, "4,817"), 0},
		{"share", string_or_hostile(m, "Of segments"), cell_fixed(312),
		 string_or_hostile(m, "3.12 %"), 2},
		{"peers", string_or_hostile(m, "Peers"), cell_u64(3), NULL, 0},
		{"worst", string_or_hostile(m, "Longest timeout"), cell_u64(0),
		 string_or_hostile(m, "3.2 s"), 0},
	};
	struct document_item *items =
		memcpy(memory_make(1, sizeof(evidence)), evidence, sizeof(evidence));
	uint64_t since = START + n_buckets * 2 / 5 * SECOND, until = START + n_buckets / 2 * SECOND;
	struct document_finding findings[] = {
		{
			.id = string_or_hostile(m, "loss"),
			.level = DOCUMENT_CRITICAL,
			.title = string_or_hostile(
				m, "The path to 10.20.0.0/16 lost packets for two minutes"),
			.since_ns = since,
			.until_ns = until,
			.evidence = items,
			.n_evidence = 4,
			.meaning = string_or_hostile(
				m, "Data for these peers did not arrive and had to be sent "
				   "again after a pause; whoever waited for it waited for "
				   "seconds. Other peers were not affected, so the cause is "
				   "on the way to them and not on this host."),
			.rule = string_or_hostile(
				m, "more than 1 % of the segments sent again, over 10 seconds"),
			.sure = string_or_hostile(m, "certain"),
			.command = string_or_hostile(
				m, "tcptape retrans -c --addr 10.20.0.0/16 --since 10:38 "
				   "--until 10:40 incident.tape"),
		},
		{
			.id = string_or_hostile(m, "refused"),
			.level = DOCUMENT_WARNING,
			.title = string_or_hostile(
				m, "37 connections were reset by 10.20.0.7:5432 at once"),
			.since_ns = until + SECOND / 4,
			.until_ns = until + SECOND / 4 + 42000000,
			.evidence = items + 2,
			.n_evidence = 1,
			.meaning = string_or_hostile(
				m, "A server that closes all its connections within a moment "
				   "was most likely restarted."),
			.rule = string_or_hostile(m, "20 resets from one endpoint within 100 ms"),
			.sure = string_or_hostile(m, "likely"),
			.doubt = string_or_hostile(
				m, "A firewall on the way can send the same resets."),
			.command = string_or_hostile(m, "tcptape resets --port 5432 incident.tape"),
		},
		{
			.id = string_or_hostile(m, "probes"),
			.level = DOCUMENT_NOTICE,
			.title = string_or_hostile(m,
						   "Tail loss probes repaired most losses in time, "
						   "but not of 10.1.0.4:40020 to 10.20.0.20:5432"),
			.evidence = items,
			.n_evidence = 2,
			.meaning = string_or_hostile(
				m, "The kernel asked early whether the last segment arrived."),
			.sure = string_or_hostile(m, "possible"),
		},
		{
			.id = string_or_hostile(m, "checksum"),
			.level = DOCUMENT_GOOD,
			.title = string_or_hostile(m, "No packet arrived damaged"),
		},
	};

	m->document.n_findings = ARRAY_SIZE(findings);
	m->document.findings = memcpy(memory_make(1, sizeof(findings)), findings, sizeof(findings));
}

#define N_POINTS 24

/* Two strips: one with a hole, whose last points are several samples each; one of one point. */
static void make_strips(const struct document_data *m, uint64_t from_ns, struct document_history *h)
{
	struct document_strip *strips = memory_make(2, sizeof(*strips));
	struct document_point *points = memory_make(N_POINTS, sizeof(*points));

	for (size_t i = 0; i < N_POINTS; i++) {
		uint64_t at = from_ns + (i < 12 ? i : i + 30) * SECOND;
		bool is_many = i > 18;

		points[i] = (struct document_point){.ts_ns = at,
						    .until_ns = at + (is_many ? SECOND / 2 : 0),
						    .least = 10 + i,
						    .most = is_many ? 40 + i : 10 + i,
						    .last = 10 + i,
						    .n = is_many ? 9 : 1};
	}
	strips[0] = (struct document_strip){"cwnd", string_or_hostile(m, "congestion window"),
					    string_or_hostile(m, "segments"), points, N_POINTS};
	strips[1] = (struct document_strip){"srtt_us", string_or_hostile(m, "smoothed round trip"),
					    string_or_hostile(m, "us"), points, 1};
	h->strips = strips;
	h->n_strips = 2;
}

static struct document_history make_history(struct document_data *m, size_t row, size_t n_events)
{
	static const char *const states[] = {"SYN_SENT", "ESTABLISHED", "FIN_WAIT1", "CLOSE"};
	static const char *const words[] = {"rto", "fast", "tlp", "RST received"};
	uint64_t at = START + random_next(m, 600) * SECOND + random_next(m, SECOND);
	struct document_history_event *events = memory_make(n_events + 1, sizeof(*events));
	struct document_span *spans = memory_make(ARRAY_SIZE(states), sizeof(*spans));
	struct document_gap *gap = memory_make(1, sizeof(*gap));
	uint64_t step = 90 * SECOND / (n_events + 1), from = at;

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		uint64_t length = i == 1 ? 90 * SECOND : 2 * SECOND + random_next(m, SECOND);

		spans[i] = (struct document_span){from, from + length,
						  string_or_hostile(m, states[i])};
		from += length;
	}
	at = spans[1].from_ns;
	for (size_t i = 0; i < n_events; i++) {
		size_t kind = random_next(m, i + 1 < n_events ? 3 : 4);

		at += 1 + random_next(m, 2 * step) * (i < n_events / 2 ? 1 : 2) / 2;
		events[i] = (struct document_history_event){
			.ts_ns = at,
			.what = string_or_hostile(m, words[kind]),
			.detail = i % 3 ? string_printf(m, "seq +%zu, rto %u ms", 1448 * i,
							200u << random_next(m, 4))
					: NULL,
			.is_trouble = kind != 2,
			.has_progress = kind == 0,
			.progress_ns = 1500 * (i + 1) * 1000,
		};
	}
	/* The last of a long history are several in ten seconds. */
	if (n_events > 30) {
		events[n_events - 1].n = 7;
		events[n_events - 1].until_ns = at + 10 * SECOND;
	}
	*gap = (struct document_gap){spans[1].from_ns + 20 * SECOND, spans[1].from_ns + 30 * SECOND,
				     string_or_hostile(m, "events were lost")};
	return (struct document_history){
		.spans = spans,
		.n_spans = ARRAY_SIZE(states),
		.events = events,
		.n_events = n_events,
		.gaps = gap,
		.n_gaps = row == 0 ? 1 : 0,
		.n_merged = n_events > 30 ? 7 : 0,
		.n_left_out = row == 0 ? 12 : 0,
		.is_before = row == 0,
		.unknown = row == 1 ? string_or_hostile(m, "Not recorded: RSTs") : NULL,
	};
}

static const struct column connection_columns[N_COLUMNS] = {
	{.key = "local", .head = "LADDR:LPORT", .where = COLUMN_TEXT},
	{.key = "remote", .head = "RADDR:RPORT", .where = COLUMN_TEXT},
	{.key = "comm", .head = "COMM", .where = COLUMN_ALL},
	{.key = "time", .head = "OPENED", .where = COLUMN_ALL, .decimals = 3},
	{.key = "retrans", .head = "RETRANS", .where = COLUMN_ALL, .is_right = true},
	{.key = "tx_bytes", .head = "TX_BYTES", .where = COLUMN_ALL, .is_right = true},
	{.key = "rx_bytes", .head = "RX_BYTES", .where = COLUMN_ALL, .is_right = true},
	{.key = "ms", .head = "MS", .where = COLUMN_ALL, .is_right = true, .decimals = 3},
	{.key = "ts_ns", .head = NULL, .where = COLUMN_JSON},
};

static void make_connection(struct document_data *m, size_t row, struct cell *cells)
{
	static const char *const comms[] = {"postgres", "nginx", "curl", "java"};
	uint8_t *local = memory_make(4, 1), *remote = memory_make(16, 1);
	bool is_v6 = row % 7 == 3;

	memcpy(local, (const uint8_t[]){10, 1, 0, 4}, 4);
	memcpy(remote, (const uint8_t[]){10, 20, (uint8_t)(row / 200), (uint8_t)(row % 200)}, 4);
	if (is_v6)
		memcpy(remote, (const uint8_t[]){0x20, 1, 0xd, 0xb8, [15] = (uint8_t)row}, 16);
	cells[0] = (struct cell){
		.kind = CELL_ENDPOINT, .family = 4, .port = (uint16_t)(40000 + row), .addr = local};
	cells[1] = (struct cell){
		.kind = CELL_ENDPOINT, .family = is_v6 ? 6 : 4, .port = 5432, .addr = remote};
	cells[2] = row % 11 == 5 ? cell_absent()
				 : cell_str(string_or_hostile(m, comms[random_next(m, 4)]));
	cells[3] = cell_time(START + random_next(m, 1200) * SECOND + random_next(m, SECOND));
	cells[4] = cell_u64(row < 40 ? 400 - 10 * row + random_next(m, 9) : random_next(m, 3));
	cells[5] = cell_u64(random_next(m, 1ULL << (10 + row % 20)));
	cells[6] = row % 5 == 4 ? cell_absent() : cell_u64(random_next(m, 1ULL << (8 + row % 18)));
	cells[7] = cell_fixed(random_next(m, 90000000));
	cells[8] = cell_u64(row);
}

static struct document_table make_connections(struct document_data *m, size_t n_rows,
					      size_t n_events)
{
	struct cell *cells = memory_make(n_rows * N_COLUMNS, sizeof(*cells));
	struct document_history *histories = memory_make(n_rows, sizeof(*histories));

	for (size_t i = 0; i < n_rows; i++) {
		make_connection(m, i, cells + i * N_COLUMNS);
		/* Some rows have no history. */
		if (i % 10 != 9)
			histories[i] = make_history(
				m, i, n_events / n_rows + (i == 0 ? 40 : random_next(m, 4)));
		if (i == 0 || i == 20)
			make_strips(m, histories[i].spans[1].from_ns, &histories[i]);
	}
	return (struct document_table){
		.id = string_or_hostile(m, "connections"),
		.title = string_or_hostile(m, "Connections"),
		.columns = connection_columns,
		.n_columns = N_COLUMNS,
		.cells = cells,
		.n_rows = n_rows,
		.n_brief = 15,
		.n_left_out = 47700,
		.histories = histories,
	};
}

static struct document_table make_peers(struct document_data *m)
{
	static const struct column columns[] = {
		{.key = "peer", .head = "PEER", .where = COLUMN_ALL},
		{.key = "retrans", .head = "RETRANS", .where = COLUMN_ALL, .is_right = true},
		{.key = "share", .head = "%", .where = COLUMN_ALL, .is_right = true, .decimals = 2},
		{.key = "causes", .head = "CAUSES", .where = COLUMN_ALL},
	};
	struct cell *cells = memory_make(6 * 4, sizeof(*cells));

	for (size_t i = 0; i < 6; i++) {
		struct cell_field *fields = memory_make(2, sizeof(*fields));

		fields[0] = (struct cell_field){"rto", string_or_hostile(m, "rto"),
						cell_u64(900 - 120 * i)};
		fields[1] =
			(struct cell_field){"fast", string_or_hostile(m, "fast"), cell_u64(31 * i)};
		cells[4 * i] = cell_str(string_printf(m, "10.20.0.%zu", 7 + i));
		cells[4 * i + 1] = cell_u64(2100 >> i);
		cells[4 * i + 2] = cell_fixed(4360 >> i);
		cells[4 * i + 3] = (struct cell){.kind = CELL_FIELDS, .n = 2, .fields = fields};
	}
	return (struct document_table){
		.id = string_or_hostile(m, "peers"),
		.title = string_or_hostile(m, "Peers"),
		.columns = columns,
		.n_columns = 4,
		.cells = cells,
		.n_rows = 6,
		.n_brief = 5,
	};
}

static void make_full(struct document_data *m, size_t n_buckets, size_t n_rows, size_t n_events)
{
	struct document_table *tables = memory_make(3, sizeof(*tables));
	const char **notes = memory_make(2, sizeof(*notes));

	m->document.title = string_or_hostile(m, "web1.example: TCP report");
	m->document.verdict = string_or_hostile(
		m, "Packets to 10.20.0.0/16 were lost from 10:38:00 to 10:40:00, and "
		   "its database was restarted at the end");
	m->document.level = DOCUMENT_CRITICAL;
	make_facts(m);
	make_findings(m, n_buckets);
	make_chart(m, n_buckets);
	tables[0] = make_peers(m);
	tables[1] = make_connections(m, n_rows, n_events);
	tables[2] = (struct document_table){.id = "listeners",
					    .title = string_or_hostile(m, "Listeners")};
	m->document.tables = tables;
	m->document.n_tables = 3;
	notes[0] = string_or_hostile(
		m, "Bytes of connections that were open at the end are not known.");
	notes[1] = string_or_hostile(
		m, "Times are exact to 1 ms: the clock was adjusted during the recording.");
	m->document.notes = notes;
	m->document.n_notes = 2;
}

static void make_empty(struct document_data *m)
{
	m->document.title = "web1.example: TCP report";
	m->document.verdict = "Nothing went wrong";
	m->document.level = DOCUMENT_GOOD;
}

static int write_page(const struct document *d, const char *path, enum render_time time)
{
	const struct render_options o = {.time = time,
					 .clock = {.wall = clock_wall, .start = clock_start}};
	struct text page CLEANUP(text_done) = {0};
	struct fault fault = FAULT_INIT;
	int r = document_html.render(d, &o, 80, &page, &fault);
	FILE *f;

	if (r == -ENOTSUP)
		return 77;
	if (r < 0) {
		fprintf(stderr, "make-document: %s\n", fault.text);
		return 1;
	}
	f = fopen(path, "w");
	if (!f || fwrite(page.data, 1, page.len, f) != page.len || fclose(f)) {
		perror(path);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const times[] = {"local", "utc", "rel", "unix"};
	enum render_time time = RENDER_TIME_UTC;
	static struct document_data m = {.random = 1};

	if (argc < 3)
		return 2;
	for (size_t i = 0; argc > 3 && i < ARRAY_SIZE(times); i++) {
		if (!strcmp(argv[3], times[i]))
			time = (enum render_time)i;
	}
	m.is_hostile = !strcmp(argv[1], "hostile");
	if (!strcmp(argv[1], "empty"))
		make_empty(&m);
	else if (!strcmp(argv[1], "huge"))
		make_full(&m, 1200, 500, 20000);
	else if (!strcmp(argv[1], "tiny"))
		make_full(&m, 1, 1, 1);
	else if (m.is_hostile || !strcmp(argv[1], "incident"))
		make_full(&m, 600, 60, 600);
	else
		return 2;
	return write_page(&m.document, argv[2], time);
}
