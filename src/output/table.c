/*
 * table: for people: aligned columns with a head, as wide as the terminal allows. Rows are printed in
 * batches, so that a long answer needs no more memory than a short one; the first batch decides the widths.
 */
#include "output/table.h"

#include "base/mem.h"
#include "output/driver.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BATCH = 4096,
	NO_WIDTH = 1000000,
	SAME_ROWS = 10, /* fewer are seen at a glance */
	SAME_CUT = 3,   /* what all say takes the room of texts that are cut: so few will do */
};

struct table {
	struct arena arena;
	const char **cells; /* BATCH rows of section->count; "" for a bar */
	struct cell *bars;  /* BATCH, those of the bar column; NULL: there was none so far */
	size_t rows, batches;
	struct table_fit fit;
	bool written; /* something stands above */
};

static struct table *
table_of(struct output *out)
{
	struct table *table = out->data;

	if (table == NULL) {
		table = out->data = mem_zero(1, sizeof *table);
		arena_init(&table->arena);
		table->cells = mem_alloc(sizeof *table->cells * BATCH * OUTPUT_COLUMNS);
	}
	return table;
}

/* How wide a column would like to be; 0: it has nothing to say. */
static size_t
wanted_width(const struct output *out, const struct table *table, size_t i)
{
	const struct column *column = &out->section->columns[i];
	bool empty = column->priority >= COLUMN_SPARSE;
	size_t wanted, width, row;
	const char *text;

	if (column->type == CELL_BAR)
		return BAR_WIDEST;
	wanted = table_width(column->title);
	for (row = 0; row < table->rows; row++) {
		text = table->cells[row * out->section->count + i];
		empty = empty && (text[0] == '\0' || strcmp(text, TABLE_UNKNOWN) == 0);
		width = table_width(text);
		if (width > wanted)
			wanted = width;
	}
	return empty ? 0 : wanted;
}

/* Of what stands in the row. Columns below it and the first, which says what a row is of, stay. */
static bool
is_same(const struct output *out, const struct table *table, size_t i)
{
	const struct column *column = &out->section->columns[i];
	size_t count = out->section->count, row;

	if (i == 0 || column->type == CELL_BAR || column->priority == BELOW)
		return false;
	for (row = 1; row < table->rows; row++)
		if (strcmp(table->cells[row * count + i], table->cells[i]) != 0)
			return false;
	return true;
}

/* Whether the terminal has no room for a column that stands in the row elsewhere. */
static bool
is_narrow(const struct section *section, const struct table_fit *fit)
{
	size_t i;

	for (i = 0; i < section->count; i++)
		if (fit->width[i] == 0 && !fit->empty[i] && section->columns[i].priority != BELOW)
			return true;
	return false;
}

static bool
is_cut(const struct section *section, const struct table_fit *fit, const size_t *wanted)
{
	size_t i;

	for (i = 0; i < section->count; i++)
		if (fit->width[i] > 0 && fit->width[i] < wanted[i] && section->columns[i].type != CELL_BAR)
			return true;
	return false;
}

/* whole: these are all rows. */
static void
fit_batch(struct output *out, struct table *table, bool whole)
{
	const struct section *section = out->section;
	size_t wanted[OUTPUT_COLUMNS], i;

	memset(table->fit.same, 0, sizeof table->fit.same);
	for (i = 0; i < section->count; i++)
		wanted[i] = wanted_width(out, table, i);
	table_fit(&table->fit, section, wanted, out->options.width);
	if (!whole || !is_narrow(section, &table->fit) ||
	    table->rows < (is_cut(section, &table->fit, wanted) ? SAME_CUT : SAME_ROWS + 1))
		return;
	for (i = 0; i < section->count; i++)
		if (wanted[i] > 0 && is_same(out, table, i)) {
			table->fit.same[i] = true;
			wanted[i] = 0;
		}
	table_fit(&table->fit, section, wanted, out->options.width);
}

static bool
is_right(enum cell_type type)
{
	return type == CELL_INTEGER || type == CELL_ID || type == CELL_PERCENT || type == CELL_BYTES;
}

static void
add_columns(struct output *out, struct table *table, struct libscols_table *to)
{
	const struct section *section = out->section;
	struct libscols_column *column;
	const char *title;
	size_t i;

	for (i = 0; i < section->count; i++) {
		if (table->fit.width[i] == 0)
			continue;
		title = section->columns[i].title;
		if (section->columns[i].type == CELL_BAR)
			title = table_bar_head(&table->arena, title, out->options.utf8);
		column = scols_table_new_column(to, title, (double)table->fit.width[i],
		    is_right(section->columns[i].type) ? SCOLS_FL_RIGHT : 0);
		if (column != NULL && out->options.colour)
			(void)scols_cell_set_color(scols_column_get_header(column), "\033[1m");
	}
}

static void
add_rows(struct output *out, struct table *table, struct libscols_table *to)
{
	const struct section *section = out->section;
	struct libscols_line *line;
	const char *text;
	size_t row, i, n;

	for (row = 0; row < table->rows; row++) {
		if ((line = scols_table_new_line(to, NULL)) == NULL)
			return;
		for (i = n = 0; i < section->count; i++) {
			if (table->fit.width[i] == 0)
				continue;
			text = table->cells[row * section->count + i];
			if (section->columns[i].type == CELL_BAR)
				text = table_bar(
				    &table->arena, &table->bars[row], table->fit.width[i], out->options.utf8);
			else if (section->columns[i].least > 0)
				text = table_cut(&table->arena, text, table->fit.width[i]);
			(void)scols_line_set_data(line, n++, text);
		}
	}
}

/* The lines that the library made, one per row behind the head, without blanks at their ends. */
static void
put_lines(struct output *out, struct table *table, const char *text)
{
	size_t row, len;
	const char *end;

	for (row = table->batches > 0 ? 1 : 0; row <= table->rows; row++, text = end + (*end == '\n')) {
		end = text + strcspn(text, "\n");
		for (len = (size_t)(end - text); len > 0 && text[len - 1] == ' ';)
			len--;
		output_put(out, text, len);
		output_byte(out, '\n');
		if (out->section->unfold && row > 0)
			table_below(out, &table->fit, table->cells + (row - 1) * out->section->count);
	}
}

static void
print_batch(struct output *out, struct table *table, bool last)
{
	struct libscols_table *to;
	char *text = NULL;

	if (table->rows == 0)
		return;
	if (table->batches == 0)
		fit_batch(out, table, last);
	if ((to = scols_new_table()) == NULL)
		return;
	(void)scols_table_set_termforce(to, SCOLS_TERMFORCE_ALWAYS);
	(void)scols_table_set_termwidth(to, NO_WIDTH);
	(void)scols_table_set_column_separator(to, "  ");
	(void)scols_table_enable_noencoding(to, 1);
	(void)scols_table_enable_colors(to, out->options.colour);
	(void)scols_table_enable_noheadings(to, table->batches > 0);
	add_columns(out, table, to);
	add_rows(out, table, to);
	if (scols_print_table_to_string(to, &text) == 0 && text != NULL)
		put_lines(out, table, text);
	else
		out->failed = out->failed == 0 ? ENOMEM : out->failed;
	if (table->batches == 0)
		table_same(out, &table->fit, table->cells, table->rows);
	free(text);
	scols_unref_table(to);
	arena_reset(&table->arena);
	table->rows = 0;
	table->batches++;
}

static void
table_begin(struct output *out, const char *query, const struct window *window)
{
	char since[TIME_TEXT], until[TIME_TEXT];

	(void)query;
	if (window == NULL || !window->known)
		return;
	day_format(since, window->since);
	day_format(until, window->until);
	output_text(out, since);
	output_text(out, " to ");
	output_text(out, until);
	output_text(out, " (UTC days)\n");
	table_of(out)->written = true;
}

static void
table_section(struct output *out, const struct section *section)
{
	struct table *table = table_of(out);

	table->rows = table->batches = 0;
	table->fit.left_out = 0;
	arena_reset(&table->arena);
	(void)section;
}

/* An empty line between sections, and the title of those that have one. */
static void
open_section(struct output *out, struct table *table)
{
	if (table->written)
		output_byte(out, '\n');
	table->written = true;
	if (out->section->title != NULL && out->section->shape != SHAPE_VALUE) {
		output_text(out, out->options.colour ? "\033[1m" : "");
		output_text(out, out->section->title);
		output_text(out, out->options.colour ? "\033[0m\n" : "\n");
	}
}

static bool
is_worth_a_line(const struct column *column, const struct cell *cell)
{
	return cell->known && (column->priority == 0 || column->type != CELL_INTEGER || cell->number != 0);
}

static bool
is_fields(const struct section *section)
{
	return section->shape == SHAPE_OBJECT || section->shape == SHAPE_VALUE;
}

static bool
has_fields(const struct section *section, const struct cell *cells)
{
	size_t i;

	for (i = 0; i < section->count; i++)
		if (is_worth_a_line(&section->columns[i], &cells[i]))
			return true;
	return false;
}

/* "Title:   value" lines, without those that are unknown. */
static void
put_fields(struct output *out, struct table *table, const struct cell *cells)
{
	const struct section *section = out->section;
	size_t widest = 0, width, i;

	for (i = 0; i < section->count; i++)
		if (is_worth_a_line(&section->columns[i], &cells[i]) &&
		    (width = table_width(section->columns[i].title)) > widest)
			widest = width;
	for (i = 0; i < section->count; i++) {
		if (!is_worth_a_line(&section->columns[i], &cells[i]))
			continue;
		output_text(out, section->shape == SHAPE_OBJECT ? "  " : "");
		output_text(out, section->columns[i].title);
		output_text(out, ": ");
		for (width = table_width(section->columns[i].title); width < widest; width++)
			output_byte(out, ' ');
		table_wrap(out, &table->arena,
		    widest + sizeof ": " - 1 + (section->shape == SHAPE_OBJECT ? sizeof "  " - 1 : 0),
		    table_text(&table->arena, &cells[i], section->columns[i].type));
	}
	arena_reset(&table->arena);
}

/* A bar is drawn when the width of its column is known. */
static void
keep_bar(struct table *table, const struct cell *cell, size_t at)
{
	if (table->bars == NULL)
		table->bars = mem_alloc(sizeof *table->bars * BATCH);
	table->bars[table->rows] = *cell;
	table->cells[at] = "";
}

static void
table_row(struct output *out, const struct cell *cells)
{
	const struct section *section = out->section;
	struct table *table = table_of(out);
	size_t i;

	if (is_fields(section) && !has_fields(section, cells))
		return;
	if (out->rows == 0)
		open_section(out, table);
	if (is_fields(section)) {
		put_fields(out, table, cells);
		return;
	}
	for (i = 0; i < output_values(section); i++)
		table->cells[table->rows * section->count + i] =
		    table_text(&table->arena, &cells[i], section->columns[i].type);
	if (i < section->count)
		keep_bar(table, &cells[i], table->rows * section->count + i);
	if (++table->rows == BATCH)
		print_batch(out, table, false);
}

static void
table_section_end(struct output *out)
{
	struct table *table = table_of(out);

	print_batch(out, table, true);
	if (table->fit.left_out > 0 && !out->section->unfold)
		table_left_out(out, &table->fit);
}

static void
table_note(struct output *out, struct str text)
{
	const struct cell cell = {.known = true, .text = text};
	struct table *table = table_of(out);

	table_wrap(out, &table->arena, 0, table_text(&table->arena, &cell, CELL_TEXT));
	arena_reset(&table->arena);
	table->written = true;
}

static void
table_free(struct output *out)
{
	struct table *table = out->data;

	if (table == NULL)
		return;
	arena_free(&table->arena);
	free(table->cells);
	free(table->bars);
	free(table);
}

const struct output_class output_table = {
    .name = "table",
    .begin = table_begin,
    .section = table_section,
    .row = table_row,
    .section_end = table_section_end,
    .note = table_note,
    .free = table_free,
};
