/* keep: SQLite writes the copy itself, row by row: it holds no free pages, and a source that is damaged can't
 * be copied. */
#include "store/keep.h"

#include "base/mem.h"
#include "store/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* https://www.sqlite.org/fileformat.html */
enum { HEADER = 72, APPLICATION_AT = 68 };

bool
store_is_ours(const char *path)
{
	static const unsigned char application[] = {'d', 'm', 'r', 'q'};
	static const char magic[] = "SQLite format 3";
	unsigned char header[HEADER];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ours;

	if (fd < 0)
		return false;
	ours = read(fd, header, sizeof header) == HEADER && memcmp(header, magic, sizeof magic) == 0 &&
	       memcmp(header + APPLICATION_AT, application, sizeof application) == 0;
	(void)close(fd);
	return ours;
}

/* SQLite leaves it beside a copy that failed for want of room. */
static void
remove_journal(const char *path)
{
	size_t room = strlen(path) + sizeof "-journal";
	char *name = mem_alloc(room);

	(void)snprintf(name, room, "%s-journal", path);
	(void)unlink(name);
	free(name);
}

enum status
store_backup(
    const char *path, const char *to, const struct limits *limits, bool (*stop)(void), struct err *err)
{
	struct stmt *stmt = NULL;
	struct db *db = NULL;
	enum status status = db_open(&db, path, DB_READ, limits->wait_seconds, stop, err);

	if (status == OK && stop != NULL)
		db_stop(db, stop);
	if (status == OK && !store_is_ours(path)) {
		(void)err_stop(err, EXIT_CODE_CONFIG, DB_FOREIGN);
		status = err_at(err, "%s", path);
	}
	if (status == OK)
		status = stmt_prepare(&stmt, db, "VACUUM INTO ?1", err);
	if (status == OK) {
		stmt_bind_text(stmt, 1, str_of(to));
		status = stmt_run(stmt, err);
		if (status != OK && db_cannot_write(db))
			(void)snprintf(err->where, sizeof err->where, "%s", to);
	}
	if (status == OK)
		status = db_unchanged(db, err);
	stmt_free(stmt);
	db_close(db);
	if (status != OK)
		remove_journal(to);
	return status;
}

static uint64_t
size_of(const char *path, const char *suffix)
{
	size_t room = strlen(path) + strlen(suffix) + 1;
	char *name = mem_alloc(room);
	struct stat st;
	bool there;

	(void)snprintf(name, room, "%s%s", path, suffix);
	there = stat(name, &st) == 0;
	free(name);
	return there ? (uint64_t)st.st_size : 0;
}

struct room
store_room(struct store *store)
{
	const char *path = db_path(store->db);
	struct room room = {size_of(path, ""), size_of(path, "-wal")};

	return room;
}

static enum status
has_room(const char *folder, uint64_t needed, struct err *err)
{
	struct statvfs fs;
	uint64_t free_bytes;

	if (statvfs(folder, &fs) != 0)
		return OK;
	free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (free_bytes >= needed)
		return OK;
	(void)err_stop(err, EXIT_CODE_IO,
	    "%llu bytes are free, the database is written anew and needs %llu: nothing was changed",
	    (unsigned long long)free_bytes, (unsigned long long)needed);
	return err_at(err, "%s", folder);
}

/* SQLite keeps the new copy where temporary files go, then writes it through the log beside the database. */
static enum status
has_rooms(struct store *store, struct err *err)
{
	const char *temporary = getenv("SQLITE_TMPDIR"), *slash = strrchr(db_path(store->db), '/');
	int64_t used = 0;
	enum status status;
	char *folder;

	status = db_number(&used, store->db,
	    "SELECT (page_count - freelist_count) * page_size "
	    "FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
	    err);
	if (temporary == NULL)
		temporary = getenv("TMPDIR");
	if (status == OK)
		status = has_room(temporary == NULL ? "/var/tmp" : temporary, (uint64_t)used, err);
	if (status != OK)
		return status;
	folder = slash == NULL ? mem_copy(".")
			       : mem_copy_n(db_path(store->db), (size_t)(slash - db_path(store->db)) + 1);
	status = has_room(folder, (uint64_t)used, err);
	free(folder);
	return status;
}

enum status
store_vacuum(struct store *store, struct err *err)
{
	enum status status = turn_take(store->turn, err);

	if (status != OK)
		return status;
	status = has_rooms(store, err);
	if (status == OK)
		status = db_exec(store->db, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", err);
	turn_give(store->turn);
	return status;
}
