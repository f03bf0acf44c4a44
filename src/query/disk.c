/* disk: sizes that SQL can't know. */
#include "query/disk.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void
sql_file_bytes(struct db_call *call, void *data)
{
	struct str suffix = call_text(call, 0);
	char path[4096];
	struct stat st;
	int len = snprintf(path, sizeof path, "%s%.*s", db_path(data), (int)suffix.len,
	    suffix.data == NULL ? "" : suffix.data);

	if (len < 0 || (size_t)len >= sizeof path || stat(path, &st) != 0)
		call_return_null(call);
	else
		call_return_i64(call, (int64_t)st.st_size);
}

enum status
disk_open(struct db *db, struct err *err)
{
	enum status status = db_add_function(db, "file_bytes", 1, sql_file_bytes, db, err);
	int64_t there = 0;

	if (status == OK)
		status = db_number(&there, db, "SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')", err);
	if (status == OK && !there)
		status = db_exec(db,
		    "CREATE TEMP TABLE IF NOT EXISTS dbstat (name TEXT, pgsize INTEGER, aggregate INTEGER)",
		    err);
	return status;
}
