/*
 * rollup: the messages of a report on their days. Taking a report off is the same with the sign turned,
 * archiving it the same without touching the traffic.
 */
#include "store/batch.h"
#include "store/writer.h"

/* One report being put on its days. */
struct rolling {
	struct store *store;
	struct period period;
	int64_t domain, reporter, authentic;
	bool known; /* which days they are */
	int64_t day_id[PERIOD_DAYS];
	struct tally tally[PERIOD_DAYS];
	enum rolling_to to;
	int sign;
	struct batch traffic, flow;
	bool keeps_flow;
};

void
tally_add(struct tally *tally, const struct row *row, int64_t messages)
{
	tally->messages += messages;
	if (row->outcome == OUTCOME_PASS)
		tally->passed += messages;
	if (row->outcome != OUTCOME_FAIL)
		return;
	tally->failed += messages;
	if (row->action == ACTION_QUARANTINE)
		tally->failed_quarantined += messages;
	else if (row->action == ACTION_REJECT)
		tally->failed_rejected += messages;
}

static enum status
day_open(struct rolling *rolling, size_t i, struct err *err)
{
	struct store *store = rolling->store;
	enum statement step[] = {SQL_DAY_FIND, SQL_DAY_ADD};
	enum status status;
	int64_t key[] = {rolling->domain, rolling->reporter, rolling->authentic, rolling->known,
	    rolling->period.first + (int64_t)i};
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
		stmt_bind_i64(stmt, 1, rolling->domain);
		if (rolling->known)
			stmt_bind_i64(stmt, 2, rolling->period.first + (int64_t)i);
		else
			stmt_bind_null(stmt, 2);
		stmt_bind_i64(stmt, 3, rolling->reporter);
		stmt_bind_i64(stmt, 4, rolling->authentic);
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
add_flow(struct rolling *rolling, int64_t day, const struct row *row, int64_t messages, struct err *err)
{
	const int64_t values[] = {rolling->domain, row->profile, row->ip, rolling->reporter,
	    rolling->authentic, rolling->sign * messages, day};

	return batch_add(&rolling->flow, rolling->store, values, err);
}

static enum status
add_traffic(struct rolling *rolling, size_t i, const struct row *row, int64_t messages, struct err *err)
{
	const int64_t values[] = {rolling->day_id[i], row->profile, row->ip, rolling->sign * messages};
	enum status status = OK;

	tally_add(&rolling->tally[i], row, messages);
	if (rolling->to == ROLL_ARCHIVE)
		return OK;
	if (rolling->keeps_flow)
		status = add_flow(rolling, rolling->period.first + (int64_t)i, row, messages, err);
	return status == OK ? batch_add(&rolling->traffic, rolling->store, values, err) : status;
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
		row.action = stmt_i64(stmt, 4) == NAME_QUARANTINE ? ACTION_QUARANTINE
			     : stmt_i64(stmt, 4) == NAME_REJECT   ? ACTION_REJECT
								  : ACTION_OTHER;
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
day_archive(struct rolling *rolling, size_t i, struct err *err)
{
	const struct tally *tally = &rolling->tally[i];
	struct stmt *stmt;
	enum status status = store_statement(&stmt, rolling->store, SQL_DAY_ARCHIVE, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, rolling->day_id[i]);
	stmt_bind_i64(stmt, 2, tally->messages);
	stmt_bind_i64(stmt, 3, tally->passed);
	stmt_bind_i64(stmt, 4, tally->failed);
	return stmt_run(stmt, err);
}

static enum status
day_close(struct rolling *rolling, size_t i, struct err *err)
{
	struct stmt *stmt;
	enum status status;

	if (rolling->to == ROLL_ARCHIVE)
		return day_archive(rolling, i, err);
	status = store_statement(&stmt, rolling->store, SQL_DAY_CHANGE, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, rolling->day_id[i]);
	stmt_bind_i64(stmt, 2, rolling->sign);
	stmt_bind_i64(stmt, 3, rolling->sign * rolling->tally[i].messages);
	stmt_bind_i64(stmt, 4, rolling->sign * rolling->tally[i].passed);
	stmt_bind_i64(stmt, 5, rolling->sign * rolling->tally[i].failed);
	stmt_bind_i64(stmt, 6, rolling->sign * rolling->tally[i].failed_quarantined);
	stmt_bind_i64(stmt, 7, rolling->sign * rolling->tally[i].failed_rejected);
	status = stmt_run(stmt, err);
	if (rolling->sign > 0 || status != OK)
		return status;
	/* A day that goes away must not be remembered. */
	cache_clear(rolling->store->names);
	if (rolling->keeps_flow)
		status = flow_lose(rolling->store, rolling->day_id[i], false, err);
	if (status == OK)
		status = tidy(rolling->store, SQL_TRAFFIC_TIDY, rolling->day_id[i], err);
	return status == OK ? tidy(rolling->store, SQL_DAY_TIDY, rolling->day_id[i], err) : status;
}

/* Traffic of no known day is not worth an exception in flow: the domain loses it, and it is made again at the
 * end of the run. */
static enum status
flow_begin(struct rolling *rolling, struct err *err)
{
	bool kept;
	enum status status;

	if (rolling->to == ROLL_ARCHIVE)
		return OK;
	status = flow_is_kept(&kept, rolling->store, rolling->domain, err);

	if (status != OK || !kept)
		return status;
	rolling->keeps_flow = rolling->known;
	return rolling->keeps_flow ? OK : flow_forget(rolling->store, rolling->domain, err);
}

static enum status
add_records(struct rolling *rolling, struct err *err)
{
	const struct writing *writing = &rolling->store->writing;
	int64_t kept = writing->first_record + (int64_t)writing->rows_count;
	enum status status = OK;
	size_t i;

	for (i = 0; i < writing->rows_count && status == OK; i++)
		status = add_row(rolling, &writing->rows[i], err);
	if (status == OK && kept < writing->next_record)
		status = add_stored(rolling, kept, writing->next_record, err);
	if (status == OK)
		status = batch_flush(&rolling->traffic, rolling->store, err);
	return status == OK ? batch_flush(&rolling->flow, rolling->store, err) : status;
}

static enum status
roll(struct store *store, int64_t domain, int64_t reporter, const struct report *report, enum rolling_to to,
    struct err *err)
{
	struct rolling rolling = {.store = store,
	    .domain = domain,
	    .reporter = reporter,
	    .authentic = store->writing.authentic,
	    .known = report->has_period,
	    .to = to,
	    .sign = to == ROLL_OFF ? -1 : 1,
	    .traffic = {.one = SQL_TRAFFIC_ADD, .many = SQL_TRAFFIC_ADD_8, .columns = 4},
	    .flow = {.one = SQL_FLOW_ADD, .many = SQL_FLOW_ADD_8, .columns = 7}};
	enum status status;
	size_t i;

	(void)period_init(&rolling.period, report->begin, report->end);
	if (!report->has_period)
		rolling.period.days = 1;
	status = flow_begin(&rolling, err);
	for (i = 0; i < rolling.period.days && status == OK; i++)
		status = day_open(&rolling, i, err);
	if (status == OK)
		status = add_records(&rolling, err);
	for (i = 0; i < rolling.period.days && status == OK; i++)
		status = day_close(&rolling, i, err);
	if (to != ROLL_ARCHIVE)
		store->total += to == ROLL_ON ? report->messages : 0 - report->messages;
	return status;
}

enum status
rollup_report(
    struct store *store, int64_t domain, int64_t reporter, const struct report *report, struct err *err)
{
	return roll(store, domain, reporter, report, ROLL_ON, err);
}

void
stored_read(struct stored *stored, struct stmt *stmt)
{
	stored->id = stmt_i64(stmt, 0);
	stored->state = stmt_i64(stmt, 1);
	stored->reporter = stmt_i64(stmt, 2);
	stored->domain = stmt_i64(stmt, 3);
	stored->has_period = !stmt_is_null(stmt, 4) && !stmt_is_null(stmt, 5);
	stored->begin = stmt_i64(stmt, 4);
	stored->end = stmt_i64(stmt, 5);
	stored->records = (uint64_t)stmt_i64(stmt, 6);
	stored->messages = (uint64_t)stmt_i64(stmt, 7);
	stored->first_record = stmt_i64(stmt, 8);
	stored->repeats = stmt_i64(stmt, 9) != 0;
	stored->authentic = (enum authentic)stmt_i64(stmt, 10);
}

enum status
rollup_stored(struct store *store, const struct stored *stored, enum rolling_to to, struct err *err)
{
	const struct writing writing = store->writing;
	const struct report report = {.has_period = stored->has_period,
	    .begin = stored->begin,
	    .end = stored->end,
	    .messages = stored->messages};
	enum status status;

	store->writing.rows_count = 0;
	store->writing.authentic = stored->authentic;
	store->writing.first_record = stored->first_record;
	store->writing.next_record = stored->first_record + (int64_t)stored->records;
	status = roll(store, stored->domain, stored->reporter, &report, to, err);
	store->writing = writing;
	return status;
}
