/* Dates of mails as mails have them. */
#include "base/text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *text;
	int64_t seconds; /* -1: no date */
} dates[] = {
    {"Tue, 02 Jun 2026 10:15:00 +0200", 1780388100},
    {"Tue, 2 Jun 2026 10:15:00 +0200", 1780388100},
    {"2 Jun 2026 08:15:00 +0000 (GMT)", 1780388100},
    {"2 jun 2026 08:15 GMT", 1780388100},
    {"  Tue,\t2 Jun (of course) 2026 08:15:00 -0000 ", 1780388100},
    {"Tue, 2 Jun 2026 04:15:00 EDT", 1780388100},
    {"Tue, 2 Jun 2026 00:15:00 PST", 1780388100},
    {"Tue, 2 Jun 26 08:15:00 UT", 1780388100},
    {"Tuesday, 2 June 2026 08:15:00 Z", 1780388100},
    {"Thu, 29 Feb 2024 00:00:00 +0000", 1709164800},
    {"1 Jan 1970 00:00:00 +0000", 0},
    {"31 Dec 99 23:59:60 +0000", 946684800},
    /* A zone that nobody knows is UTC. */
    {"Tue, 2 Jun 2026 08:15:00 JST", 1780388100},
    {"Tue, 2 Jun 2026 08:15:00 +99", 1780388100},
    {"Tue, 2 Jun 2026 08:15:00", 1780388100},
    {"", -1},
    {"Tue", -1},
    {"Tue, 2 Jun 2026", -1},
    {"Tue, 2 Jum 2026 08:15:00", -1},
    {"Tue, 32 Jan 2026 08:15:00", -1},
    {"29 Feb 2025 08:15:00", -1},
    {"2 Jun 2026 24:00:00", -1},
    {"2 Jun 2026 8", -1},
    {"2 Jun 2026 08:60:00", -1},
    {"2x Jun 2026 08:15:00", -1},
    {"2026-06-02T08:15:00Z", -1},
    {"((((", -1},
};

START_TEST(mail_date)
{
	int64_t seconds;
	bool good = time_parse_mail(&seconds, dates[_i].text, strlen(dates[_i].text));

	ck_assert_msg(good == (dates[_i].seconds != -1), "\"%s\"", dates[_i].text);
	if (good)
		ck_assert_msg(
		    seconds == dates[_i].seconds, "\"%s\": %lld", dates[_i].text, (long long)seconds);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("time_mail");
	TCase *tests = tcase_create("dates");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_add_loop_test(tests, mail_date, 0, (int)(sizeof dates / sizeof dates[0]));
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
