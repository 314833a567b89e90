// SPDX-License-Identifier: MIT
#include "pages/history-words.h"

#include "base/units.h"
#include "tcp/names.h"
#include "tcp/reset-kind.h"

static const char *cause_word(unsigned int cause)
{
	const char *name = tcp_cause_name((enum tcp_cause)cause);

	return name ? name : "retransmit";
}

/* "5 at once", "312 in 1.5 s" */
static void number_text(struct text *t, const struct history_event *m)
{
	if (m->n < 2)
		return;
	units_count(t, m->n);
	if (m->until_ns - m->ts_ns < HISTORY_AT_ONCE_NS) {
		text_str(t, " at once");
		return;
	}
	text_str(t, " in ");
	units_duration(t, m->until_ns - m->ts_ns);
}

void history_words(const struct history_event *m, struct document_history_event *d, struct text *t)
{
	const char *name = NULL;

	static const char *const windows[] = {
		[HISTORY_PEER_SHUT] = "the peer's, to zero bytes",
		[HISTORY_PEER_OPEN] = "the peer's",
		[HISTORY_OWN_SHUT] = "of this host, to zero bytes",
		[HISTORY_OWN_OPEN] = "of this host",
	};
	bool is_shut = m->kind == HISTORY_WINDOW &&
		       (m->detail == HISTORY_PEER_SHUT || m->detail == HISTORY_OWN_SHUT);

	d->is_trouble = is_shut || m->kind == HISTORY_RETRANSMIT || m->kind == HISTORY_FAILED ||
			m->kind == HISTORY_RESET || m->kind == HISTORY_ERROR;
	switch ((enum history_event_kind)m->kind) {
	case HISTORY_RETRANSMIT:
		d->what = cause_word(m->detail);
		number_text(t, m);
		if (m->value) {
			text_str(t, m->n > 1 ? ", the longest after " : "after ");
			units_duration(t, m->value * NSEC_PER_USEC);
		}
		return;
	case HISTORY_FAILED:
		d->what = "failed";
		name = m->value ? tcp_errno_name((int)m->value) : NULL;
		text_printf(t, "%s: %s", cause_word(m->detail), name ? name : "not sent");
		break;
	case HISTORY_STATE:
		d->what = "state";
		name = tcp_state_name(m->detail);
		text_str(t, name ? name : "?");
		break;
	case HISTORY_CONGESTION:
		d->what = "congestion";
		name = tcp_ca_name(m->detail);
		text_str(t, name ? name : "?");
		break;
	case HISTORY_RESET:
		d->what = m->value ? "RST received" : "RST sent";
		name = reset_kind_name(m->detail);
		text_str(t, name ? name : "?");
		break;
	case HISTORY_ERROR:
		d->what = "error";
		name = tcp_errno_name((int)m->value);
		text_str(t, name ? name : "?");
		break;
	case HISTORY_WINDOW:
		d->what = is_shut ? "window shut" : "window open";
		text_str(t, windows[m->detail]);
		break;
	case HISTORY_ACKED: d->what = "acknowledged"; break;
	}
	if (m->n > 1) {
		text_str(t, t->len ? ", " : "");
		number_text(t, m);
	}
}
