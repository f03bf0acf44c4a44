/* place: the file and the folder of a database, before SQLite is asked: it keeps to itself why it can't. */
#ifndef DMARCQ_STORE_PLACE_H
#define DMARCQ_STORE_PLACE_H

#include "base/err.h"
#include "store/db.h"

#include <sys/types.h>
#include <time.h>

/* Makes the folders that a new database needs, readable by their owner alone. FATAL: one can't be made. */
enum status place_make(const char *path, struct err *err);
/*
 * Whether a database can be opened at path in that mode. FATAL: with exit code 77 the system does not allow
 * it, with 78 there is none or something else is there.
 */
enum status place_check(const char *path, enum db_mode mode, struct err *err);
/* What tells whether a file was written to. */
struct place_state {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec written;
};

/*
 * Whether this user can't write and nobody else seems to: the folder is read-only and nothing is waiting in
 * the log of the database at path. *state is then what place_is_same compares with: another user may begin to
 * write at any time.
 */
bool place_is_frozen(struct place_state *state, const char *path);
/* Whether nobody has written to the database or to its log since. A log of nothing is none: readers make it.
 */
bool place_is_same(const char *path, const struct place_state *state);

/*
 * SQLite reads a database in WAL mode only where it can write beside it. Where this user can't, it is opened
 * as one that doesn't change, and looked at again afterwards (place_is_same): "file:" with everything escaped
 * that means something in a URI. Freed by the caller.
 */
char *place_frozen_uri(const char *path);

#endif
