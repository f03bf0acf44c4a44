/* The verdicts of advice: no data, parked, small, kept, back; and that spoofing changes none. */
#include "unit/advised.h"

#include <check.h>
#include <stdlib.h>

/* ---- nothing to judge */

START_TEST(no_data)
{
	int day;

	advise(); /* nobody says what is published */
	verdict_is(VERDICT_NO_DATA, POLICY_UNTOLD, "");
	made_policy(&made, 40, "none");
	three_senders();
	for (day = 0; day < WINDOW; day++)
		made.reported[day] = false;
	advise(); /* no report in the window */
	verdict_is(VERDICT_NO_DATA, POLICY_NONE, "");
	ck_assert_uint_eq(advice.gate_count, 0);
}
END_TEST

START_TEST(parked)
{
	static const char record[] = "v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s";
	uint32_t flow;

	made_policy(&made, 3, "none");
	flow = made_flow(&made, made_source(&made, "203.0.113.0/24"), 0, MAIL_SPOOFED);
	made_days(&made, flow, BIG, 0, 89, 1000000);
	advise();
	verdict_is(VERDICT_NOT_YET, POLICY_REJECT, "v=DMARC1; p=none; np=reject");
	ck_assert(refuses(ADVICE_PARKED));
	ck_assert_uint_eq(advice.refusal_count, 1);
	rules.parked = true;
	advise();
	verdict_is(VERDICT_READY, POLICY_REJECT, record);
	ck_assert(notes("v=spf1 -all"));
	/* what fails and is not said to be the owner's is not, whatever it looks like */
	flow = made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN);
	made_days(&made, flow, BIG, 0, 20, 50);
	made_days(&made, made_flow(&made, made_source(&made, "lists.example"), 0, MAIL_LIST), BIG, 0, 20, 50);
	made_days(&made, made_flow(&made, made_source(&made, "SendGrid"), 0, MAIL_SERVICE), BIG, 0, 20, 50);
	advise();
	verdict_is(VERDICT_READY, POLICY_REJECT, record);
	ck_assert(notes("3,150 messages that nobody called yours"));
	made.sources[1].decision = DECISION_OURS;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	made.sources[1].decision = DECISION_NONE;
	/* what the owner says is not what reports say */
	three_senders();
	advise();
	verdict_is(VERDICT_NOT_YET, POLICY_QUARANTINE, "v=DMARC1; p=none; np=reject");
	ck_assert(refuses(ADVICE_PARKED));
}
END_TEST

/* Mail that passes is told of, also where the owner says that none of it is theirs. */
START_TEST(parked_with_mail_that_passes)
{
	made_policy(&made, 3, "none");
	(void)sender("example.com", 0, MAIL_FULL, 0, 89);
	made.sources[0].decision = DECISION_NOT_OURS;
	advise();
	ck_assert(refuses(ADVICE_PARKED));
	ck_assert(notes("left out: 11,200 messages that passed"));
	rules.parked = true;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert(notes("left out: 11,200 messages that passed"));
}
END_TEST

START_TEST(parked_at_reject)
{
	made_policy(&made, 3, "reject");
	advise();
	verdict_is(VERDICT_KEEP, POLICY_REJECT, "v=DMARC1; p=reject");
	ck_assert_uint_eq(advice.refusal_count, 0);
}
END_TEST

/* ---- small volume */

START_TEST(small)
{
	uint32_t own = made_flow(&made, made_source(&made, "example.com"), 0, MAIL_FULL), alien;

	made_policy(&made, 60, "none");
	made_days(&made, own, BIG, 0, 30, 1);
	alien = made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN);
	made_mail(&made, alien, BIG, 5, 3);
	advise();
	ck_assert(refuses(ADVICE_VOLUME));
	ck_assert(refuses(ADVICE_COVERAGE_REPORTERS)); /* one tells of it all */
	made.sources[0].decision = DECISION_OURS;
	advise(); /* the other is not decided */
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	made.sources[1].decision = DECISION_NOT_OURS;
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=reject");
	ck_assert(advice.small);
	made.view.first_day = AS_OF - 88; /* 89 days of history */
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	made.view.first_day = AS_OF - 89;
	made_mail(&made, made_flow(&made, 0, 0, MAIL_BROKEN), BIG, 80, 1); /* one failed */
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
}
END_TEST

/* One steady sender reaches what reject asks for in 63 days, and never in 28. */
START_TEST(steady)
{
	made_policy(&made, 80, "quarantine");
	(void)sender("example.com", 0, MAIL_FULL, 0, 55);
	advise();
	ck_assert(refuses(ADVICE_VOLUME));
	ck_assert_int_eq(advice.days, WINDOW);
	ck_assert_int_eq(advice.earliest, AS_OF + 6);
	made_days(&made, 0, BIG, 56, 62, 400);
	advise();
	verdict_is(VERDICT_READY, POLICY_REJECT, "v=DMARC1; p=reject");
	ck_assert_int_eq(advice.days, 63);
}
END_TEST

/* The share at the top is of the days that stand beside it, whatever the bound needs. */
START_TEST(share_of_the_window)
{
	made_policy(&made, 80, "quarantine");
	(void)sender("example.com", 0, MAIL_FULL, 0, 89);
	(void)sender("Mailchimp", 0, MAIL_DKIM_ONLY, 0, 89);
	made_days(&made, made_flow(&made, 0, 0, MAIL_BROKEN), BIG, 0, 27, 2);
	advise();
	ck_assert_int_gt(advice.days, WINDOW);
	ck_assert_uint_eq(advice.failing, 56);
	ck_assert_double_eq_tol(advice.share, 56.0 / (double)advice.legitimate, 1e-9);
	ck_assert_double_lt(advice.bound.share, advice.share);
}
END_TEST

/* Why there is nothing to judge, and when there was. */
START_TEST(no_data_why)
{
	made_policy(&made, 60, "none");
	memset(made.reported, 0, sizeof made.reported);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NO_DATA);
	ck_assert(notes("there are no reports about it of the last 90 days"));
	made.reported[40] = true;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NO_DATA);
	ck_assert(
	    notes("the newest reports about it are of 2024-08-25, and none is of the last 28 days; they told "
		  "of p=none"));
	made.reported[0] = true;
	made.published[0].policy.p = str_of(NULL);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NO_DATA);
	ck_assert(notes("no report about it tells what its record is"));
}
END_TEST

/* ---- keep, and back */

START_TEST(keep_at_reject)
{
	made_policy(&made, 3, "reject");
	three_senders();
	advise();
	verdict_is(VERDICT_KEEP, POLICY_REJECT, "v=DMARC1; p=reject");
	ck_assert_uint_eq(advice.refusal_count, 0);
	made_mail(
	    &made, made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN), BIG, 2, 400);
	advise();
	verdict_is(VERDICT_KEEP, POLICY_REJECT, "v=DMARC1; p=reject");
	ck_assert_uint_gt(advice.refusal_count, 0);
	ck_assert(!refuses(ADVICE_REVIEW)); /* it is told, and stops nothing */
}
END_TEST

START_TEST(keep_with_lists)
{
	made_policy(&made, 60, "quarantine");
	three_senders();
	made_days(&made, made_flow(&made, made_source(&made, "lists.example"), 0, MAIL_LIST), BIG, 0, 27, 50);
	advise();
	verdict_is(VERDICT_KEEP, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=reject");
	ck_assert(notes("quarantine is the right end"));
	rules.accept_lists = true;
	advise();
	verdict_is(VERDICT_READY, POLICY_REJECT, "v=DMARC1; p=reject");
	ck_assert(notes("1,400 messages, 4.0 % of the mail, were changed by mailing lists"));
	ck_assert(notes("that reject loses them is accepted"));
	rules.accept_lists = false;
	made_policy(&made, 30, "none");
	advise(); /* told, and no reason to wait at none */
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=reject");
	ck_assert_uint_eq(advice.refusal_count, 1);
	ck_assert(!refuses(ADVICE_LISTS));
}
END_TEST

START_TEST(back_by_share)
{
	uint32_t flow;

	made_policy(&made, 60, "reject");
	three_senders();
	flow = made_flow(&made, made_source(&made, "198.51.100.0/24"), 0, MAIL_BROKEN);
	made_days(&made, flow, BIG, 0, 27, 25); /* 2.0 % */
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_KEEP);
	made_days(&made, flow, MIDDLE, 0, 27, 40); /* 5.1 % */
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_QUARANTINE, "v=DMARC1; p=quarantine");
	made_policy(&made, 30, "quarantine");
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_NONE, "v=DMARC1; p=none");
}
END_TEST

/* However bad a handful looks, it is a handful. */
START_TEST(no_back_by_few)
{
	made_policy(&made, 60, "reject");
	made_days(&made, made_flow(&made, made_source(&made, "example.com"), 0, MAIL_FULL), BIG, 0, 20, 1);
	made_mail(&made, made_flow(&made, 0, 0, MAIL_BROKEN), BIG, 3, 5);
	advise();
	verdict_is(VERDICT_KEEP, POLICY_REJECT, "v=DMARC1; p=reject");
	ck_assert_uint_gt(advice.refusal_count, 0);
}
END_TEST

START_TEST(back_by_turn)
{
	uint32_t good, bad;

	made_policy(&made, 60, "quarantine");
	three_senders();
	good = made_flow(&made, made_source(&made, "198.51.100.0/24"), 0, MAIL_FULL);
	made_days(&made, good, BIG, 3, 60, 20);
	bad = made_flow(&made, 3, 0, MAIL_BROKEN);
	made_mail(&made, bad, BIG, 2, 9);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET); /* nine are no turn */
	made_mail(&made, bad, MIDDLE, 1, 9);
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_NONE, "v=DMARC1; p=none");
	ck_assert(notes("198.51.100.0/24 passed until a week ago"));
}
END_TEST

/* One reporter makes it up: the others tell of the same sender, and it passes. */
START_TEST(no_back_by_one)
{
	made_policy(&made, 60, "quarantine");
	three_senders();
	made_days(&made, made_flow(&made, 0, 0, MAIL_BROKEN), SMALL, 0, 5, 5000);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(notes("only the reports of example.net say that the policy does harm"));
	made_days(&made, made_flow(&made, 0, 0, MAIL_BROKEN), MIDDLE, 0, 5, 5000);
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_NONE, "v=DMARC1; p=none");
}
END_TEST

/* Mail that is authenticated for a service alone may be of somebody else's account there. */
START_TEST(no_back_by_doubtful)
{
	static const enum mail_class classes[] = {MAIL_SERVICE, MAIL_TENANT};
	uint32_t flow;

	made_policy(&made, 60, "quarantine");
	three_senders();
	flow = made_flow(&made, 1, 0, classes[_i]); /* of the service whose own mail passes on */
	made_days(&made, flow, BIG, 0, 9, 1500);
	made_days(&made, flow, MIDDLE, 0, 9, 1500);
	made.sources[1].passed = true;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(refuses(ADVICE_SOURCE));
	made.sources[1].decision = DECISION_OURS;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_STEP_BACK);
}
END_TEST

/* The account is the owner's where the mail that passed week after week is gone. */
START_TEST(back_by_stopped)
{
	uint32_t good, bad;

	made_policy(&made, 60, "quarantine");
	three_senders();
	good = made_flow(&made, made_source(&made, "Twilio SendGrid"), 0, MAIL_DKIM_ONLY);
	made_days(&made, good, BIG, 5, 60, 100);
	made_days(&made, good, MIDDLE, 5, 60, 100);
	bad = made_flow(&made, 3, 0, MAIL_SERVICE);
	made_days(&made, bad, BIG, 0, 4, 100);
	made_days(&made, bad, MIDDLE, 0, 4, 100);
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_NONE, "v=DMARC1; p=none");
	made_days(&made, good, BIG, 0, 4, 200); /* it goes on beside it */
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
}
END_TEST

/* Own servers that break: the failing half is another source than the one that passed (its addresses, and not
 * the organisation that SPF named), and appeared with it. */
static const struct {
	int days, until;
	bool half;
	bool others; /* more than one reporter tells of it */
	enum advice_verdict verdict;
} fallen[] = {
    {10, 0, false, true, VERDICT_STEP_BACK}, {7, 0, true, true, VERDICT_STEP_BACK},
    {14, 0, true, true, VERDICT_STEP_BACK}, {21, 0, true, true, VERDICT_STEP_BACK},
    {3, 0, false, true, VERDICT_STEP_BACK}, {10, 0, false, false, VERDICT_KEEP},
    {1, 0, false, true, VERDICT_KEEP},  /* a day is a burst */
    {10, 4, false, true, VERDICT_KEEP}, /* and what is over is over */
};

START_TEST(back_by_fall)
{
	uint32_t good = made_flow(&made, made_source(&made, "example.com"), 0, MAIL_FULL), bad, i;
	int days = fallen[_i].days, until = fallen[_i].until;

	bad = made_flow(&made, made_source(&made, "192.0.2.0/24"), 0, MAIL_BROKEN);
	made.sources[1].first = AS_OF - days + 1;
	made_policy(&made, 120, "reject");
	for (i = BIG; i <= SMALL; i++) {
		bool fails = fallen[_i].others || i == BIG;

		made_days(&made, good, i, fails ? days : 0, 89, 100);
		if (fails && fallen[_i].half)
			made_days(&made, good, i, 0, days - 1, 50);
		if (fails)
			made_days(&made, bad, i, until, days - 1, fallen[_i].half ? 50 : 100);
		if (until > 0)
			made_days(&made, good, i, 0, until - 1, 100);
	}
	advise();
	ck_assert_str_eq(advice_verdict_word(advice.verdict), advice_verdict_word(fallen[_i].verdict));
	ck_assert(fallen[_i].verdict == VERDICT_STEP_BACK || fallen[_i].others ||
		  notes("only the reports of google.com"));
}
END_TEST

/* Only names below suffer: p stays, and sp goes a step back. */
START_TEST(back_below)
{
	uint32_t news = made_name(&made, "news.example.com"), flow;

	made_policy(&made, 60, "reject");
	three_senders();
	flow = made_flow(&made, made_source(&made, "198.51.100.0/24"), news, MAIL_BROKEN);
	made_days(&made, flow, BIG, 0, 60, 40);
	made_days(&made, flow, MIDDLE, 0, 60, 40);
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_REJECT, "v=DMARC1; p=reject; sp=quarantine");
	ck_assert(notes("of the legitimate mail of news.example.com fails"));
	ck_assert(notes("v=DMARC1; p=quarantine at _dmarc.news.example.com, until"));
	ck_assert_int_eq(advice.below_from, POLICY_REJECT);
	ck_assert_int_eq(advice.below_to, POLICY_QUARANTINE);
	ck_assert_int_eq(advice.names[0].verdict, VERDICT_STEP_BACK);
	ck_assert_uint_eq(advice.refusal_count, 1);
	ck_assert(refuses(ADVICE_SOURCE));
	ck_assert_str_eq(advice.refusals[0].subject.data, "198.51.100.0/24");
	ck_assert_uint_eq(advice.refusals[0].name, news);
	ck_assert_uint_eq(advice.refusals[0].messages, 28 * 80);
	ck_assert_double_eq_tol(advice.refusals[0].share, 1, 1e-9);
	ck_assert_str_eq(advice.refusals[0].text.data,
	    "2,240 messages as news.example.com, all failing; since 2024-08-05 or earlier");
	ck_assert_str_eq(advice.refusals[0].evidence.data,
	    "dmarcq why 198.51.100.0/24 --domain example.com --since 2024-09-07");
	ck_assert_uint_gt(advice.refusals[0].fix.len, 0);
	made.published[0].policy.sp = str_of("none");
	advise();
	verdict_is(VERDICT_KEEP, POLICY_REJECT, "v=DMARC1; p=reject; sp=none");
}
END_TEST

/* What was bad, and is no more this week. */
START_TEST(no_back_by_past)
{
	uint32_t flow;

	made_policy(&made, 60, "quarantine");
	three_senders();
	flow = made_flow(&made, 1, 0, MAIL_BROKEN);
	made_days(&made, flow, BIG, 7, 27, 60);
	made_days(&made, flow, MIDDLE, 7, 27, 60);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	made_days(&made, flow, BIG, 0, 6, 60);
	made_days(&made, flow, MIDDLE, 0, 6, 60);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_STEP_BACK);
}
END_TEST

/* ---- whatever spoofers do */

START_TEST(spoofed)
{
	uint32_t flow;
	double upper;

	made_policy(&made, 60, "none");
	three_senders();
	advise();
	upper = advice.bound.upper;
	flow = made_flow(&made, made_source(&made, "203.0.113.0/24"), 0, MAIL_SPOOFED);
	made_days(&made, flow, BIG, 0, 27, 9007199254740991);
	made.reporters[BIG].messages = UINT64_MAX / 2;
	advise();
	ck_assert_double_eq(advice.bound.upper, upper);
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=reject");
	ck_assert_uint_gt(advice.spoofed, 9007199254740991);
	/* the owner says it is theirs: then it counts, on the days on which it was */
	made.sources[3].decision = DECISION_OURS;
	advise();
	ck_assert(refuses(ADVICE_SOURCE));
}
END_TEST

START_TEST(spoofed_for_itself)
{
	struct advice_change *changes;
	bool enough;

	made_policy(&made, 60, "none");
	three_senders();
	made_days(&made, made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN), BIG, 0, 20,
	    100000);
	advise();
	ck_assert(refuses(ADVICE_REVIEW));
	ck_assert_uint_eq(advice_repairs(&changes, &enough, &made.view, &rules, &arena), 1);
	ck_assert(enough);
	ck_assert_int_eq(changes[0].to, CHANGE_NOT_OURS);
	made.sources[3].decision = DECISION_NOT_OURS;
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=reject");
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("advice");
	Suite *suite = suite_create("advice");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, advised_begin, advised_end);
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, no_data);
	tcase_add_test(tcase, parked);
	tcase_add_test(tcase, parked_with_mail_that_passes);
	tcase_add_test(tcase, parked_at_reject);
	tcase_add_test(tcase, small);
	tcase_add_test(tcase, steady);
	tcase_add_test(tcase, share_of_the_window);
	tcase_add_test(tcase, keep_at_reject);
	tcase_add_test(tcase, keep_with_lists);
	tcase_add_test(tcase, back_by_share);
	tcase_add_test(tcase, no_back_by_few);
	tcase_add_test(tcase, back_by_turn);
	tcase_add_test(tcase, no_back_by_one);
	tcase_add_loop_test(tcase, no_back_by_doubtful, 0, 2);
	tcase_add_test(tcase, back_by_stopped);
	tcase_add_loop_test(tcase, back_by_fall, 0, sizeof fallen / sizeof *fallen);
	tcase_add_test(tcase, no_data_why);
	tcase_add_test(tcase, back_below);
	tcase_add_test(tcase, no_back_by_past);
	tcase_add_test(tcase, spoofed);
	tcase_add_test(tcase, spoofed_for_itself);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
