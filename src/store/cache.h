/*
 * cache: ids of what was looked up lately, by 128-bit hash, in a table of fixed size: what doesn't fit pushes
 * out what is old. A miss costs a look-up in the database, so a full table costs speed and never truth.
 */
#ifndef DMARCQ_STORE_CACHE_H
#define DMARCQ_STORE_CACHE_H

#include "base/digest.h"

#include <stddef.h>
#include <stdint.h>

struct cache;

/* bits: 2^bits entries of 24 bytes. */
struct cache *cache_new(unsigned bits);
void cache_free(struct cache *cache);
/* The id, or 0. */
int64_t cache_get(struct cache *cache, struct hash128 hash);
/* Brings an entry nearer that will be asked for soon. */
void cache_prefetch(const struct cache *cache, struct hash128 hash);
void cache_put(struct cache *cache, struct hash128 hash, int64_t id);
/* Forgets everything: after a rollback, or when another process wrote. */
void cache_clear(struct cache *cache);

#endif
