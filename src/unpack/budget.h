/* budget: how much one input may unpack to. Inside of unpack only. */
#ifndef DMARCQ_UNPACK_BUDGET_H
#define DMARCQ_UNPACK_BUDGET_H

#include "unpack/unpack.h"

/* Counts len more unpacked bytes; LIMIT names the setting that they pass. */
enum status budget_take(struct unpack_budget *budget, uint64_t len, struct err *err);
/* Gives len bytes back, because they will be unpacked a second time. */
void budget_return(struct unpack_budget *budget, uint64_t len);
/* Counts one more member; LIMIT when there are too many. */
enum status budget_member(struct unpack_budget *budget, struct err *err);

#endif
