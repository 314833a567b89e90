// SPDX-License-Identifier: MIT
#include "base/units.h"
#include "render/cell-text.h"
#include "html/parts.h"
#include "render/fastfmt.h"

void html_cell(struct html_page *p, const struct column *column, const struct cell *cell)
{
	struct text shown CLEANUP(text_done) = {0};

	if (cell->kind == CELL_STR) {
		html_text(p->out, cell->str, cell->n);
		return;
	}
	if (cell->kind == CELL_ABSENT) {
		text_str(p->out, "\xe2\x80\x93");
		return;
	}
	cell_text(&shown, column, cell, &p->timestamp, true);
	p->out->failed |= shown.failed;
	html_text(p->out, shown.data, shown.len);
}

static void item_put(struct html_page *p, const struct document_item *item)
{
	const struct column column = {.key = item->key, .decimals = item->decimals};

	text_str(p->out, "<div><dt>");
	html_cstr(p->out, item->label);
	text_str(p->out, "</dt><dd>");
	if (item->words)
		html_cstr(p->out, item->words);
	else
		html_cell(p, &column, &item->cell);
	text_str(p->out, "</dd></div>\n");
}

void html_items(struct html_page *p, const char *css_class, const struct document_item *items,
		size_t n)
{
	bool has_any = false;

	for (size_t i = 0; i < n; i++) {
		if (!items[i].label)
			continue;
		if (!has_any) {
			text_str(p->out, "<dl class=\"");
			text_str(p->out, css_class);
			text_str(p->out, "\">\n");
		}
		has_any = true;
		item_put(p, &items[i]);
	}
	if (has_any)
		text_str(p->out, "</dl>\n");
}

/* Each level has its own shape, for people who cannot tell the colours apart. */
void html_level(struct html_page *p, enum document_level level)
{
	static const struct {
		const char *word, *shape, *sign;
	} looks[DOCUMENT_LEVELS] = {
		[DOCUMENT_GOOD] = {"Good", "M1.5 8a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0z",
				   "M5 8.2l2.2 2.2L11 6"},
		[DOCUMENT_NOTICE] = {"Notice", "M2.5 2.5h11v11h-11z", "M8 7v4M8 4.6v.3"},
		[DOCUMENT_WARNING] = {"Warning", "M8 1.3L15.3 14.5H.7z", "M8 6v4M8 12.2v.3"},
		[DOCUMENT_CRITICAL] = {"Critical", "M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2z",
				       "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"},
	};
	const char *name = document_level_name(level);

	if (!name)
		return;
	text_str(p->out, "<span class=\"badge ");
	text_str(p->out, name);
	text_str(p->out,
		 "\"><svg viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path class=\"shape\" d=\"");
	text_str(p->out, looks[level].shape);
	text_str(p->out, "\"/><path class=\"sign\" d=\"");
	text_str(p->out, looks[level].sign);
	text_str(p->out, "\"/></svg>");
	text_str(p->out, looks[level].word);
	text_str(p->out, "</span>");
}

static void time_put(struct html_page *p, uint64_t ts_ns, unsigned int decimals)
{
	char shown[FASTFMT_MAX], data[FASTFMT_MAX];
	char *end = timestamp_put(&p->timestamp, shown, ts_ns, decimals);
	char *data_end = timestamp_put(&p->data, data, ts_ns, 9);

	if (data_end != data) {
		text_str(p->out, "<time datetime=\"");
		/* HTML allows three digits of a second: six of the nine are cut off. */
		html_text(p->out, data, (size_t)(data_end - data) - 7);
		text_str(p->out, "Z\">");
	} else {
		text_str(p->out, "<time>");
	}
	html_text(p->out, shown, (size_t)(end - shown));
	text_str(p->out, "</time>");
}

void html_when(struct html_page *p, uint64_t since_ns, uint64_t until_ns)
{
	bool is_short = until_ns - since_ns < 10 * NSEC_PER_SEC;

	time_put(p, since_ns, is_short ? 3 : 0);
	if (until_ns <= since_ns)
		return;
	text_str(p->out, " \xe2\x80\x93 ");
	time_put(p, until_ns, is_short ? 3 : 0);
	text_str(p->out, " (");
	units_duration(p->out, until_ns - since_ns);
	text_char(p->out, ')');
}
