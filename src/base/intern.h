/* intern: texts to numbers and back. */
#ifndef DMARCQ_BASE_INTERN_H
#define DMARCQ_BASE_INTERN_H

#include "base/arena.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/* Each distinct text gets a number from 1. */
struct intern {
	struct arena arena;
	struct str *texts; /* of number i + 1 */
	size_t count, cap;
	size_t *slots; /* numbers; 0: free */
	size_t slot_cap;
	uint64_t seed;
};
void intern_init(struct intern *intern);
int64_t intern_number(struct intern *intern, struct str text);
/* The same, but a text that has no number gets none: 0. */
int64_t intern_find(const struct intern *intern, struct str text);
/* Data NULL when there is no such number. */
struct str intern_text(const struct intern *intern, int64_t number);
void intern_free(struct intern *intern);

#endif
