/* lost: reports that could not be sent, as their reporters tell. A fact: it is added once and stays. */
#include "store/writer.h"

static void
bind_lost(struct stmt *stmt, const struct lost *lost)
{
	const struct str texts[] = {lost->domain, lost->submitter, lost->report_id, lost->date, lost->uri};
	int i, count = (int)(sizeof texts / sizeof *texts);

	for (i = 0; i < count; i++)
		stmt_bind_text(stmt, i + 1, texts[i]);
	if (lost->has_size)
		stmt_bind_i64(stmt, count + 1, (int64_t)lost->size);
	else
		stmt_bind_null(stmt, count + 1);
}

static enum status
is_known(bool *known, struct store *store, const struct lost *lost, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_LOST_FIND, err);

	if (status != OK)
		return status;
	bind_lost(stmt, lost);
	status = stmt_step(stmt, known, err);
	stmt_reset(stmt);
	return status;
}

enum status
lost_add(struct store *store, const struct lost *lost, struct err *err)
{
	struct stmt *stmt;
	bool known = true;
	enum status status;

	/* An mbox that grew is read again, and so is an original. */
	if (store->item_arrival != 0 || !store->in_mail)
		return OK;
	status = is_known(&known, store, lost, err);
	if (status != OK || known)
		return status;
	status = mail_write(store, err);
	if (status == OK)
		status = store_statement(&stmt, store, SQL_LOST_ADD, err);
	if (status != OK)
		return status;
	bind_lost(stmt, lost);
	stmt_bind_i64(stmt, 7, store->run);
	stmt_bind_i64(stmt, 8, store->now - store->run_started);
	stmt_bind_i64(stmt, 9, store->mail);
	return stmt_run(stmt, err);
}
