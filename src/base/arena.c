/* arena: a list of blocks; a thing larger than a block gets a block of its own. */
#include "base/arena.h"

#include "base/mem.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 32768 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char bytes[];
};

void
arena_init(struct arena *arena)
{
	arena->first = arena->now = NULL;
	arena->used = 0;
}

static struct arena_block *
block_add(struct arena *arena, size_t need)
{
	size_t size = need > BLOCK_BYTES ? need : BLOCK_BYTES;
	struct arena_block *block = mem_alloc(sizeof *block + size);

	block->next = NULL;
	block->used = 0;
	block->size = size;
	if (arena->now == NULL)
		arena->first = block;
	else
		arena->now->next = block;
	arena->now = block;
	return block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->now;
	size_t step = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	void *out;

	if (block == NULL || step > block->size - block->used)
		block = block_add(arena, step);
	out = block->bytes + block->used;
	block->used += step;
	arena->used += step;
	return out;
}

void *
arena_zero(struct arena *arena, size_t size)
{
	return memset(arena_alloc(arena, size), 0, size);
}

struct str
arena_str(struct arena *arena, struct str str)
{
	struct str copy = {NULL, 0};
	char *data;

	if (str.data == NULL)
		return copy;
	data = arena_alloc(arena, str.len + 1);
	memcpy(data, str.data, str.len);
	data[str.len] = '\0';
	copy.data = data;
	copy.len = str.len;
	return copy;
}

static void
blocks_free(struct arena_block *block)
{
	struct arena_block *next;

	for (; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
}

void
arena_reset(struct arena *arena)
{
	if (arena->first == NULL)
		return;
	blocks_free(arena->first->next);
	arena->first->next = NULL;
	arena->first->used = 0;
	arena->now = arena->first;
	arena->used = 0;
	if (arena->first->size > BLOCK_BYTES)
		arena_free(arena);
}

void
arena_free(struct arena *arena)
{
	blocks_free(arena->first);
	arena_init(arena);
}
