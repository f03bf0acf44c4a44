/* The line for work that can't tell how far it is. */
#include "cli/ticker.h"

#include <check.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	unsigned long long seconds;
	const char *line;
} lines[] = {
    {1, "at work  0:01"},
    {65, "at work  1:05"},
    {3599, "at work  59:59"},
    {3600, "at work  1:00:00"},
    {360061, "at work  100:01:01"},
};

START_TEST(line)
{
	char text[TICKER_TEXT];

	ticker_line(text, "at work", lines[_i].seconds);
	ck_assert_str_eq(text, lines[_i].line);
}
END_TEST

/* Reads what comes to the terminal until it has this in it. */
static void
read_until(char *text, size_t size, int terminal, const char *wanted)
{
	size_t used = strlen(text);
	ssize_t n;

	while (strstr(text, wanted) == NULL) {
		n = read(terminal, text + used, size - 1 - used);
		ck_assert_int_gt(n, 0);
		used += (size_t)n;
		text[used] = '\0';
	}
}

START_TEST(on_a_terminal)
{
	char text[512] = "";
	struct ticker *ticker;
	int terminal, inside;
	FILE *to;

	ck_assert_int_eq(openpty(&terminal, &inside, NULL, NULL, NULL), 0);
	to = fdopen(inside, "w");
	ck_assert_ptr_nonnull(to);
	ck_assert_ptr_null(ticker_begin(to, false, "at work"));
	ticker = ticker_begin(to, true, "at work");
	ck_assert_ptr_nonnull(ticker);
	read_until(text, sizeof text, terminal, "0:01");
	ck_assert_msg(strncmp(text, "\r\033[Kat work  0:01", 18) == 0, "\"%s\"", text);
	ticker_clear(ticker);
	ticker_end(ticker);
	(void)fputs("done", to);
	ck_assert_int_eq(fflush(to), 0);
	read_until(text, sizeof text, terminal, "\r\033[Kdone");
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_int_eq(close(terminal), 0);
}
END_TEST

START_TEST(nowhere_else)
{
	FILE *to = tmpfile();

	ck_assert_ptr_nonnull(to);
	ck_assert_ptr_null(ticker_begin(to, true, "at work"));
	ticker_clear(NULL);
	ticker_end(NULL);
	ck_assert_int_eq(ftell(to), 0);
	ck_assert_int_eq(fclose(to), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ticker");
	TCase *tests = tcase_create("ticker");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tests, line, 0, (int)(sizeof lines / sizeof lines[0]));
	tcase_add_test(tests, on_a_terminal);
	tcase_add_test(tests, nowhere_else);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
