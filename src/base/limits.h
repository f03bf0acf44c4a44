/* limits: every bound that the program sets to what comes from outside, with its name, reason and setting. */
#ifndef DMARCQ_BASE_LIMITS_H
#define DMARCQ_BASE_LIMITS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct limits {
#define LIMIT(name, value, least, most, unit, reason) uint64_t name;
#include "base/limits.def"
#undef LIMIT
};

/* One limit as people see it. */
struct limit_info {
	const char *name; /* with '-', as in --limit */
	uint64_t value, least, most;
	const char *unit, *reason;
};

/* All limits at their defaults. */
void limits_init(struct limits *limits);
/* Sets one from "name=value"; BAD names the setting and its range when it doesn't fit. */
enum status limits_set(struct limits *limits, const char *setting, struct err *err);
/* The i-th limit, or NULL behind the last. */
const struct limit_info *limits_info(size_t i);

#endif
