/* What advice makes of a record that asks for less than its policy says: t=y and pct. */
#include "unit/advised.h"

#include <check.h>
#include <stdlib.h>

/* t=y and pct=0 ask for a step less: what they come to is told, and kept until the step is due. */
static const struct {
	const char *p, *sp, *testing, *pct, *waiting, *note;
} milder[] = {
    {"quarantine", NULL, "y", NULL, "v=DMARC1; p=quarantine; np=reject; t=y",
	"t=y asks receivers for one step less than the record says: p=quarantine counts as none here"},
    {"reject", "quarantine", "y", NULL, "v=DMARC1; p=reject; sp=quarantine; np=reject; t=y",
	"p=reject counts as quarantine here"},
    {"quarantine", "quarantine", NULL, "0", "v=DMARC1; p=none; np=reject",
	"pct=0 asks receivers for one step less than the record says: p=quarantine counts as none here"},
    {"reject", NULL, NULL, "0", "v=DMARC1; p=quarantine; np=reject", "p=reject counts as quarantine here"},
};

START_TEST(milder_waits)
{
	made_policy(&made, 10, milder[_i].p);
	made.published[0].policy.sp = str_of(milder[_i].sp);
	made.published[0].policy.testing = str_of(milder[_i].testing);
	made.published[0].policy.pct = str_of(milder[_i].pct);
	three_senders();
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert_str_eq(advice.record.data, milder[_i].waiting);
	ck_assert(notes(milder[_i].note));
	ck_assert(!notes("take it away"));
	ck_assert_uint_eq(advice.refusal_count, milder[_i].pct != NULL ? 2 : 1);
	made.published[0].first = AS_OF - 60;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert(notes("and the step is to take it away"));
}
END_TEST

/* A step back takes t=y away, and names below don't get more than they do with it. */
START_TEST(milder_back)
{
	uint32_t flow;

	made_policy(&made, 60, "reject");
	made.published[0].policy.sp = str_of("quarantine");
	made.published[0].policy.testing = str_of("y");
	three_senders();
	flow = made_flow(&made, 0, 0, MAIL_BROKEN);
	made_days(&made, flow, BIG, 0, 27, 100);
	made_days(&made, flow, MIDDLE, 0, 27, 100);
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_NONE, "v=DMARC1; p=none");
}
END_TEST

/* Who takes pct away begins anew. */
START_TEST(partial)
{
	made_policy(&made, 60, "quarantine");
	made.published[0].policy.pct = str_of("50");
	three_senders();
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert_uint_eq(advice.refusal_count, 1);
	ck_assert_str_eq(advice.refusals[0].fix.data,
	    "publish the record without pct; the days at quarantine are counted from then on");
	ck_assert_int_eq(advice.earliest, AS_OF + 28);
	made.view.span.as_of++; /* that was done */
	made_policy(&made, -1, "quarantine");
	advise();
	ck_assert(refuses(ADVICE_HISTORY));
	ck_assert_int_eq(advice.earliest, AS_OF + 28);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("advice_record");
	Suite *suite = suite_create("advice_record");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, advised_begin, advised_end);
	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, milder_waits, 0, sizeof milder / sizeof *milder);
	tcase_add_test(tcase, milder_back);
	tcase_add_test(tcase, partial);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
