/*
 * tally: sums of the roll-up by day, week or month in one pass. SQL would sort every day of every domain for
 * that, which takes several times as long. Only for src/query.
 */
#ifndef DMARCQ_QUERY_TALLY_H
#define DMARCQ_QUERY_TALLY_H

#include "base/buf.h"
#include "store/db.h"

/* The first day of the period that a day is in: by is "day", "week" (from Monday on) or "month". */
int64_t tally_period(int64_t day, struct str by);

/* What is added up: the days since to until; whole: those that are unknown too. */
struct tally_scope {
	struct str by;
	struct str domains; /* JSON array of their name ids */
	bool all;           /* they are all that there are */
	int64_t since, until;
	bool whole;
	bool authentic; /* authenticated reports alone */
};

/*
 * A JSON array into an empty buffer: for each period that has reports an array of its first day (null:
 * unknown), messages, passed, failed, of these quarantined and rejected, the number of reporters and that of
 * days with a report.
 */
enum status tally_json(struct buf *json, struct db *db, const struct tally_scope *scope, struct err *err);

#endif
