/*
 * flow: the traffic of a domain over all days, kept beside the roll-up for domains where the same senders
 * come day after day. Where every day brings other ones it would be as large as the traffic itself, so it is
 * looked whether it pays before it is made, and looked again when a quarter more reports are there.
 */
#include "store/pruning.h"

enum {
	LOOK_DAYS = 256,     /* newest days of reporters that are compared: a month of the usual nine or so */
	LOOK_ROWS = 20000,   /* at most, of their traffic */
	WORTH_DAYS = 300,    /* a domain with fewer is answered quickly anyway */
	WORTH_REPEATS = 2,   /* how often each flow is seen on these days */
	LOOK_REPORTS = 1000, /* more than at the last look, and */
	LOOK_SHARE = 32,     /* one part in so many of all of them */
	DOMAINS_AT_ONCE = 64,
};

/* In the cache of names: 1 kept, 2 not kept. */
enum { KEPT = 1, NOT_KEPT = 2 };

static struct hash128
flow_key(const struct store *store, int64_t domain)
{
	const int64_t key[] = {domain, -1};

	return hash128(key, sizeof key, store->seed);
}

static enum status
run_for(struct store *store, enum statement statement, int64_t domain, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, statement, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, domain);
	return stmt_run(stmt, err);
}

enum status
flow_is_kept(bool *kept, struct store *store, int64_t domain, struct err *err)
{
	struct hash128 key = flow_key(store, domain);
	int64_t known = cache_get(store->names, key);
	enum status status;
	struct stmt *stmt;

	*kept = known == KEPT;
	if (known != 0)
		return OK;
	status = store_statement(&stmt, store, SQL_FLOW_KEPT, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, domain);
	status = stmt_step(stmt, kept, err);
	stmt_reset(stmt);
	if (status == OK)
		cache_put(store->names, key, *kept ? KEPT : NOT_KEPT);
	return status;
}

enum status
flow_forget(struct store *store, int64_t domain, struct err *err)
{
	enum status status = run_for(store, SQL_FLOW_DELETE, domain, err);

	if (status == OK)
		status = run_for(store, SQL_FLOW_FORGET, domain, err);
	if (status == OK)
		status = db_exec(store->db, "DELETE FROM setting WHERE name = 'flow_looked'", err);
	cache_put(store->names, flow_key(store, domain), NOT_KEPT);
	return status;
}

enum status
flow_lose(struct store *store, int64_t day, bool all, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_FLOW_LOSE, err);

	if (status != OK)
		return status;
	store->flow_lost = true;
	stmt_bind_i64(stmt, 1, day);
	stmt_bind_i64(stmt, 2, all);
	return stmt_run(stmt, err);
}

enum status
flow_settle(struct store *store, struct err *err)
{
	enum status status;

	if (!store->flow_lost)
		return OK;
	status = db_exec(store->db, schema_text("import/flow_settle.sql"), err);
	store->flow_lost = status != OK;
	return status;
}

enum status
flow_drop_day(struct store *store, int64_t domain, int64_t day, struct err *err)
{
	bool kept;
	enum status status = flow_is_kept(&kept, store, domain, err);

	if (status != OK || !kept)
		return status;
	status = prune_run(store, "prune/day_flow.sql", &day, 1, err);
	return status == OK ? flow_lose(store, day, true, err) : status;
}

enum status
flow_shrink(struct store *store, int64_t before, struct err *err)
{
	const int64_t values[] = {WORTH_DAYS, before};
	enum status status = prune_run(store, "prune/flow.sql", values, 2, err);

	if (status == OK)
		status = db_exec(store->db, schema_text("prune/flow_rest.sql"), err);
	cache_clear(store->names);
	return status;
}

static enum status
flow_make(struct store *store, int64_t domain, struct err *err)
{
	enum status status = run_for(store, SQL_FLOW_FILL, domain, err);

	if (status == OK)
		status = run_for(store, SQL_FLOW_KEEP, domain, err);
	cache_put(store->names, flow_key(store, domain), KEPT);
	return status;
}

/* The next domains behind *after that are worth it, at most DOMAINS_AT_ONCE. */
static enum status
find_worthy(
    int64_t domains[DOMAINS_AT_ONCE], size_t *count, int64_t *after, struct store *store, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_FLOW_SAMPLE, err);
	bool row = false;

	*count = 0;
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, LOOK_DAYS);
	stmt_bind_i64(stmt, 2, LOOK_ROWS);
	stmt_bind_i64(stmt, 3, WORTH_DAYS);
	stmt_bind_i64(stmt, 4, *after);
	while (*count < DOMAINS_AT_ONCE && (status = stmt_step(stmt, &row, err)) == OK && row) {
		*after = stmt_i64(stmt, 0);
		if (stmt_i64(stmt, 1) >= WORTH_REPEATS * stmt_i64(stmt, 2))
			domains[(*count)++] = *after;
	}
	stmt_reset(stmt);
	return status;
}

/* Whether enough reports came since the last look; notes the look. */
static enum status
is_due(bool *due, struct store *store, struct err *err)
{
	int64_t looked = 0;
	enum status status = db_number(
	    &looked, store->db, "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'flow_looked'", err);
	int64_t reports = store->next.report - 1;

	*due = status == OK && reports >= looked + LOOK_REPORTS && reports >= looked + looked / LOOK_SHARE;
	if (!*due)
		return status;
	return db_exec(store->db,
	    "INSERT INTO setting (name, value) SELECT 'flow_looked', max(id) FROM report WHERE true ON "
	    "CONFLICT "
	    "(name) DO UPDATE SET value = excluded.value",
	    err);
}

enum status
flow_look(struct store *store, struct err *err)
{
	int64_t domains[DOMAINS_AT_ONCE], after = 0;
	size_t count, i;
	bool due;
	enum status status = is_due(&due, store, err);

	while (status == OK && due) {
		status = find_worthy(domains, &count, &after, store, err);
		for (i = 0; status == OK && i < count; i++)
			status = flow_make(store, domains[i], err);
		due = count == DOMAINS_AT_ONCE;
	}
	return status;
}
