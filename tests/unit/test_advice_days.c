/* Which days and which mail count: days of the week without mail, reports that stop, senders that are gone.
 */
#include "unit/advised.h"
#include "unit/gates.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum { WEEK = 7 };

/* The last gate of a code. */
static const struct advice_gate *
gate_of(enum advice_code code)
{
	const struct advice_gate *found = NULL;
	size_t i;

	for (i = 0; i < advice.gate_count; i++)
		found = advice.gates[i].code == code ? &advice.gates[i] : found;
	ck_assert_ptr_nonnull(found);
	return found;
}

/* Only of these days of the week, in days before as_of, a Friday. */
static void
reported_on(unsigned weekdays)
{
	int i;

	for (i = 0; i < INVENTORY; i++)
		made.reported[i] = (weekdays >> (i % WEEK) & 1U) != 0;
}

static void
healthy(void)
{
	made_policy(&made, 60, "none");
	three_senders();
}

/* Who mails on working days alone misses no report of a Sunday. */
START_TEST(working_days)
{
	static const struct {
		unsigned weekdays; /* bits: 0 is as_of, Friday 2024-10-04 */
		double limit;
		const char *none;
	} cases[] = {
	    {0x7f, 25, ""},
	    {0x1f, 18, "; there are none of Saturdays and Sundays"}, /* Friday back to Monday */
	    {0x08, 4, "; there are none of Mondays, Wednesdays, Thursdays, Fridays, Saturdays and Sundays"},
	};
	const struct advice_gate *gate;
	char text[200];
	int i, given;

	healthy();
	reported_on(cases[_i].weekdays);
	advise();
	gate = gate_of(ADVICE_COVERAGE_DAYS);
	ck_assert_double_eq(gate->limit, cases[_i].limit);
	ck_assert(gate->ok);
	(void)snprintf(text, sizeof text, "days of 28 with a report%s", cases[_i].none);
	ck_assert_str_eq(gate->text.data, text);
	verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=reject");
	/* Of days on which there was mail they are missed. */
	for (i = 0, given = 0; i < WINDOW; i++) {
		given += made.reported[i] ? 1 : 0;
		made.reported[i] = made.reported[i] && given < cases[_i].limit;
	}
	advise();
	ck_assert(!gate_of(ADVICE_COVERAGE_DAYS)->ok);
	ck_assert(says(refusal_of(ADVICE_COVERAGE_DAYS)->text, "are needed"));
	ck_assert_int_gt(refusal_of(ADVICE_COVERAGE_DAYS)->earliest, AS_OF);
	gates_agree(&advice);
}
END_TEST

/* Reports of every third day follow no week: they are missed. */
START_TEST(no_week)
{
	int i;

	healthy();
	for (i = 0; i < INVENTORY; i++)
		made.reported[i] = i % 3 == 0;
	advise();
	ck_assert_double_eq(gate_of(ADVICE_COVERAGE_DAYS)->limit, 25);
	ck_assert(!gate_of(ADVICE_COVERAGE_DAYS)->ok);
}
END_TEST

/* Reports that stop are another matter than reports with gaps. */
START_TEST(reports_stopped)
{
	int i;

	healthy();
	for (i = 0; i < 20; i++)
		made.reported[i] = false;
	advise();
	ck_assert(says(refusal_of(ADVICE_COVERAGE_DAYS)->text,
	    "no report has come of any day since 2024-09-14; reports "
	    "cover 8 of the last 28 days, 25 are needed"));
	ck_assert(says(refusal_of(ADVICE_COVERAGE_DAYS)->fix, "rua= of the record"));
	for (i = 0; i < INVENTORY; i++)
		made.reported[i] = i % 3 == 0;
	advise();
	ck_assert(!says(refusal_of(ADVICE_COVERAGE_DAYS)->text, "no report has come"));
}
END_TEST

/* A sender that failed day after day, week after week, and then is not there any more: repaired under another
 * name, or switched off. One that mails seldom may come again. */
START_TEST(gone)
{
	static const struct {
		int newest, step, oldest; /* days before as_of */
		bool gone;
	} cases[] = {
	    {28, 1, 80, true},                       /* daily */
	    {27, 1, 80, false},                      /* the window still has it */
	    {28, 7, 77, true},                       /* weekly */
	    {35, 14, 77, false},                     /* every two weeks: after three times as long */
	    {42, 14, 84, true}, {40, 30, 70, false}, /* monthly */
	    {40, 1, 42, false},                      /* a campaign of three days comes again */
	    {86, 1, 89, true},                       /* the last of one that goes back beyond what is seen */
	};
	uint32_t flow;
	int i;

	healthy();
	flow = made_flow(&made, made_source(&made, "Shopify"), 0, MAIL_SERVICE);
	for (i = cases[_i].newest; i <= cases[_i].oldest; i += cases[_i].step)
		made_mail(&made, flow, BIG, i, 60);
	made.sources[3].passed = false;
	advise();
	ck_assert_int_eq(refuses(ADVICE_RECENCY) || refuses(ADVICE_SOURCE), !cases[_i].gone);
	if (cases[_i].gone)
		verdict_is(VERDICT_READY, POLICY_QUARANTINE, "v=DMARC1; p=quarantine; np=reject");
}
END_TEST

/* Too few messages for RECENCY may be too much of little mail, also where the window has none of them. */
START_TEST(little_mail_before)
{
	made_policy(&made, 60, "none");
	made_days(&made, made_flow(&made, made_source(&made, "example.com"), 0, MAIL_FULL), BIG, 0, 89, 2);
	made_days(&made, made_flow(&made, made_source(&made, "Brevo"), 0, MAIL_DKIM_ONLY), MIDDLE, 0, 89, 2);
	made_days(&made, made_flow(&made, made_source(&made, "Mailgun"), 0, MAIL_DKIM_ONLY), SMALL, 0, 89, 2);
	advise();
	ck_assert(!refuses(ADVICE_BOUND));
	made_days(&made, made_flow(&made, made_source(&made, "Klaviyo"), 0, MAIL_SERVICE), BIG, 40, 40, 4);
	made_days(&made, 3, BIG, 70, 70, 4);
	made_days(&made, 3, BIG, 85, 85, 4);
	made_policy(&made, 60, "none");
	advise();
	ck_assert(!refuses(ADVICE_RECENCY)); /* 4 of its last 4 */
	ck_assert(refuses(ADVICE_BOUND));
}
END_TEST

/* A machine goes on at its pace whatever the policy does to its mail: that is still one. */
START_TEST(steady_under_a_policy)
{
	uint32_t machine;

	made_policy(&made, 120, "none");
	made_policy(&made, 29, "quarantine");
	three_senders();
	machine = made_source(&made, "203.0.113.7");
	made.sources[machine].is_address = true;
	made.sources[machine].addresses = 1;
	made_days(&made, made_flow(&made, machine, 0, MAIL_SPOOFED), BIG, 30, 89, 5);
	made_days(&made, made_flow(&made, machine, 0, MAIL_SPOOFED), BIG, 0, 29, 5);
	made.flows[made.view.flow_count - 1].flags = FLOW_QUARANTINED;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_NOT_YET);
	ck_assert(says(
	    refusal_of(ADVICE_REVIEW)->text, "140 messages that nothing authenticates, at an even pace"));
}
END_TEST

/* Where there is no other mail, all of it may be that of such a machine. */
START_TEST(nothing_but_a_machine)
{
	uint32_t machine;

	made_policy(&made, 60, "none");
	machine = made_source(&made, "203.0.113.7");
	made.sources[machine].is_address = true;
	made.sources[machine].addresses = 1;
	made_days(&made, made_flow(&made, machine, 0, MAIL_SPOOFED), BIG, 0, 89, 30);
	advise();
	ck_assert(refuses(ADVICE_PARKED));
	ck_assert(says(
	    refusal_of(ADVICE_REVIEW)->text, "840 messages that nothing authenticates, at an even pace"));
	ck_assert_double_eq(refusal_of(ADVICE_REVIEW)->share, 1);
	rules.parked = true;
	advise();
	ck_assert_int_eq(advice.verdict, VERDICT_READY);
	ck_assert(notes("as from a machine that was forgotten: by your word it is none"));
	rules.parked = false;
	made.sources[machine].decision = DECISION_NOT_OURS;
	advise();
	ck_assert(!refuses(ADVICE_REVIEW));
}
END_TEST

/* Doubt that comes from how little mail the volume takes ends with more days, where so little fails, one by
 * one; as much that failed together may come again. */
START_TEST(more_days_are_there)
{
	uint32_t broken;
	int i;

	made_policy(&made, 80, "quarantine");
	(void)sender("example.com", 0, MAIL_FULL, 0, 89);
	broken = made_flow(&made, 0, 0, MAIL_BROKEN);
	for (i = 0; i < 9; i++)
		made_mail(&made, broken, BIG, 3 + 6 * i, _i == 0 ? 1 : i == 0 ? 9 : 0);
	advise();
	ck_assert_int_eq(refuses(ADVICE_BOUND), _i == 1);
	ck_assert_double_lt(advice.bound.share, 0.0005);
	ck_assert_int_eq(advice.days > 63, _i == 0);
}
END_TEST

/* Another refusal may tell of a sender that is new: it is new all the same. */
START_TEST(new_and_asked_about)
{
	healthy();
	made_mail(
	    &made, made_flow(&made, made_source(&made, "survey.example"), 0, MAIL_UNKNOWN), BIG, 2, 900);
	made.sources[3].first = AS_OF - 2;
	advise();
	ck_assert(refuses(ADVICE_REVIEW));
	ck_assert_double_eq(gate_of(ADVICE_NEW_SOURCE)->value, 1);
	ck_assert(!gate_of(ADVICE_NEW_SOURCE)->ok);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("advice_days");
	Suite *suite = suite_create("advice_days");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tcase, advised_begin, advised_end);
	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, working_days, 0, 3);
	tcase_add_test(tcase, no_week);
	tcase_add_test(tcase, reports_stopped);
	tcase_add_loop_test(tcase, gone, 0, 8);
	tcase_add_test(tcase, little_mail_before);
	tcase_add_test(tcase, steady_under_a_policy);
	tcase_add_test(tcase, nothing_but_a_machine);
	tcase_add_loop_test(tcase, more_days_are_there, 0, 2);
	tcase_add_test(tcase, new_and_asked_about);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
