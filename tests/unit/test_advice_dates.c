/* The days that advice names: since when, and from when on. */
#include "unit/advised.h"

#include <check.h>
#include <stdlib.h>

/* A sender that is there when the window begins, or may be, has no first day. */
START_TEST(since_the_window_or_earlier)
{
	static const struct {
		int first, report;
		bool earlier;
	} cases[] = {{89, 179, true}, {59, 89, true}, {58, 179, false}, {59, 88, false}};
	uint32_t esp, unknown;

	made_policy(&made, 60, "none");
	made.view.first_day = AS_OF - cases[_i].report;
	three_senders();
	esp = made_flow(&made, made_source(&made, "Shopify"), 0, MAIL_SERVICE);
	made_days(&made, esp, BIG, 0, cases[_i].first, 60);
	unknown = made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN);
	made_days(&made, unknown, BIG, 0, cases[_i].first, 60);
	made.sources[3].passed = false;
	made.sources[3].first = made.sources[4].first = AS_OF - cases[_i].first;
	advise();
	ck_assert(says(refusal_of(ADVICE_SOURCE)->text, "; since 2024-"));
	ck_assert(says(refusal_of(ADVICE_SOURCE)->text, " or earlier") == cases[_i].earlier);
	ck_assert(says(refusal_of(ADVICE_REVIEW)->text, "first seen on 2024-"));
	ck_assert(says(refusal_of(ADVICE_REVIEW)->text, " or earlier") == cases[_i].earlier);
}
END_TEST

/* What never passed did not change on the first day that is seen. */
START_TEST(changed_on_a_day)
{
	uint32_t machine;

	made_policy(&made, 60, "none");
	three_senders();
	machine = made_source(&made, "203.0.113.7");
	made.sources[machine].decision = DECISION_OURS;
	made_days(&made, made_flow(&made, machine, 0, MAIL_BROKEN), BIG, 0, 9, 60);
	made.sources[machine].passed = false;
	advise();
	ck_assert(says(refusal_of(ADVICE_SOURCE)->text, "; since 2024-09-25"));
	ck_assert(!says(refusal_of(ADVICE_SOURCE)->fix, "see what changed there"));
	made.flows[made.view.flow_count - 1].fault = FAULT_SIGNATURE;
	advise();
	ck_assert(says(refusal_of(ADVICE_SOURCE)->fix, "Compare the key in DNS with the one that signs"));
	made.flows[made.view.flow_count - 1].fault = FAULT_SPF;
	advise();
	ck_assert(says(refusal_of(ADVICE_SOURCE)->fix, "Add the server to the SPF record of example.com"));
	made_mail(&made, made_flow(&made, machine, 0, MAIL_FULL), BIG, 30, 60);
	advise();
	ck_assert(says(refusal_of(ADVICE_SOURCE)->text, "; passed until 2024-09-04, fails since 2024-09-25"));
	ck_assert(says(refusal_of(ADVICE_SOURCE)->fix, "see what changed there on 2024-09-25: "));
}
END_TEST

/* A sender that mails once a month is waited for until its next run, not until tomorrow; one that has gone
 * can be told off. */
START_TEST(next_mail_at_its_pace)
{
	static const struct {
		int days[3], earliest;
		const char *until;
	} cases[] = {
	    {{27, 58, 89}, 4, "or wait until 2024-12-06"}, /* at 31 days */
	    {{20, 50, 80}, 10, "not-ours"},                /* at 30 */
	    {{30, 60, 89}, 1, "not-ours"},                 /* due since yesterday */
	    {{35, 36, 75}, 1, "not-ours"},                 /* daily, with a pause */
	    {{38, 39, 40}, 1, "or wait until 2024-11-25"}, /* daily, and gone */
	    {{28, -1, -1}, 1, "not-ours"},                 /* nobody knows its pace */
	};
	uint32_t flow;
	int i;

	made_policy(&made, 60, "none");
	three_senders();
	flow = made_flow(&made, made_source(&made, "Shopify"), 0, MAIL_SERVICE);
	for (i = 0; i < 3; i++)
		if (cases[_i].days[i] >= 0)
			made_mail(&made, flow, BIG, cases[_i].days[i], 11);
	advise();
	ck_assert_int_eq(advice.earliest, AS_OF + cases[_i].earliest);
	ck_assert(says(refusal_of(ADVICE_RECENCY)->fix, "mark it not-ours"));
	ck_assert(says(refusal_of(ADVICE_RECENCY)->fix, cases[_i].until));
	ck_assert(cases[_i].days[0] < WINDOW || refusal_of(ADVICE_RECENCY)->per_week < 1);
}
END_TEST

/* Nobody is asked to call his own servers another's. */
START_TEST(own_server_that_is_gone)
{
	made_policy(&made, 60, "none");
	(void)sender("Mailchimp", 0, MAIL_FULL, 0, 89);
	made_mail(&made, made_flow(&made, made_source(&made, "example.com"), 0, MAIL_BROKEN), BIG, 40, 20);
	advise();
	ck_assert(says(refusal_of(ADVICE_RECENCY)->fix, "if it was switched off, until 2024-11-23"));
	ck_assert(!says(refusal_of(ADVICE_RECENCY)->fix, "not-ours"));
}
END_TEST

/* Saying that it is parked can be done today. */
START_TEST(parked_today)
{
	made_policy(&made, 60, "none");
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert_int_eq(advice.earliest, AS_OF);
}
END_TEST

/* As many days as the gate counts. */
START_TEST(days_of_reports)
{
	made_policy(&made, 60, "none");
	three_senders();
	made.view.first_day = AS_OF - 61;
	advise();
	ck_assert(
	    says(refusal_of(ADVICE_COVERAGE_DAYS)->text, "reports began on 2024-08-04: 62 days of the 63 in "
							 "which a sender that mails once a month is seen"));
	made.view.span.memory = 62; /* nothing before was asked for */
	advise();
	ck_assert(says(refusal_of(ADVICE_COVERAGE_DAYS)->text, "the days that are looked at begin on"));
}
END_TEST

/* What passes again has a last day on which it failed. */
START_TEST(passes_again)
{
	uint32_t flow;

	made_policy(&made, 60, "none");
	three_senders();
	flow = made_flow(&made, 0, 0, MAIL_BROKEN);
	made_days(&made, flow, BIG, 2, 9, 200);
	advise();
	ck_assert(says(
	    refusal_of(ADVICE_SOURCE)->text, "; the first failed on 2024-09-25, the last on 2024-10-02"));
	ck_assert(refusal_of(ADVICE_SOURCE)->mended);
	made_mail(&made, flow, BIG, 1, 10);
	advise();
	ck_assert(!says(refusal_of(ADVICE_SOURCE)->text, "the last on"));
	ck_assert(!refusal_of(ADVICE_SOURCE)->mended);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("advice_dates");
	Suite *suite = suite_create("advice_dates");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, advised_begin, advised_end);
	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, since_the_window_or_earlier, 0, 4);
	tcase_add_test(tcase, changed_on_a_day);
	tcase_add_test(tcase, passes_again);
	tcase_add_loop_test(tcase, next_mail_at_its_pace, 0, 6);
	tcase_add_test(tcase, own_server_that_is_gone);
	tcase_add_test(tcase, parked_today);
	tcase_add_test(tcase, days_of_reports);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
