/* tally: periods are found by their days in a map, and what is distinct is what a map did not know yet. */
#include "query/tally.h"

#include "base/intmap.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

enum { SUMS = 5, ROW_TEXT = 256, REPORTER_BITS = 32, FIRST_CAP = 64 };

struct period_sum {
	bool known; /* its first day */
	int64_t first, sums[SUMS], reporters, days;
};

struct tally {
	struct str by;
	struct period_sum *periods;
	size_t count, cap;
	struct intmap days,
	    firsts;              /* of a day, and of the first day of a period: number of the period from 1 */
	struct intmap reporters; /* pairs of period and reporter */
};

int64_t
tally_period(int64_t day, struct str by)
{
	int year, month, of_month;

	if (str_eq(by, "week")) {
		/* 1970-01-01, day 0, was a Thursday. */
		return day - ((day + 3) % 7 + 7) % 7;
	}
	if (!str_eq(by, "month"))
		return day;
	day_to_date(day, &year, &month, &of_month);
	return day - of_month + 1;
}

/* A day, which may be before 1970 or unknown, as a key of a map. */
static int64_t
key_of(bool known, int64_t day)
{
	return known ? day + ((int64_t)1 << 60) : 1;
}

static int64_t
period_add(struct tally *tally, bool known, int64_t first)
{
	int64_t number;

	if (intmap_get(&number, &tally->firsts, key_of(known, first)))
		return number;
	if (tally->count == tally->cap) {
		tally->cap = tally->cap == 0 ? FIRST_CAP : tally->cap * 2;
		tally->periods = mem_grow(tally->periods, tally->cap * sizeof *tally->periods);
	}
	tally->periods[tally->count++] = (struct period_sum){.known = known, .first = first};
	intmap_put(&tally->firsts, key_of(known, first), (int64_t)tally->count);
	return (int64_t)tally->count;
}

static int64_t
period_of_day(struct tally *tally, bool known, int64_t day)
{
	int64_t number;

	if (intmap_get(&number, &tally->days, key_of(known, day)))
		return number;
	number = period_add(tally, known, known ? tally_period(day, tally->by) : 0);
	intmap_put(&tally->days, key_of(known, day), number);
	tally->periods[number - 1].days += known;
	return number;
}

static void
tally_row(struct tally *tally, struct stmt *row)
{
	int64_t number = period_of_day(tally, !stmt_is_null(row, 0), stmt_i64(row, 0)), seen, pair;
	struct period_sum *period = &tally->periods[number - 1];
	int i;

	for (i = 0; i < SUMS; i++)
		period->sums[i] += stmt_i64(row, i + 2);
	pair = number * ((int64_t)1 << REPORTER_BITS) + stmt_i64(row, 1);
	if (intmap_get(&seen, &tally->reporters, pair))
		return;
	intmap_put(&tally->reporters, pair, 1);
	period->reporters++;
}

static enum status
tally_read(struct tally *tally, struct db *db, const struct tally_scope *scope, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text("query/tally.sql"), err);
	bool row = false;

	if (status == OK) {
		stmt_bind_text(stmt, 1, scope->domains);
		stmt_bind_i64(stmt, 2, scope->all);
		stmt_bind_i64(stmt, 3, scope->since);
		stmt_bind_i64(stmt, 4, scope->until);
		stmt_bind_i64(stmt, 5, scope->whole);
		stmt_bind_i64(stmt, 6, scope->authentic);
	}
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row)
		tally_row(tally, stmt);
	stmt_free(stmt);
	return status;
}

static bool
put_period(struct buf *json, const struct period_sum *period)
{
	char text[ROW_TEXT];
	size_t len = 0, i;

	if (period->known)
		len = (size_t)snprintf(text, sizeof text, "[%lld", (long long)period->first);
	else
		len = (size_t)snprintf(text, sizeof text, "[null");
	for (i = 0; i < SUMS; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, ",%lld", (long long)period->sums[i]);
	len += (size_t)snprintf(text + len, sizeof text - len, ",%lld,%lld]", (long long)period->reporters,
	    (long long)period->days);
	return buf_add(json, text, len);
}

enum status
tally_json(struct buf *json, struct db *db, const struct tally_scope *scope, struct err *err)
{
	struct tally tally = {.by = scope->by};
	enum status status = tally_read(&tally, db, scope, err);
	bool room = buf_add_text(json, "[");
	size_t i;

	for (i = 0; status == OK && room && i < tally.count; i++)
		room = (i == 0 || buf_add_text(json, ",")) && put_period(json, &tally.periods[i]);
	if (status == OK && !(room && buf_add_text(json, "]")))
		status = err_stop(err, EXIT_CODE_DATA, "too many periods; --since and --until bound them");
	free(tally.periods);
	intmap_free(&tally.days);
	intmap_free(&tally.firsts);
	intmap_free(&tally.reporters);
	return status;
}
