/* target: a file that gets its name when it is complete; private to src/cli. */
#ifndef DMARCQ_CLI_TARGET_H
#define DMARCQ_CLI_TARGET_H

#include "base/digest.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* All zero is a closed one. */
struct target {
	char *path, *temporary; /* owned; temporary is NULL once the file has its name */
	int fd;
	uint64_t bytes, sent; /* that were put; that are on their way to the disk */
	struct sha256 *digest;
};

/* Begins path + suffix beside its place, where nothing but a plain file may be replaced. FATAL with exit code
 * 74 or 77, as all of these. target_close is due in any case. */
enum status target_open(struct target *target, const char *path, const char *suffix, struct err *err);
/* Writes bytes to a struct target; 0 or an errno. Fits struct output_options. */
int target_put(void *target, const char *bytes, size_t len);
/* The error for an errno of target_put. */
enum status target_failed(const struct target *target, int code, struct err *err);
/* Everything is on the disk, still without its name; its SHA-256. */
enum status target_finish(char sha256[SHA256_TEXT], struct target *target, struct err *err);
/* Gives the file its name; a file that had it is gone. */
enum status target_name(struct target *target, struct err *err);
/* Takes away what has no name yet. */
void target_close(struct target *target);

#endif
