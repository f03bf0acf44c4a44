/* batch: a full batch goes with one statement, what is left row by row. */
#include "store/batch.h"

#include "store/writer.h"

#include <string.h>

static enum status
run(struct batch *batch, struct store *store, unsigned statement, int first, int rows, struct err *err)
{
	const int64_t *values = batch->values + first * batch->columns;
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, (enum statement)statement, err);
	int i;

	if (status != OK)
		return status;
	for (i = 0; i < rows * batch->columns; i++)
		stmt_bind_i64(stmt, i + 1, values[i]);
	return stmt_run(stmt, err);
}

enum status
batch_add(struct batch *batch, struct store *store, const int64_t *row, struct err *err)
{
	memcpy(batch->values + batch->rows * batch->columns, row, (size_t)batch->columns * sizeof *row);
	if (++batch->rows < BATCH_ROWS)
		return OK;
	batch->rows = 0;
	return run(batch, store, batch->many, 0, BATCH_ROWS, err);
}

enum status
batch_flush(struct batch *batch, struct store *store, struct err *err)
{
	enum status status = OK;
	int i;

	for (i = 0; i < batch->rows && status == OK; i++)
		status = run(batch, store, batch->one, i, 1, err);
	batch->rows = 0;
	return status;
}
