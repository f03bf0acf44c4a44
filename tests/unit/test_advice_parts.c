/* What advice says beside its verdict: names below, single reporters, what-if, repairs, impact, records,
 * words. */
#include "unit/advised.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* ---- names below */

START_TEST(names)
{
	uint32_t news = made_name(&made, "news.example.com"), shop = made_name(&made, "shop.example.com"),
		 flow;

	made_policy(&made, 60, "none");
	three_senders();
	flow = made_flow(&made, 1, news, MAIL_DKIM_ONLY);
	made_days(&made, flow, BIG, 0, 27, 30);
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine");
	ck_assert_uint_eq(advice.name_count, 1);
	ck_assert_int_eq(advice.names[0].verdict, VERDICT_READY);
	ck_assert(notes("np=reject would stop forged names"));
	made.published[0].policy.np = str_of("reject"); /* that is done */
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=reject");
	ck_assert(!notes("np=reject"));
	made.published[0].policy.np = str_of(NULL);
	/* one below is not ready: it keeps what it has */
	flow = made_flow(&made, made_source(&made, "Shopify"), shop, MAIL_SERVICE);
	made_days(&made, flow, BIG, 0, 27, 60);
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; sp=none");
	ck_assert_uint_eq(advice.name_count, 2);
	ck_assert_uint_eq(advice.names[0].name, shop); /* the most mail first */
	ck_assert_int_eq(advice.names[0].verdict, VERDICT_NOT_YET);
	ck_assert_uint_gt(advice.names[0].text.len, 0);
	ck_assert(notes("not ready, so the record keeps for them what they get today: shop.example.com"));
	/* the other way round: the domain waits, and one below need not */
	flow = made_flow(&made, 3, 0, MAIL_SERVICE);
	made_days(&made, flow, BIG, 0, 27, 60);
	advise();
	verdict_is(VERDICT_NOT_YET, POLICY_QUARANTINE, "v=DMARC1; p=none");
	ck_assert(notes("ready before the domain: news.example.com"));
}
END_TEST

/* A name of which all is to be reviewed may be made up: it is told, and holds nothing back. */
START_TEST(name_doubtful)
{
	uint32_t bank = made_name(&made, "bank.example.com");

	made_policy(&made, 60, "none");
	three_senders();
	made_days(&made, made_flow(&made, made_source(&made, "unknown.example"), bank, MAIL_UNKNOWN), BIG, 0,
	    27, 60);
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=reject");
	ck_assert_uint_eq(advice.name_count, 0);
	ck_assert(notes("under bank.example.com none of your mail was seen"));
	made.sources[3].decision = DECISION_OURS;
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; sp=none");
	made.sources[3].decision = DECISION_NONE;
	made_days(&made, made_flow(&made, 3, made_name(&made, NULL), MAIL_UNKNOWN), BIG, 0, 27, 60);
	advise();
	ck_assert(notes("under bank.example.com and 1 more name none"));
}
END_TEST

/* A domain that mails under names below alone is judged by all of it. */
START_TEST(names_alone)
{
	uint32_t news = made_name(&made, "news.example.com");

	made_policy(&made, 60, "none");
	(void)sender("example.com", news, MAIL_FULL, 0, 89);
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine");
	made_days(&made, made_flow(&made, made_source(&made, "Shopify"), news, MAIL_SERVICE), BIG, 0, 27, 60);
	advise();
	ck_assert(refuses(ADVICE_SOURCE));
	verdict_is(VERDICT_NOT_YET, POLICY_QUARANTINE, "v=DMARC1; p=none");
}
END_TEST

/* What nobody knows under its own name is no mail of its own to be judged by. */
START_TEST(names_and_unknown)
{
	uint32_t news = made_name(&made, "news.example.com");

	made_policy(&made, 60, "none");
	(void)sender("example.com", news, MAIL_FULL, 0, 89);
	made_mail(&made, made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN), BIG, 5, 9);
	advise();
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine");
}
END_TEST

/* ---- a crowd */

/* Senders from so many names that nobody decides about each are one question, and no failing mail of the
 * owner's, however much they send together; a few are asked about, and count. */
START_TEST(crowd)
{
	uint64_t failing;
	int i;

	made_policy(&made, 60, "quarantine");
	three_senders();
	for (i = 0; i < 20; i++)
		made_mail(&made, made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN),
		    BIG, i, 16);
	advise();
	ck_assert(refuses(ADVICE_BOUND));
	ck_assert_uint_gt(advice.refusal_count, 5);
	for (i = 0; i < 180; i++)
		made_mail(&made, made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN),
		    BIG, i % WINDOW, 16);
	advise();
	failing = advice.failing;
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert_uint_eq(advice.refusal_count, 1);
	ck_assert_str_eq(advice.refusals[0].evidence.data, "dmarcq sources --domain example.com");
	ck_assert_ptr_nonnull(strstr(advice.refusals[0].text.data, "3,200 messages of 200 senders"));
	ck_assert_ptr_nonnull(strstr(advice.refusals[0].fix.data, "review = 9 under [advice]"));
	ck_assert_uint_eq(failing, 0);
	ck_assert_uint_eq(advice.review, 3200);
	ck_assert_int_eq(advice.earliest, AS_OF);
	rules.review[0] = rules.review[1] = 0.09; /* that is done */
	advise();
	verdict_is(VERDICT_READY, POLICY_REJECT, "v=DMARC1; p=reject");
	rules.review[1] = 0.005;
	made.sources[50].decision = DECISION_OURS; /* one of them is the owner's */
	advise();
	ck_assert(refuses(ADVICE_SOURCE) || refuses(ADVICE_RECENCY));
}
END_TEST

/* ---- one reporter */

START_TEST(one_reporter_hides)
{
	uint32_t good = made_flow(&made, made_source(&made, "198.51.100.0/24"), 0, MAIL_FULL), bad;

	made_policy(&made, 60, "quarantine");
	three_senders();
	made_days(&made, good, SMALL, 0, 27, 300);
	bad = made_flow(&made, 0, 0, MAIL_BROKEN);
	made_days(&made, bad, BIG, 0, 27, 1);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(refuses(ADVICE_ONE_REPORTER));
	ck_assert_uint_eq(advice.refusal_count, 1);
	ck_assert_str_eq(advice.refusals[0].subject.data, "the reports of example.net");
	made_policy(&made, 40, "none");
	advise(); /* only a note at this step, if at all */
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
}
END_TEST

/* However much is made up: whoever tells of nearly all is named, too. */
START_TEST(one_reporter_accuses)
{
	static const uint64_t messages[] = {300, 300000};
	uint32_t liar;

	made_policy(&made, 60, "none");
	three_senders();
	liar = made_reporter(&made, "elsewhere.example", false);
	made_days(&made, made_flow(&made, 0, 0, MAIL_BROKEN), liar, 0, 27, messages[_i]);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert_int_eq(refuses(ADVICE_COVERAGE_REPORTERS), _i == 1);
	ck_assert(notes(
	    "rests on the reports of elsewhere.example alone: without them the verdict would be READY"));
}
END_TEST

/* One report with so big a count that the rest counts as one burst. */
START_TEST(one_reporter_bursts)
{
	uint32_t liar;

	made_policy(&made, 60, "quarantine");
	three_senders();
	liar = made_reporter(&made, "elsewhere.example", false);
	made_mail(&made, 0, liar, 40, 1000000000);
	made_mail(&made, made_flow(&made, made_source(&made, "198.51.100.0/24"), 0, MAIL_FULL), BIG, 5, 1);
	made_days(&made, 0, liar, 3, 3, 20000);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(refuses(ADVICE_VOLUME));
	ck_assert(notes("rests on the reports of elsewhere.example alone"));
	ck_assert(notes("without them the verdict would be READY"));
	made.reporters[SMALL].days = 0;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(notes("without them there are too few reporters"));
	made.view.reporter_count = 2; /* those that are left are too few anyway: nobody is accused */
	made.reporters[MIDDLE].days = 0;
	advise();
	ck_assert(!notes("rests on"));
}
END_TEST

/* Reporters that fall silent are told, and not by the hundred. */
START_TEST(silent)
{
	static const char *const orgs[] = {
	    "a.example", "b.example", "c.example", "d.example", "e.example", "f.example", "g.example"};
	size_t i, told = 0;

	made_policy(&made, 60, "none");
	three_senders();
	for (i = 0; i < sizeof orgs / sizeof *orgs; i++)
		made.reporters[made_reporter(&made, orgs[i], false)].last = AS_OF - 7;
	advise();
	for (i = 0; i < advice.note_count; i++)
		told += strstr(advice.notes[i].data, "has not reported since") != NULL ? 1 : 0;
	ck_assert_uint_eq(told, 5);
	ck_assert(notes("2 more reporters have not reported"));
}
END_TEST

START_TEST(unproven)
{
	size_t i;

	made_policy(&made, 60, "none");
	three_senders();
	made_days(&made, made_flow(&made, 0, 0, MAIL_BROKEN), SMALL, 0, 27, 150);
	made_days(&made, made_flow(&made, 0, 0, MAIL_BROKEN), MIDDLE, 0, 27, 150);
	made.view.has_authentic = true;
	for (i = 0; i < made.view.cell_count; i++)
		made.cells[i].authentic = made.cells[i].flow < 3;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(notes("the reports that nothing authenticates"));
}
END_TEST

/* ---- what if */

static void
what_if(const char *source, enum advice_change_to to)
{
	struct advice_change change = {.source = str_of(source), .to = to};

	advice_make(&advice, &made.view, &rules, &change, 1, &arena);
}

START_TEST(changes)
{
	uint32_t flow;

	made_policy(&made, 60, "none");
	three_senders();
	flow = made_flow(&made, made_source(&made, "Twilio SendGrid"), 0, MAIL_SERVICE);
	made_days(&made, flow, BIG, 0, 27, 100);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert_int_eq(advice.earliest, AS_OF + WINDOW);
	what_if("twilio sendgrid", CHANGE_FIXED);
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert_uint_eq(advice.legitimate, 28 * 1300);
	what_if("Twilio SendGrid", CHANGE_NOT_OURS);
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert_uint_eq(advice.legitimate, 28 * 1200);
	ck_assert_uint_eq(advice.spoofed, 28 * 100);
	what_if("Twilio SendGrid", CHANGE_OURS);
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	what_if("Twilio SendGrid", CHANGE_FORWARDER);
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert_uint_eq(advice.lists, 28 * 100);
	what_if("nobody.example", CHANGE_FIXED);
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(notes("is called nobody.example"));
}
END_TEST

/* The crowd has a name of its own. */
START_TEST(crowd_changes)
{
	struct advice_change *found;
	bool enough;
	int i;

	made_policy(&made, 60, "quarantine");
	three_senders();
	what_if("crowd", CHANGE_NOT_OURS);
	ck_assert(notes("there is no crowd of small senders that nobody knows: that changes nothing"));
	for (i = 0; i < 200; i++)
		made_mail(&made, made_flow(&made, made_source(&made, "unknown.example"), 0, MAIL_UNKNOWN),
		    BIG, i % WINDOW, 16);
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	what_if("Crowd", CHANGE_NOT_OURS);
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert_uint_eq(advice.review, 0);
	ck_assert(!notes("changes nothing"));
	what_if("crowd", CHANGE_OURS);
	ck_assert(refuses(ADVICE_BOUND));
	ck_assert_uint_eq(advice_repairs(&found, &enough, &made.view, &rules, &arena), 1);
	ck_assert_str_eq(found[0].source.data, "crowd");
	ck_assert_int_eq(found[0].to, CHANGE_NOT_OURS);
	ck_assert(enough);
}
END_TEST

START_TEST(impact)
{
	uint32_t news = made_name(&made, "news.example.com"), flow;
	struct advice_impact *rows;
	size_t count;

	three_senders();
	flow = made_flow(&made, made_source(&made, "Zendesk"), 0, MAIL_SERVICE);
	made_days(&made, flow, BIG, 20, 40, 10); /* eight days of the window */
	made_mail(&made, made_flow(&made, 3, news, MAIL_SERVICE), BIG, 1, 7);
	made_mail(&made, made_flow(&made, 0, 0, MAIL_SPF_ONLY), BIG, 1, 11);
	made_mail(
	    &made, made_flow(&made, made_source(&made, "203.0.113.0/24"), 0, MAIL_SPOOFED), BIG, 1, 999);
	count = advice_impact(&rows, &made.view, &arena);
	ck_assert_uint_eq(count, 6);
	ck_assert_uint_eq(rows[0].source, 3);
	ck_assert_int_eq(rows[0].class, MAIL_SERVICE);
	ck_assert(rows[0].legitimate);
	ck_assert_uint_eq(rows[0].messages, 87);
	ck_assert_uint_eq(rows[0].domain, 80);
	ck_assert_uint_eq(rows[0].below, 7);
	ck_assert_uint_eq(rows[4].strict, 11); /* passes, and not if aspf=s */
	ck_assert_uint_eq(rows[5].domain, 999);
	ck_assert(!rows[5].legitimate);
}
END_TEST

/* The words that people read first. */
START_TEST(sentences)
{
	uint32_t flow;

	made_policy(&made, 60, "none");
	three_senders();
	flow = made_flow(&made, made_source(&made, "It's a list"), 0, MAIL_BROKEN);
	made.flows[flow].evidence = str_of("DKIM example.com/s1 fails");
	made_days(&made, flow, BIG, 3, 10, 130);
	made_days(&made, made_flow(&made, 3, 0, MAIL_FULL), BIG, 11, 40, 100);
	advise();
	ck_assert_uint_gt(advice.refusal_count, 1);
	ck_assert_str_eq(advice.refusals[0].subject.data, "It's a list");
	ck_assert_str_eq(advice.refusals[0].text.data,
	    "1,040 of 2,740 messages fail: DKIM example.com/s1 fails; passed "
	    "until 2024-09-23, fails since 2024-09-24");
	ck_assert_str_eq(advice.refusals[0].evidence.data,
	    "dmarcq why 'It'\\''s a list' --domain example.com --since 2024-09-07");
	/* where nothing in the mail names it, its addresses do */
	made.flows[flow].unnamed = true;
	advise();
	ck_assert_str_eq(
	    advice.refusals[0].evidence.data, "dmarcq top-failures --domain example.com --since 2024-09-07");
	made.flows[flow].network = str_of("192.0.2.0/24");
	advise();
	ck_assert_str_eq(advice.refusals[0].evidence.data,
	    "dmarcq why 192.0.2.0/24 --domain example.com --since 2024-09-07");
	made.sources[3].address = str_of("192.0.2.7");
	advise();
	ck_assert_str_eq(
	    advice.refusals[0].evidence.data, "dmarcq why 192.0.2.7 --domain example.com --since 2024-09-07");
	ck_assert_double_eq_tol(advice.refusals[0].per_week, 260, 1e-9);
	ck_assert_int_eq(advice.refusals[0].earliest, AS_OF + 25);
}
END_TEST

/* Of a sender that passes as well: since when a part of it fails, and the fix for what that part lacks. */
START_TEST(part_fails)
{
	uint32_t flow;

	made_policy(&made, 60, "none");
	three_senders();
	flow = made_flow(&made, 2, 0, MAIL_BROKEN);
	made.flows[flow].fault = FAULT_MODE;
	made_days(&made, flow, BIG, 0, 10, 130);
	made.flows[flow].first = AS_OF - 10;
	advise();
	ck_assert_str_eq(
	    advice.refusals[0].text.data, "1,430 of 12,630 messages fail; the first failed on 2024-09-24");
	ck_assert_str_eq(advice.refusals[0].fix.data,
	    "Publish relaxed alignment (adkim=r, aspf=r), or sign and bounce as example.com itself. If it is "
	    "not yours, mark it not-ours");
	made.flows[flow].fault = FAULT_SPF;
	made_days(&made, flow, BIG, 11, 60, 130);
	made.flows[flow].first = AS_OF - 60;
	advise();
	ck_assert_ptr_null(strstr(advice.refusals[0].text.data, "the first failed"));
	ck_assert_ptr_nonnull(
	    strstr(advice.refusals[0].fix.data, "Add the server to the SPF record of example.com"));
	made.flows[flow].fault = FAULT_SIGNATURE;
	advise();
	ck_assert_ptr_nonnull(strstr(advice.refusals[0].fix.data, "see what changed there: the key in DNS"));
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("advice_parts");
	Suite *suite = suite_create("advice_parts");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, advised_begin, advised_end);
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, names);
	tcase_add_test(tcase, names_alone);
	tcase_add_test(tcase, names_and_unknown);
	tcase_add_test(tcase, one_reporter_hides);
	tcase_add_loop_test(tcase, one_reporter_accuses, 0, 2);
	tcase_add_test(tcase, name_doubtful);
	tcase_add_test(tcase, one_reporter_bursts);
	tcase_add_test(tcase, silent);
	tcase_add_test(tcase, crowd);
	tcase_add_test(tcase, unproven);
	tcase_add_test(tcase, changes);
	tcase_add_test(tcase, crowd_changes);
	tcase_add_test(tcase, impact);
	tcase_add_test(tcase, sentences);
	tcase_add_test(tcase, part_fails);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
