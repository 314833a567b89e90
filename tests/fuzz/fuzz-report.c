// SPDX-License-Identifier: MIT
/*
 * Any sequence of events through the tracker and the gather view, a page of it, and all
 * presentations of that page. Byte 0: options; byte 1: which harmful strings; byte 2: window and
 * filter; then EVENT_BYTES an event.
 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/event-bytes.h"
#include "detect/detectors.h"
#include "document/renderer.h"
#include "gather/gather-view.h"
#include "pages/report-page.h"
#include "support/json-check.h"
#include "track/tracker.h"

#define HEAD_BYTES 3u

static const char *const harm[] = {
	"nginx",
	"</script><img src=x onerror=alert(1)>",
	"\033[31m\r\nred\x7f\x9b",
	"a|b`c`*d*_e_[f](g)#h!\\~&amp;",
	"\xff\xfe\xc3\xe2\x80\xae\"\\",
	"",
	"```\n# no heading\n",
	"                                  %s%n blanks blanks blanks and "
	"an-uncommonly-long-word-of-"
	"more-than-eighty-columns-that-cannot-be-broken-anywhere-at-all-whatever-happens",
};

static const char *bad(unsigned int which)
{
	return harm[which % (sizeof(harm) / sizeof(*harm))];
}

struct scene {
	struct gathered gathered;
	struct event_filter filter;
	struct view_context context;
	struct table_sink sink;
	uint8_t options;
};

static int ended(void *userdata, const struct tcp_conn *c, struct fault *fault)
{
	struct scene *s = userdata;

	return gather_view.conn(&s->gathered, c, &s->sink, fault);
}

/* Right, far in the future, before 1970 by the tape's clock, unknown. */
static bool wall(void *userdata, uint64_t ts_ns, int64_t *ret_real_ns)
{
	static const int64_t offsets[] = {1795257000000000000, INT64_MAX - (1LL << 50), -123456789,
					  0};
	const struct scene *s = userdata;

	*ret_real_ns = (int64_t)((uint64_t)offsets[s->options & 3] + ts_ns);
	return (s->options & 3) != 3;
}

static uint64_t start(void *userdata)
{
	return 500000;
}

/* Twice, and both must be the same. */
static void render(const struct document_renderer *r, const struct report_page *p,
		   const struct render_options *o)
{
	struct text a CLEANUP(text_done) = {0}, b CLEANUP(text_done) = {0};

	if (r->render(&p->document, o, 80, &a, NULL) < 0 ||
	    r->render(&p->document, o, 80, &b, NULL) < 0)
		return;
	if (a.len != b.len || memcmp(a.data, b.data, a.len)) {
		fprintf(stderr, "%.*s\nis not the same twice\n", (int)a.len, a.data);
		abort();
	}
	if (r == &document_json) {
		const char *wrong = json_check(a.data, a.len);

		if (wrong) {
			fprintf(stderr, "%.*s\n%s\n", (int)a.len, a.data, wrong);
			abort();
		}
	} else if (r != &document_html) {
		for (size_t i = 0; i < a.len; i++) {
			if (((uint8_t)a.data[i] < 0x20 && a.data[i] != '\n') || a.data[i] == 0x7f)
				abort();
		}
	}
}

static void present(const struct scene *s, uint8_t which, uint64_t n_events)
{
	const char *const notes[] = {bad(which + 1), bad(which + 2)};
	const struct tape_facts facts = {
		.tape = bad(which),
		.host = which & 0x80 ? NULL : bad(which + 3),
		.kernel = bad(which + 4),
		.arch = bad(which + 5),
		.os = bad(which + 6),
		.command_line = bad(which + 7),
		.filter = bad(which + 8),
		.recorded = n_events,
		.lost = which & 0x40 ? UINT64_MAX : 0,
		.undelivered = which & 0x20 ? 1 : 0,
		.damage = which & 0x10 ? bad(which + 9) : NULL,
		.notes = notes,
		.n_notes = 2,
	};
	const struct render_options o = {
		.time = (enum render_time)(s->options >> 2 & 3),
		.with_rules = true,
		.clock = {.wall = wall, .start = start, .userdata = (void *)s},
	};
	struct report_page p CLEANUP(report_page_done) = {0};

	if (report_page_make(&p, &s->gathered, &facts, NULL) < 0)
		return;
	render(&document_text, &p, &o);
	render(&document_markdown, &p, &o);
	render(&document_json, &p, &o);
	if (s->options & 0x10)
		render(&document_html, &p, &o);
}

static void name_tasks(struct tracker *t, uint8_t which)
{
	for (int32_t pid = 1; pid < 8; pid++)
		(void)!tracker_task(t, pid, pid, bad(which + (unsigned int)pid));
}

static void feed(struct scene *s, struct tracker *t, const uint8_t *data, size_t size)
{
	tcp_kinds wanted = gather_view.wants(NULL) | gather_view.uses;
	struct tcp_info_values tcp_info = {0};
	uint64_t now = 1000000;

	for (size_t at = 0; at + EVENT_BYTES <= size; at += EVENT_BYTES) {
		struct tcp_event e;

		event_from_bytes(data + at, &now, &tcp_info, &e);
		e.reason_name = bad(data[at + 5]);
		if (tracker_advance(t, now, NULL) < 0 || tracker_feed(t, &e) < 0)
			break;
		if (wanted & TCP_KIND_BIT(e.kind) &&
		    gather_view.feed(&s->gathered, &e, &s->sink, NULL) < 0)
			break;
		if (data[at] & 0x80 && tracker_loss(t, now > 5000 ? now - 5000 : 0, now) < 0)
			break;
	}
	(void)!tracker_finish(t, now, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scene *s;
	struct tracker_options options = {.ended = ended};
	struct tracker *t CLEANUP(tracker_free_p) = NULL;

	if (size < HEAD_BYTES)
		return 0;
	s = calloc(1, sizeof(*s));
	options.userdata = s;
	if (!s || tracker_new(&options, &t, NULL) < 0)
		abort();
	s->options = data[0];
	s->context = (struct view_context){
		.filter = &s->filter,
		.since_ns = data[2] & 1 ? 40000000 : 0,
		.until_ns = data[2] & 2 ? 900000000 : UINT64_MAX,
		.recorded = data[2] & 4 ? TCP_KIND_BIT(TCP_KIND_SET_STATE) : TCP_KINDS_ALL,
		.clock = {.start = start, .wall = data[2] & 8 ? NULL : wall, .userdata = s},
	};
	s->filter.family = data[2] & 16 ? 4 : 0;
	tracker_expect(t, TCP_KINDS_ALL);
	name_tasks(t, data[1]);
	if (gather_view.init(&s->gathered, &detectors_gather_options, &s->context, &s->sink,
			     NULL) == 0) {
		feed(s, t, data + HEAD_BYTES, size - HEAD_BYTES);
		if (gather_view.emit(&s->gathered, &s->sink, NULL) == 0)
			present(s, data[1], size / EVENT_BYTES);
	}
	gather_view.done(&s->gathered);
	free(s);
	return 0;
}
