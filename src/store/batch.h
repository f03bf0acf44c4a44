/*
 * batch: rows of numbers that are inserted eight at a time: starting a statement costs as much as inserting a
 * row. Private to this folder.
 */
#ifndef DMARCQ_STORE_BATCH_H
#define DMARCQ_STORE_BATCH_H

#include "base/err.h"

#include <stdint.h>

enum { BATCH_ROWS = 8, BATCH_COLUMNS = 7 };

struct store;

struct batch {
	unsigned one, many; /* enum statement: for one row and for BATCH_ROWS */
	int columns, rows;
	int64_t values[BATCH_ROWS * BATCH_COLUMNS];
};

/* Adds a row of batch->columns numbers; runs the statement when there are enough. */
enum status batch_add(struct batch *batch, struct store *store, const int64_t *row, struct err *err);
/* Runs what is left. */
enum status batch_flush(struct batch *batch, struct store *store, struct err *err);

#endif
