/* arena: memory for many small things that live and die together. Pointers into it stay where they are. */
#ifndef DMARCQ_BASE_ARENA_H
#define DMARCQ_BASE_ARENA_H

#include "base/text.h"

struct arena_block;

struct arena {
	struct arena_block *first, *now;
	size_t used; /* bytes handed out since the last reset */
};

void arena_init(struct arena *arena);
/* size bytes, aligned for any type, not cleared. */
void *arena_alloc(struct arena *arena, size_t size);
/* Cleared. */
void *arena_zero(struct arena *arena, size_t size);
/* A copy of the slice; a missing one stays missing. */
struct str arena_str(struct arena *arena, struct str str);
/* Forgets the content and keeps the first block for the next use. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
