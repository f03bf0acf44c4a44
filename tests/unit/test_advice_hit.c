/* What the policy of today hits of mail that nobody said whose it is, what failed before and may come again,
 * and machines that look forgotten. */
#include "unit/advised.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* The refusal of a sender that the policy hits; NULL: there is none. */
static const struct advice_refusal *
hit(const char *source)
{
	size_t i;

	for (i = 0; i < advice.refusal_count; i++)
		if (advice.refusals[i].hit && str_eq(advice.refusals[i].subject, source))
			return &advice.refusals[i];
	return NULL;
}

static void
service(uint32_t name)
{
	uint32_t flow = made_flow(&made, made_source(&made, "Mailgun"), name, MAIL_SERVICE);

	made_days(&made, flow, BIG, 0, 60, 60);
	made_days(&made, flow, MIDDLE, 0, 60, 60);
}

/* ---- whose is it */

static const struct {
	const char *policy;
	enum advice_verdict undecided, ours, not_ours;
	const char *told;
} hits[] = {
    {"none", VERDICT_NOT_YET, VERDICT_NOT_YET, VERDICT_READY, NULL},
    {"quarantine", VERDICT_NOT_YET, VERDICT_STEP_BACK, VERDICT_READY, "receivers are told to quarantine it"},
    {"reject", VERDICT_KEEP, VERDICT_STEP_BACK, VERDICT_KEEP, "receivers are told to reject it"},
};

START_TEST(answered)
{
	const struct advice_refusal *refusal;

	made_policy(&made, 60, hits[_i].policy);
	three_senders();
	service(0);
	advise();
	ck_assert_int_eq(advice.verdict, hits[_i].undecided);
	ck_assert(advice.refusals[0].asks);
	refusal = hit("Mailgun");
	ck_assert_int_eq(refusal != NULL, hits[_i].told != NULL);
	if (refusal != NULL) {
		ck_assert_ptr_eq(refusal, &advice.refusals[0]); /* before all else */
		ck_assert(strstr(refusal->text.data, hits[_i].told) != NULL);
		ck_assert(strstr(refusal->fix.data, "say whose it is: mark it ours, or not-ours") != NULL);
		ck_assert_str_eq(
		    refusal->command.data, "dmarcq mark Mailgun ours --domain example.com --note WHY");
		ck_assert(refusal->ours_first);
		ck_assert_str_eq(
		    refusal->otherwise.data, "dmarcq mark Mailgun not-ours --domain example.com --note WHY");
		ck_assert(refusal->per_week > 839 && refusal->per_week < 841);
	}
	made.sources[3].decision = DECISION_OURS;
	advise();
	ck_assert_int_eq(advice.verdict, hits[_i].ours);
	ck_assert(hit("Mailgun") == NULL);
	made.sources[3].decision = DECISION_NOT_OURS;
	advise();
	ck_assert_int_eq(advice.verdict, hits[_i].not_ours);
	ck_assert(hit("Mailgun") == NULL);
}
END_TEST

START_TEST(unknown)
{
	uint32_t flow;

	made_policy(&made, 60, "reject");
	three_senders();
	flow = made_flow(&made, made_source(&made, "agency.example"), 0, MAIL_UNKNOWN);
	made_days(&made, flow, BIG, 0, 60, 60);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_KEEP);
	ck_assert_ptr_nonnull(hit("agency.example"));
	ck_assert_int_eq(hit("agency.example")->code, ADVICE_REVIEW);
}
END_TEST

/* Too little to be asked about, and yet what BOUND fails by. */
START_TEST(little)
{
	uint32_t flow;
	int day;

	made_policy(&made, 60, "quarantine");
	(void)sender("example.com", 0, MAIL_FULL, 0, 89);
	(void)sender("192.0.2.0/24", 0, MAIL_FULL, 0, 89);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	flow = made_flow(&made, made_source(&made, "throwaway.example"), 0, MAIL_UNKNOWN);
	for (day = 5; day < 90; day += 30)
		made_mail(&made, flow, BIG, day, 11);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(refuses(ADVICE_BOUND));
	ck_assert_ptr_nonnull(hit("throwaway.example"));
	made.sources[2].decision = DECISION_NOT_OURS;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
}
END_TEST

/* An own server that breaks needs no answer. */
START_TEST(own)
{
	uint32_t flow;

	made_policy(&made, 60, "reject");
	three_senders();
	flow = made_flow(&made, 2, 0, MAIL_BROKEN);
	made_days(&made, flow, BIG, 0, 27, 25);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_KEEP);
	ck_assert(hit("192.0.2.0/24") == NULL);
	ck_assert_uint_gt(advice.refusal_count, 0);
}
END_TEST

/* Under a name below, where the policy for these hits it. */
START_TEST(below)
{
	uint32_t news = made_name(&made, "news.example.com");

	made_policy(&made, 120, "reject");
	three_senders();
	service(news);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_KEEP);
	ck_assert_ptr_nonnull(hit("Mailgun"));
	ck_assert_uint_eq(hit("Mailgun")->name, news);
	ck_assert(strstr(hit("Mailgun")->text.data, "under news.example.com 3,360 messages") != NULL);
	made.sources[3].decision = DECISION_OURS;
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_REJECT, "v=DMARC1; p=reject; sp=quarantine");
	made.sources[3].decision = DECISION_NONE;
	made.published[0].policy.sp = str_of("none");
	advise();
	ck_assert(hit("Mailgun") == NULL);
}
END_TEST

/* It stops nothing of the domain's own. */
START_TEST(below_beside)
{
	made_policy(&made, 60, "quarantine");
	three_senders();
	service(made_name(&made, "news.example.com"));
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert_ptr_nonnull(hit("Mailgun"));
	ck_assert(hit("Mailgun")->warns);
}
END_TEST

/* ---- what failed before */

/* The same server, now and then: that it was good for a month is luck. */
START_TEST(luck)
{
	uint32_t flow;
	int day;

	made_policy(&made, 60, "none");
	(void)sender("example.com", 0, MAIL_FULL, 0, 89);
	flow = made_flow(&made, 0, 0, MAIL_BROKEN);
	made_mail(&made, flow, BIG, 10, 30);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert_int_eq(advice.days, WINDOW);
	for (day = 30; day < 90; day += 10)
		made_mail(&made, flow, BIG, day, 150);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(refuses(ADVICE_BOUND));
	ck_assert_int_eq(advice.days, INVENTORY);
}
END_TEST

/* What failed day after day, and is over, was repaired. */
START_TEST(repair)
{
	uint32_t flow;

	made_policy(&made, 60, "none");
	(void)sender("example.com", 0, MAIL_FULL, 0, 89);
	(void)sender("Mailgun", 0, MAIL_DKIM_ONLY, 0, 27);
	flow = made_flow(&made, 1, 0, MAIL_SERVICE);
	made_days(&made, flow, BIG, 28, 89, 100);
	made_days(&made, flow, MIDDLE, 28, 89, 100);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert_int_eq(advice.days, WINDOW);
	ck_assert(!(advice.bound.share > 0));
}
END_TEST

/* ---- machines that look forgotten */

static void
networks(uint32_t first, int count)
{
	static const char *const names[] = {
	    "203.0.113.0/28", "203.0.113.16/28", "203.0.113.32/28", "203.0.113.48/28", "203.0.113.64/28"};
	int i;

	for (i = 0; i < count; i++) {
		uint32_t source = made_source(&made, names[i]);

		ck_assert_uint_eq(source, first + (uint32_t)i);
		made_days(&made, made_flow(&made, source, 0, MAIL_SPOOFED), BIG, 0, 89, 6);
		made.sources[source].is_address = true;
	}
}

/* Two are still open when three were answered: they are the networks of one spoofer. */
START_TEST(answered_before)
{
	int i;

	made_policy(&made, 60, "quarantine");
	three_senders();
	networks(3, 2);
	made.flows[3].recent = made.flows[4].recent = 200;
	advise();
	ck_assert(refuses(ADVICE_REVIEW));
	made_end(&made);
	made_begin(&made);
	(void)made_reporter(&made, "google.com", true);
	(void)made_reporter(&made, "yahoo.com", true);
	(void)made_reporter(&made, "example.net", false);
	made_policy(&made, 60, "quarantine");
	three_senders();
	networks(3, 5);
	for (i = 0; i < 5; i++)
		made.flows[3 + i].recent = 200;
	for (i = 0; i < 3; i++)
		made.sources[3 + i].decision = DECISION_NOT_OURS;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
}
END_TEST

/* Four that are not asked about: without a reporter they are not three, since nobody knows who told of them.
 */
START_TEST(without_one)
{
	int i;

	made_policy(&made, 60, "quarantine");
	three_senders();
	networks(3, 4);
	for (i = 0; i < 4; i++)
		made.flows[3 + i].recent = i == 0 ? 330 : 180;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
}
END_TEST

/* A machine that looks forgotten is lost as long as nobody says that it is none. */
START_TEST(forgotten)
{
	uint32_t machine = made_source(&made, "203.0.113.7"), flow;

	made_policy(&made, 60, hits[_i].policy);
	three_senders();
	flow = made_flow(&made, machine, 0, MAIL_SPOOFED);
	made.sources[machine].is_address = true;
	made_days(&made, flow, BIG, 0, 89, 20);
	advise();
	ck_assert_int_eq(hit("203.0.113.7") != NULL, hits[_i].told != NULL);
	if (hits[_i].told != NULL)
		ck_assert(strstr(hit("203.0.113.7")->text.data, hits[_i].told) != NULL);
}
END_TEST

/* What failed badly does no harm any more when its mail passes again, whatever little still fails. */
static const struct {
	int until;      /* the last day on which it failed */
	uint64_t still; /* that fails a day of another sender */
	enum advice_verdict verdict;
} mended[] = {
    {0, 0, VERDICT_STEP_BACK},
    {1, 0, VERDICT_STEP_BACK},
    {2, 0, VERDICT_KEEP},
    {5, 0, VERDICT_KEEP},
    {5, 10, VERDICT_KEEP},
    {5, 60, VERDICT_STEP_BACK},
};

START_TEST(passes_again)
{
	uint32_t flow;

	made_policy(&made, 60, "reject");
	three_senders();
	flow = made_flow(&made, 0, 0, MAIL_BROKEN);
	made_days(&made, flow, BIG, mended[_i].until, 27, 200);
	made_days(&made, flow, MIDDLE, mended[_i].until, 27, 200);
	flow = made_flow(&made, 1, 0, MAIL_BROKEN);
	if (mended[_i].still > 0)
		made_days(&made, flow, MIDDLE, 0, 27, mended[_i].still);
	advise();
	ck_assert_str_eq(advice_verdict_word(advice.verdict), advice_verdict_word(mended[_i].verdict));
	ck_assert_int_eq(
	    notes("example.com has not failed any more since 2024-"), mended[_i].verdict == VERDICT_KEEP);
}
END_TEST

static void
nobody_is_proved(void)
{
	size_t i;

	for (i = 0; i < made.view.cell_count; i++)
		made.cells[i].authentic = false;
}

/* One reporter's word that it passes again is not enough, where the others have not spoken of these days yet.
 */
START_TEST(passes_by_one_word)
{
	uint32_t liar, passing;

	made_policy(&made, 60, "reject");
	three_senders();
	liar = made_reporter(&made, "elsewhere.example", false);
	passing = made_source(&made, "newsletter.example");
	made_days(&made, made_flow(&made, passing, 0, MAIL_BROKEN), BIG, 2, 27, 200);
	made_days(&made, 3, MIDDLE, 2, 27, 200);
	made_days(&made, made_flow(&made, passing, 0, MAIL_FULL), liar, 0, 1, 2);
	nobody_is_proved();
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_STEP_BACK);
	made_mail(&made, 4, MIDDLE, 0, 2);
	nobody_is_proved();
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_KEEP);
}
END_TEST

/* All mail but a little fails: no share is more than all of it. */
START_TEST(at_most_all)
{
	made_policy(&made, 60, "none");
	made_days(
	    &made, made_flow(&made, made_source(&made, "example.com"), 0, MAIL_BROKEN), BIG, 0, 89, 500);
	made_days(&made, made_flow(&made, 0, 0, MAIL_FULL), BIG, 0, 89, 1);
	advise();
	ck_assert(refuses(ADVICE_BOUND));
	for (size_t i = 0; i < advice.refusal_count; i++)
		if (advice.refusals[i].code == ADVICE_BOUND)
			ck_assert_ptr_nonnull(strstr(advice.refusals[i].text.data, "at most 100 %"));
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("advice_hit");
	Suite *suite = suite_create("advice_hit");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, advised_begin, advised_end);
	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, answered, 0, sizeof hits / sizeof *hits);
	tcase_add_test(tcase, unknown);
	tcase_add_test(tcase, little);
	tcase_add_test(tcase, own);
	tcase_add_test(tcase, below);
	tcase_add_test(tcase, below_beside);
	tcase_add_test(tcase, luck);
	tcase_add_test(tcase, repair);
	tcase_add_test(tcase, answered_before);
	tcase_add_test(tcase, without_one);
	tcase_add_loop_test(tcase, forgotten, 0, sizeof hits / sizeof *hits);
	tcase_add_test(tcase, at_most_all);
	tcase_add_test(tcase, passes_by_one_word);
	tcase_add_loop_test(tcase, passes_again, 0, sizeof mended / sizeof *mended);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
