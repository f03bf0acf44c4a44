/* cache: sets of four entries; the newest of a set stands first, the oldest falls out. */
#include "store/cache.h"

#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { WAYS = 4 };

struct slot {
	struct hash128 hash;
	int64_t id; /* 0: empty */
};

struct cache {
	size_t sets;
	bool is_empty;
	struct slot *slots;
};

struct cache *
cache_new(unsigned bits)
{
	struct cache *cache = mem_alloc(sizeof *cache);

	cache->is_empty = true;
	cache->sets = ((size_t)1 << bits) / WAYS;
	cache->slots = mem_zero(cache->sets * WAYS, sizeof *cache->slots);
	return cache;
}

void
cache_free(struct cache *cache)
{
	if (cache == NULL)
		return;
	free(cache->slots);
	free(cache);
}

static struct slot *
set_of(struct cache *cache, struct hash128 hash)
{
	return cache->slots + (hash.low & (cache->sets - 1)) * WAYS;
}

void
cache_prefetch(const struct cache *cache, struct hash128 hash)
{
	__builtin_prefetch(cache->slots + (hash.low & (cache->sets - 1)) * WAYS);
	__builtin_prefetch(cache->slots + (hash.low & (cache->sets - 1)) * WAYS + 3);
}

int64_t
cache_get(struct cache *cache, struct hash128 hash)
{
	struct slot *set = set_of(cache, hash), found;
	size_t i;

	for (i = 0; i < WAYS; i++)
		if (set[i].id != 0 && set[i].hash.low == hash.low && set[i].hash.high == hash.high) {
			found = set[i];
			memmove(set + 1, set, i * sizeof *set);
			set[0] = found;
			return found.id;
		}
	return 0;
}

void
cache_put(struct cache *cache, struct hash128 hash, int64_t id)
{
	struct slot *set = set_of(cache, hash);

	cache->is_empty = false;
	memmove(set + 1, set, (WAYS - 1) * sizeof *set);
	set[0].hash = hash;
	set[0].id = id;
}

void
cache_clear(struct cache *cache)
{
	if (cache->is_empty)
		return;
	cache->is_empty = true;
	memset(cache->slots, 0, cache->sets * WAYS * sizeof *cache->slots);
}
