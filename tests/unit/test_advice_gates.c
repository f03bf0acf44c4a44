/* Every gate of advice: refused just beyond its limit, and passed just at it. */
#include "analysis/advice.h"
#include "unit/gates.h"
#include "unit/views.h"

#include <check.h>
#include <stdlib.h>

enum { BIG, MIDDLE, SMALL, REPORTERS };

/*
 * What a case starts from: three senders of 400 messages a day, told by three reporters, for as long as the
 * memory reaches; 33,600 messages in the window, which count as 820.
 */
static uint32_t
healthy(struct made *made, const char *policy)
{
	static const char *const senders[] = {"example.com", "Mailchimp", "192.0.2.0/24"};
	uint32_t i, flow = 0;

	made_begin(made);
	(void)made_reporter(made, "google.com", true);
	(void)made_reporter(made, "yahoo.com", true);
	(void)made_reporter(made, "example.net", false);
	made_policy(made, 60, policy);
	for (i = 0; i < 3; i++) {
		flow = made_flow(made, made_source(made, senders[i]), 0, MAIL_FULL);
		made_days(made, flow, BIG, 0, 89, 200);
		made_days(made, flow, MIDDLE, 0, 89, 150);
		made_days(made, flow, SMALL, 0, 89, 50);
	}
	return flow;
}

/* Mail of one more sender: some a day, of these so many in all of a class. */
static uint32_t
sender(struct made *made, const char *name, enum mail_class class, int from, int to, uint64_t a_day)
{
	uint32_t flow = made_flow(made, made_source(made, name), 0, class);

	if (a_day > 0) {
		made_days(made, flow, BIG, from, to, a_day);
		made_days(made, flow, MIDDLE, from, to, a_day);
	}
	return flow;
}

static void
some(struct made *made, const char *name, enum mail_class class, int day, int messages)
{
	made_mail(made, sender(made, name, class, 0, 0, 0), BIG, day, (uint64_t)messages);
}

static void
history(struct made *made, int value)
{
	made->published[0].first = AS_OF - value + 1;
}

static void
observed(struct made *made, int value)
{
	made->view.first_day = AS_OF - value + 1;
}

/* Beside one report of long ago, by another reporter than those who report since. */
static void
observed_once(struct made *made, int value)
{
	int i, day;

	for (i = 0; i < REPORTERS; i++)
		made->reporters[i].first = AS_OF - value + 1;
	for (day = value; day < INVENTORY; day++)
		made->reported[day] = day == INVENTORY - 1;
	(void)made_reporter(made, "elsewhere.example", false);
	for (day = value; day < INVENTORY; day++)
		made->reported[day] = day == INVENTORY - 1;
}

/* By two of them: half of the days have to be reported. */
static void
observed_half(struct made *made, int value)
{
	int day;

	for (day = value; day < INVENTORY; day++)
		made->reported[day] = day == 61;
}

static void
coverage_days(struct made *made, int value)
{
	int day;

	for (day = value; day < WINDOW; day++)
		made->reported[day] = false;
}

static void
reporters(struct made *made, int value)
{
	int i;

	for (i = value; i < REPORTERS; i++)
		made->reporters[i].days = 0;
}

static void
big_reporters(struct made *made, int value)
{
	made->reporters[BIG].big = value > 0;
	made->reporters[MIDDLE].big = false;
}

/* Google tells of so many of a thousand. */
static void
biggest(struct made *made, int value)
{
	size_t i;

	for (i = 0; i < made->view.cell_count; i++)
		made->cells[i].messages = made->cells[i].reporter == BIG      ? (uint64_t)value * 20
					  : made->cells[i].reporter == MIDDLE ? (uint64_t)(1000 - value) * 20
									      : 0;
}

/* One sender that mails so many on each of the last days: without bursts each message counts. */
static void
volume(struct made *made, int value)
{
	size_t i;

	for (i = 0; i < made->view.cell_count; i++) {
		struct mail_cell *cell = &made->cells[i];

		cell->messages = cell->flow == 0 && cell->day < value / 3 ? 1 : 0;
	}
}

/* So many of 4,000 fail, spread over the senders, five a day. */
static void
bound(struct made *made, int value)
{
	uint32_t flow;
	int i;

	for (i = 0; i < value; i++) {
		flow = made_flow(made, (uint32_t)i % 3, 0, MAIL_BROKEN);
		made_mail(made, flow, BIG, i % WINDOW, 5);
	}
}

/* So many of 1,000 of a sender fail. */
static void
source(struct made *made, int value)
{
	uint32_t flow = sender(made, "198.51.100.0/24", MAIL_FULL, 0, 24, 20), broken;
	int i;

	broken = made_flow(made, made->flows[flow].source, 0, MAIL_BROKEN);
	for (i = 0; i < value; i++) {
		made_mail(made, broken, i % 2 == 0 ? BIG : MIDDLE, i % 25, 1);
		made->cells[made->view.cell_count - 1].messages = 1;
	}
	for (i = 0; i < (int)made->view.cell_count; i++)
		if (made->cells[i].flow == flow && made->cells[i].day < value &&
		    made->cells[i].reporter == BIG)
			made->cells[i].messages -= 1;
}

/* So much of a service that signs for itself, of a sender whose other mail passes. */
static void
fixable(struct made *made, int value)
{
	uint32_t flow = made_flow(made, 1, 0, MAIL_SERVICE);

	made_mail(made, flow, BIG, 3, (uint64_t)value);
}

static void
review(struct made *made, int value)
{
	int i;

	/* by some who are too small to be told one by one */
	for (i = 0; i < 15; i++)
		some(made, "unknown.example", MAIL_UNKNOWN, i % WINDOW, value / 15);
}

/* By so many that nobody decides about each: a crowd, which is one question. */
static void
review_crowd(struct made *made, int value)
{
	int i;

	for (i = 0; i < value / 5; i++)
		some(made, "unknown.example", MAIL_UNKNOWN, i % WINDOW, 5);
}

static void
review_one(struct made *made, int value)
{
	some(made, "unknown.example", MAIL_UNKNOWN, 20, value);
}

/* Mail that nothing authenticates, so many a day of one address, for half a year. */
static void
steady(struct made *made, int value)
{
	uint32_t flow = made_flow(made, made_source(made, "203.0.113.0/24"), 0, MAIL_SPOOFED);

	made->sources[3].is_address = true;
	made_days(made, flow, BIG, 0, 89, (uint64_t)value);
}

/* The same for so many days. */
static void
steady_days(struct made *made, int value)
{
	uint32_t flow = made_flow(made, made_source(made, "203.0.113.0/24"), 0, MAIL_SPOOFED);

	made->sources[3].is_address = true;
	made_days(made, flow, BIG, 0, value - 1, 50);
}

/* So many of these: more are the networks of one spoofer. */
static void
steady_senders(struct made *made, int value)
{
	static const char *const networks[] = {
	    "203.0.113.0/28", "203.0.113.16/28", "203.0.113.32/28", "203.0.113.48/28"};
	int i;

	for (i = 0; i < value; i++) {
		made_days(
		    made, made_flow(made, made_source(made, networks[i]), 0, MAIL_SPOOFED), BIG, 0, 89, 50);
		made->sources[3 + i].is_address = true;
	}
}

/* From so many addresses. */
static void
steady_addresses(struct made *made, int value)
{
	steady(made, 50);
	made->sources[3].addresses = (uint64_t)(10 - value);
}

static void
new_source(struct made *made, int value)
{
	some(made, "unknown.example", MAIL_UNKNOWN, value - 1, 60);
	made->sources[3].first = AS_OF - value + 1;
}

static void
recency(struct made *made, int value)
{
	some(made, "Quarterly", MAIL_BROKEN, 60, value);
}

/* The last time counts: what failed before is forgiven once all passed for as long as the window. */
static void
recency_last(struct made *made, int value)
{
	uint32_t flow;

	some(made, "Quarterly", MAIL_BROKEN, 80, 200);
	flow = made_flow(made, 3, 0, MAIL_FULL);
	made_mail(made, flow, MIDDLE, value, 200);
}

/* So many a day fail in the last week, beside 1,200 that pass. */
static void
trend(struct made *made, int value)
{
	made_days(made, made_flow(made, 0, 0, MAIL_BROKEN), SMALL, 0, 6, (uint64_t)value);
}

/* So many of a hundred pass by SPF alone, of every sender. */
static void
spf_share(struct made *made, int value)
{
	uint32_t i;

	for (i = 0; i < 3; i++) {
		uint32_t flow = made_flow(made, i, 0, MAIL_SPF_ONLY);

		made_days(made, flow, BIG, 0, 27, (uint64_t)value * 4);
	}
	for (i = 0; i < made->view.cell_count; i++)
		if (made->cells[i].flow < 3 && made->cells[i].reporter == BIG && made->cells[i].day < WINDOW)
			made->cells[i].messages -= (uint64_t)value * 4;
}

static void
spf_source(struct made *made, int value)
{
	some(made, "Printer", MAIL_SPF_ONLY, 10, value);
}

static void
lists(struct made *made, int value)
{
	int i;

	for (i = 0; i < value; i++)
		some(made, "lists.example", MAIL_LIST, i % WINDOW, 1);
}

/* None in the window, so many before it. */
static void
lists_before(struct made *made, int value)
{
	some(made, "lists.example", MAIL_LIST, 40, value);
}

static void
record_sp(struct made *made, int value)
{
	made->published[0].policy.sp = str_of(value > 0 ? "all" : "quarantine");
}

static void
record_pct(struct made *made, int value)
{
	char *text = value == 100 ? "100" : "99";

	made->published[0].policy.pct = str_of(text);
}

static void
temporary(struct made *made, int value)
{
	int i;

	for (i = 0; i < value; i++)
		made_mail(made, made_flow(made, 0, 0, MAIL_TEMPORARY), BIG, i % WINDOW, 1);
}

/* A reporter alone tells of mail that passes, so that what fails looks like little. */
static void
one_reporter(struct made *made, int value)
{
	uint32_t flow = sender(made, "198.51.100.0/24", MAIL_FULL, 0, 27, 10), broken;

	made_days(made, flow, SMALL, 0, 27, 60);
	broken = made_flow(made, made->flows[flow].source, 0, MAIL_BROKEN);
	made_days(made, broken, BIG, 1, value, 1);
}

#define Q "none"
#define R "quarantine"

static const struct {
	const char *policy;
	enum advice_code code;
	void (*change)(struct made *made, int value);
	int refused, passed;
	bool others;    /* the one that passes is refused by another gate */
	unsigned asked; /* refusals of it that are told for BOUND, while its own gate holds */
} cases[] = {
    {Q, ADVICE_HISTORY, history, 27, 28, false, 0},
    {R, ADVICE_HISTORY, history, 27, 28, false, 0},
    {Q, ADVICE_COVERAGE_DAYS, observed, 62, 63, false, 0},
    {R, ADVICE_COVERAGE_DAYS, observed, 91, 92, false, 0},
    {Q, ADVICE_COVERAGE_DAYS, observed_once, 62, 63, false, 0},
    {R, ADVICE_COVERAGE_DAYS, observed_once, 91, 92, false, 0},
    {Q, ADVICE_COVERAGE_DAYS, observed_half, 30, 63, false, 0},
    {Q, ADVICE_COVERAGE_DAYS, coverage_days, 24, 25, false, 0},
    {Q, ADVICE_COVERAGE_REPORTERS, reporters, 2, 3, false, 0},
    {Q, ADVICE_COVERAGE_REPORTERS, big_reporters, 0, 1, false, 0},
    {Q, ADVICE_COVERAGE_REPORTERS, biggest, 951, 950, false, 0},
    {Q, ADVICE_VOLUME, volume, 120, 180, false, 0},
    {Q, ADVICE_BOUND, bound, 91, 75, false, 0},
    {R, ADVICE_BOUND, bound, 20, 4, false, 0},
    {Q, ADVICE_SOURCE, source, 21, 20, false, 0},
    {R, ADVICE_SOURCE, source, 11, 10, false, 0},
    {Q, ADVICE_SOURCE, fixable, 34, 33, false, 0},
    {R, ADVICE_SOURCE, fixable, 17, 16, false, 0},
    {Q, ADVICE_REVIEW, review, 345, 330, false, 0},
    {R, ADVICE_REVIEW, review, 180, 165, true, 15},
    {Q, ADVICE_REVIEW, review_crowd, 345, 335, false, 0},
    {R, ADVICE_REVIEW, review_crowd, 170, 165, false, 0},
    {Q, ADVICE_REVIEW, review_one, 169, 168, true, 0},
    {Q, ADVICE_REVIEW, steady, 7, 6, false, 0},
    {Q, ADVICE_REVIEW, steady, 1200, 1201, false, 0}, /* more than all that is legitimate: a wave */
    {R, ADVICE_REVIEW, steady_days, 42, 41, false, 0},
    {R, ADVICE_REVIEW, steady_senders, 3, 4, false, 0},
    {R, ADVICE_REVIEW, steady_addresses, 6, 5, false, 0},
    {Q, ADVICE_NEW_SOURCE, new_source, 14, 15, true, 0},
    {R, ADVICE_NEW_SOURCE, new_source, 28, 29, true, 0},
    {Q, ADVICE_RECENCY, recency, 11, 10, false, 0},
    {R, ADVICE_RECENCY, recency, 1, 0, false, 0},
    {Q, ADVICE_RECENCY, recency_last, 53, 52, false, 0},
    {Q, ADVICE_TREND, trend, 212, 5, false, 0},
    {R, ADVICE_SPF_ONLY, spf_share, 3, 2, false, 0},
    {R, ADVICE_SPF_ONLY, spf_source, 17, 16, false, 0},
    {R, ADVICE_LISTS, lists, 169, 168, false, 0},
    {R, ADVICE_LISTS, lists_before, 505, 504, false, 0},
    {Q, ADVICE_RECORD, record_sp, 1, 0, false, 0},
    {R, ADVICE_RECORD, record_sp, 1, 0, false, 0},
    {R, ADVICE_RECORD, record_pct, 99, 100, false, 0},
    {Q, ADVICE_TEMP, temporary, 340, 339, false, 0},
    {R, ADVICE_ONE_REPORTER, one_reporter, 21, 5, false, 0},
};

static bool
gates_hold(const struct advice *advice, enum advice_code code)
{
	size_t i;

	for (i = 0; i < advice->gate_count; i++)
		if (advice->gates[i].code == code && !advice->gates[i].ok)
			return false;
	return true;
}

static size_t
refusals_of(const struct advice *advice, enum advice_code code)
{
	size_t i, count = 0;

	for (i = 0; i < advice->refusal_count; i++)
		if (advice->refusals[i].code == code && !advice->refusals[i].warns) {
			count++;
			ck_assert_uint_gt(advice->refusals[i].text.len, 10);
		}
	return count;
}

static void
advise_case(struct advice *to, struct made *made, struct arena *arena, size_t i, int value)
{
	struct advice_rules rules;

	advice_rules_default(&rules);
	(void)healthy(made, cases[i].policy);
	cases[i].change(made, value);
	advice_make(to, &made->view, &rules, NULL, 0, arena);
	gates_agree(to);
}

START_TEST(refused)
{
	struct made made;
	struct arena arena;
	struct advice advice;

	arena_init(&arena);
	advise_case(&advice, &made, &arena, (size_t)_i, cases[_i].refused);
	ck_assert(!gates_hold(&advice, cases[_i].code));
	ck_assert_uint_ge(refusals_of(&advice, cases[_i].code), 1);
	ck_assert(advice.verdict != VERDICT_READY);
	made_end(&made);
	arena_free(&arena);
}
END_TEST

START_TEST(passed)
{
	struct made made;
	struct arena arena;
	struct advice advice;
	size_t i;

	arena_init(&arena);
	advise_case(&advice, &made, &arena, (size_t)_i, cases[_i].passed);
	ck_assert(gates_hold(&advice, cases[_i].code));
	/* What is to be reviewed is asked about for BOUND, too. */
	ck_assert_uint_eq(refusals_of(&advice, cases[_i].code), cases[_i].asked);
	for (i = 0; i < advice.refusal_count && !cases[_i].others; i++)
		ck_assert_msg(advice.refusals[i].warns, "%s: %s", advice_code_word(advice.refusals[i].code),
		    advice.refusals[i].text.data);
	ck_assert_int_eq(advice.verdict == VERDICT_READY, !cases[_i].others);
	made_end(&made);
	arena_free(&arena);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("advice_gates");
	Suite *suite = suite_create("advice_gates");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, refused, 0, sizeof cases / sizeof *cases);
	tcase_add_loop_test(tcase, passed, 0, sizeof cases / sizeof *cases);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
