/* rollup: the messages of a report on their days. Taking a report off is the same with the sign turned. */
#include "store/batch.h"
#include "store/writer.h"

/* One report being put on its days. */
struct rolling {
	struct store *store;
	struct period period;
	int64_t day_id[PERIOD_DAYS];
	int64_t messages[PERIOD_DAYS], passed[PERIOD_DAYS], failed[PERIOD_DAYS];
	int sign;
	struct batch traffic;
};

static enum status
day_open(struct rolling *rolling, size_t i, int64_t domain, int64_t reporter, bool known, struct err *err)
{
	struct store *store = rolling->store;
	enum statement step[] = {SQL_DAY_FIND, SQL_DAY_ADD};
	enum status status;
	int64_t key[] = {domain, reporter, known, rolling->period.first + (int64_t)i};
	struct hash128 hash = hash128(key, sizeof key, store->seed);
	struct stmt *stmt;
	bool row = false;
	size_t n;

	rolling->day_id[i] = cache_get(store->names, hash);
	if (rolling->day_id[i] != 0)
		return OK;
	for (n = 0; n < 2 && !row; n++) {
		status = store_statement(&stmt, store, step[n], err);
		if (status != OK)
			return status;
		stmt_bind_i64(stmt, 1, domain);
		if (known)
			stmt_bind_i64(stmt, 2, rolling->period.first + (int64_t)i);
		else
			stmt_bind_null(stmt, 2);
		stmt_bind_i64(stmt, 3, reporter);
		status = stmt_step(stmt, &row, err);
		if (status != OK)
			return status;
		rolling->day_id[i] = row ? stmt_i64(stmt, 0) : db_last_id(store->db);
		stmt_reset(stmt);
	}
	if (rolling->sign > 0)
		cache_put(store->names, hash, rolling->day_id[i]);
	return OK;
}

static enum status
add_traffic(struct rolling *rolling, size_t i, const struct row *row, int64_t messages, struct err *err)
{
	const int64_t values[] = {rolling->day_id[i], row->profile, row->ip, rolling->sign * messages};

	rolling->messages[i] += messages;
	if (row->outcome == OUTCOME_PASS)
		rolling->passed[i] += messages;
	else if (row->outcome == OUTCOME_FAIL)
		rolling->failed[i] += messages;
	return batch_add(&rolling->traffic, rolling->store, values, err);
}

static enum status
add_row(struct rolling *rolling, const struct row *row, struct err *err)
{
	int64_t part[PERIOD_DAYS];
	enum status status = OK;
	size_t i;

	if (rolling->period.days == 1)
		return add_traffic(rolling, 0, row, (int64_t)row->messages, err);
	period_spread(&rolling->period, part, row->messages);
	for (i = 0; i < rolling->period.days && status == OK; i++)
		if (part[i] > 0)
			status = add_traffic(rolling, i, row, part[i], err);
	return status;
}

/* Records that are no longer in memory are read back. */
static enum status
add_stored(struct rolling *rolling, int64_t from, int64_t to, struct err *err)
{
	enum status status;
	struct stmt *stmt;
	struct row row;
	bool more;

	status = store_statement(&stmt, rolling->store, SQL_RECORD_LIST, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, from);
	stmt_bind_i64(stmt, 2, to);
	while ((status = stmt_step(stmt, &more, err)) == OK && more) {
		row.profile = stmt_i64(stmt, 0);
		row.ip = stmt_i64(stmt, 1);
		row.messages = (uint64_t)stmt_i64(stmt, 2);
		row.outcome = stmt_is_null(stmt, 3)    ? OUTCOME_UNKNOWN
			      : stmt_i64(stmt, 3) == 1 ? OUTCOME_PASS
						       : OUTCOME_FAIL;
		status = add_row(rolling, &row, err);
		if (status != OK)
			break;
	}
	stmt_reset(stmt);
	return status;
}

static enum status
tidy(struct store *store, enum statement statement, int64_t day, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, statement, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, day);
	return stmt_run(stmt, err);
}

static enum status
day_close(struct rolling *rolling, size_t i, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, rolling->store, SQL_DAY_CHANGE, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, rolling->day_id[i]);
	stmt_bind_i64(stmt, 2, rolling->sign);
	stmt_bind_i64(stmt, 3, rolling->sign * rolling->messages[i]);
	stmt_bind_i64(stmt, 4, rolling->sign * rolling->passed[i]);
	stmt_bind_i64(stmt, 5, rolling->sign * rolling->failed[i]);
	status = stmt_run(stmt, err);
	if (rolling->sign > 0 || status != OK)
		return status;
	/* A day that goes away must not be remembered. */
	cache_clear(rolling->store->names);
	status = tidy(rolling->store, SQL_TRAFFIC_TIDY, rolling->day_id[i], err);
	return status == OK ? tidy(rolling->store, SQL_DAY_TIDY, rolling->day_id[i], err) : status;
}

enum status
rollup_report(struct store *store, int64_t domain, int64_t reporter, const struct report *report, int sign,
    struct err *err)
{
	const struct writing *writing = &store->writing;
	struct rolling rolling = {.store = store,
	    .sign = sign,
	    .traffic = {.one = SQL_TRAFFIC_ADD, .many = SQL_TRAFFIC_ADD_8, .columns = 4}};
	enum status status = OK;
	size_t i;

	(void)period_init(&rolling.period, report->begin, report->end);
	if (!report->has_period)
		rolling.period.days = 1;
	for (i = 0; i < rolling.period.days && status == OK; i++)
		status = day_open(&rolling, i, domain, reporter, report->has_period, err);
	for (i = 0; i < writing->rows_count && status == OK; i++)
		status = add_row(&rolling, &writing->rows[i], err);
	if (status == OK && writing->first_record + (int64_t)writing->rows_count < writing->next_record)
		status = add_stored(&rolling, writing->first_record + (int64_t)writing->rows_count,
		    writing->next_record, err);
	if (status == OK)
		status = batch_flush(&rolling.traffic, store, err);
	for (i = 0; i < rolling.period.days && status == OK; i++)
		status = day_close(&rolling, i, err);
	store->total += sign > 0 ? report->messages : 0 - report->messages;
	return status;
}
