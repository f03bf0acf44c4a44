/* rebuild: what the store does differently when its own originals are read again. */
#include "store/pruning.h"

void
store_replay(struct store *store, enum replay replay)
{
	store->closes_rejects = replay == REPLAY_RETRY;
	store->commits_at_end = replay == REPLAY_REBUILD;
}

/*
 * What pruned reports left in the roll-up can't be made again. So each of the others is taken off it, and the
 * dictionaries stay, because the roll-up's rows hold their ids.
 */
static enum status
clear_live(struct store *store, struct err *err)
{
	struct stmt *stmt = NULL;
	struct stored stored;
	enum status status;
	bool row;

	status = stmt_prepare(&stmt, store->db, schema_text("import/reports_live.sql"), err);
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row) {
		stored_read(&stored, stmt);
		status = rollup_stored(store, &stored, ROLL_OFF, err);
	}
	stmt_free(stmt);
	if (status == OK)
		status = store_total(store, err);
	return status == OK ? db_exec(store->db, schema_text("import/clear_live.sql"), err) : status;
}

enum status
replay_note(struct store *store, struct err *err)
{
	enum status status = OK;

	if (store->here_noted)
		return OK;
	status = db_number(&store->pruned, store->db,
	    "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'pruned'", err);
	if (status == OK)
		status = db_exec(store->db, schema_text("import/here_note.sql"), err);
	if (status == OK)
		status = prune_run(store, "import/here_add.sql", &store->pruned, 1, err);
	store->here_noted = status == OK;
	return status;
}

enum status
replay_is_gone(bool *gone, struct store *store, struct str place, bool is_old, struct err *err)
{
	struct stmt *stmt;
	enum status status;
	bool row = false;

	*gone = false;
	if (store->item_arrival == 0 || !is_old)
		return OK;
	status = store_statement(&stmt, store, SQL_HERE_FIND, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->arrival);
	stmt_bind_text(stmt, 2, place);
	status = stmt_step(stmt, &row, err);
	if (status == OK && row)
		stmt_reset(stmt);
	*gone = status == OK && !row;
	return status;
}

enum status
store_clear_derived(struct store *store, struct err *err)
{
	enum status status = store_transaction(store, err);
	int64_t pruned = 0;

	if (status == OK)
		status = replay_note(store, err);
	if (status == OK)
		status = db_number(&pruned, store->db, "SELECT count(*) FROM report WHERE state = 3", err);
	if (status == OK)
		status = db_exec(store->db, schema_text("import/clear_flow.sql"), err);
	cache_clear(store->names);
	if (status == OK)
		status = pruned > 0 ? clear_live(store, err)
				    : db_exec(store->db, schema_text("import/clear_derived.sql"), err);
	cache_clear(store->profiles);
	cache_clear(store->names);
	return status == OK ? store_load(store, err) : status;
}
