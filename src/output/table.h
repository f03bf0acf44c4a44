/* table: the parts of a table that need no library: cells as text, widths, what has no room. Only for
 * src/output. */
#ifndef DMARCQ_OUTPUT_TABLE_H
#define DMARCQ_OUTPUT_TABLE_H

#include "output/output.h"

#include "base/arena.h"

#define TABLE_UNKNOWN "-"
/* A cell as people read it: 12,345  31.2%  2026-01-31 23:59  yes; harmless text; "-" for unknown. In the
 * arena. */
const char *table_text(struct arena *arena, const struct cell *cell, enum cell_type type);
/* The columns that a text takes on the terminal. */
size_t table_width(const char *text);
/*
 * The text, or a shorter one: without what stands in brackets at its end, then with dots in the middle,
 * because both ends of a domain tell something.
 */
const char *table_cut(struct arena *arena, const char *text, size_t width);

enum { BAR_WIDEST = 40 };
/* A bar of at most this width, "" when it is unknown; and its head, which says what its two parts are. In the
 * arena. */
const char *table_bar(struct arena *arena, const struct cell *cell, size_t width, bool utf8);
const char *table_bar_head(struct arena *arena, const char *title, bool utf8);

/* How wide each column is; 0: left out. */
struct table_fit {
	size_t width[OUTPUT_COLUMNS];
	bool empty[OUTPUT_COLUMNS]; /* left out because no row has something in it, or it is same */
	bool same[OUTPUT_COLUMNS];  /* the same in all rows: table_same says it once */
	size_t left_out;            /* how many */
};
enum { TABLE_GAP = 2 };
/* From the widths that the cells would like to have (0: the column is empty), for a terminal width (0: no
 * bound). */
void table_fit(struct table_fit *fit, const struct section *section, const size_t *wanted, size_t terminal);

/* A row's cells in columns that were left out, as "Title: value" in lines below it. */
void table_below(struct output *out, const struct table_fit *fit, const char *const *cells);
/* What is the same in all rows, of which these are the cells of one, in lines below the table. */
void table_same(struct output *out, const struct table_fit *fit, const char *const *cells, size_t rows);
/* A text and a line end, broken between words before the terminal ends; indent columns are used already. */
void table_wrap(struct output *out, struct arena *arena, size_t indent, const char *text);
/* Says which columns were left out. */
void table_left_out(struct output *out, const struct table_fit *fit);

#endif
