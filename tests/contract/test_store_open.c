/* Opening, sharing and committing: whose database it is, who may write, and when. */
#include "contract/world.h"

#include "store/turn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct made_report report_a = {.id = "a", .content = 11, .records = both};

/* The message with the path of the database as "DB". */
static void
refuses(enum store_mode mode, enum exit_code exit_code, const char *what)
{
	struct store *other = store;
	struct err err = {.what = ""};
	enum status status = store_open(&other, db_file, mode, &limits, &err);

	ck_assert_int_eq(status, exit_code == EXIT_CODE_TEMPORARY ? TEMP : FATAL);
	ck_assert_ptr_null(other);
	ck_assert_int_eq(err.exit_code, exit_code);
	ck_assert_str_eq(err.where, db_file);
	ck_assert_str_eq(err.what, what);
}

static void
put_file(const char *bytes)
{
	FILE *file;

	store_close(store);
	store = NULL;
	(void)unlink(db_file);
	file = fopen(db_file, "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(bytes, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(fresh)
{
	struct stat st;
	uint64_t seed = store_seed(store);

	ck_assert_str_eq(rows("PRAGMA application_id"), "1684894321\n");
	ck_assert_str_eq(rows("PRAGMA user_version"), "3\n");
	ck_assert_str_eq(rows("PRAGMA journal_mode"), "wal\n");
	/* FULL: what is committed is on the disk, because mails are deleted for it. */
	ck_assert_str_eq(rows("PRAGMA synchronous"), "2\n");
	ck_assert_str_eq(rows("SELECT count(*) FROM run"), "1\n");
	ck_assert_str_eq(findings(), "");
	commit();
	world_reopen(STORE_IMPORT);
	ck_assert_uint_eq(store_seed(store), seed);
	ck_assert_str_eq(db_path(store_db(store)), db_file);
	world_reopen(STORE_READ);
	ck_assert_uint_eq(store_seed(store), seed);
	/* Reports are nobody else's business. */
	ck_assert_int_eq(stat(db_file, &st), 0);
	ck_assert_uint_eq(st.st_mode & 077 & 033, 0);
}
END_TEST

START_TEST(not_ours)
{
	put_file("this is a text and no database, although it is long enough to be taken for the head of "
		 "one......");
	refuses(STORE_READ, EXIT_CODE_CONFIG, DB_FOREIGN);
	refuses(STORE_IMPORT, EXIT_CODE_CONFIG, DB_FOREIGN);
}
END_TEST

START_TEST(of_another_program)
{
	commit();
	exec("PRAGMA application_id = 77");
	store_close(store);
	store = NULL;
	refuses(STORE_READ, EXIT_CODE_CONFIG, DB_FOREIGN);
	refuses(STORE_WRITE, EXIT_CODE_CONFIG, DB_FOREIGN);
	refuses(STORE_IMPORT, EXIT_CODE_CONFIG, DB_FOREIGN);
}
END_TEST

/* Without an application id, but with tables in it. */
START_TEST(of_nobody)
{
	commit();
	exec("PRAGMA application_id = 0");
	store_close(store);
	store = NULL;
	refuses(STORE_IMPORT, EXIT_CODE_CONFIG, DB_FOREIGN);
}
END_TEST

START_TEST(newer)
{
	commit();
	exec("PRAGMA user_version = 4");
	store_close(store);
	store = NULL;
	refuses(STORE_READ, EXIT_CODE_CONFIG,
	    "made by a newer dmarcq (schema 4, this one knows up to 3): use that one");
	refuses(STORE_IMPORT, EXIT_CODE_CONFIG,
	    "made by a newer dmarcq (schema 4, this one knows up to 3): use that one");
}
END_TEST

START_TEST(empty_file)
{
	put_file("");
	refuses(STORE_READ, EXIT_CODE_CONFIG, "it holds nothing yet: `dmarcq import` fills it");
	refuses(STORE_WRITE, EXIT_CODE_CONFIG, "it holds nothing yet: `dmarcq import` fills it");
	world_reopen(STORE_IMPORT);
	ck_assert_str_eq(rows("SELECT count(*) FROM report"), "0\n");
}
END_TEST

START_TEST(missing)
{
	store_close(store);
	store = NULL;
	(void)unlink(db_file);
	refuses(STORE_READ, EXIT_CODE_CONFIG, "there is no database yet: `dmarcq import` makes it");
	refuses(STORE_WRITE, EXIT_CODE_CONFIG, "there is no database yet: `dmarcq import` makes it");
}
END_TEST

/* Questions work on a database that may not be written; an import says that it can't. */
START_TEST(read_only)
{
	char shown[300];
	struct store *other;
	struct err err = {.what = ""};

	import_one("a", &report_a, "a");
	exec("PRAGMA journal_mode = DELETE");
	store_close(store);
	store = NULL;
	(void)snprintf(shown, sizeof shown, "%s-turn", db_file);
	(void)unlink(shown);
	ck_assert_int_eq(chmod(db_file, 0444), 0);
	*strrchr(shown, '/') = '\0';
	ck_assert_int_eq(chmod(shown, 0555), 0);
	if (geteuid() == 0) {
		char *above = strdup(shown);

		for (; strstr(above, "store.") != NULL; *strrchr(above, '/') = '\0')
			ck_assert_int_eq(chown(above, 65534, 65534), 0);
		free(above);
		ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
	}
	world_reopen(STORE_READ);
	ck_assert_str_eq(rows("SELECT messages FROM report"), "8\n");
	ck_assert_str_eq(findings(), "");
	ck_assert_int_eq(store_open(&other, db_file, STORE_IMPORT, &limits, &err), FATAL);
	ck_assert_int_eq(err.exit_code, EXIT_CODE_PERMISSION);
	ck_assert_int_eq(chmod(shown, 0755), 0);
}
END_TEST

/* Two that write take turns; what one wrote the other knows. */
START_TEST(turns)
{
	struct made_report made = report_a;
	struct counts other_counts = {.files = 0};
	struct store *first = store, *second;
	struct parcel *parcel;
	struct err err = {.what = ""};

	commit();
	ck_assert_int_eq(store_open(&second, db_file, STORE_IMPORT, &limits, &err), OK);
	import_one("a", &made, "a");
	/* The first is in the middle of something. */
	parcel = item_begin("reports", "b", NULL);
	made.id = "b";
	item_report(parcel, &made);
	item_end(parcel, "b", 1, true);
	apply(parcel);
	ck_assert_int_eq(store_begin(second, true, &err), TEMP);
	ck_assert_int_eq(err.exit_code, EXIT_CODE_TEMPORARY);
	ck_assert_ptr_nonnull(strstr(err.what,
	    "another import holds the database, and nobody is to wait for it (limit wait-seconds=0)"));
	commit();
	/* Now the second writes the same report, a new one, and the first again. */
	store = second;
	ck_assert_int_eq(store_begin(second, true, &err), OK);
	parcel = item_begin("reports", "c", NULL);
	item_report(parcel, &made);
	made.id = "c";
	made.org = "new";
	item_report(parcel, &made);
	item_end(parcel, "c", 1, true);
	ck_assert_int_eq(store_apply(second, parcel, &other_counts, &err), OK);
	parcel_free(parcel);
	ck_assert_int_eq(store_end(second, &other_counts, &err), OK);
	ck_assert_uint_eq(other_counts.duplicates, 1);
	ck_assert_uint_eq(other_counts.reports, 1);
	store = first;
	import_one("d", &made, "d");
	made.id = "e";
	import_one("e", &made, "e");
	ck_assert_uint_eq(counts.duplicates, 1);
	ck_assert_str_eq(rows("SELECT report_id FROM report ORDER BY id"), "a\nb\nc\ne\n");
	ck_assert_str_eq(rows("SELECT id, reports, finished IS NULL FROM run ORDER BY id"), "1|3|1\n2|1|0\n");
	ck_assert_str_eq(findings(), "");
	store_close(second);
}
END_TEST

/* A place is one import's until its store is closed; the turn to write is another matter. */
START_TEST(places)
{
	static const char inbox[] = "imaps://reports@example.com/INBOX";
	static const char other[] = "imaps://reports@example.com/Other";
	struct store *first = store, *second;
	struct err err = {.what = ""};

	commit();
	ck_assert_int_eq(store_open(&second, db_file, STORE_IMPORT, &limits, &err), OK);
	ck_assert_int_eq(store_hold(first, inbox, &err), OK);
	ck_assert_int_eq(store_hold(first, inbox, &err), OK);
	ck_assert_int_eq(store_hold(second, other, &err), OK);
	ck_assert_int_eq(store_hold(second, inbox, &err), TEMP);
	ck_assert_int_eq(err.exit_code, EXIT_CODE_TEMPORARY);
	ck_assert_str_eq(
	    err.what, "another import holds it, and nobody is to wait for it (limit wait-seconds=0)");
	ck_assert_int_eq(store_hold(first, other, &err), TEMP);
	/* Who holds a place writes in turn with the others. */
	import_one("a", &report_a, "a");
	ck_assert_int_eq(store_begin(second, true, &err), OK);
	ck_assert_int_eq(store_end(second, &counts, &err), OK);
	store_close(first);
	store = second;
	ck_assert_int_eq(store_hold(second, inbox, &err), OK);
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* What wasn't committed is gone. */
START_TEST(not_committed)
{
	struct parcel *parcel;

	import_one("a", &report_a, "a");
	parcel = item_begin("reports", "b", NULL);
	item_report(parcel, &(struct made_report){.id = "b", .records = fail_5});
	item_end(parcel, "b", 1, true);
	apply(parcel);
	world_reopen(STORE_IMPORT);
	ck_assert_str_eq(rows("SELECT report_id FROM report"), "a\n");
	ck_assert_str_eq(rows("SELECT count(*) FROM file"), "1\n");
	ck_assert_str_eq(findings(), "");
}
END_TEST

/* A commit is due after many items or many bytes, and never inside a report. */
START_TEST(due)
{
	enum { LEN = 17000000 };
	char *bytes = calloc(1, LEN);
	struct parcel *parcel;
	struct entry *begin;
	size_t i;

	ck_assert_ptr_nonnull(bytes);
	commit();
	ck_assert(!store_due(store));
	for (i = 0; i < 6000 && !store_due(store); i++) {
		parcel = parcel_new();
		begin = parcel_add(parcel, ENTRY_ITEM_BEGIN);
		begin->u.item.folder = begin->u.item.name = str_of("x");
		item_close(parcel);
		apply(parcel);
	}
	ck_assert_uint_eq(i, 5000);
	parcel = item_begin("reports", "a", NULL);
	(void)item_report_begin(parcel, &report_a);
	item_records(parcel, &report_a);
	apply(parcel);
	ck_assert(!store_due(store));
	parcel = parcel_new();
	(void)item_report_end(parcel, &report_a);
	item_end(parcel, "a", 1, true);
	apply(parcel);
	ck_assert(store_due(store));
	commit();
	ck_assert(!store_due(store));
	parcel = item_begin("reports", "b", NULL);
	item_reject(parcel, NULL, "no");
	item_end(parcel, bytes, LEN, true);
	apply(parcel);
	ck_assert(store_due(store));
	commit();
	ck_assert(!store_due(store));
	free(bytes);
}
END_TEST

/* Functions for SQL, and statements that fail. */
static void
on_call(struct db_call *call, void *data)
{
	struct str text = call_text(call, 0), bytes = call_bytes(call, 2);

	if (call_is_null(call, 0))
		call_return_null(call);
	else if (call_i64(call, 1) > 0)
		call_return_i64(call, call_i64(call, 1) + *(const int *)data + (int64_t)bytes.len);
	else
		call_return_text(call, call_i64(call, 1) == 0 ? text : str_of(NULL));
}

START_TEST(functions)
{
	struct db *db = store_db(store);
	struct stmt *stmt;
	struct err err;
	int64_t number;
	int forty = 40;
	bool row;

	ck_assert_int_eq(db_add_function(db, "made", 3, on_call, &forty, &err), OK);
	ck_assert_str_eq(
	    rows("SELECT made('x', 2, x'0102'), made('y', 0, ''), made(NULL, 1, ''), made('z', -1, '')"),
	    "44|y|-|-\n");
	ck_assert_int_eq(db_number(&number, db, "SELECT 1 WHERE 0", &err), OK);
	ck_assert_int_eq(number, 0);
	ck_assert_int_eq(db_number(&number, db, "SELECT no_column", &err), FATAL);
	ck_assert_str_eq(err.where, db_file);
	ck_assert_str_eq(err.what, "no such column: no_column");
	ck_assert_int_eq(db_exec(db, "INSERT INTO name (id, text) VALUES (1, 'unknown')", &err), FATAL);
	ck_assert_int_eq(err.exit_code, EXIT_CODE_IO);
	ck_assert_int_eq(stmt_prepare(&stmt, db, "SELECT :a AS one, ?2, 1.5, x'', zeroblob(2)", &err), OK);
	ck_assert_int_eq(stmt_param(stmt, ":a"), 1);
	ck_assert_int_eq(stmt_param(stmt, ":b"), 0);
	stmt_bind_i64(stmt, 1, 25);
	stmt_bind_bytes(stmt, 2, NULL, 0);
	ck_assert_int_eq(stmt_step(stmt, &row, &err), OK);
	ck_assert(row);
	ck_assert_int_eq(stmt_columns(stmt), 5);
	ck_assert_str_eq(stmt_column_name(stmt, 0), "one");
	ck_assert_int_eq(stmt_i64(stmt, 0), 25);
	ck_assert_ptr_nonnull(stmt_bytes(stmt, 1).data);
	ck_assert_uint_eq(stmt_bytes(stmt, 3).len, 0);
	ck_assert_uint_eq(stmt_bytes(stmt, 4).len, 2);
	stmt_free(stmt);
	stmt_free(NULL);
	ck_assert_ptr_null(schema_text("no/such.sql"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("store_open");
	TCase *tests = tcase_create("store_open");

	tcase_add_checked_fixture(tests, world_set_up, world_tear_down);
	tcase_add_test(tests, fresh);
	tcase_add_test(tests, not_ours);
	tcase_add_test(tests, of_another_program);
	tcase_add_test(tests, of_nobody);
	tcase_add_test(tests, newer);
	tcase_add_test(tests, empty_file);
	tcase_add_test(tests, missing);
	tcase_add_test(tests, read_only);
	tcase_add_test(tests, turns);
	tcase_add_test(tests, places);
	tcase_add_test(tests, not_committed);
	tcase_add_test(tests, due);
	tcase_add_test(tests, functions);
	suite_add_tcase(suite, tests);
	return world_run(suite);
}
