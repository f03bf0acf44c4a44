/* What reports say of days: who reported, and what was published. */
#include "unit/drain.h"
#include "unit/rows.h"

#include <stdio.h>
#include <stdlib.h>

static const char *
text_of(struct str text)
{
	static char copy[100];

	(void)snprintf(copy, sizeof copy, "%.*s", (int)text.len, text.data);
	return copy;
}

/* Mail that passes, so many days before. */
static void
row(struct mail *mail, const char *org, int before, uint64_t messages)
{
	static const struct sort passes = {"example.com", "pp", {{NULL}}, NULL};

	rows_put(mail, &(struct given){&passes, "192.0.2.1", before, messages, org}, false);
}

static void
report(struct mail *mail, const char *org, int before, const char *p, bool authentic)
{
	const struct mail_policy policy = {.p = str_of(p), .adkim = str_of("r")};

	mail_report(mail, AS_OF - before, mail_reporter(mail, str_of(org)), authentic, &policy);
}

static void
assert_published(const struct mail_view *view, size_t i, const char *p, int first, int last)
{
	ck_assert_uint_lt(i, view->published_count);
	ck_assert_str_eq(text_of(view->published[i].policy.p), p);
	ck_assert_int_eq(AS_OF - view->published[i].first, first);
	ck_assert_int_eq(AS_OF - view->published[i].last, last);
	ck_assert_ptr_null(view->published[i].policy.sp.data);
}

START_TEST(policy_of_most_reporters_holds)
{
	struct mail *mail = rows_start(100);
	const struct mail_view *view;

	report(mail, "google.com", 0, "reject", true);
	report(mail, "yahoo", 0, "reject", false);
	report(mail, "liar.example", 0, "none", false);
	report(mail, "google.com", 5, "reject", true); /* one report alone; days 1 to 4 tell nothing */
	report(mail, "google.com", 12, "none", true);  /* a tie: who has more messages */
	report(mail, "yahoo", 12, "quarantine", false);
	report(mail, "google.com", 40, "none", true);
	report(mail, "yahoo", 40, "quarantine", true); /* for the first time */
	report(mail, "google.com", 40, "none", true);  /* said twice, counted once */
	report(mail, "google.com", 179, "none", true);
	report(mail, "google.com", 180, "reject", true);
	report(mail, "google.com", -1, "none", true);
	row(mail, "yahoo", 12, 100);
	mail_close(mail);
	view = mail_view(mail);
	ck_assert_uint_eq(view->published_count, 3);
	assert_published(view, 0, "reject", 0, 0);
	assert_published(view, 1, "quarantine", 12, 5);
	assert_published(view, 2, "none", 179, 40);
	ck_assert(view->reported[0] && !view->reported[1] && view->reported[5] && view->reported[40]);
	ck_assert(view->has_authentic);
	ck_assert_int_eq(view->first_day, AS_OF - 179);
	rows_finish(mail);
}
END_TEST

/* Words are told from the oldest on: reporter, day, policy. What holds on day 0, and since when. */
static const struct {
	struct {
		const char *org;
		int before;
		const char *p;
	} words[8];
	const char *p;
	int since;
} changes[] = {
    /* one forged report on a day of its own moves nothing, */
    {{{"a", 3, "none"}, {"b", 3, "none"}, {"liar", 0, "reject"}}, "none", 3},
    /* nor after a gap, nor as the only other one, whatever it counts */
    {{{"a", 90, "none"}, {"b", 90, "none"}, {"liar", 0, "reject"}}, "none", 90},
    {{{"a", 2, "none"}, {"a", 1, "none"}, {"liar", 0, "reject"}}, "none", 2},
    /* nor does it end a time in between */
    {{{"a", 9, "none"}, {"b", 9, "none"}, {"liar", 8, "reject"}, {"a", 0, "none"}}, "none", 9},
    /* two reporters do, or one on a second day */
    {{{"a", 3, "none"}, {"b", 3, "none"}, {"a", 0, "reject"}, {"b", 0, "reject"}}, "reject", 0},
    {{{"a", 3, "none"}, {"a", 1, "reject"}, {"a", 0, "reject"}}, "reject", 0},
    {{{"a", 20, "none"}, {"a", 10, "reject"}, {"a", 0, "reject"}}, "reject", 0},
    /* most of those who spoke in the last seven days */
    {{{"a", 6, "none"}, {"b", 6, "none"}, {"c", 6, "none"}, {"a", 1, "reject"}, {"b", 0, "reject"}}, "reject",
	0},
    {{{"a", 6, "none"}, {"b", 6, "none"}, {"c", 6, "none"}, {"a", 1, "reject"}, {"a", 0, "reject"}}, "none",
	6},
    {{{"c", 9, "none"}, {"b", 7, "none"}, {"a", 1, "reject"}, {"a", 0, "reject"}}, "reject", 0},
};

START_TEST(policy_changes)
{
	struct mail *mail = rows_start(100);
	size_t i;

	for (i = 0; i < 8 && changes[_i].words[i].org != NULL; i++) {
		report(mail, changes[_i].words[i].org, changes[_i].words[i].before, changes[_i].words[i].p,
		    true);
		row(mail, "liar", changes[_i].words[i].before < 90 ? changes[_i].words[i].before : 89,
		    1000000);
	}
	mail_close(mail);
	assert_published(mail_view(mail), 0, changes[_i].p, changes[_i].since, 0);
	rows_finish(mail);
}
END_TEST

/* A reporter that tells of policies without number takes none from the others. */
START_TEST(flood_of_policies_costs_its_teller)
{
	struct mail *mail = rows_start(100);
	const struct mail_view *view;
	char p[32];
	int i;

	for (i = 0; i < 5000; i++) {
		(void)snprintf(p, sizeof p, "p%d", i);
		report(mail, "liar.example", i % 180, p, false);
	}
	for (i = 0; i < 60; i++) {
		report(mail, "google.com", i, "reject", false);
		report(mail, "yahoo", i, "reject", false);
	}
	mail_close(mail);
	view = mail_view(mail);
	assert_published(view, 0, "reject", 59, 0);
	rows_finish(mail);
}
END_TEST

START_TEST(reporters_counted)
{
	struct mail *mail = rows_start(100);
	const struct mail_view *view;

	report(mail, "google.com", 0, "none", true);
	report(mail, "google.com", 0, "none", false);
	report(mail, "google.com", 27, "none", false);
	report(mail, "google.com", 28, "none", true);
	report(mail, "google.com", 100, "none", true);
	row(mail, "google.com", 0, 100);
	row(mail, "google.com", 28, 10);
	row(mail, "reporter.example", 27, 10);
	mail_close(mail);
	view = mail_view(mail);
	ck_assert_uint_eq(view->reporter_count, 2);
	ck_assert_str_eq(text_of(view->reporters[0].org), "google.com");
	ck_assert(view->reporters[0].big && !view->reporters[1].big);
	ck_assert_uint_eq(view->reporters[0].days, 2);
	ck_assert_uint_eq(view->reporters[0].authentic_days, 1);
	ck_assert_uint_eq(view->reporters[0].messages, 100);
	ck_assert_int_eq(view->reporters[0].first, AS_OF - 100);
	ck_assert_int_eq(view->reporters[0].last, AS_OF);
	ck_assert_uint_eq(view->reporters[1].days, 0);
	ck_assert_uint_eq(view->reporters[1].messages, 10);
	rows_finish(mail);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("mail_days");
	Suite *suite = suite_create("mail_days");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, policy_of_most_reporters_holds);
	tcase_add_loop_test(tcase, policy_changes, 0, sizeof changes / sizeof *changes);
	tcase_add_test(tcase, flood_of_policies_costs_its_teller);
	tcase_add_test(tcase, reporters_counted);
	return run_suite(suite);
}
