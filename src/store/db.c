/* db: SQLite behind this program's terms. All that is particular to SQLite is here. */
#include "store/db.h"

#include "base/mem.h"
#include "store/place.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct db {
	sqlite3 *handle;
	char *path;
	uint64_t wait_seconds;
	bool (*stop)(void); /* may be NULL */
	time_t busy_since;
	bool frozen;              /* read without locks, */
	struct place_state state; /* from a file that was this one */
};

struct stmt {
	sqlite3_stmt *handle;
	struct db *db;
};

struct db_call {
	sqlite3_context *context;
	sqlite3_value **values;
};

struct function_data {
	db_function *function;
	void *data;
};

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

/* Counting its memory would cost SQLite a lock at each allocation. */
static void
library_init(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum exit_code
exit_code_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
		return EXIT_CODE_TEMPORARY;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return EXIT_CODE_PERMISSION;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return EXIT_CODE_CONFIG;
	case SQLITE_NOMEM:
		return EXIT_CODE_MEMORY;
	default:
		return EXIT_CODE_IO;
	}
}

/* The errno behind an I/O error; 0: not known. SQLite keeps that of a write to its log with the log. */
static int
system_error(struct db *db)
{
	int error = sqlite3_system_errno(db->handle);
	sqlite3_file *log = NULL;

	if (error == 0 &&
	    sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
	    log != NULL && log->pMethods != NULL)
		(void)log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &error);
	return error;
}

enum status
db_unchanged(const struct db *db, struct err *err)
{
	if (!db->frozen || place_is_same(db->path, &db->state))
		return OK;
	(void)err_stop(err, EXIT_CODE_TEMPORARY, "another process wrote meanwhile: ask again");
	return err_at(err, "%s", db->path);
}

static enum status
db_failed(struct db *db, struct err *err)
{
	int code = sqlite3_extended_errcode(db->handle);
	const char *why = sqlite3_errmsg(db->handle);
	int error;

	if (db_unchanged(db, err) != OK)
		return err->status;
	if ((code & 0xff) == SQLITE_CORRUPT)
		why = DB_DAMAGED;
	else if ((code & 0xff) == SQLITE_NOTADB)
		why = DB_FOREIGN;
	else if ((code & 0xff) == SQLITE_FULL)
		why = "the disk is full";
	else if ((code & 0xff) == SQLITE_BUSY)
		why = "another process is writing to it";
	else if ((code & 0xff) == SQLITE_INTERRUPT)
		why = "stopped by request";
	else if ((code & 0xff) == SQLITE_IOERR && (error = system_error(db)) != 0)
		why = strerror(error);
	(void)err_stop(err, exit_code_of(code), "%s", why);
	return err_at(err, "%s", db->path);
}

static int
open_handle(struct db *db, enum db_mode mode, int flags)
{
	char *uri;
	int code;

	db->frozen = mode == DB_READ && place_is_frozen(&db->state, db->path);
	if (!db->frozen)
		return sqlite3_open_v2(db->path, &db->handle, flags, NULL);
	uri = place_frozen_uri(db->path);
	code = sqlite3_open_v2(uri, &db->handle, flags | SQLITE_OPEN_URI, NULL);
	free(uri);
	return code;
}

/* Called again and again while another process writes; times counts from 0 for each lock. */
static int
on_busy(void *data, int times)
{
	const struct timespec pause = {0, times < 10 ? 2000000 : 25000000};
	struct db *db = data;
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	if (times == 0)
		db->busy_since = now.tv_sec;
	if ((db->stop != NULL && db->stop()) || (uint64_t)(now.tv_sec - db->busy_since) >= db->wait_seconds)
		return 0;
	(void)nanosleep(&pause, NULL);
	return 1;
}

enum status
db_open(struct db **out, const char *path, enum db_mode mode, uint64_t wait_seconds, bool (*stop)(void),
    struct err *err)
{
	int flags = mode == DB_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	struct db *db;
	enum status status = place_check(path, mode, err);

	*out = NULL;
	if (status != OK)
		return status;
	if (mode == DB_CREATE)
		flags |= SQLITE_OPEN_CREATE;
	(void)pthread_once(&library_once, library_init);
	db = mem_zero(1, sizeof *db);
	db->path = mem_copy(path);
	if (open_handle(db, mode, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE) != SQLITE_OK) {
		status = db_failed(db, err);
		db_close(db);
		return status;
	}
	db->wait_seconds = wait_seconds;
	db->stop = stop;
	(void)sqlite3_busy_handler(db->handle, on_busy, db);
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	*out = db;
	return OK;
}

bool
db_cannot_write(const struct db *db)
{
	int code = sqlite3_extended_errcode(db->handle);

	return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC ||
	       code == SQLITE_IOERR_TRUNCATE;
}

static int
on_work(void *data)
{
	const struct db *db = data;

	return db->stop() ? 1 : 0;
}

void
db_stop(struct db *db, bool (*stop)(void))
{
	enum { INSTRUCTIONS = 10000 }; /* some tenths of a millisecond */

	db->stop = stop;
	sqlite3_progress_handler(db->handle, INSTRUCTIONS, on_work, db);
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	(void)sqlite3_close_v2(db->handle);
	free(db->path);
	free(db);
}

const char *
db_path(const struct db *db)
{
	return db->path;
}

enum status
db_exec(struct db *db, const char *sql, struct err *err)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? OK : db_failed(db, err);
}

enum status
db_number(int64_t *out, struct db *db, const char *sql, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status;
	bool row;

	*out = 0;
	status = stmt_prepare(&stmt, db, sql, err);
	if (status == OK)
		status = stmt_step(stmt, &row, err);
	if (status == OK && row)
		*out = stmt_i64(stmt, 0);
	stmt_free(stmt);
	return status;
}

enum status
stmt_prepare(struct stmt **out, struct db *db, const char *sql, struct err *err)
{
	sqlite3_stmt *handle;
	struct stmt *stmt;

	*out = NULL;
	if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL) != SQLITE_OK)
		return db_failed(db, err);
	stmt = mem_alloc(sizeof *stmt);
	stmt->handle = handle;
	stmt->db = db;
	*out = stmt;
	return OK;
}

void
stmt_free(struct stmt *stmt)
{
	if (stmt == NULL)
		return;
	(void)sqlite3_finalize(stmt->handle);
	free(stmt);
}

void
stmt_bind_i64(struct stmt *stmt, int i, int64_t value)
{
	(void)sqlite3_bind_int64(stmt->handle, i, value);
}

void
stmt_bind_null(struct stmt *stmt, int i)
{
	(void)sqlite3_bind_null(stmt->handle, i);
}

void
stmt_bind_text(struct stmt *stmt, int i, struct str text)
{
	if (text.data == NULL)
		(void)sqlite3_bind_null(stmt->handle, i);
	else
		(void)sqlite3_bind_text64(stmt->handle, i, text.data, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

void
stmt_bind_bytes(struct stmt *stmt, int i, const void *bytes, size_t len)
{
	(void)sqlite3_bind_blob64(stmt->handle, i, len > 0 ? bytes : "", len, SQLITE_STATIC);
}

int
stmt_param(struct stmt *stmt, const char *name)
{
	return sqlite3_bind_parameter_index(stmt->handle, name);
}

enum status
stmt_step(struct stmt *stmt, bool *row, struct err *err)
{
	int code = sqlite3_step(stmt->handle);
	enum status status = OK;

	*row = code == SQLITE_ROW;
	if (code != SQLITE_ROW) {
		if (code != SQLITE_DONE)
			status = db_failed(stmt->db, err);
		(void)sqlite3_reset(stmt->handle);
	}
	return status;
}

enum status
stmt_run(struct stmt *stmt, struct err *err)
{
	bool row;
	enum status status = stmt_step(stmt, &row, err);

	if (status == OK && row)
		(void)sqlite3_reset(stmt->handle);
	return status;
}

void
stmt_reset(struct stmt *stmt)
{
	(void)sqlite3_reset(stmt->handle);
}

int
stmt_columns(struct stmt *stmt)
{
	return sqlite3_column_count(stmt->handle);
}

bool
stmt_is_null(struct stmt *stmt, int i)
{
	return sqlite3_column_type(stmt->handle, i) == SQLITE_NULL;
}

int64_t
stmt_i64(struct stmt *stmt, int i)
{
	return sqlite3_column_int64(stmt->handle, i);
}

struct str
stmt_text(struct stmt *stmt, int i)
{
	struct str text;

	text.data = (const char *)sqlite3_column_text(stmt->handle, i);
	text.len = text.data == NULL ? 0 : (size_t)sqlite3_column_bytes(stmt->handle, i);
	return text;
}

struct str
stmt_bytes(struct stmt *stmt, int i)
{
	struct str bytes;

	bytes.data = sqlite3_column_blob(stmt->handle, i);
	bytes.len = (size_t)sqlite3_column_bytes(stmt->handle, i);
	if (bytes.data == NULL && !stmt_is_null(stmt, i))
		bytes.data = "";
	return bytes;
}

const char *
stmt_column_name(struct stmt *stmt, int i)
{
	return sqlite3_column_name(stmt->handle, i);
}

int64_t
db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int64_t
db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

static void
call_function(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct function_data *data = sqlite3_user_data(context);
	struct db_call call = {context, values};

	(void)count;
	data->function(&call, data->data);
}

enum status
db_add_function(struct db *db, const char *name, int args, db_function *function, void *data, struct err *err)
{
	struct function_data *both = mem_alloc(sizeof *both);

	both->function = function;
	both->data = data;
	if (sqlite3_create_function_v2(db->handle, name, args,
		SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, both, call_function, NULL, NULL,
		free) != SQLITE_OK)
		return db_failed(db, err);
	return OK;
}

bool
call_is_null(struct db_call *call, int i)
{
	return sqlite3_value_type(call->values[i]) == SQLITE_NULL;
}

int64_t
call_i64(struct db_call *call, int i)
{
	return sqlite3_value_int64(call->values[i]);
}

struct str
call_text(struct db_call *call, int i)
{
	struct str text;

	text.data = (const char *)sqlite3_value_text(call->values[i]);
	text.len = text.data == NULL ? 0 : (size_t)sqlite3_value_bytes(call->values[i]);
	return text;
}

struct str
call_bytes(struct db_call *call, int i)
{
	struct str bytes;

	bytes.data = sqlite3_value_blob(call->values[i]);
	bytes.len = (size_t)sqlite3_value_bytes(call->values[i]);
	return bytes;
}

void
call_return_text(struct db_call *call, struct str text)
{
	if (text.data == NULL)
		sqlite3_result_null(call->context);
	else
		sqlite3_result_text64(call->context, text.data, text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void
call_return_i64(struct db_call *call, int64_t value)
{
	sqlite3_result_int64(call->context, value);
}

void
call_return_null(struct db_call *call)
{
	sqlite3_result_null(call->context);
}
