/* listing: the names in one folder, compact: their bytes one behind the other and four bytes each to find
 * them. */
#ifndef DMARCQ_SOURCE_LISTING_H
#define DMARCQ_SOURCE_LISTING_H

#include "base/buf.h"

#include <stdint.h>

struct listing {
	struct buf text;  /* for each name a byte for its type, the name, a NUL */
	uint32_t *starts; /* owned */
	size_t count, cap;
	size_t folders; /* names known to be folders */
};

enum listing_type {
	LISTING_FILE = 'f', /* or not known */
	LISTING_FOLDER = 'd',
};

void listing_init(struct listing *listing);
/* Adds prefix and name. False when there are too many. */
bool listing_add(struct listing *listing, enum listing_type type, const char *prefix, const char *name);
/* Adds what a folder holds, without links, pipes, sockets and devices. BAD: not readable or not to its end.
 */
enum status listing_read(struct listing *listing, const char *path, const char *prefix, struct err *err);
/* Sorts by name, bytewise or by compare. */
void listing_sort(struct listing *listing, int (*compare)(const char *a, const char *b));
const char *listing_name(const struct listing *listing, size_t i);
bool listing_is_folder(const struct listing *listing, size_t i);
void listing_free(struct listing *listing);

#endif
