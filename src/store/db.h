/*
 * db: the only place that knows SQLite. Statements, bindings and columns in this program's terms; errors name
 * the database and carry the exit code that fits (74 cannot write, 75 busy, 77 permission, 78 not our
 * database).
 */
#ifndef DMARCQ_STORE_DB_H
#define DMARCQ_STORE_DB_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct db;
struct stmt;

/* What is said of a file that is none of ours, and of one that was. */
#define DB_FOREIGN "this is not a dmarcq database: nothing was changed; --db or $DMARCQ_DB names another"
#define DB_DAMAGED "the database is damaged: put a backup in its place, or import the reports into a new one"

enum db_mode {
	DB_READ,   /* must exist; nothing is written */
	DB_WRITE,  /* must exist */
	DB_CREATE, /* made when it is not there */
};

/*
 * Opens a database file. wait_seconds: how long to wait for another writer, unless stop (may be NULL) says
 * that nobody is to wait any more. *db is NULL on failure.
 */
enum status db_open(struct db **db, const char *path, enum db_mode mode, uint64_t wait_seconds,
    bool (*stop)(void), struct err *err);
void db_close(struct db *db);
const char *db_path(const struct db *db);
/* From now on stop is also asked while statements run: TEMP (exit code 75) when it says so. For reading. */
void db_stop(struct db *db, bool (*stop)(void));
/*
 * Whether what was read from the database can be believed; to be asked before an answer is called one. A user
 * who may not write beside a database reads its file without locks, so another one may write under the
 * answer: TEMP with exit code 75 then, also in place of any error of SQLite. Else OK, and err is left alone.
 */
enum status db_unchanged(const struct db *db, struct err *err);

/* Whether the last failure was one of writing: of a file that a statement makes, the name is the caller's. */
bool db_cannot_write(const struct db *db);

/* Runs statements without results. */
enum status db_exec(struct db *db, const char *sql, struct err *err);
/* One number from a statement without parameters; 0 when it gives no row. */
enum status db_number(int64_t *out, struct db *db, const char *sql, struct err *err);

enum status stmt_prepare(struct stmt **stmt, struct db *db, const char *sql, struct err *err);
void stmt_free(struct stmt *stmt);

/* Parameters count from 1. Texts and bytes must live until the next stmt_step or stmt_reset. */
void stmt_bind_i64(struct stmt *stmt, int i, int64_t value);
void stmt_bind_null(struct stmt *stmt, int i);
void stmt_bind_text(struct stmt *stmt, int i, struct str text); /* data NULL binds NULL */
void stmt_bind_bytes(struct stmt *stmt, int i, const void *bytes, size_t len);
/* The number of a named parameter (":since"), 0 when the statement has none of that name. */
int stmt_param(struct stmt *stmt, const char *name);

/* *row tells whether there is a row. At the end and on failure the statement is reset. */
enum status stmt_step(struct stmt *stmt, bool *row, struct err *err);
/* Runs a statement that gives no row, then resets it. */
enum status stmt_run(struct stmt *stmt, struct err *err);
void stmt_reset(struct stmt *stmt);

/* Columns count from 0; texts and bytes are borrowed until the next stmt_step, stmt_reset or stmt_free. */
int stmt_columns(struct stmt *stmt);
bool stmt_is_null(struct stmt *stmt, int i);
int64_t stmt_i64(struct stmt *stmt, int i);
struct str stmt_text(struct stmt *stmt, int i); /* data NULL for NULL */
struct str stmt_bytes(struct stmt *stmt, int i);
const char *stmt_column_name(struct stmt *stmt, int i);

int64_t db_last_id(struct db *db);
int64_t db_changes(struct db *db);

/*
 * A function for SQL, pure: same arguments, same answer. It reads its arguments and sets one result through
 * the call. data stays the caller's and must outlive the database.
 */
struct db_call;
typedef void db_function(struct db_call *call, void *data);
enum status db_add_function(
    struct db *db, const char *name, int args, db_function *function, void *data, struct err *err);
bool call_is_null(struct db_call *call, int i);
int64_t call_i64(struct db_call *call, int i);
struct str call_text(struct db_call *call, int i);
struct str call_bytes(struct db_call *call, int i);
void call_return_text(struct db_call *call, struct str text); /* copied; data NULL returns NULL */
void call_return_i64(struct db_call *call, int64_t value);
void call_return_null(struct db_call *call);

/* An SQL text of schema/sqlite by its name ("query/status.sql"); NULL when there is none. */
const char *schema_text(const char *name);

#endif
