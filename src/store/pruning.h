/* pruning: what the parts of store/prune.h share; private to this folder. */
#ifndef DMARCQ_STORE_PRUNING_H
#define DMARCQ_STORE_PRUNING_H

#include "store/prune.h"
#include "store/writer.h"

struct pruning {
	struct store *store;
	enum prune_what what;
	int64_t before; /* day */
	struct pruned *pruned;
};

/* Whether all of the report's days are before a day. */
bool stored_is_before(const struct stored *stored, int64_t day);
/* Runs the statement of a file with numbers for ?1, ?2, ... */
enum status prune_run(
    struct store *store, const char *file, const int64_t *values, int count, struct err *err);

/* prune_days.c: takes what pruned reports left in the roll-up off the days before pruning->before. */
enum status prune_days(struct pruning *pruning, struct err *err);

#endif
