/*
 * output: sections, columns and cells in, a table, CSV, JSON or JSON lines out. Rows are written as they
 * come, in flat memory. Text of any origin is made harmless for its reader: a terminal, a spreadsheet, a JSON
 * parser.
 */
#ifndef DMARCQ_OUTPUT_OUTPUT_H
#define DMARCQ_OUTPUT_OUTPUT_H

#include "base/column.h"
#include "base/err.h"

#include <stdio.h>

enum { OUTPUT_FORMAT = 1, OUTPUT_COLUMNS = 64 /* at most, in one section */ };

struct output;

struct output_options {
	FILE *to;
	int (*put)(void *data, const char *bytes, size_t len); /* instead of to; gives 0 or an errno */
	void *data;                                            /* for put */
	const char *name;                                      /* of the file, for errors; NULL: none */
	size_t width; /* of a table in terminal columns; 0: as wide as it gets */
	bool colour;
	bool utf8; /* the terminal shows block characters */
};

/*
 * format: "table", "csv", "json" or "jsonl". BAD names the formats when it is none of them. The file stays
 * the caller's. *out is NULL on failure.
 */
enum status output_open(
    struct output **out, const char *format, const struct output_options *options, struct err *err);
/* The name of the question and the window that it was asked for; window NULL: it has none. */
enum status output_begin(struct output *out, const char *query, const struct window *window, struct err *err);
/* The rows that follow belong to this section, which must outlive it. Ends the section before. */
enum status output_section(struct output *out, const struct section *section, struct err *err);
/* One row: a cell per column of the section. */
enum status output_row(struct output *out, const struct cell *cells, struct err *err);
/* Whether a block that begins at this column was written with this key before: output_row does without its
 * cells. Holds until the next output_row is done. */
bool output_knows(struct output *out, size_t column, int64_t key);
/* Hands what was written so far to the file. */
void output_flush(struct output *out);
/* Ends the answer and hands everything to the file. FATAL with exit code 74 when it can't be written. */
enum status output_end(struct output *out, struct err *err);
/* Frees without writing what was not ended; NULL is accepted. */
void output_close(struct output *out);

#endif
