/*
 * prune_days: days on which pruned reports left messages. Whose they are is not known one by one, so a day
 * goes as a whole, and the reports that reach into it from younger days are put on again.
 */
#include "store/pruning.h"

enum { BATCH_DAYS = 1000 };

struct archived_day {
	int64_t id, domain, day, reporter, messages;
};

static enum status
next_day(struct archived_day *day, bool *more, const struct pruning *pruning, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status =
	    stmt_prepare(&stmt, pruning->store->db, schema_text("prune/day_archived.sql"), err);

	*more = false;
	if (status == OK) {
		stmt_bind_i64(stmt, 1, pruning->before);
		status = stmt_step(stmt, more, err);
	}
	if (status == OK && *more) {
		day->id = stmt_i64(stmt, 0);
		day->domain = stmt_i64(stmt, 1);
		day->day = stmt_i64(stmt, 2);
		day->reporter = stmt_i64(stmt, 3);
		day->messages = stmt_i64(stmt, 4);
	}
	stmt_free(stmt);
	return status;
}

static bool
touches(const struct stored *stored, int64_t day)
{
	struct period period;

	(void)period_init(&period, stored->begin, stored->end);
	return period.first <= day && !stored_is_before(stored, day);
}

/* Takes off, or puts on again, all of the reports that have a part on the day. */
static enum status
roll_reports(struct pruning *pruning, const struct archived_day *day, enum rolling_to to, struct err *err)
{
	struct stmt *stmt = NULL;
	struct stored stored;
	enum status status;
	bool row;

	status = stmt_prepare(&stmt, pruning->store->db, schema_text("prune/day_reports.sql"), err);
	if (status == OK) {
		stmt_bind_i64(stmt, 1, day->domain);
		stmt_bind_i64(stmt, 2, day->day);
		stmt_bind_i64(stmt, 3, day->reporter);
	}
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row) {
		stored_read(&stored, stmt);
		if (touches(&stored, day->day))
			status = rollup_stored(pruning->store, &stored, to, err);
	}
	stmt_free(stmt);
	return status;
}

static enum status
take_day(struct pruning *pruning, const struct archived_day *day, struct err *err)
{
	enum status status = roll_reports(pruning, day, ROLL_OFF, err);

	if (status == OK)
		status = flow_drop_day(pruning->store, day->domain, day->id, err);
	if (status == OK)
		status = prune_run(pruning->store, "prune/day_traffic.sql", &day->id, 1, err);
	if (status == OK)
		status = prune_run(pruning->store, "prune/day_remove.sql", &day->id, 1, err);
	pruning->store->total -= (uint64_t)day->messages;
	return status == OK ? roll_reports(pruning, day, ROLL_ON, err) : status;
}

enum status
prune_days(struct pruning *pruning, struct err *err)
{
	static const struct counts none;
	struct archived_day day;
	enum status status;
	bool more = true;
	int i;

	do {
		status = store_transaction(pruning->store, err);
		for (i = 0; status == OK && more && i < BATCH_DAYS; i++) {
			status = next_day(&day, &more, pruning, err);
			if (status == OK && more)
				status = take_day(pruning, &day, err);
		}
		if (status == OK)
			status = store_commit(pruning->store, &none, err);
	} while (status == OK && more);
	return status;
}
