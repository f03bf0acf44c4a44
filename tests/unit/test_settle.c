/* What moving and deleting do to a file, and that they never touch anything else. */
#include "unit/sources.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(settle_leave)
{
	make_file("f", "1");
	settle_first("f", OK);
	has_text("f", "1");
}
END_TEST

START_TEST(settle_delete)
{
	make_folders((const char *const[]){"t", NULL});
	make_file("t/a", "1");
	make_file("t/b", "2");
	options.settle = SETTLE_DELETE;
	settle_first("t", OK);
	ck_assert(!exists("t/a"));
	has_text("t/b", "2");
}
END_TEST

START_TEST(settle_move)
{
	make_folders((const char *const[]){"done", NULL});
	options.settle = SETTLE_MOVE;
	options.move_to = "done";
	make_file("f", "1");
	settle_first("f", OK);
	make_file("f", "2");
	settle_first("f", OK);
	make_file("f", "3");
	settle_first("f", OK);
	ck_assert(!exists("f"));
	has_text("done/f", "1");
	has_text("done/f.1", "2");
	has_text("done/f.2", "3");
	/* What lies there already stays, and is not walked into. */
	settle_first("done/f.1", OK);
	has_text("done/f.1", "2");
	make_file("g", "4");
	ck_assert_str_eq(all_of("."), ".|g\n");
}
END_TEST

START_TEST(settle_move_other_file_system)
{
	char other[] = "/dev/shm/source.XXXXXX", path[PATH_MAX];
	struct stat here, there, before, after;

	if (mkdtemp(other) == NULL)
		return;
	ck_assert_int_eq(stat(top, &here), 0);
	ck_assert_int_eq(stat(other, &there), 0);
	if (here.st_dev != there.st_dev) {
		make_file("f", "1");
		ck_assert_int_eq(stat("f", &before), 0);
		options.settle = SETTLE_MOVE;
		options.move_to = other;
		settle_first("f", OK);
		ck_assert(!exists("f"));
		(void)snprintf(path, sizeof path, "%s/f", other);
		has_text(path, "1");
		ck_assert_int_eq(stat(path, &after), 0);
		ck_assert_int_eq(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
		make_file("f", "2");
		settle_first("f", OK);
		(void)snprintf(path, sizeof path, "%s/f.1", other);
		has_text(path, "2");
	}
	remove_all(other);
}
END_TEST

START_TEST(settle_changed)
{
	struct source *source;
	struct item *item;
	struct err err;

	make_file("f", "1");
	options.settle = SETTLE_DELETE;
	source = open_source("f");
	item = first_of(source);
	make_file("new", "2");
	ck_assert_int_eq(rename("new", "f"), 0);
	ck_assert_int_eq(item_settle(item, FATE_STORED, &err), SKIP);
	ck_assert_str_eq(err.what, "changed or gone since it was read; left alone");
	has_text("f", "2");
	ck_assert_int_eq(unlink("f"), 0);
	ck_assert_int_eq(item_settle(item, FATE_STORED, &err), SKIP);
	item_free(item);
	source_close(source);
}
END_TEST

START_TEST(settle_forbidden)
{
	drop_root();
	make_folders((const char *const[]){"t", "done", NULL});
	make_file("t/f", "1");
	ck_assert_int_eq(chmod("t", 0555), 0);
	options.settle = _i == 0 ? SETTLE_DELETE : SETTLE_MOVE;
	options.move_to = "done";
	settle_first("t", BAD);
	has_text("t/f", "1");
	ck_assert(!exists("done/f"));
	ck_assert_int_eq(chmod("t", 0755), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("settle");
	TCase *tcase = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, settle_leave);
	tcase_add_test(tcase, settle_delete);
	tcase_add_test(tcase, settle_move);
	tcase_add_test(tcase, settle_move_other_file_system);
	tcase_add_test(tcase, settle_changed);
	tcase_add_loop_test(tcase, settle_forbidden, 0, 2);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
