/* target: a file that gets its name when it is complete; private to src/cli. */
#ifndef DMARCQ_CLI_TARGET_H
#define DMARCQ_CLI_TARGET_H

#include "base/err.h"

#include <stdio.h>

struct target {
	const char *path; /* NULL: standard output */
	char *temporary;  /* beside it, readable by its owner alone */
	FILE *file;
};

/* path NULL: out is written to. *target needs target_close only when it is OK. */
enum status target_open(struct target *target, const char *path, FILE *out, struct err *err);
/* For messages. */
const char *target_name(const struct target *target);
/* Makes sure that it is on the disk and gives the file its name when status is OK, else takes it away.
 * Returns what came of both. */
enum status target_close(struct target *target, enum status status, struct err *err);

#endif
