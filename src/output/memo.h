/* memo: the bytes of cells that come again together, in bounded memory. Only for src/output. */
#ifndef DMARCQ_OUTPUT_MEMO_H
#define DMARCQ_OUTPUT_MEMO_H

#include "base/arena.h"
#include "base/intmap.h"

struct memo {
	struct arena arena;
	struct intmap map; /* column and key -> struct str */
};

void memo_init(struct memo *memo);
/* What was kept for this key in the cells that begin at this column; data NULL: nothing. */
struct str memo_get(const struct memo *memo, size_t column, int64_t key);
/* Keeps a copy of something that is not there yet. */
void memo_put(struct memo *memo, size_t column, int64_t key, struct str bytes);
/* Begins again when the bound is reached: true, and what memo_get gave is gone. */
bool memo_trim(struct memo *memo);
void memo_free(struct memo *memo);

#endif
