/* intmap: the keys are ids that this program gave: a multiplication spreads them well enough. */
#include "base/intmap.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 256 };

static size_t
slot_of(const struct intmap *map, int64_t key)
{
	uint64_t hash = (uint64_t)key * 0x9e3779b97f4a7c15U;
	size_t slot = (size_t)((hash >> 32) * map->cap >> 32); /* its upper bits are the good ones */

	while (map->slots[slot].key != 0 && map->slots[slot].key != key)
		slot = (slot + 1) & (map->cap - 1);
	return slot;
}

bool
intmap_get(int64_t *value, const struct intmap *map, int64_t key)
{
	size_t slot;

	if (key == 0) {
		*value = map->zero;
		return map->has_zero;
	}
	if (map->cap == 0)
		return false;
	slot = slot_of(map, key);
	*value = map->slots[slot].value;
	return map->slots[slot].key == key;
}

static void
intmap_grow(struct intmap *map)
{
	struct intmap old = *map;
	size_t i;

	map->cap = old.cap == 0 ? FIRST_CAP : old.cap * 2;
	map->slots = mem_zero(map->cap, sizeof *map->slots);
	map->count = old.has_zero;
	for (i = 0; i < old.cap; i++)
		if (old.slots[i].key != 0)
			intmap_put(map, old.slots[i].key, old.slots[i].value);
	free(old.slots);
}

void
intmap_put(struct intmap *map, int64_t key, int64_t value)
{
	size_t slot;

	if (key == 0) {
		map->zero = value;
		map->has_zero = true;
		map->count++;
		return;
	}
	if ((map->count + 1) * 2 > map->cap)
		intmap_grow(map);
	slot = slot_of(map, key);
	map->slots[slot] = (struct intmap_slot){key, value};
	map->count++;
}

void
intmap_clear(struct intmap *map)
{
	if (map->cap > 0)
		memset(map->slots, 0, map->cap * sizeof *map->slots);
	map->count = 0;
	map->has_zero = false;
}

void
intmap_free(struct intmap *map)
{
	free(map->slots);
	*map = (struct intmap){0};
}
