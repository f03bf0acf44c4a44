/* Advice about domains that mean harm: too many, too much, too little, and texts that want to be commands. */
#include "unit/advised.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
text_of(const char *prefix, unsigned number)
{
	char text[64];
	int len = snprintf(text, sizeof text, "%s%u.example.com", prefix, number);

	return arena_str(&arena, (struct str){text, (size_t)len + 1}).data;
}

/* A hundred thousand names below, each with a little mail. */
START_TEST(many_names)
{
	uint32_t i;

	made_policy(&made, 60, "none");
	three_senders();
	for (i = 0; i < 100000; i++)
		made_mail(&made, made_flow(&made, 1, made_name(&made, text_of("a", i)), MAIL_DKIM_ONLY), BIG,
		    3, i % 3 + 1);
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine");
	ck_assert_uint_eq(advice.name_count, 1000); /* the biggest are told one by one */
	ck_assert_uint_eq(advice.names[0].messages, 3);
	ck_assert(notes("99,000 more names"));
	ck_assert(notes("and 99,995 more"));
}
END_TEST

/* Fifty thousand senders that fail or that nobody knows, each too small to matter. */
START_TEST(many_sources)
{
	struct advice_change *found;
	bool enough;
	uint32_t i;

	made_policy(&made, 60, "quarantine");
	three_senders();
	for (i = 0; i < 50000; i++)
		made_mail(&made,
		    made_flow(&made, made_source(&made, text_of("s", i)), 0,
			i % 2 == 0 ? MAIL_BROKEN : MAIL_UNKNOWN),
		    BIG, (int)(i / 2) % 60, 1);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET); /* one reporter alone tells of them */
	ck_assert(refuses(ADVICE_RECENCY));
	ck_assert(refuses(ADVICE_REVIEW));
	ck_assert_uint_lt(advice.refusal_count, 600); /* the rest is counted, */
	ck_assert_ptr_nonnull(
	    strstr(advice.refusals[advice.refusal_count - 1].text.data, " smaller senders in"));
	ck_assert(!advice.refusals[0].others); /* behind those that are told */
	ck_assert_double_gt(advice.unseen, 0.15);
	ck_assert_uint_le(advice_repairs(&found, &enough, &made.view, &rules, &arena), 100);
	ck_assert(!enough);
}
END_TEST

/* A wave that passes SPF for sixty names, each with a part of the mail: every one is told, the biggest first.
 */
START_TEST(every_sender_is_told)
{
	uint32_t i;
	size_t k, told = 0;

	made_policy(&made, 60, "none");
	three_senders();
	for (i = 0; i < 60; i++)
		made_days(&made, made_flow(&made, made_source(&made, text_of("s", i)), 0, MAIL_UNKNOWN), BIG,
		    0, 27, 30 + i);
	advise();
	for (k = 0; k < advice.refusal_count; k++)
		told += advice.refusals[k].code == ADVICE_REVIEW && advice.refusals[k].has_source ? 1 : 0;
	ck_assert_uint_eq(told, 60);
	ck_assert_uint_eq(advice.refusals[0].messages, 28 * 89);
	ck_assert(advice.refusals[0].has_source);
}
END_TEST

/* Counts as large as a report may have them: sums are not exact any more, and nothing else happens. */
START_TEST(huge_counts)
{
	static const enum mail_class classes[] = {
	    MAIL_FULL, MAIL_BROKEN, MAIL_UNKNOWN, MAIL_LIST, MAIL_TEMPORARY, MAIL_SPF_ONLY, MAIL_UNTOLD};
	size_t i;

	made_policy(&made, 60, "none");
	for (i = 0; i < sizeof classes / sizeof *classes; i++)
		made_days(&made,
		    made_flow(&made, made_source(&made, text_of("s", (unsigned)i)), 0, classes[i]), BIG, 0,
		    89, 9007199254740992);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(advice.bound.upper > 0.5 && advice.bound.upper <= 1);
	ck_assert(advice.repaired.upper >= 0 && advice.repaired.upper <= 1);
	for (i = 0; i < advice.refusal_count; i++)
		ck_assert(advice.refusals[i].share >= 0 && advice.refusals[i].share <= 1);
	for (i = 0; i < advice.gate_count; i++)
		ck_assert(advice.gates[i].value >= 0 && advice.gates[i].value < 1e19);
}
END_TEST

/* One day of reports, and that the newest. */
START_TEST(one_day)
{
	int day;

	made_policy(&made, 0, "none");
	(void)sender("example.com", 0, MAIL_FULL, 0, 0);
	made.view.first_day = AS_OF;
	for (day = 1; day < INVENTORY; day++)
		made.reported[day] = false;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(refuses(ADVICE_HISTORY));
	ck_assert(refuses(ADVICE_COVERAGE_DAYS));
	ck_assert(refuses(ADVICE_VOLUME));
	ck_assert_int_eq(advice.covers, 0);
	ck_assert_int_eq(advice.earliest, AS_OF + 62);
}
END_TEST

/* Texts of strangers stay what they are: a name is never a format, an option or a command. */
START_TEST(hostile_texts)
{
	static const char *const senders[] = {"%s%n$(reboot);'", "--db=x"};
	size_t i;

	made_policy(&made, 60, "none");
	three_senders();
	for (i = 0; i < 2; i++)
		made_days(&made, made_flow(&made, made_source(&made, senders[i]), 0, MAIL_SERVICE), BIG, 0,
		    27, 300 - 100 * i);
	made_days(&made, made_flow(&made, made_source(&made, NULL), 0, MAIL_UNKNOWN), BIG, 0, 27, 100);
	advise();
	ck_assert_uint_ge(advice.refusal_count, 3);
	ck_assert_str_eq(advice.refusals[0].evidence.data,
	    "dmarcq why '%s%n$(reboot);'\\''' --domain example.com --since 2024-09-07");
	ck_assert_str_eq(advice.refusals[1].evidence.data, "dmarcq sources --domain example.com");
	ck_assert_ptr_nonnull(
	    strstr(advice.refusals[2].text.data, "of a crowd of senders that nobody knows"));
	for (i = 0; i < advice.refusal_count; i++)
		ck_assert(advice.refusals[i].fix.len == 0 ||
			  strstr(advice.refusals[i].fix.data, "mark --db") == NULL);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("advice_hostile");
	Suite *suite = suite_create("advice_hostile");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, advised_begin, advised_end);
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, many_names);
	tcase_add_test(tcase, many_sources);
	tcase_add_test(tcase, every_sender_is_told);
	tcase_add_test(tcase, huge_counts);
	tcase_add_test(tcase, one_day);
	tcase_add_test(tcase, hostile_texts);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
