/* rows: the rows of a CSV or JSON lines file as they stand there, and the cells of one; private to src/cli.
 */
#ifndef DMARCQ_CLI_ROWS_H
#define DMARCQ_CLI_ROWS_H

#include "base/buf.h"
#include "base/text.h"

#include <stdio.h>

/*
 * The next row with its line end, which in CSV may also stand inside quotes; empty behind the last one. BAD:
 * it does not fit into the buffer.
 */
enum status rows_next(struct buf *row, FILE *file, bool csv, struct err *err);
/* Takes a row apart: the number of its cells, of which the first `most` are in cells, borrowed from the row.
 * Of JSON they are `"name":value`. */
size_t rows_cells(struct str *cells, size_t most, struct str row, bool csv);
/* What a person reads in a cell: without the name and the quotes around it. */
struct str rows_value(struct str cell, bool csv);

#endif
