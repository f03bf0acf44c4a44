/*
 * lookup: what SQL can't work out by itself, worked out once per profile or address: sources, reasons for
 * failure, and words. Registers these functions for the files of schema/sqlite/query:
 *
 *   group_key(by, profile, ip): number of the source, subnet, dkim-domain, spf-domain or tenant (by); NULL:
 * none group_text(key): its text expected_action(p, sp, pct, testing): what the policy asks for
 * (analysis/expected.h); NULL: it is none period_of(day, by): the first day of the day, week or month (by)
 * that a day is in; NULL: unknown tally(by, domains, all, since, until, whole): sums by period (tally.h)
 *   ranking(by, domains, all, since, until, whole, n): groups by failing messages (ranking.h)
 *   ranked(what): of the last ranking in this answer 'groups', 'failing' or 'shown' (struct ranking_total)
 *   first_day(begin, end), last_day(begin, end): the days on which the roll-up puts a report; NULL: unknown
 *   sha256_text(digest): in lower-case hexadecimal; NULL: there is none, or it is too long for one
 *
 * and those of query/phrases.h, query/failure_group.h and query/source_rows.h. Only for src/query.
 */
#ifndef DMARCQ_QUERY_LOOKUP_H
#define DMARCQ_QUERY_LOOKUP_H

#include "query/view.h"

struct lookup;

enum status lookup_open(struct lookup **lookup, struct db *db, struct err *err);
/* The views of profiles, borrowed. */
struct views *lookup_views(struct lookup *lookup);
/* A failure inside an SQL function, which SQL only sees as NULL; OK: there was none. */
enum status lookup_failed(const struct lookup *lookup, struct err *err);
/* Before the database is closed; its functions must not be called any more. NULL is accepted. */
void lookup_close(struct lookup *lookup);

#endif
