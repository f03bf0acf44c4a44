/* original: the original that a report came from, or a reject is. Only for src/query. */
#ifndef DMARCQ_QUERY_ORIGINAL_H
#define DMARCQ_QUERY_ORIGINAL_H

#include "query/query.h"

/* As query_original; needs: a report whose original was pruned is none, else *original is 0 then. */
enum status original_find(
    int64_t *original, struct db *db, enum query_original of, int64_t id, bool needs, struct err *err);

#endif
