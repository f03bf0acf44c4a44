/*
 * stats: the numbers of stats.h. The continued fraction of the incomplete beta function is Lentz's
 * (DLMF 8.17.22; Thompson and Barnett, J. Comput. Phys. 64, 1986); its limit needs about the square root of a
 * + b steps.
 */
#include "analysis/stats.h"

#include <float.h>
#include <math.h>

/* Beyond MOST messages a share is known well enough: more only cost steps, and less is the careful side. */
enum { STEPS = 20000, STEPS_TO_LIMIT = 100, MOST = 10000000 };

static double
not_zero(double value)
{
	return fabs(value) < DBL_MIN ? DBL_MIN : value;
}

/* The fraction, which converges fast for x < (a + 1) / (a + b + 2). */
static double
fraction(double a, double b, double x)
{
	double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), value = d;
	int step;

	for (step = 1; step <= STEPS; step++) {
		double m = step, even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), factor;

		d = 1 / not_zero(1 + even * d);
		c = not_zero(1 + even / c);
		value *= c * d;
		d = 1 / not_zero(1 + odd * d);
		c = not_zero(1 + odd / c);
		factor = c * d;
		value *= factor;
		if (fabs(factor - 1) < DBL_EPSILON * 4)
			break;
	}
	return value;
}

static double
log_gamma(double value)
{
	int sign;

	return lgamma_r(value, &sign);
}

/* x^a (1 - x)^b / B(a, b) */
static double
front(double a, double b, double x)
{
	return exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
}

double
stats_beta(double a, double b, double x)
{
	if (!(x > 0))
		return 0;
	if (x >= 1)
		return 1;
	if (x < (a + 1) / (a + b + 2))
		return fmin(1, front(a, b, x) * fraction(a, b, x) / a);
	return fmax(0, 1 - front(a, b, x) * fraction(b, a, 1 - x) / b);
}

double
stats_upper(double k, double n, double confidence)
{
	double low, high = 1, x;
	int i;

	if (!(n > 0) || !(k < n) || !(confidence > 0 && confidence < 1))
		return 1;
	if (!(k > 0)) /* p = 1 - (1 - confidence)^(1/n) */
		return -expm1(log1p(-confidence) / n);
	if (n > MOST) {
		k *= MOST / n;
		n = MOST;
	}
	low = k / n;
	x = fmin((low + 1) / 2, (k + 2 + 2 * sqrt(k + 1)) / n);
	/* Newton's steps, and halves where they leave what is known. Fewer than one message left over makes
	   the second parameter tiny, and the limit all but 1. */
	for (i = 0; i < STEPS_TO_LIMIT; i++) {
		double above = stats_beta(k + 1, n - k, x) - confidence;
		double slope = front(k + 1, n - k, x) / (x * (1 - x)), next;

		if (above < 0)
			low = x;
		else
			high = x;
		next = x - above / slope;
		if (!(next > low && next < high))
			next = (low + high) / 2;
		if (fabs(next - x) <= x * DBL_EPSILON * 4)
			break;
		x = next;
	}
	return x;
}

void
stats_cluster(struct stats_clusters *sums, double n, double x)
{
	sums->count += 1;
	sums->n += n;
	sums->x += x;
	sums->nn += n * n;
	sums->xx += x * x;
	sums->nx += n * x;
}

/* The design effect that the failing messages themselves show. */
static double
seen_effect(const struct stats_clusters *sums, double share)
{
	double squares;

	if (!(share > 0 && share < 1 && sums->count > 1))
		return 0;
	squares = fmax(0, sums->xx - 2 * share * sums->nx + share * share * sums->nn);
	return sums->count / (sums->count - 1) * squares / sums->n / (share * (1 - share));
}

struct stats_bound
stats_share(const struct stats_clusters *sums, double intra)
{
	struct stats_bound bound = {.upper = 1};

	if (!(sums->n > 0))
		return bound;
	bound.share = fmin(1, sums->x / sums->n);
	bound.bursts = seen_effect(sums, bound.share);
	/* How many messages it takes to know as much as one independent one would tell. */
	bound.effective = sums->n / fmax(1, fmax(1 + intra * (sums->nn / sums->n - 1), bound.bursts));
	return bound;
}

struct stats_bound
stats_bound(const struct stats_clusters *sums, double intra, double confidence)
{
	struct stats_bound bound = stats_share(sums, intra);

	if (!(sums->n > 0))
		return bound;
	bound.upper = stats_upper(bound.share * bound.effective, bound.effective, confidence);
	return bound;
}

double
stats_z(struct stats_bound a, struct stats_bound b)
{
	double all = a.effective + b.effective, share, error;

	if (!(a.effective > 0) || !(b.effective > 0))
		return 0;
	share = (a.share * a.effective + b.share * b.effective) / all;
	error = share * (1 - share) * (1 / a.effective + 1 / b.effective);
	return error > 0 ? (a.share - b.share) / sqrt(error) : 0;
}
