/* original: the original behind an id that was asked for, and what is said when there is none. A kind of id
 * is a line in the table. */
#include "query/original.h"

/* What an id is of: its original, what is counted, its name with the id behind it, and where the ids are. */
static const struct {
	const char *sql, *any, *name, *lists;
} ids[] = {
    [ORIGINAL_OF_REPORT] = {"query/report_original.sql", "SELECT EXISTS (SELECT 1 FROM report)", "report ",
	"reports"},
    [ORIGINAL_OF_REJECT] = {"query/reject_original.sql", "SELECT 1", "reject ", "rejects"},
    [ORIGINAL_OF_TLS] = {"query/tls_original.sql", "SELECT EXISTS (SELECT 1 FROM tls_report)", "TLS report T",
	"tls --by report"},
    [ORIGINAL_OF_FAILURE] = {"query/failure_original.sql", "SELECT EXISTS (SELECT 1 FROM failure)",
	"failure report F", "failures"},
};

static enum status
no_such(struct db *db, enum query_original of, int64_t id, struct err *err)
{
	int64_t any;
	enum status status = db_number(&any, db, ids[of].any, err);

	if (status != OK)
		return status;
	if (any == 0)
		return err_stop(err, EXIT_CODE_DATA,
		    "there is no %s%lld: there are none yet, `dmarcq import` reads them", ids[of].name,
		    (long long)id);
	return err_stop(err, EXIT_CODE_DATA, "there is no %s%lld: `dmarcq %s` lists them", ids[of].name,
	    (long long)id, ids[of].lists);
}

enum status
original_find(
    int64_t *original, struct db *db, enum query_original of, int64_t id, bool needs, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text(ids[of].sql), err);
	bool row = false;

	if (status == OK) {
		stmt_bind_i64(stmt, 1, id);
		status = stmt_step(stmt, &row, err);
	}
	*original = status == OK && row ? stmt_i64(stmt, 0) : 0;
	stmt_free(stmt);
	if (status == OK && row && *original == 0 && needs)
		return err_stop(
		    err, EXIT_CODE_DATA, "the original of %s%lld was pruned", ids[of].name, (long long)id);
	if (status == OK && !row)
		return no_such(db, of, id, err);
	return status;
}

enum status
query_original(int64_t *original, struct db *db, enum query_original of, int64_t id, struct err *err)
{
	return original_find(original, db, of, id, true, err);
}
