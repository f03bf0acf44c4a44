/* What advice makes of a record: one that asks for less than its policy says (t=y and pct), and what it says
 * for names below. */
#include "unit/advised.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *p, *sp, *np, *adkim, *testing, *pct, *fo;
	enum advice_verdict verdict;
	const char *seen, *record;
} records[] = {
    {"none", NULL, NULL, NULL, NULL, NULL, NULL, VERDICT_READY, "v=DMARC1; p=none",
	"v=DMARC1; p=quarantine; np=reject"},
    {"none", "none", NULL, "s", NULL, "100", "1", VERDICT_READY, "v=DMARC1; p=none; sp=none; adkim=s; fo=1",
	"v=DMARC1; p=quarantine; np=reject; adkim=s; fo=1"},
    {"none", "reject", NULL, "r", NULL, NULL, "0", VERDICT_READY, "v=DMARC1; p=none; sp=reject",
	"v=DMARC1; p=quarantine; sp=reject"},
    /* t=y: the step is to take it away */
    {"quarantine", NULL, NULL, NULL, "y", NULL, NULL, VERDICT_READY, "v=DMARC1; p=quarantine; t=y",
	"v=DMARC1; p=quarantine; np=reject"},
    {"reject", NULL, NULL, NULL, "y", NULL, NULL, VERDICT_READY, "v=DMARC1; p=reject; t=y",
	"v=DMARC1; p=reject"},
    {"quarantine", NULL, NULL, NULL, NULL, "0", NULL, VERDICT_READY, "v=DMARC1; p=quarantine; pct=0",
	"v=DMARC1; p=quarantine; np=reject"},
    /* pct: first all of it */
    {"quarantine", NULL, NULL, NULL, NULL, "20", NULL, VERDICT_NOT_YET, "v=DMARC1; p=quarantine; pct=20",
	"v=DMARC1; p=quarantine; np=reject"},
    {"quarantine", NULL, "reject", NULL, NULL, NULL, NULL, VERDICT_READY, "v=DMARC1; p=quarantine; np=reject",
	"v=DMARC1; p=reject"},
    /* what is no policy is none, and wrong */
    {"block", NULL, NULL, NULL, NULL, NULL, NULL, VERDICT_NOT_YET, "v=DMARC1; p=block",
	"v=DMARC1; p=none; np=reject"},
    {"none", "Reject!", "quarantin", "s", NULL, NULL, NULL, VERDICT_NOT_YET,
	"v=DMARC1; p=none; np=quarantin; adkim=s", "v=DMARC1; p=none; np=reject; adkim=s"},
    /* nothing that a reporter made up gets into a record */
    {"none", "none; rua=mailto:x@example.net", NULL, "s; p=none", NULL, "1e1", "1; p=none", VERDICT_NOT_YET,
	"v=DMARC1; p=none", "v=DMARC1; p=none; np=reject"},
    {"reject", "none", NULL, NULL, NULL, NULL, NULL, VERDICT_KEEP, "v=DMARC1; p=reject; sp=none",
	"v=DMARC1; p=reject"},
    {"reject", "quarantine", "none", NULL, NULL, NULL, NULL, VERDICT_KEEP,
	"v=DMARC1; p=reject; sp=quarantine; np=none", "v=DMARC1; p=reject"},
    {"reject", "reject", "reject", NULL, NULL, NULL, NULL, VERDICT_KEEP,
	"v=DMARC1; p=reject; sp=reject; np=reject", "v=DMARC1; p=reject; sp=reject; np=reject"},
};

START_TEST(record)
{
	struct mail_policy *policy;

	made_policy(&made, 60, records[_i].p);
	policy = &made.published[0].policy;
	policy->sp = str_of(records[_i].sp);
	policy->np = str_of(records[_i].np);
	policy->adkim = str_of(records[_i].adkim);
	policy->testing = str_of(records[_i].testing);
	policy->pct = str_of(records[_i].pct);
	policy->fo = str_of(records[_i].fo);
	three_senders();
	advise();
	ck_assert_str_eq(advice_verdict_word(advice.verdict), advice_verdict_word(records[_i].verdict));
	ck_assert_str_eq(advice.seen.data, records[_i].seen);
	ck_assert_str_eq(advice.record.data, records[_i].record);
}
END_TEST

/* Another policy ends the time at this one; a gap without reports, and another pct at none, do not. */
START_TEST(since)
{
	made_policy(&made, 60, "none");
	made_policy(&made, 20, "none");
	made.published[0].policy.pct = str_of("50");
	three_senders();
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	made.published[1].policy.p = str_of("quarantine");
	advise();
	ck_assert(refuses(ADVICE_HISTORY));
	ck_assert_int_eq(advice.earliest, AS_OF + 28 - 21);
}
END_TEST

static bool
fixes(const char *text)
{
	size_t i;

	for (i = 0; i < advice.refusal_count; i++)
		if (strcmp(advice.refusals[i].fix.data, text) == 0)
			return true;
	return false;
}

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

/* What names get that are not in DNS is no less while t=y stays. */
START_TEST(milder_nowhere)
{
	uint32_t app = made_name(&made, "app.example.com");

	made_policy(&made, 60, "quarantine");
	made.published[0].policy.sp = str_of("none");
	made.published[0].policy.np = str_of("reject");
	made.published[0].policy.testing = str_of("y");
	three_senders();
	made_days(&made, made_flow(&made, made_source(&made, "Shopify"), app, MAIL_SERVICE), BIG, 0, 27, 60);
	made_days(&made, made_flow(&made, 3, 0, MAIL_SERVICE), BIG, 0, 27, 60);
	advise();
	verdict_is(VERDICT_NOT_YET, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; sp=none; np=reject; t=y");
}
END_TEST

/* The part of the mail that fails and is let through would be lost as well. */
START_TEST(partial_failing)
{
	uint32_t flow;

	made_policy(&made, 60, "quarantine");
	made.published[0].policy.pct = str_of("20");
	three_senders();
	flow = made_flow(&made, made_source(&made, "Shopify"), 0, MAIL_SERVICE);
	made_days(&made, flow, BIG, 0, 27, 60);
	advise();
	verdict_is(VERDICT_NOT_YET, POLICY_REJECT, "v=DMARC1; p=quarantine; np=reject; pct=20");
	ck_assert(refuses(ADVICE_RECORD));
	ck_assert(fixes("when the rest is mended, publish the record without pct; the days at quarantine are "
			"counted from then on"));
	/* under a name below it is lost, too */
	made.flows[flow].name = made_name(&made, "app.example.com");
	advise();
	verdict_is(VERDICT_NOT_YET, POLICY_REJECT, "v=DMARC1; p=quarantine; pct=20");
	made.sources[3].decision = DECISION_NOT_OURS;
	advise();
	verdict_is(VERDICT_NOT_YET, POLICY_REJECT, "v=DMARC1; p=quarantine; np=reject");
}
END_TEST

/* A step back makes nothing stricter for names below. */
START_TEST(back_below)
{
	uint32_t flow;

	made_policy(&made, 60, "reject");
	made.published[0].policy.sp = str_of("none");
	three_senders();
	flow = made_flow(&made, 0, 0, MAIL_BROKEN);
	made_days(&made, flow, BIG, 0, 27, 100);
	made_days(&made, flow, MIDDLE, 0, 27, 100);
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; sp=none");
	made.published[0].policy.sp = str_of(NULL);
	made.published[0].policy.np = str_of("none");
	advise();
	verdict_is(VERDICT_STEP_BACK, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=none");
}
END_TEST

/* Who mails from below is not known after a few days: nothing gets stricter there. */
START_TEST(below_unknown)
{
	made_policy(&made, 60, "quarantine");
	made.published[0].policy.sp = str_of("none");
	made.view.first_day = AS_OF - 9;
	three_senders();
	advise();
	verdict_is(VERDICT_NOT_YET, POLICY_REJECT, "v=DMARC1; p=quarantine; sp=none; np=reject");
	ck_assert(
	    fixes("when COVERAGE-DAYS and COVERAGE-REPORTERS hold, and no mail from below stands in the "
		  "way, take sp= away"));
	made_policy(&made, 60, "reject");
	made.published[0].policy.sp = str_of("quarantine");
	advise();
	verdict_is(VERDICT_KEEP, POLICY_REJECT, "v=DMARC1; p=reject; sp=quarantine; np=reject");
	made.view.first_day = AS_OF - 179;
	advise();
	verdict_is(VERDICT_KEEP, POLICY_REJECT, "v=DMARC1; p=reject");
	ck_assert(fixes("no mail from below stands in the way: take sp= away"));
	ck_assert_str_eq(advice.refusals[0].text.data, "sp=quarantine gives names below example.com less "
						       "than p=reject gives the domain: who forges your "
						       "mail moves there");
	ck_assert_str_eq(advice.refusals[0].evidence.data, "dmarcq policy --domain example.com");
	made.published[0].policy.sp = str_of(NULL);
	made.published[0].policy.np = str_of("none");
	advise();
	ck_assert_str_eq(advice.refusals[0].text.data,
	    "np=none gives names below example.com that are not in DNS less than p=reject gives the domain: "
	    "who forges your mail moves there");
}
END_TEST

/* Only the record of an organisation's domain rules over names below (RFC 9989 s. 4.7). */
START_TEST(no_organisation)
{
	made_policy(&made, 60, "none");
	made.view.domain = str_of("shop.example.com");
	made.names[0].domain = str_of("shop.example.com");
	three_senders();
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine");
	made_policy(&made, 60, "reject");
	made.published[0].policy.sp = str_of("none");
	advise();
	verdict_is(VERDICT_KEEP, POLICY_REJECT, "v=DMARC1; p=reject; sp=none");
	ck_assert_uint_eq(advice.refusal_count, 0);
	/* some receiver takes it for one: a report has mail of a name below */
	(void)made_flow(&made, 0, made_name(&made, "a.shop.example.com"), MAIL_SPOOFED);
	advise();
	verdict_is(VERDICT_KEEP, POLICY_REJECT, "v=DMARC1; p=reject");
}
END_TEST

/* A reporter's fo= gets into the record only when it is one: each option once. */
static const struct {
	const char *fo, *record;
} options[] = {
    {"1", "v=DMARC1; p=quarantine; np=reject; fo=1"},
    {"0:d:s", "v=DMARC1; p=quarantine; np=reject; fo=0:d:s"},
    {"1:1:1:1", "v=DMARC1; p=quarantine; np=reject"},
    {"1d", "v=DMARC1; p=quarantine; np=reject"},
    {"d:", "v=DMARC1; p=quarantine; np=reject"},
    {":", "v=DMARC1; p=quarantine; np=reject"},
    {"D:1", "v=DMARC1; p=quarantine; np=reject; fo=D:1"},
    {"0", "v=DMARC1; p=quarantine; np=reject"},
};

START_TEST(failure_options)
{
	made_policy(&made, 60, "none");
	made.published[0].policy.fo = str_of(options[_i].fo);
	three_senders();
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, options[_i].record);
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
	tcase_add_loop_test(tcase, record, 0, sizeof records / sizeof *records);
	tcase_add_test(tcase, since);
	tcase_add_loop_test(tcase, milder_waits, 0, sizeof milder / sizeof *milder);
	tcase_add_test(tcase, milder_back);
	tcase_add_test(tcase, milder_nowhere);
	tcase_add_test(tcase, partial);
	tcase_add_test(tcase, partial_failing);
	tcase_add_test(tcase, back_below);
	tcase_add_test(tcase, below_unknown);
	tcase_add_test(tcase, no_organisation);
	tcase_add_loop_test(tcase, failure_options, 0, sizeof options / sizeof *options);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
