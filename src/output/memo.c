/* memo: one table for all columns that begin a block; it forgets everything at once when it is full. */
#include "output/memo.h"

#include "output/output.h"

#include <string.h>

enum { MEMO_BYTES = 33554432 };

void
memo_init(struct memo *memo)
{
	*memo = (struct memo){0};
	arena_init(&memo->arena);
}

static int64_t
key_of(size_t column, int64_t key)
{
	return key * OUTPUT_COLUMNS + (int64_t)column;
}

struct str
memo_get(const struct memo *memo, size_t column, int64_t key)
{
	int64_t found;

	if (!intmap_get(&found, &memo->map, key_of(column, key)))
		return (struct str){NULL, 0};
	return *(const struct str *)(intptr_t)found;
}

void
memo_put(struct memo *memo, size_t column, int64_t key, struct str bytes)
{
	struct str *kept = arena_alloc(&memo->arena, sizeof *kept + bytes.len);
	char *copy = (char *)(kept + 1); /* side by side: one miss of the processor's cache */

	memcpy(copy, bytes.data, bytes.len);
	*kept = (struct str){copy, bytes.len};
	intmap_put(&memo->map, key_of(column, key), (int64_t)(intptr_t)kept);
}

bool
memo_trim(struct memo *memo)
{
	if (memo->arena.used < MEMO_BYTES)
		return false;
	arena_reset(&memo->arena);
	intmap_clear(&memo->map);
	return true;
}

void
memo_free(struct memo *memo)
{
	arena_free(&memo->arena);
	intmap_free(&memo->map);
}
