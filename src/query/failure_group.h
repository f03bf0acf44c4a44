/*
 * failure_group: what a failure report counts for among aggregate ones, as functions for the files of
 * schema/sqlite/query:
 *
 * - failure_group(by, failure): the name of its source, subnet, dkim-domain or spf-domain (by), found as that
 * of a record is (analysis/sources.h); NULL: none
 *
 * - failure_aligned(failure, method): what came of "dkim" or "spf": pass when a result that passes is aligned
 * with From, fail when there are only others; NULL: unknown
 *
 * - same_organisation(a, b): whether two domains belong to one organisation; NULL: one is missing
 *
 * Only for src/query.
 */
#ifndef DMARCQ_QUERY_FAILURE_GROUP_H
#define DMARCQ_QUERY_FAILURE_GROUP_H

#include "analysis/senders.h"
#include "base/arena.h"
#include "store/db.h"

struct failure_groups {
	const struct senders *senders; /* borrowed */
	struct err *err;               /* takes a failure, which SQL only sees as NULL; borrowed */
	struct stmt *failure, *results, *aligned;
	struct arena arena;
};

/* It must outlive the functions; failure_groups_free is due in any case. */
enum status failure_groups_add(struct failure_groups *groups, struct db *db, struct err *err);
void failure_groups_free(struct failure_groups *groups);

#endif
