/* The fewest repairs, and what they are enough for. */
#include "unit/advised.h"

#include <check.h>
#include <stdlib.h>

static struct advice_change *found;
static bool enough;

static size_t
repair(void)
{
	return advice_repairs(&found, &enough, &made.view, &rules, &arena);
}

START_TEST(named)
{
	uint32_t i;

	made_policy(&made, 10, "none");
	three_senders();
	made_days(
	    &made, made_flow(&made, made_source(&made, "Twilio SendGrid"), 0, MAIL_SERVICE), BIG, 0, 27, 30);
	made_days(&made, made_flow(&made, made_source(&made, "Zendesk"), 0, MAIL_SERVICE), BIG, 0, 27, 50);
	made_mail(&made, made_flow(&made, made_source(&made, "Tiny"), 0, MAIL_SERVICE), BIG, 3, 2);
	ck_assert_uint_eq(repair(), 2);
	ck_assert_str_eq(found[0].source.data, "Zendesk");
	ck_assert_str_eq(found[1].source.data, "Twilio SendGrid");
	ck_assert_int_eq(found[0].to, CHANGE_FIXED);
	ck_assert(enough); /* but for the time: 11 days at none */
	/* none is too much by itself, and all are */
	for (i = 0; i < 60; i++)
		made_mail(&made, made_flow(&made, made_source(&made, "many.example"), 0, MAIL_SERVICE), BIG,
		    (int)i % WINDOW, 10);
	(void)repair();
	made.reporters[BIG].big = made.reporters[MIDDLE].big = false;
	(void)repair();
	ck_assert(!enough); /* no repair makes others report */
}
END_TEST

/* At reject all is only told, and yet a step back has a cause that can be repaired. */
START_TEST(back)
{
	uint32_t flow;

	made_policy(&made, 60, "reject");
	three_senders();
	flow = made_flow(&made, 0, 0, MAIL_BROKEN);
	made_days(&made, flow, BIG, 0, 27, 100);
	made_days(&made, flow, MIDDLE, 0, 27, 100);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_STEP_BACK);
	ck_assert_uint_eq(repair(), 1);
	ck_assert_str_eq(found[0].source.data, "example.com");
	ck_assert(enough);
}
END_TEST

/* Time that never makes the mail enough is no time to wait for. */
START_TEST(volume)
{
	made_policy(&made, 60, "none");
	three_senders();
	for (size_t i = 0; i < made.view.cell_count; i++)
		made.cells[i].messages =
		    made.cells[i].flow == 0 && (int)made.cells[i].reporter == made.cells[i].day % 3;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(refuses(ADVICE_VOLUME));
	ck_assert(refuses(ADVICE_BOUND)); /* every gate that does not hold is told */
	ck_assert_int_eq(advice.earliest, 0);
	ck_assert_uint_eq(repair(), 0);
	ck_assert(!enough);
}
END_TEST

/* Three fail, and one of them for so long that nothing turned there: its repair is what ends the step back.
 */
START_TEST(back_fewest)
{
	uint32_t small, turned;

	made_policy(&made, 60, "reject");
	three_senders();
	small = made_flow(&made, made_source(&made, "192.0.2.128/28"), 0, MAIL_BROKEN);
	made_days(&made, small, BIG, 0, 89, 12);
	made_days(&made, small, MIDDLE, 0, 89, 12);
	turned = made_flow(&made, made_source(&made, "198.51.100.7"), 0, MAIL_FULL);
	made_days(&made, turned, BIG, 4, 89, 40);
	turned = made_flow(&made, 4, 0, MAIL_BROKEN);
	made_days(&made, turned, BIG, 0, 3, 40);
	made_days(&made, turned, MIDDLE, 0, 3, 40);
	made.reporters[BIG].big = made.reporters[MIDDLE].big = false; /* which is for reject alone */
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_STEP_BACK);
	ck_assert_uint_gt(advice.refusal_count, 1);
	ck_assert_uint_eq(repair(), 1);
	ck_assert_str_eq(found[0].source.data, "198.51.100.7");
	ck_assert(enough);
}
END_TEST

/* What nobody can name can't be repaired. */
START_TEST(back_unnamed)
{
	uint32_t flow;

	made_policy(&made, 60, "reject");
	three_senders();
	flow = made_flow(&made, made_source(&made, NULL), 0, MAIL_BROKEN);
	made_days(&made, flow, BIG, 0, 27, 100);
	made_days(&made, flow, MIDDLE, 0, 27, 100);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_STEP_BACK);
	ck_assert_uint_eq(repair(), 0);
	ck_assert(!enough);
}
END_TEST

/* The domain needs none, and a name below it does. */
START_TEST(below)
{
	uint32_t news = made_name(&made, "news.example.com"), flow;

	made_policy(&made, 60, "none");
	three_senders();
	ck_assert_uint_eq(repair(), 0);
	ck_assert(enough);
	flow = made_flow(&made, made_source(&made, "Mailgun"), news, MAIL_SERVICE);
	made_days(&made, flow, BIG, 0, 60, 40);
	made_days(&made, flow, MIDDLE, 0, 60, 40);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert_uint_eq(repair(), 1);
	ck_assert_str_eq(found[0].source.data, "Mailgun");
	ck_assert_int_eq(found[0].to, CHANGE_FIXED);
	ck_assert_int_eq(advice.names[0].code, ADVICE_SOURCE);
	ck_assert_str_eq(
	    advice.names[0].evidence.data, "dmarcq why Mailgun --domain example.com --since 2024-09-07");
	ck_assert_uint_gt(advice.names[0].fix.len, 0);
	ck_assert(enough);
}
END_TEST

/* Whose it is nobody knows: it is repaired, not given away. */
START_TEST(undecided)
{
	uint32_t flow;

	made_policy(&made, 60, "none");
	three_senders();
	flow = made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN);
	made_days(&made, flow, BIG, 0, 40, 20);
	made_days(&made, flow, MIDDLE, 0, 40, 20);
	advise();
	ck_assert(refuses(ADVICE_REVIEW));
	ck_assert_uint_eq(repair(), 1);
	ck_assert_int_eq(found[0].to, CHANGE_FIXED);
	ck_assert(found[0].asks);
	ck_assert(enough);
	/* One reporter's flood would be all mail, if it were the owner's. */
	made_days(&made, flow, BIG, 0, 20, 100000);
	ck_assert_uint_eq(repair(), 1);
	ck_assert_int_eq(found[0].to, CHANGE_NOT_OURS);
	ck_assert(found[0].asks);
	ck_assert(enough);
	made.reporters[BIG].big = made.reporters[MIDDLE].big = false;
	ck_assert_uint_eq(repair(), 1);
	ck_assert_int_eq(found[0].to, CHANGE_FIXED);
	ck_assert(!enough);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("advice_repairs");
	Suite *suite = suite_create("advice_repairs");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, advised_begin, advised_end);
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, named);
	tcase_add_test(tcase, back);
	tcase_add_test(tcase, volume);
	tcase_add_test(tcase, back_fewest);
	tcase_add_test(tcase, back_unnamed);
	tcase_add_test(tcase, below);
	tcase_add_test(tcase, undecided);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
