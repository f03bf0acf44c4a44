/* store: opening, migrating, and the life of a transaction. */
#include "store/store.h"

#include "base/mem.h"
#include "store/place.h"
#include "store/writer.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	APPLICATION_ID = 0x646d7271, /* "dmrq" */
	SCHEMA_VERSION = 3,
	PROFILE_CACHE_BITS = 18,
	NAME_CACHE_BITS = 16,
	COMMIT_STEPS = 5000,     /* items and reports between commits: their pages still fit the cache */
	COMMIT_BYTES = 16777216, /* of originals between commits */
};

/* FULL: with NORMAL a commit is in the journal, but not on the disk, when mails are deleted for it. */
static const char pragmas[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8000;"
    "PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 33554432;"
    "PRAGMA temp_store = FILE; PRAGMA foreign_keys = OFF";

static enum status
migrate(struct store *store, int64_t version, struct err *err)
{
	char name[32], sql[128];
	enum status status;

	for (; version < SCHEMA_VERSION; version++) {
		(void)snprintf(name, sizeof name, "%04d.sql", (int)version + 1);
		status = db_exec(store->db, schema_text(name), err);
		if (status != OK)
			return status;
	}
	(void)snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    APPLICATION_ID, SCHEMA_VERSION);
	return db_exec(store->db, sql, err);
}

/* The seed is made once, from chance, so that nobody outside can make hash columns collide. */
static enum status
set_up(struct store *store, struct err *err)
{
	char sql[256];

	(void)snprintf(sql, sizeof sql,
	    "INSERT INTO setting (name, value) VALUES ('seed', '%lld'), ('created', '%lld'), ('created_by', "
	    "'%s')",
	    (long long)(random64() >> 2), (long long)time(NULL), DMARCQ_VERSION);
	return db_exec(store->db, sql, err);
}

static enum status
check_version(struct store *store, int64_t *version, struct err *err)
{
	int64_t application = 0, tables = 0;
	/* In this order another process may set the database up in between. */
	enum status status = db_number(&tables, store->db, "SELECT count(*) FROM sqlite_schema", err);

	if (status == OK)
		status = db_number(&application, store->db, "PRAGMA application_id", err);
	if (status == OK)
		status = db_number(version, store->db, "PRAGMA user_version", err);
	if (status != OK)
		return status;
	if (application != APPLICATION_ID && (tables > 0 || application != 0))
		(void)err_stop(err, EXIT_CODE_CONFIG, DB_FOREIGN);
	else if (*version > SCHEMA_VERSION)
		(void)err_stop(err, EXIT_CODE_CONFIG,
		    "made by a newer dmarcq (schema %lld, this one knows up to %d): use that one",
		    (long long)*version, SCHEMA_VERSION);
	else
		return OK;
	return err_at(err, "%s", db_path(store->db));
}

static enum status
too_old(const struct store *store, int64_t version, struct err *err)
{
	if (version == 0)
		(void)err_stop(err, EXIT_CODE_CONFIG, "it holds nothing yet: `dmarcq import` fills it");
	else
		(void)err_stop(err, EXIT_CODE_CONFIG,
		    "made by an older dmarcq (schema %lld, this one needs %d): `dmarcq db init` brings it "
		    "up to date",
		    (long long)version, SCHEMA_VERSION);
	return err_at(err, "%s", db_path(store->db));
}

static enum status
bring_up_to_date(struct store *store, enum store_mode mode, struct err *err)
{
	int64_t version, seed;
	enum status status = check_version(store, &version, err);

	if (status == OK && version < SCHEMA_VERSION) {
		if (mode == STORE_READ)
			return too_old(store, version, err);
		/* Another process may be doing the same: ask again under the lock. */
		status = db_exec(store->db, "BEGIN IMMEDIATE", err);
		if (status == OK)
			status = db_number(&version, store->db, "PRAGMA user_version", err);
		if (status == OK && version < SCHEMA_VERSION) {
			status = migrate(store, version, err);
			if (status == OK && version == 0)
				status = set_up(store, err);
		}
		if (status == OK)
			status = db_exec(store->db, "COMMIT", err);
	}
	if (status == OK)
		status = db_number(
		    &seed, store->db, "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'seed'", err);
	if (status == OK)
		store->seed = (uint64_t)seed;
	return status;
}

/* In turn: SQLite does not wait for others when it changes the journal mode. */
static enum status
prepare_writing(struct store *store, enum store_mode mode, bool (*stop)(void), struct err *err)
{
	enum status status =
	    turn_open(&store->turn, db_path(store->db), store->limits->wait_seconds, stop, err);

	if (status == OK)
		status = turn_take(store->turn, err);
	if (status != OK)
		return status;
	status = db_exec(store->db, pragmas, err);
	if (status == OK)
		status = bring_up_to_date(store, mode, err);
	if (status == OK)
		status = db_exec(store->db, schema_text("import/flow_tables.sql"), err);
	turn_give(store->turn);
	return status;
}

enum status
store_open(
    struct store **out, const char *path, enum store_mode mode, const struct limits *limits, struct err *err)
{
	return store_open_until(out, path, mode, limits, NULL, err);
}

enum status
store_open_until(struct store **out, const char *path, enum store_mode mode, const struct limits *limits,
    bool (*stop)(void), struct err *err)
{
	static const enum db_mode modes[] = {DB_READ, DB_WRITE, DB_CREATE};
	struct store *store = mem_zero(1, sizeof *store);
	enum status status = OK;
	int64_t version;

	*out = NULL;
	store->limits = limits;
	arena_init(&store->scratch);
	arena_init(&store->item_arena);
	arena_init(&store->mail_arena);
	if (mode == STORE_IMPORT)
		status = place_make(path, err);
	if (status == OK)
		status = db_open(&store->db, path, modes[mode], limits->wait_seconds, stop, err);
	/* Nothing is changed in or beside a file that is not ours. */
	if (status == OK)
		status = check_version(store, &version, err);
	if (status == OK && mode == STORE_WRITE && version == 0)
		status = too_old(store, version, err);
	if (status == OK && mode != STORE_READ)
		status = prepare_writing(store, mode, stop, err);
	else if (status == OK)
		status = bring_up_to_date(store, mode, err);
	if (status != OK) {
		if (store->db != NULL && db_unchanged(store->db, err) != OK)
			status = err->status;
		store_close(store);
		return status;
	}
	if (mode != STORE_READ) {
		store->profiles = cache_new(PROFILE_CACHE_BITS);
		store->names = cache_new(NAME_CACHE_BITS);
	}
	*out = store;
	return OK;
}

void
store_close(struct store *store)
{
	size_t i;

	if (store == NULL)
		return;
	for (i = 0; i < STATEMENTS; i++)
		stmt_free(store->statement[i]);
	stmt_free(store->seen);
	stmt_free(store->found);
	cache_free(store->profiles);
	cache_free(store->names);
	arena_free(&store->scratch);
	arena_free(&store->item_arena);
	arena_free(&store->mail_arena);
	free(store->writing.rows);
	db_close(store->db);
	turn_close(store->turn);
	free(store);
}

struct db *
store_db(struct store *store)
{
	return store->db;
}

uint64_t
store_seed(const struct store *store)
{
	return store->seed;
}

static enum status
seen_as(enum item_state *state, struct store *store, const struct item_info *item, struct str name,
    struct err *err)
{
	enum status status;
	bool row;

	stmt_bind_i64(store->seen, 1, (int64_t)item->inode);
	stmt_bind_i64(store->seen, 2, (int64_t)item->size);
	stmt_bind_i64(store->seen, 3, item->mtime / FILE_TIME_NS);
	stmt_bind_text(store->seen, 4, name);
	stmt_bind_text(store->seen, 5, item->folder);
	status = stmt_step(store->seen, &row, err);
	if (status == OK && row)
		*state = (enum item_state)stmt_i64(store->seen, 0);
	stmt_reset(store->seen);
	return status;
}

/* A file with a failure report may have another name here (failure.c). */
static enum status
seen_hidden(enum item_state *state, struct store *store, const struct item_info *item, struct err *err)
{
	enum status status = personal_known(store, err);
	struct str name;

	if (status != OK || !store->has_personal)
		return status;
	arena_reset(&store->scratch);
	name = personal_place(&store->personal, item->name, &store->scratch);
	return str_same(name, item->name) ? OK : seen_as(state, store, item, name, err);
}

enum status
store_seen(enum item_state *state, struct store *store, const struct item_info *item, struct err *err)
{
	enum status status = OK;

	*state = 0;
	if (store->seen == NULL)
		status = stmt_prepare(&store->seen, store->db, schema_text("import/file_find.sql"), err);
	if (status != OK)
		return status;
	status = seen_as(state, store, item, item->name, err);
	if (status == OK && *state == 0)
		status = seen_hidden(state, store, item, err);
	return status;
}

enum status
store_load(struct store *store, struct err *err)
{
	static const struct {
		const char *sql;
		size_t offset;
	} rows[] = {{"SELECT max(id) FROM file", offsetof(struct ids, file)},
	    {"SELECT max(id) FROM original", offsetof(struct ids, original)},
	    {"SELECT max(id) FROM arrival", offsetof(struct ids, arrival)},
	    {"SELECT max(id) FROM report", offsetof(struct ids, report)},
	    {"SELECT max(id) FROM record", offsetof(struct ids, record)},
	    {"SELECT max(id) FROM tls_report", offsetof(struct ids, tls)}};
	enum status status = OK;
	int64_t most;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0] && status == OK; i++) {
		status = db_number(&most, store->db, rows[i].sql, err);
		*(int64_t *)(void *)((char *)&store->next + rows[i].offset) = most + 1;
	}
	if (status == OK)
		status = db_number(&most, store->db,
		    "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'messages'", err);
	store->total = (uint64_t)most;
	return status;
}

enum status
store_hold(struct store *store, const char *name, struct err *err)
{
	return turn_hold(store->turn, name, err);
}

enum status
store_transaction(struct store *store, struct err *err)
{
	int64_t version;
	enum status status;

	if (store->in_transaction)
		return OK;
	status = turn_take(store->turn, err);
	if (status != OK)
		return status;
	status = db_exec(store->db, "BEGIN IMMEDIATE", err);
	if (status == OK)
		status = db_number(&version, store->db, "PRAGMA data_version", err);
	if (status == OK && version != store->data_version) {
		/* Another process wrote since: what is remembered may no longer be true. */
		store->data_version = version;
		cache_clear(store->profiles);
		cache_clear(store->names);
		status = store_load(store, err);
	}
	store->in_transaction = status == OK;
	if (status != OK)
		turn_give(store->turn);
	store->now = (int64_t)time(NULL);
	return status;
}

enum status
store_begin(struct store *store, bool keep_originals, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_transaction(store, err);

	store->keep_originals = keep_originals;
	store->keep_personal = false;
	if (status == OK)
		status = store_statement(&stmt, store, SQL_RUN_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->now);
	stmt_bind_text(stmt, 2, str_of(DMARCQ_VERSION));
	status = stmt_run(stmt, err);
	store->run = db_last_id(store->db);
	store->run_started = store->now;
	return status;
}

void
store_keep_personal(struct store *store)
{
	store->keep_personal = true;
}

bool
store_due(const struct store *store)
{
	return store->in_transaction && !store->writing.open && !store->commits_at_end &&
	       (store->since_commit >= COMMIT_STEPS || store->bytes_since_commit >= COMMIT_BYTES);
}

static enum status
update_run(struct store *store, const struct counts *counts, bool finished, struct err *err)
{
	const uint64_t numbers[] = {counts->files, counts->mails, counts->reports, counts->duplicates,
	    counts->conflicts, counts->incomplete, counts->repaired, counts->records, counts->messages,
	    counts->rejected, counts->skipped, counts->letters[LETTER_BOUNCE], counts->letters[LETTER_REPLY],
	    counts->letters[LETTER_ABUSE], counts->letters[LETTER_LOST], counts->letters[LETTER_OTHER],
	    counts->tls_reports, counts->failures, counts->feedback, counts->failed_sources};
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_RUN_UPDATE, err);
	int i;

	if (status != OK || store->run == 0)
		return status;
	stmt_bind_i64(stmt, 1, store->run);
	bind_id(stmt, 2, finished ? (int64_t)time(NULL) : 0);
	for (i = 0; i < (int)(sizeof numbers / sizeof numbers[0]); i++)
		stmt_bind_i64(stmt, i + 3, (int64_t)numbers[i]);
	return stmt_run(stmt, err);
}

/* The messages of the whole roll-up are kept, because adding them up at each run would cost more than the
 * run. */
enum status
store_total(struct store *store, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_TOTAL_UPDATE, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, (int64_t)store->total);
	return stmt_run(stmt, err);
}

static enum status
finish(struct store *store, const struct counts *counts, bool finished, struct err *err)
{
	enum status status = store_transaction(store, err);

	if (status == OK)
		status = flow_settle(store, err);
	if (status == OK && finished)
		status = flow_look(store, err);
	if (status == OK)
		status = store_total(store, err);
	if (status == OK)
		status = update_run(store, counts, finished, err);
	if (status == OK)
		status = db_exec(store->db, "COMMIT", err);
	if (status != OK)
		return status;
	store->in_transaction = false;
	store->since_commit = store->bytes_since_commit = 0;
	turn_give(store->turn);
	return OK;
}

enum status
store_commit(struct store *store, const struct counts *counts, struct err *err)
{
	return finish(store, counts, false, err);
}

enum status
store_end(struct store *store, const struct counts *counts, struct err *err)
{
	return finish(store, counts, true, err);
}
