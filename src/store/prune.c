/*
 * prune: reports go batch by batch, each with all that only it holds, in one transaction. What goes lies in
 * temporary tables (schema/sqlite/prune/tables.sql), so that a plan counts by the same statements that a
 * batch deletes by.
 */
#include "store/pruning.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
	BATCH_REPORTS = 20000,  /* each batch looks through all arrivals once */
	BATCH_RECORDS = 400000, /* so that its pages fit in the log */
};

/* Reports of one batch, in the order of their ids. */
struct batch_of {
	struct stored *reports;
	size_t count;
	uint64_t records;
};

bool
stored_is_before(const struct stored *stored, int64_t day)
{
	struct period period;

	if (!stored->has_period)
		return false;
	(void)period_init(&period, stored->begin, stored->end);
	return period.first + (int64_t)period.days - 1 < day;
}

enum status
prune_run(struct store *store, const char *file, const int64_t *values, int count, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, store->db, schema_text(file), err);
	int i;

	for (i = 0; status == OK && i < count; i++)
		stmt_bind_i64(stmt, i + 1, values[i]);
	if (status == OK)
		status = stmt_run(stmt, err);
	stmt_free(stmt);
	return status;
}

static enum status
run_file(struct store *store, const char *file, struct err *err)
{
	return db_exec(store->db, schema_text(file), err);
}

static enum status
find_cut(struct pruning *pruning, uint64_t keep, struct err *err)
{
	struct pruned *pruned = pruning->pruned;
	struct stmt *stmt = NULL;
	enum status status;
	bool row = false;

	memset(pruned, 0, sizeof *pruned);
	status = stmt_prepare(&stmt, pruning->store->db, schema_text("prune/newest.sql"), err);
	if (status == OK)
		status = stmt_step(stmt, &row, err);
	if (status == OK && row && !stmt_is_null(stmt, 0)) {
		pruned->known = true;
		pruned->before = pruning->before = stmt_i64(stmt, 0) - (int64_t)keep + 1;
	}
	stmt_free(stmt);
	return status;
}

/* Whether there is something of this report to prune. pruned: in the turn of those whose records are gone. */
static bool
goes(const struct pruning *pruning, const struct stored *stored)
{
	if (!stored_is_before(stored, pruning->before))
		return false;
	return stored->state != STATE_PRUNED || stored->repeats || pruning->what == PRUNE_ALL;
}

enum turn_of { LIVE, PRUNED, EITHER };

static bool
has_turn(const struct stored *stored, enum turn_of turn)
{
	return turn == EITHER || (stored->state == STATE_PRUNED) == (turn == PRUNED);
}

/* Gathers the next reports that go behind the id *after. */
static enum status
gather(struct batch_of *batch, struct pruning *pruning, enum turn_of turn, int64_t *after, struct err *err)
{
	struct stmt *stmt = NULL;
	struct stored stored;
	enum status status;
	bool row;

	batch->count = 0;
	batch->records = 0;
	status = stmt_prepare(&stmt, pruning->store->db, schema_text("prune/reports.sql"), err);
	if (status == OK)
		stmt_bind_i64(stmt, 1, *after);
	while (status == OK && batch->count < BATCH_REPORTS && batch->records < BATCH_RECORDS &&
	       (status = stmt_step(stmt, &row, err)) == OK && row) {
		stored_read(&stored, stmt);
		*after = stored.id;
		if (!has_turn(&stored, turn) || !goes(pruning, &stored))
			continue;
		batch->reports[batch->count++] = stored;
		batch->records += stored.state == STATE_PRUNED ? 0 : stored.records;
	}
	stmt_free(stmt);
	return status;
}

static enum status
note_reports(struct store *store, const struct batch_of *batch, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, store->db, schema_text("prune/report_add.sql"), err);
	size_t i;

	for (i = 0; status == OK && i < batch->count; i++) {
		stmt_bind_i64(stmt, 1, batch->reports[i].id);
		status = stmt_run(stmt, err);
	}
	stmt_free(stmt);
	return status;
}

/* Adds what lies in the temporary tables. */
static enum status
count_gone(struct pruning *pruning, struct err *err)
{
	struct pruned *pruned = pruning->pruned;
	struct stmt *stmt = NULL;
	enum status status;
	bool row = false;

	status = stmt_prepare(&stmt, pruning->store->db, schema_text("prune/count.sql"), err);
	if (status == OK) {
		stmt_bind_i64(stmt, 1, pruning->what == PRUNE_ALL);
		status = stmt_step(stmt, &row, err);
	}
	if (status == OK && row && pruning->what != PRUNE_ORIGINALS) {
		pruned->reports += (uint64_t)stmt_i64(stmt, 0);
		pruned->records += (uint64_t)stmt_i64(stmt, 1);
		pruned->messages += (uint64_t)stmt_i64(stmt, 2);
		pruned->rejects += (uint64_t)stmt_i64(stmt, 3);
		pruned->tls_reports += (uint64_t)stmt_i64(stmt, 6);
		pruned->failures += (uint64_t)stmt_i64(stmt, 7);
		pruned->conflicts += (uint64_t)stmt_i64(stmt, 8);
	}
	if (status == OK && row) {
		pruned->originals += (uint64_t)stmt_i64(stmt, 4);
		pruned->bytes += (uint64_t)stmt_i64(stmt, 5);
	}
	stmt_free(stmt);
	return status;
}

/* Old rejects, TLS reports and failure reports, so many each; -1: all. */
static enum status
note_others(struct pruning *pruning, int64_t most, struct err *err)
{
	const int64_t by_time[] = {pruning->before * DAY_SECONDS, most};
	const int64_t by_day[] = {pruning->before, most};
	enum status status = prune_run(pruning->store, "prune/rejects.sql", by_time, 2, err);

	if (status == OK)
		status = prune_run(pruning->store, "prune/tls.sql", by_day, 2, err);
	if (status == OK)
		status = prune_run(pruning->store, "prune/failures.sql", by_time, 2, err);
	return status;
}

/* Fills the temporary tables with a batch and what only it holds, with so many of the others. */
static enum status
fill(struct pruning *pruning, const struct batch_of *batch, int64_t most_others, struct err *err)
{
	enum status status = run_file(pruning->store, "prune/tables.sql", err);

	if (status == OK)
		status = note_reports(pruning->store, batch, err);
	if (status == OK)
		status = note_others(pruning, most_others, err);
	if (status == OK)
		status = run_file(pruning->store, "prune/reach.sql", err);
	return status == OK ? count_gone(pruning, err) : status;
}

static enum status
take_records(struct pruning *pruning, const struct stored *stored, struct err *err)
{
	const int64_t range[] = {stored->first_record, stored->first_record + (int64_t)stored->records};
	enum status status = OK;
	struct stmt *stmt;

	if (stored->state == STATE_PRUNED)
		return OK;
	if (stored->state == STATE_COUNTED)
		status = rollup_stored(
		    pruning->store, stored, pruning->what == PRUNE_RECORDS ? ROLL_ARCHIVE : ROLL_OFF, err);
	if (status == OK)
		status = store_statement(&stmt, pruning->store, SQL_RECORD_DELETE, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, range[0]);
	stmt_bind_i64(stmt, 2, range[1]);
	return stmt_run(stmt, err);
}

static enum status
prune_batch(struct pruning *pruning, const struct batch_of *batch, int64_t most_others, struct err *err)
{
	struct store *store = pruning->store;
	enum status status = fill(pruning, batch, most_others, err);
	size_t i;

	for (i = 0; status == OK && i < batch->count; i++)
		status = take_records(pruning, &batch->reports[i], err);
	if (status == OK)
		status = run_file(store, "prune/arrivals.sql", err);
	if (status == OK)
		status = run_file(
		    store, pruning->what == PRUNE_ALL ? "prune/remove.sql" : "prune/archive.sql", err);
	return status;
}

static enum status
commit(struct pruning *pruning, struct err *err)
{
	static const struct counts none;

	return store_commit(pruning->store, &none, err);
}

/* All reports that go and whose turn it is, batch by batch. */
static enum status
prune_reports(struct pruning *pruning, struct batch_of *batch, enum turn_of turn, struct err *err)
{
	enum status status;
	int64_t after = 0;

	do {
		status = store_transaction(pruning->store, err);
		if (status == OK)
			status = gather(batch, pruning, turn, &after, err);
		if (status == OK && batch->count > 0)
			status = prune_batch(pruning, batch, 0, err);
		if (status == OK)
			status = commit(pruning, err);
	} while (status == OK && batch->count > 0);
	return status;
}

/* What went that no aggregate report is. */
static uint64_t
others(const struct pruned *pruned)
{
	return pruned->rejects + pruned->tls_reports + pruned->failures;
}

/* Rejects that were read later and are old by when they came, and old TLS and failure reports, with what only
 * they hold. */
static enum status
prune_others(struct pruning *pruning, struct batch_of *batch, struct err *err)
{
	enum status status;
	uint64_t before;

	batch->count = 0;
	do {
		before = others(pruning->pruned);
		status = store_transaction(pruning->store, err);
		if (status == OK)
			status = prune_batch(pruning, batch, BATCH_REPORTS, err);
		if (status == OK)
			status = commit(pruning, err);
	} while (status == OK && others(pruning->pruned) > before);
	return status;
}

/* Everything that goes, at once, in the temporary tables. */
static enum status
fill_all(struct pruning *pruning, struct batch_of *batch, struct err *err)
{
	enum status status = run_file(pruning->store, "prune/tables.sql", err);
	int64_t after = 0;

	do {
		if (status == OK)
			status = gather(batch, pruning, EITHER, &after, err);
		if (status == OK)
			status = note_reports(pruning->store, batch, err);
	} while (status == OK && batch->count > 0);
	if (status == OK)
		status = note_others(pruning, -1, err);
	if (status == OK)
		status = run_file(pruning->store, "prune/reach.sql", err);
	return status == OK ? count_gone(pruning, err) : status;
}

/* The originals that go are known at once; their bytes go batch by batch. */
static enum status
prune_bytes(struct pruning *pruning, struct batch_of *batch, struct err *err)
{
	enum status status = store_transaction(pruning->store, err);
	int64_t left = 1;

	if (status == OK)
		status = fill_all(pruning, batch, err);
	if (status == OK)
		status = run_file(pruning->store, "prune/bytes_kept.sql", err);
	while (status == OK && left > 0) {
		status = store_transaction(pruning->store, err);
		if (status == OK)
			status = run_file(pruning->store, "prune/bytes.sql", err);
		if (status == OK)
			status = db_number(
			    &left, pruning->store->db, "SELECT count(*) FROM temp.gone_original", err);
		if (status == OK)
			status = commit(pruning, err);
	}
	return status;
}

/* What is left without use by all of it, once, with the end of the run. */
static enum status
prune_dictionaries(struct pruning *pruning, struct err *err)
{
	static const struct counts none;
	struct store *store = pruning->store;
	enum status status = store_transaction(store, err);

	if (status == OK)
		status = flow_shrink(store, 0, err);
	if (status == OK)
		status = run_file(store, "prune/dictionaries.sql", err);
	cache_clear(store->profiles);
	cache_clear(store->names);
	if (status == OK)
		status = store_load(store, err);
	return status == OK ? store_end(store, &none, err) : status;
}

/*
 * What pruned reports left in the roll-up goes between the others and their keys: as long as it is there, a
 * report that comes again must be known.
 */
static enum status
prune_steps(struct pruning *pruning, struct batch_of *batch, struct err *err)
{
	enum status status;

	if (pruning->what == PRUNE_ORIGINALS)
		return prune_bytes(pruning, batch, err);
	status = store_transaction(pruning->store, err);
	if (status == OK)
		status = prune_run(pruning->store, "prune/note.sql", &pruning->before, 1, err);
	if (status == OK && pruning->what == PRUNE_ALL)
		status = flow_shrink(pruning->store, pruning->before, err);
	if (status == OK)
		status = prune_others(pruning, batch, err);
	if (status == OK)
		status = prune_reports(pruning, batch, LIVE, err);
	if (status == OK && pruning->what == PRUNE_ALL)
		status = prune_days(pruning, err);
	if (status == OK)
		status = prune_reports(pruning, batch, PRUNED, err);
	if (status != OK || pruning->pruned->reports + pruning->pruned->tls_reports == 0)
		return status;
	return prune_dictionaries(pruning, err);
}

static enum status
prune(struct pruning *pruning, uint64_t keep, bool plan, struct err *err)
{
	struct batch_of batch = {.reports = mem_alloc(BATCH_REPORTS * sizeof *batch.reports)};
	enum status status = find_cut(pruning, keep, err);

	if (status == OK && pruning->pruned->known)
		status = plan ? fill_all(pruning, &batch, err) : prune_steps(pruning, &batch, err);
	free(batch.reports);
	return status;
}

enum status
store_prune_plan(
    struct pruned *pruned, struct store *store, enum prune_what what, uint64_t keep, struct err *err)
{
	struct pruning pruning = {.store = store, .what = what, .pruned = pruned};
	enum status status = db_exec(store->db, "BEGIN", err);
	struct err ignored;

	if (status == OK)
		status = prune(&pruning, keep, true, err);
	(void)db_exec(store->db, "ROLLBACK", &ignored);
	return status;
}

enum status
store_prune(struct pruned *pruned, struct store *store, enum prune_what what, uint64_t keep, struct err *err)
{
	struct pruning pruning = {.store = store, .what = what, .pruned = pruned};

	return prune(&pruning, keep, false, err);
}
