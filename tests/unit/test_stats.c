/* The bound on a share: against closed forms, exact binomial sums and the design effect by hand. */
#include "analysis/stats.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

static const double sure = 0.95;

/* I_x(a, b) from closed forms and exact binomial sums. */
static const struct {
	double a, b, x, value;
} betas[] = {
    {1, 1, 0.3, 0.3},
    {2.5, 1, 0.25, 0.03125},           /* x^a */
    {1, 3.5, 0.2, 0.5420532782080429}, /* 1 - (1 - x)^b */
    {0.5, 0.5, 0.25, 1.0 / 3},         /* 2/pi asin sqrt x */
    {0.5, 0.5, 0.75, 2.0 / 3},
    {2, 3, 0.4, 0.5248},
    {5, 995, 0.0125, 0.9948078009312485}, /* P(Bin(999, .0125) > 4) */
    {11, 90, 0.1, 0.4168444877335082},
    {3, 3, 0, 0},
    {3, 3, 1, 1},
};

START_TEST(beta)
{
	ck_assert_double_eq_tol(stats_beta(betas[_i].a, betas[_i].b, betas[_i].x), betas[_i].value, 1e-12);
	/* I_x(a, b) = 1 - I_1-x(b, a) */
	ck_assert_double_eq_tol(stats_beta(betas[_i].a, betas[_i].b, betas[_i].x),
	    1 - stats_beta(betas[_i].b, betas[_i].a, 1 - betas[_i].x), 1e-12);
}
END_TEST

/* P(at most k of n), added up from its terms. */
static double
binomial(int k, int n, double p)
{
	double term = pow(1 - p, n), sum = term;
	int i;

	for (i = 1; i <= k; i++) {
		term *= (double)(n - i + 1) / i * p / (1 - p);
		sum += term;
	}
	return sum;
}

/* The published figures: upper limits of k of n, in percent. */
static const struct {
	int k, n;
	double percent;
} limits[] = {
    {0, 30, 9.5},
    {0, 60, 4.9},
    {0, 100, 2.95},
    {0, 149, 1.99},
    {0, 299, 1.00},
    {0, 598, 0.50},
    {0, 3000, 0.10},
    {0, 1000, 0.30},
    {1, 1000, 0.47},
    {2, 1000, 0.63},
    {5, 1000, 1.05},
    {0, 300, 0.99},
    {1, 300, 1.57},
    {2, 300, 2.08},
    {5, 300, 3.47},
    {9, 10, 99.49},
};

START_TEST(upper)
{
	double p = stats_upper(limits[_i].k, limits[_i].n, sure);

	ck_assert_double_eq_tol(100 * p, limits[_i].percent, 0.055);
	ck_assert_double_eq_tol(binomial(limits[_i].k, limits[_i].n, p), 1 - sure, 1e-9);
}
END_TEST

START_TEST(upper_real)
{
	/* none of n, whatever n: 1 - 0.05^(1/n) */
	ck_assert_double_eq_tol(stats_upper(0, 0.5, sure), 1 - 0.0025, 1e-9);
	ck_assert_double_eq_tol(stats_upper(0, 47.3, sure), 1 - pow(0.05, 1 / 47.3), 1e-12);
	/* between two whole numbers */
	ck_assert(stats_upper(1.5, 300, sure) > stats_upper(1, 300, sure));
	ck_assert(stats_upper(1.5, 300, sure) < stats_upper(2, 300, sure));
	/* what leaves nothing to say */
	ck_assert_double_eq(stats_upper(0, 0, sure), 1);
	ck_assert_double_eq(stats_upper(0, -1, sure), 1);
	ck_assert_double_eq(stats_upper(7, 7, sure), 1);
	ck_assert_double_eq(stats_upper(8, 7, sure), 1);
	ck_assert_double_eq(stats_upper(0, NAN, sure), 1);
	ck_assert_double_eq(stats_upper(NAN, 10, sure), 1);
	ck_assert_double_eq(stats_upper(0, 10, 1), 1);
	ck_assert_double_eq(stats_upper(-1, 100, sure), stats_upper(0, 100, sure));
}
END_TEST

/* Whatever is asked, the answer is a share that is not below what was seen. */
START_TEST(upper_always)
{
	static const double sizes[] = {
	    1e-300, 1e-6, 0.3, 1, 2, 99.5, 1e4, 1e6, 1e7, 3e8, 1e12, 9007199254740992.0, 1e300};
	static const double parts[] = {0, 1e-12, 1e-3, 0.02, 0.5, 0.97, 0.999999999};
	size_t i, j;

	for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (j = 0; j < sizeof parts / sizeof *parts; j++) {
			double p = stats_upper(parts[j] * sizes[i], sizes[i], sure);

			ck_assert(p >= parts[j] && p <= 1);
			if (sizes[i] >= 1e6)
				ck_assert_double_le(p, parts[j] + 0.002);
		}
}
END_TEST

START_TEST(bursts)
{
	struct stats_clusters sums = {0};
	struct stats_bound bound = stats_bound(&sums, 0.1, sure);
	int i;

	ck_assert_double_eq(bound.share, 0);
	ck_assert_double_eq(bound.effective, 0);
	ck_assert_double_eq(bound.upper, 1);
	/* 28 days of 100: 1 + 0.1 x 99 messages for one */
	for (i = 0; i < 28; i++)
		stats_cluster(&sums, 100, 0);
	bound = stats_bound(&sums, 0.1, sure);
	ck_assert_double_eq_tol(bound.effective, 2800 / 10.9, 1e-9);
	ck_assert_double_eq_tol(bound.upper, 1 - pow(0.05, 10.9 / 2800), 1e-9);
	/* nothing assumed: each message counts */
	ck_assert_double_eq_tol(stats_bound(&sums, 0, sure).effective, 2800, 1e-9);
	/* all failing mail on one day: the days say more than was assumed.
	 * share 1/29, squares 100^2 (28/29)^2 + 28 x 100^2/29^2 = 100^2 x 28/29 */
	stats_cluster(&sums, 100, 100);
	bound = stats_bound(&sums, 0.1, sure);
	ck_assert_double_eq_tol(bound.share, 1.0 / 29, 1e-12);
	ck_assert_double_eq_tol(
	    bound.effective, 2900 / (29.0 / 28 * 1e4 * 28 / 29 / 2900 / (28.0 / 29 / 29)), 1e-6);
}
END_TEST

START_TEST(bursts_edges)
{
	struct stats_clusters one = {0}, all = {0}, huge = {0};
	struct stats_bound bound;

	stats_cluster(&one, 50, 10);
	bound = stats_bound(&one, 0.1, sure);
	ck_assert_double_eq_tol(bound.effective, 50 / 5.9, 1e-9);
	stats_cluster(&all, 10, 10);
	stats_cluster(&all, 10, 10);
	bound = stats_bound(&all, 0.1, sure);
	ck_assert_double_eq(bound.share, 1);
	ck_assert_double_eq(bound.upper, 1);
	stats_cluster(&huge, 9007199254740992.0, 1);
	stats_cluster(&huge, 9007199254740992.0, 9007199254740992.0);
	bound = stats_bound(&huge, 0.1, sure);
	ck_assert(bound.effective > 0 && bound.effective < 21);
	ck_assert(bound.upper > 0.5 && bound.upper <= 1);
}
END_TEST

START_TEST(z)
{
	struct stats_bound a = {.share = 0.3, .effective = 100}, b = {.share = 0.1, .effective = 200},
			   none = {0};
	double share = 50.0 / 300;

	ck_assert_double_eq_tol(stats_z(a, b), 0.2 / sqrt(share * (1 - share) * (0.01 + 0.005)), 1e-12);
	ck_assert_double_eq_tol(stats_z(b, a), -stats_z(a, b), 1e-12);
	ck_assert_double_eq(stats_z(a, none), 0);
	ck_assert_double_eq(stats_z(none, a), 0);
	a.share = b.share = 0;
	ck_assert_double_eq(stats_z(a, b), 0);
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("stats");
	Suite *suite = suite_create("stats");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, beta, 0, sizeof betas / sizeof *betas);
	tcase_add_loop_test(tcase, upper, 0, sizeof limits / sizeof *limits);
	tcase_add_test(tcase, upper_real);
	tcase_add_test(tcase, upper_always);
	tcase_add_test(tcase, bursts);
	tcase_add_test(tcase, bursts_edges);
	tcase_add_test(tcase, z);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
