/* Periods and days: which days a report falls on, and that no message is lost or made when it is spread. */
#include "base/text.h"
#include "report/period.h"
#include "unit/drain.h"

#include <string.h>

enum { DAY = 20454, T = DAY * DAY_SECONDS }; /* 2026-01-01T00:00:00Z */

static const struct {
	const char *name;
	int64_t begin, end, first;
	size_t days;
	bool usable;
} cases[] = {
    {"a day", T, T + 86399, DAY, 1, true},
    {"a day with its end in the next", T, T + 86400, DAY, 1, true},
    {"a day and an hour, when clocks change", T - 3600, T + 86400, DAY, 1, true},
    {"a day in UTC-8", T + 8 * 3600, T + 32 * 3600 - 1, DAY, 1, true},
    {"a day in UTC-11", T + 11 * 3600, T + 35 * 3600 - 1, DAY, 1, true},
    {"a day in UTC+11", T - 11 * 3600, T + 13 * 3600 - 1, DAY, 1, true},
    {"an hour before midnight", T - 3600, T, DAY - 1, 1, true},
    {"an hour behind midnight", T, T + 3600, DAY, 1, true},
    {"a moment", T, T, DAY, 1, true},
    {"a moment before", T - 1, T - 1, DAY - 1, 1, true},
    {"the end before the begin", T + 500, T - 86400, DAY, 1, true},
    {"a little more than a day", T, T + 90001, DAY, 2, true},
    {"two days", T, T + 2 * 86400, DAY, 2, true},
    {"two days less a second", T, T + 2 * 86400 - 1, DAY, 2, true},
    {"a week", T, T + 7 * 86400 - 1, DAY, 7, true},
    {"a week from noon", T + 43200, T + 43200 + 7 * 86400, DAY, 8, true},
    {"62 days", T, T + INT64_C(62) * 86400, DAY, 62, true},
    {"62 days and a second", T, T + INT64_C(62) * 86400 + 1, DAY + 62, 1, false},
    {"a century", T - INT64_C(36500) * 86400, T, DAY - 1, 1, false},
    {"before 1970", -86400, -1, -1, 1, true},
    {"two days before 1970", -3 * 86400, -86400, -3, 2, true},
    {"as early as can be", -99999999999, 99999999999, 1157407, 1, false},
    {"no time at all", INT64_MIN, INT64_MAX, 13343998895912, 1, false},
    {"none, the other way round", INT64_MAX, INT64_MIN, 13343998895912, 1, true},
    {"none at either end", INT64_MIN, INT64_MIN, -13343998895913, 1, true},
};

START_TEST(which_days)
{
	struct period period;
	int64_t sum = 0;
	size_t i;

	ck_assert_msg(
	    period_init(&period, cases[_i].begin, cases[_i].end) == cases[_i].usable, "%s", cases[_i].name);
	ck_assert_msg(period.first == cases[_i].first && period.days == cases[_i].days, "%s: %zu from %lld",
	    cases[_i].name, period.days, (long long)period.first);
	for (i = 0; i < period.days; i++) {
		ck_assert_int_gt(period.share[i], 0);
		ck_assert_int_le(period.share[i], DAY_SECONDS);
		sum += period.share[i];
	}
	ck_assert_int_eq(sum, period.total);
	if (period.days > 1)
		ck_assert_int_eq(sum, cases[_i].end - cases[_i].begin);
}
END_TEST

/* Any counts in any order: none is lost, none is negative, each day gets its share to a message and a half.
 */
START_TEST(conserves)
{
	uint64_t state = (uint64_t)_i * 7919 + 1, count, sum = 0;
	int64_t begin, length, out[PERIOD_DAYS], days[PERIOD_DAYS] = {0}, total, left;
	struct period period;
	bool negative = false;
	size_t i, n;

	state = state * 6364136223846793005u + 1442695040888963407u;
	begin = T + (int64_t)(state >> 40) % DAY_SECONDS;
	length = (int64_t)(state >> 20) % (INT64_C(60) * DAY_SECONDS);
	ck_assert(period_init(&period, begin, begin + length));
	for (n = 0; n < 400; n++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		count = state >> (_i % 4 == 0 ? 62 : _i % 4 == 1 ? 55 : _i % 4 == 2 ? 34 : 11 + n % 53);
		period_spread(&period, out, count);
		left = (int64_t)count;
		for (i = 0; i < period.days; i++) {
			negative = negative || out[i] < 0;
			left -= out[i];
			days[i] += out[i];
		}
		ck_assert_msg(left == 0 && !negative, "%llu", (unsigned long long)count);
		sum += count;
	}
	for (i = 0, total = 0; i < period.days; i++) {
		double share = (double)sum * (double)period.share[i] / (double)period.total;

		total += days[i];
		ck_assert_double_le((double)days[i], share * 1.000001 + 2.0);
		ck_assert_double_ge((double)days[i], share * 0.999999 - 2.0);
	}
	ck_assert_int_eq(total, (int64_t)sum);
}
END_TEST

/* Seven records of one message in a week: one on each day. */
START_TEST(evenly)
{
	int64_t out[PERIOD_DAYS], days[7] = {0};
	struct period period;
	size_t n, i;

	ck_assert(period_init(&period, T, T + 7 * DAY_SECONDS));
	for (n = 0; n < 7; n++) {
		period_spread(&period, out, 1);
		for (i = 0; i < 7; i++)
			days[i] += out[i];
	}
	for (i = 0; i < 7; i++)
		ck_assert_int_eq(days[i], 1);
	period_spread(&period, out, 7000000);
	for (i = 0; i < 7; i++)
		ck_assert_int_eq(out[i], 1000000);
}
END_TEST

START_TEST(largest)
{
	static const uint64_t counts[] = {9007199254740992, 9007199254740991, 1, 0, 9007199254740992};
	int64_t out[PERIOD_DAYS], sum;
	struct period period;
	size_t n, i;

	ck_assert(period_init(&period, T, T + INT64_C(62) * DAY_SECONDS));
	for (n = 0; n < sizeof counts / sizeof counts[0]; n++) {
		period_spread(&period, out, counts[n]);
		for (i = 0, sum = 0; i < period.days; i++)
			sum += out[i];
		ck_assert_int_eq(sum, (int64_t)counts[n]);
	}
}
END_TEST

/* The same records in the same order give the same days. */
START_TEST(repeats)
{
	int64_t a[PERIOD_DAYS], b[PERIOD_DAYS];
	struct period one, two;
	uint64_t n;

	ck_assert(period_init(&one, T + 77, T + 5 * DAY_SECONDS));
	ck_assert(period_init(&two, T + 77, T + 5 * DAY_SECONDS));
	for (n = 0; n < 100; n++) {
		period_spread(&one, a, n * n % 17);
		period_spread(&two, b, n * n % 17);
		ck_assert_mem_eq(a, b, one.days * sizeof a[0]);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("period");
	TCase *tests = tcase_create("period");

	tcase_add_loop_test(tests, which_days, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(tests, conserves, 0, 200);
	tcase_add_test(tests, evenly);
	tcase_add_test(tests, largest);
	tcase_add_test(tests, repeats);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
