// SPDX-License-Identifier: MIT
#include "html/parts.h"

static void head_put(struct html_page *p, const struct document_table *t)
{
	text_str(p->out, "<thead><tr>");
	for (size_t i = 0; i < t->n_columns; i++) {
		const struct column *c = &t->columns[i];

		if (!c->head)
			continue;
		text_str(p->out,
			 c->is_right ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
		html_cstr(p->out, *c->head || !c->key ? c->head : c->key);
		text_str(p->out, "</th>");
	}
	text_str(p->out, "</tr></thead>\n");
}

/* True for a cell that may need more than one line. */
static bool is_long(const struct cell *cell)
{
	return cell->kind == CELL_LIST || cell->kind == CELL_FIELDS ||
	       (cell->kind == CELL_STR && cell->n > 40);
}

/* The scripts sort a time by its data-t, and any other cell by its text. */
static void cell_put(struct html_page *p, const struct column *c, const struct cell *cell,
		     bool is_first)
{
	text_str(p->out, is_first ? "<th scope=\"row\"" : "<td");
	if (c->is_right)
		text_str(p->out, " class=\"n\"");
	else if (is_long(cell))
		text_str(p->out, " class=\"long\"");
	if (cell->kind == CELL_TIME) {
		text_str(p->out, " data-t=\"");
		text_u64(p->out, cell->u64);
		text_char(p->out, '"');
	} else if (cell->kind == CELL_ABSENT) {
		text_str(p->out, " data-no");
	}
	text_char(p->out, '>');
	html_cell(p, c, cell);
	text_str(p->out, is_first ? "</th>" : "</td>");
}

static void row_put(struct html_page *p, const struct document_table *t, const struct cell *cells)
{
	bool is_first = true;

	text_str(p->out, "<tr>");
	for (size_t i = 0; i < t->n_columns; i++) {
		if (!t->columns[i].head)
			continue;
		cell_put(p, &t->columns[i], &cells[i], is_first);
		is_first = false;
	}
	text_str(p->out, "</tr>\n");
}

void html_table(struct html_page *p, const struct document_table *t, size_t number)
{
	text_str(p->out, "<section class=\"rows\" id=\"table-");
	text_u64(p->out, number);
	text_str(p->out, "\" aria-labelledby=\"table-head-");
	text_u64(p->out, number);
	text_str(p->out, "\">\n<h2 id=\"table-head-");
	text_u64(p->out, number);
	text_str(p->out, "\">");
	html_cstr(p->out, t->title);
	text_str(p->out, " <span class=\"count\">");
	text_u64(p->out, t->n_rows);
	text_str(p->out, "</span></h2>\n");
	if (t->n_rows) {
		text_str(p->out, "<div class=\"box\">\n<table>\n<caption class=\"unseen\">");
		html_cstr(p->out, t->title);
		text_str(p->out, "</caption>\n");
		head_put(p, t);
		text_str(p->out, "<tbody>\n");
		for (size_t i = 0; i < t->n_rows; i++)
			row_put(p, t, t->cells + i * t->n_columns);
		text_str(p->out, "</tbody>\n</table>\n</div>\n");
	} else {
		text_str(p->out, "<p class=\"none\">None.</p>\n");
	}
	if (t->n_left_out) {
		text_str(p->out, "<p class=\"left-out\">");
		text_u64(p->out, t->n_left_out);
		text_str(p->out, " more are not on this page.</p>\n");
	}
	text_str(p->out, "</section>\n");
}
