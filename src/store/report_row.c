/* report_row: what is stored of a report beside its records: its row, its repairs, the errors that it tells
 * of. */
#include "store/writer.h"

void
bind_period(struct stmt *stmt, int i, const struct report *report)
{
	if (report->has_period) {
		stmt_bind_i64(stmt, i, report->begin);
		stmt_bind_i64(stmt, i + 1, report->end);
	} else {
		stmt_bind_null(stmt, i);
		stmt_bind_null(stmt, i + 1);
	}
}

int64_t
conflict_hash(const struct key *key, const struct report *report)
{
	return hash_column(hash64(&report->content, sizeof report->content, (uint64_t)key->hash));
}

enum status
repairs_write(int64_t *codes, struct store *store, enum statement add, int64_t report,
    const struct repairs *repairs, struct err *err)
{
	enum status status;
	struct stmt *stmt;
	size_t i;

	status = store_statement(&stmt, store, add, err);
	for (i = 0, *codes = 0; i < REPAIRS && status == OK; i++) {
		if (repairs->times[i] == 0)
			continue;
		stmt_bind_i64(stmt, 1, report);
		stmt_bind_text(stmt, 2, str_of(repair_code((enum repair)i)));
		stmt_bind_i64(stmt, 3, (int64_t)repairs->times[i]);
		stmt_bind_text(stmt, 4, repairs->first[i]);
		status = stmt_run(stmt, err);
		(*codes)++;
	}
	return status;
}

static enum status
write_errors(struct store *store, int64_t id, const struct report *report, struct err *err)
{
	const struct report_error *error;
	enum status status;
	struct stmt *stmt;
	int64_t n = 0;

	status = store_statement(&stmt, store, SQL_ERROR_ADD, err);
	for (error = report->errors; error != NULL && status == OK; error = error->next) {
		stmt_bind_i64(stmt, 1, id);
		stmt_bind_i64(stmt, 2, n++);
		stmt_bind_text(stmt, 3, error->text);
		stmt_bind_text(stmt, 4, error->lang);
		status = stmt_run(stmt, err);
	}
	return status;
}

static enum status
write_row(struct store *store, int64_t id, int state, const struct key *key, const struct report *report,
    int64_t codes, struct err *err)
{
	int64_t author = 0, policy = 0;
	enum status status;
	struct stmt *stmt;

	status = author_id(&author, store, report, err);
	if (status == OK)
		status = policy_id(&policy, store, report, key->domain, err);
	if (status == OK)
		status = store_statement(&stmt, store, SQL_REPORT_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, id);
	stmt_bind_i64(stmt, 2, state == 1 ? key->hash : conflict_hash(key, report));
	stmt_bind_i64(stmt, 3, state);
	stmt_bind_i64(stmt, 4, key->reporter);
	stmt_bind_i64(stmt, 5, key->domain);
	stmt_bind_text(stmt, 6, report->id_key);
	bind_period(stmt, 7, report);
	stmt_bind_i64(stmt, 9, author);
	stmt_bind_i64(stmt, 10, policy);
	stmt_bind_i64(stmt, 11, store->arrival);
	stmt_bind_text(stmt, 12, store->writing.place);
	stmt_bind_text(stmt, 13,
	    str_same(report->field[REPORT_ID], report->id_key) ? str_of(NULL) : report->field[REPORT_ID]);
	stmt_bind_i64(stmt, 14, report->incomplete);
	stmt_bind_i64(stmt, 15, codes);
	stmt_bind_i64(stmt, 16, (int64_t)report->records);
	stmt_bind_i64(stmt, 17, (int64_t)report->messages);
	stmt_bind_i64(stmt, 18, (int64_t)report->content);
	stmt_bind_i64(stmt, 19, store->writing.first_record);
	stmt_bind_i64(stmt, 20, store->writing.tally.failed);
	stmt_bind_i64(stmt, 21, store->writing.tally.failed_quarantined);
	stmt_bind_i64(stmt, 22, store->writing.tally.failed_rejected);
	stmt_bind_i64(stmt, 23, store->writing.authentic);
	return stmt_run(stmt, err);
}

enum status
report_raise(struct store *store, enum statement raise, int64_t id, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, raise, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, id);
	return stmt_run(stmt, err);
}

enum status
report_write(int64_t *codes, struct store *store, int64_t id, int state, const struct key *key,
    const struct report *report, struct err *err)
{
	enum status status = repairs_write(codes, store, SQL_REPAIR_ADD, id, &report->repairs, err);

	if (status == OK)
		status = write_errors(store, id, report, err);
	return status == OK ? write_row(store, id, state, key, report, *codes, err) : status;
}
