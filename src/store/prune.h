/*
 * prune: what is older than a length of time goes (docs/design.md). The length counts back from the newest
 * report, so that the same database gives the same answer tomorrow; a report of a day behind the last import
 * doesn't move that end.
 */
#ifndef DMARCQ_STORE_PRUNE_H
#define DMARCQ_STORE_PRUNE_H

#include "store/store.h"

enum prune_what {
	PRUNE_ALL,       /* reports and all that hangs on them */
	PRUNE_RECORDS,   /* the same, but the roll-up stays, and each report's key; of TLS reports nothing */
	PRUNE_ORIGINALS, /* only the bytes of the originals */
};

/* What went. Reports are old when their last day is before `before`; one without a period never is. */
struct pruned {
	bool known;     /* false: no report has a day, so nothing is old */
	int64_t before; /* day */
	/* reports, records, messages: of reports that count; conflicts: reports that don't; originals, bytes:
	 * those that were kept, as they were stored. */
	uint64_t reports, records, messages, originals, bytes, rejects, tls_reports, failures, conflicts;
};

/* Says what store_prune would do, and does nothing; the store may be open for reading. keep: days, the newest
 * included. */
enum status store_prune_plan(
    struct pruned *pruned, struct store *store, enum prune_what what, uint64_t keep, struct err *err);
/*
 * Does it, in transactions each of which leaves a whole database; a run that was cut off is finished by the
 * next one. Takes turns with imports.
 */
enum status store_prune(
    struct pruned *pruned, struct store *store, enum prune_what what, uint64_t keep, struct err *err);

/*
 * Takes out what failure reports say of people: local parts become hashes, subjects and the bytes of
 * originals with a failure report go. pruned: reports that are changed as failures, originals and bytes that
 * go.
 */
enum status store_personal(struct pruned *pruned, struct store *store, struct err *err);
/* The same numbers, and does nothing. */
enum status store_personal_plan(struct pruned *pruned, struct store *store, struct err *err);

#endif
