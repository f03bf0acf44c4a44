/* steps: a profile's DKIM or SPF results against header_from, as a list for a cell. Only for src/query. */
#ifndef DMARCQ_QUERY_STEPS_H
#define DMARCQ_QUERY_STEPS_H

#include "query/view.h"

/*
 * The list of a code that SQL made, which is -(profile * 4 + 2 for DKIM + 1 for a strict mode), and its words
 * (analysis/alignment.h). Both are in the arena.
 */
enum status steps_get(
    struct cell *cell, struct arena *arena, struct views *views, int64_t code, struct err *err);

#endif
