/* original: the original behind an id that was asked for, and what is said when there is none. */
#include "query/original.h"

static enum status
no_such(struct db *db, enum query_original of, int64_t id, struct err *err)
{
	int64_t reports;
	enum status status = db_number(&reports, db, "SELECT EXISTS (SELECT 1 FROM report)", err);

	if (status != OK)
		return status;
	if (of == ORIGINAL_OF_REJECT)
		return err_stop(err, EXIT_CODE_DATA, "there is no reject %lld: `dmarcq rejects` lists them",
		    (long long)id);
	return err_stop(err, EXIT_CODE_DATA, "there is no report %lld: %s", (long long)id,
	    reports > 0 ? "`dmarcq reports` lists them" : "there are none yet, `dmarcq import` reads them");
}

enum status
original_find(
    int64_t *original, struct db *db, enum query_original of, int64_t id, bool needs, struct err *err)
{
	const char *sql =
	    of == ORIGINAL_OF_REPORT ? "query/report_original.sql" : "query/reject_original.sql";
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text(sql), err);
	bool row = false;

	if (status == OK) {
		stmt_bind_i64(stmt, 1, id);
		status = stmt_step(stmt, &row, err);
	}
	*original = status == OK && row ? stmt_i64(stmt, 0) : 0;
	stmt_free(stmt);
	if (status == OK && row && *original == 0 && needs)
		return err_stop(err, EXIT_CODE_DATA, "the original of report %lld was pruned", (long long)id);
	if (status == OK && !row)
		return no_such(db, of, id, err);
	return status;
}

enum status
query_original(int64_t *original, struct db *db, enum query_original of, int64_t id, struct err *err)
{
	return original_find(original, db, of, id, true, err);
}
