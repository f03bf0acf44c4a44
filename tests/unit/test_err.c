/* Errors: what they say, where, and that no text overruns its place. */
#include "base/err.h"
#include "unit/drain.h"

#include <string.h>

START_TEST(set)
{
	struct err err;

	(void)memset(&err, 'x', sizeof err);
	ck_assert_int_eq(err_set(&err, BAD, "count is \"%s\", not %d", "1O", 10), BAD);
	ck_assert_int_eq(err.status, BAD);
	ck_assert_int_eq(err.exit_code, EXIT_CODE_FOUND);
	ck_assert_str_eq(err.where, "");
	ck_assert_str_eq(err.what, "count is \"1O\", not 10");
}
END_TEST

START_TEST(stop)
{
	struct err err;

	ck_assert_int_eq(err_stop(&err, EXIT_CODE_IO, "disk %d", 1), FATAL);
	ck_assert_int_eq(err.exit_code, 74);
	ck_assert_str_eq(err.what, "disk 1");
	ck_assert_int_eq(err_stop(&err, EXIT_CODE_TEMPORARY, "busy"), TEMP);
	ck_assert_int_eq(err.status, TEMP);
	ck_assert_int_eq(err.exit_code, 75);
}
END_TEST

START_TEST(places)
{
	struct err err;

	(void)err_set(&err, LIMIT, "too big");
	ck_assert_int_eq(err_at(&err, "18:%d", 4), LIMIT);
	ck_assert_str_eq(err.where, "18:4");
	ck_assert_int_eq(err_at(&err, "%s", "a.xml"), LIMIT);
	ck_assert_str_eq(err.where, "a.xml: 18:4");
	/* A new error forgets the place of the old one. */
	(void)err_set(&err, BAD, "other");
	ck_assert_str_eq(err.where, "");
}
END_TEST

START_TEST(long_texts)
{
	char text[2000];
	struct err err;

	(void)memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	(void)err_set(&err, BAD, "%s", text);
	ck_assert_uint_eq(strlen(err.what), sizeof err.what - 1);
	(void)err_at(&err, "inner");
	(void)err_at(&err, "%.500s", text);
	ck_assert_uint_eq(strlen(err.where), 507);
	ck_assert_str_eq(err.where + 500, ": inner");
	(void)err_at(&err, "%s", text);
	ck_assert_uint_eq(strlen(err.where), sizeof err.where - 1);
}
END_TEST

START_TEST(words)
{
	static const char *const word[] = {"ok", "skip", "bad", "limit", "temp", "fatal"};

	ck_assert_str_eq(status_word((enum status)_i), word[_i]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("err");
	TCase *tests = tcase_create("err");

	tcase_add_test(tests, set);
	tcase_add_test(tests, stop);
	tcase_add_test(tests, places);
	tcase_add_test(tests, long_texts);
	tcase_add_loop_test(tests, words, OK, FATAL + 1);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
