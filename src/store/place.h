/* place: the file and the folder of a database, before SQLite is asked: it keeps to itself why it can't. */
#ifndef DMARCQ_STORE_PLACE_H
#define DMARCQ_STORE_PLACE_H

#include "base/err.h"
#include "store/db.h"

/* Makes the folders that a new database needs, readable by their owner alone. FATAL: one can't be made. */
enum status place_make(const char *path, struct err *err);
/*
 * Whether a database can be opened at path in that mode. FATAL: with exit code 77 the system does not allow
 * it, with 78 there is none or something else is there.
 */
enum status place_check(const char *path, enum db_mode mode, struct err *err);
/*
 * Whether nobody can be writing: the folder is read-only and nothing is waiting in the log of the database at
 * path.
 */
bool place_is_frozen(const char *path);

#endif
