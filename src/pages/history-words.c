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

	d->is_trouble = m->kind != HISTORY_STATE && m->kind != HISTORY_CONGESTION;
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
	}
	if (m->n > 1) {
		text_str(t, ", ");
		number_text(t, m);
	}
}
