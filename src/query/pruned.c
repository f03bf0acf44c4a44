/* pruned: what an answer made of records can't tell any more. */
#include "query/lookup.h"
#include "query/scope.h"

enum status
query_pruned(uint64_t *reports, uint64_t *records, struct db *db, const struct ask *ask, struct err *err)
{
	struct lookup *lookup = NULL;
	struct stmt *stmt = NULL;
	struct scope scope;
	enum status status = scope_read(&scope, db, NULL, ask, err);
	bool row = false;

	*reports = *records = 0;
	if (status == OK)
		status = lookup_open(&lookup, db, err);
	if (status == OK)
		status = stmt_prepare(&stmt, db, schema_text("query/pruned.sql"), err);
	if (status == OK) {
		scope_bind(&scope, stmt);
		status = stmt_step(stmt, &row, err);
	}
	if (status == OK && row) {
		*reports = (uint64_t)stmt_i64(stmt, 0);
		*records = (uint64_t)stmt_i64(stmt, 1);
	}
	stmt_free(stmt);
	lookup_close(lookup);
	scope_free(&scope);
	return status;
}
