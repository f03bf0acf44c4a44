/* intmap: numbers to numbers, by open addressing, at most half full. */
#ifndef DMARCQ_BASE_INTMAP_H
#define DMARCQ_BASE_INTMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From numbers to numbers, whichever they are: ids out of a damaged database may be 0 or less. All zero is an
 * empty map. */
struct intmap {
	struct intmap_slot {
		int64_t key, value; /* key 0: free */
	} * slots;
	size_t cap, count;
	bool has_zero; /* key 0 has no slot, */
	int64_t zero;  /* its value is here */
};
/* false: the key is not in the map, and value means nothing. */
bool intmap_get(int64_t *value, const struct intmap *map, int64_t key);
/* The key must not be in the map yet. */
void intmap_put(struct intmap *map, int64_t key, int64_t value);
void intmap_clear(struct intmap *map);
void intmap_free(struct intmap *map);

#endif
