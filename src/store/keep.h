/* keep: copies of a database, and the space that it takes. */
#ifndef DMARCQ_STORE_KEEP_H
#define DMARCQ_STORE_KEEP_H

#include "store/store.h"

/*
 * Writes one moment of the database to a file that is empty or not there. Works while others write, and on a
 * database of an older or newer program. The caller syncs the file. TEMP with exit code 75 when stop (may be
 * NULL) says so; what was written then is the caller's to take away. An error of writing names the file.
 */
enum status store_backup(
    const char *path, const char *to, const struct limits *limits, bool (*stop)(void), struct err *err);

/* Whether a file is a database of this program, of whatever version; it need not be a whole one. */
bool store_is_ours(const char *path);

/* What a database takes on the disk, in bytes; log: what waits in its write-ahead log. */
struct room {
	uint64_t file, log;
};
struct room store_room(struct store *store);

/*
 * Gives unused space back to the file system: the database is written anew, so that it needs as much room as
 * it holds, once beside it and once in the folder of temporary files. FATAL with 74 when there is less.
 */
enum status store_vacuum(struct store *store, struct err *err);

#endif
