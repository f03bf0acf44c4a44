/* The last column of the list of many domains: what stands in the way, what is lost, and names below. */
#include "cli/advise.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal)                                                                                        \
	{                                                                                                    \
		literal, sizeof literal - 1                                                                  \
	}

static const struct mail_name names[] = {{TEXT("example.com"), true}, {TEXT("shop.example.com"), false},
    {TEXT("www.example.com"), false}, {{NULL, 0}, false}};
static const struct mail_view mail = {.names = names, .name_count = sizeof names / sizeof *names};

static struct advice_refusal failing = {
    .code = ADVICE_SOURCE, .warns = true, .name = UINT32_MAX, .subject = TEXT("203.0.113.7")};
static struct advice_refusal mended = {
    .code = ADVICE_SOURCE, .warns = true, .mended = true, .name = UINT32_MAX, .subject = TEXT("203.0.113.7")};
static struct advice_refusal asked = {
    .code = ADVICE_REVIEW, .warns = true, .hit = true, .name = UINT32_MAX, .subject = TEXT("203.0.113.7")};
static struct advice_refusal little = {
    .code = ADVICE_BOUND, .warns = true, .little = true, .name = UINT32_MAX};
static struct advice_refusal as_shop = {.code = ADVICE_SOURCE, .name = 1, .subject = TEXT("203.0.113.7")};
static struct advice_name waits = {.name = 1, .verdict = VERDICT_NOT_YET};
static struct advice_name others = {.name = 3, .verdict = VERDICT_NOT_YET};
static struct advice_name waits_two[] = {
    {.name = 2, .verdict = VERDICT_NOT_YET}, {.name = 1, .verdict = VERDICT_NOT_YET}};
static struct advice_name back = {.name = 1, .verdict = VERDICT_STEP_BACK, .messages = 100, .failing = 0.5};

static const struct {
	enum advice_verdict verdict;
	struct advice_refusal *refusal;
	struct advice_name *name;
	size_t names;
	const char *text;
} lines[] = {
    {VERDICT_READY, NULL, NULL, 0, "  -\n"},
    {VERDICT_READY, NULL, &waits, 1, "  shop.example.com is not ready\n"},
    {VERDICT_READY, NULL, waits_two, 2, "  www.example.com is not ready, and 1 more name\n"},
    {VERDICT_READY, NULL, &others, 1, "  a name below is not ready\n"},
    {VERDICT_KEEP, &failing, NULL, 0, "  lost: SOURCE 203.0.113.7\n"},
    {VERDICT_KEEP, &mended, NULL, 0, "  -\n"},
    {VERDICT_KEEP, &asked, NULL, 0, "  whose is it: REVIEW 203.0.113.7\n"},
    {VERDICT_KEEP, &little, NULL, 0, "  -\n"},
    {VERDICT_KEEP, NULL, &waits, 1, "  shop.example.com fails\n"},
    {VERDICT_STEP_BACK, &as_shop, &back, 1, "     200    25.0%  SOURCE 203.0.113.7 as shop.example.com\n"},
};

START_TEST(obstacle)
{
	struct advice advice = {.domain = TEXT("example.com"),
	    .verdict = lines[_i].verdict,
	    .from = POLICY_REJECT,
	    .to = POLICY_REJECT,
	    .mail = &mail,
	    .legitimate = 100,
	    .refusals = lines[_i].refusal,
	    .refusal_count = lines[_i].refusal != NULL,
	    .names = lines[_i].name,
	    .name_count = lines[_i].names};
	struct advise_lines *list = advise_lines_new();
	struct output_options options = {.width = 200};
	struct output *out;
	struct err err;
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(to);
	options.to = to;
	ck_assert_int_eq(output_open(&out, "table", &options, &err), OK);
	advise_lines_add(list, &advice);
	ck_assert_int_eq(advise_lines_write(list, out, 0, &err), OK);
	output_close(out);
	advise_lines_free(list);
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_msg(strstr(text, lines[_i].text) != NULL, "%s", text);
	free(text);
}
END_TEST

int
main(void)
{
	TCase *tests = tcase_create("advise_lines");
	Suite *suite = suite_create("advise_lines");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tests, obstacle, 0, sizeof lines / sizeof *lines);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
