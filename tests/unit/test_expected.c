/* What each published policy asks for. */
#include "analysis/expected.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *p, *sp, *pct, *testing, *words;
} cases[] = {
    {"none", NULL, NULL, NULL, "none"},
    {"quarantine", NULL, NULL, NULL, "quarantine"},
    {"reject", "reject", "100", "n", "reject"},
    /* what is no policy asks for nothing that could be named */
    {NULL, "reject", NULL, NULL, ""},
    {"", NULL, NULL, NULL, ""},
    {"discard", NULL, NULL, NULL, ""},
    /* subdomains where they differ */
    {"reject", "none", NULL, NULL, "reject; subdomains: none"},
    {"none", "reject", "25", NULL, "none; subdomains: reject 25%"},
    {"reject", "unknown", NULL, NULL, "reject"},
    /* pct: only numbers from 0 to 100 count; 0 is the milder action for all */
    {"quarantine", NULL, "50", NULL, "quarantine 50%"},
    {"reject", NULL, "0", NULL, "quarantine"},
    {"quarantine", NULL, "0", NULL, "none"},
    {"none", NULL, "50", NULL, "none"},
    {"reject", NULL, "101", NULL, "reject"},
    {"reject", NULL, "-1", NULL, "reject"},
    {"reject", NULL, "ten", NULL, "reject"},
    {"reject", NULL, "", NULL, "reject"},
    /* t=y: one step milder, whatever pct says */
    {"reject", NULL, NULL, "y", "quarantine"},
    {"quarantine", "reject", NULL, "y", "none; subdomains: quarantine"},
    {"none", NULL, NULL, "y", "none"},
    {"reject", NULL, "50", "y", "quarantine"},
};

START_TEST(worded)
{
	const struct expected_tags tags = {
	    .p = str_of(cases[_i].p),
	    .sp = str_of(cases[_i].sp),
	    .pct = str_of(cases[_i].pct),
	    .testing = str_of(cases[_i].testing),
	};
	char text[EXPECTED_TEXT] = "";
	size_t len = expected_words(text, &tags);

	ck_assert_str_eq(text, cases[_i].words);
	ck_assert_uint_eq(len, strlen(cases[_i].words));
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("expected");
	Suite *suite = suite_create("expected");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, worded, 0, sizeof cases / sizeof *cases);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
