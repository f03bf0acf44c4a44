/* Maildirs: which files are mails, what they are called, and what a mail reader may do meanwhile. */
#include "unit/sources.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(maildir_items)
{
	make_maildir("m");
	make_maildir("m/.Sent");
	make_maildir("m/.Sent/.Deep");
	make_folders((const char *const[]){"m/between", "m/cur/odd", NULL});
	make_maildir("m/between/inner");
	make_file("m/dovecot.index", "");
	make_file("m/between/file", "");
	make_file("m/tmp/half", "");
	make_file("m/new/.keep", "");
	make_file("m/cur/3.x:2,RS", "");
	make_file("m/cur/1.x:2,", "");
	make_file("m/cur/5.x:1,odd", "");
	make_file("m/new/2.x", "");
	make_file("m/new/4.x", "");
	make_file("m/cur/4.x:2,S", ""); /* was moved while we looked */
	make_file("m/cur/odd/file", "");
	make_file("m/.Sent/new/9.y", "");
	make_file("m/.Sent/.Deep/cur/8.z:2,S", "");
	make_file("m/between/inner/new/7.w", "");
	ck_assert_int_eq(symlink("../3.x", "m/new/0.link"), 0);
	ck_assert_str_eq(all_of("m"), "m|1.x\nm|2.x new\nm|3.x\nm|4.x\nm|5.x:1,odd\nm/.Sent|9.y new\n"
				      "m/.Sent/.Deep|8.z\nm/between/inner|7.w new\n");
	ck_assert_int_eq(rename("m/tmp", "gone"), 0);
	ck_assert_str_eq(all_of("m"), "m|1.x\nm|2.x new\nm|3.x\nm|4.x\nm|5.x:1,odd\nm/.Sent|9.y new\n"
				      "m/.Sent/.Deep|8.z\nm/between/inner|7.w new\n");
}
END_TEST

START_TEST(maildir_in_folder)
{
	make_folders((const char *const[]){"t", NULL});
	make_maildir("t/box");
	make_file("t/a.xml", "");
	make_file("t/z.xml", "");
	make_file("t/box/uidlist", "");
	make_file("t/box/new/1", "");
	make_file("t/box/cur/0:2,S", "");
	ck_assert_str_eq(all_of("t"), "t|a.xml\nt/box|0\nt/box|1 new\nt|z.xml\n");
}
END_TEST

START_TEST(maildir_settle)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
	    {"m/new/1.x", "m/cur/1.x:2,S"},
	    {"m/new/1.x:2,", "m/cur/1.x:2,S"},
	    {"m/new/1.x:2,FT", "m/cur/1.x:2,FST"},
	    {"m/new/1.x:2,S", "m/cur/1.x:2,S"},
	    {"m/new/1.x:2,Ra", "m/cur/1.x:2,RSa"},
	};
	struct source *source;
	struct item *item;
	struct err err;

	make_maildir("m");
	make_file(cases[_i].before, "mail");
	options.settle = SETTLE_DELETE; /* is about plain files */
	source = open_source("m");
	item = first_of(source);
	ck_assert_str_eq(item->name, "1.x");
	ck_assert_int_eq(item_settle(item, FATE_STORED, &err), OK);
	ck_assert(!exists(cases[_i].before));
	has_text(cases[_i].after, "mail");
	ck_assert_int_eq(item_settle(item, FATE_STORED, &err), SKIP);
	item_free(item);
	source_close(source);
	/* The same identity under its new name; a mail in cur/ stays as it is. */
	source = open_source("m");
	item = first_of(source);
	ck_assert_str_eq(item->name, "1.x");
	ck_assert_int_eq(item_settle(item, FATE_STORED, &err), OK);
	has_text(cases[_i].after, "mail");
	item_free(item);
	source_close(source);
}
END_TEST

START_TEST(maildir_moves_meanwhile)
{
	struct source *source;
	struct item *item;
	struct err err;

	make_maildir("m");
	make_file("m/new/1.x", "mail");
	make_file("m/cur/1.xy:2,S", "other");
	source = open_source("m");
	item = first_of(source);
	ck_assert_int_eq(rename("m/new/1.x", "m/cur/1.x:2,RS"), 0);
	reads(item, "mail");
	ck_assert_int_eq(item_settle(item, FATE_STORED, &err), SKIP);
	ck_assert_str_eq(err.what, "is no longer in new/; left alone");
	ck_assert_int_eq(unlink("m/cur/1.x:2,RS"), 0);
	reads_not(item, BAD, "cannot open: No such file or directory");
	item_free(item);
	source_close(source);
}
END_TEST

START_TEST(settle_taken)
{
	struct source *source;
	struct item *item;
	struct err err;

	make_maildir("m");
	make_file("m/new/1.x", "mail");
	source = open_source("m");
	item = first_of(source);
	make_file("m/cur/1.x:2,S", "other");
	ck_assert_int_eq(item_settle(item, FATE_STORED, &err), BAD);
	ck_assert_str_eq(err.what, "cannot move to cur/: File exists");
	has_text("m/cur/1.x:2,S", "other");
	has_text("m/new/1.x", "mail");
	item_free(item);
	source_close(source);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("maildir");
	TCase *tcase = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, maildir_items);
	tcase_add_test(tcase, maildir_in_folder);
	tcase_add_loop_test(tcase, maildir_settle, 0, 5);
	tcase_add_test(tcase, maildir_moves_meanwhile);
	tcase_add_test(tcase, settle_taken);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
