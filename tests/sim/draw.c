/*
 * Random numbers: splitmix64 (Steele, Lea, Flood, OOPSLA 2014) below, Marsaglia's polar method for the normal
 * distribution, Marsaglia and Tsang's for the gamma. Only operations that IEEE 754 rounds exactly are used.
 */
#include "sim/draw.h"

#include <math.h>

static uint64_t
mixed(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

struct draw
draw_for(uint64_t seed, uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t state = mixed(seed + 0x9e3779b97f4a7c15);

	state = mixed(state ^ (a + 0x9e3779b97f4a7c15));
	state = mixed(state ^ (b + 0x3c6ef372fe94f82a));
	return (struct draw){mixed(state ^ (c + 0xdaa66d2c7ddf743f))};
}

double
draw_unit(struct draw *draw)
{
	draw->state += 0x9e3779b97f4a7c15;
	return ldexp((double)(mixed(draw->state) >> 11), -53);
}

bool
draw_chance(struct draw *draw, double share)
{
	return draw_unit(draw) < share;
}

int64_t
draw_whole(struct draw *draw, int64_t least, int64_t most)
{
	return least + (int64_t)(draw_unit(draw) * (double)(most - least + 1));
}

double
draw_range(struct draw *draw, double least, double most)
{
	return least + draw_unit(draw) * (most - least);
}

/* x > 0: m * 2^e with m near 1; ln m = 2 artanh((m - 1) / (m + 1)). */
static double
logarithm(double x)
{
	int e;
	double m = frexp(x, &e);
	double z = (m - 1) / (m + 1), power = z, sum = 0;

	for (int i = 1; i < 50; i += 2) {
		sum += power / i;
		power *= z * z;
	}
	return 2 * sum + e * 0.693147180559945309;
}

static double
exponential(double x)
{
	double whole, term = 1, sum = 1;

	if (x < -700)
		return 0;
	whole = floor(x / 0.693147180559945309 + 0.5);
	x -= whole * 0.693147180559945309;
	for (int i = 1; i < 20; i++) {
		term *= x / i;
		sum += term;
	}
	return ldexp(sum, (int)whole);
}

double
draw_scale(struct draw *draw, double least, double most)
{
	return least * exponential(draw_unit(draw) * logarithm(most / least));
}

static double
normal(struct draw *draw)
{
	for (;;) {
		double x = 2 * draw_unit(draw) - 1, y = 2 * draw_unit(draw) - 1;
		double s = x * x + y * y;
		if (s > 0 && s < 1)
			return x * sqrt(-2 * logarithm(s) / s);
	}
}

static double
gamma_of(struct draw *draw, double shape)
{
	double d, c;

	if (shape < 1) {
		double u = draw_unit(draw);
		return u > 0 ? gamma_of(draw, shape + 1) * exponential(logarithm(u) / shape) : 0;
	}
	d = shape - 1.0 / 3;
	c = 1 / sqrt(9 * d);
	for (;;) {
		double x = normal(draw), v = 1 + c * x, u = draw_unit(draw);
		if (v <= 0 || u <= 0)
			continue;
		v = v * v * v;
		if (logarithm(u) < 0.5 * x * x + d - d * v + d * logarithm(v))
			return d * v;
	}
}

uint64_t
draw_poisson(struct draw *draw, double mean)
{
	double limit, product;
	uint64_t n = 0;

	if (mean > 30) {
		double x = floor(mean + sqrt(mean) * normal(draw) + 0.5);
		return x > 0 ? (uint64_t)x : 0;
	}
	limit = exponential(-mean);
	for (product = draw_unit(draw); product > limit; product *= draw_unit(draw))
		n++;
	return n;
}

/* By the gaps between those that are hit. */
static uint64_t
few(struct draw *draw, uint64_t n, double share)
{
	double none = logarithm(1 - share), at = -1;
	uint64_t hit = 0;

	for (;;) {
		double u = draw_unit(draw);
		at += 1 + floor(logarithm(u > 0 ? u : 1e-18) / none);
		if (at >= (double)n)
			return hit;
		hit++;
	}
}

uint64_t
draw_binomial(struct draw *draw, uint64_t n, double share)
{
	double mean = (double)n * share, x;

	if (n == 0 || share <= 1e-15)
		return 0;
	if (share >= 1)
		return n;
	if (share > 0.5)
		return n - draw_binomial(draw, n, 1 - share);
	if (mean < 30)
		return few(draw, n, share);
	x = floor(mean + sqrt(mean * (1 - share)) * normal(draw) + 0.5);
	return x < 0 ? 0 : x > (double)n ? n : (uint64_t)x;
}

uint64_t
draw_burst(struct draw *draw, uint64_t n, double share, double intra)
{
	double a, b, sum;

	if (share <= 0 || share >= 1 || intra <= 0)
		return draw_binomial(draw, n, share);
	a = gamma_of(draw, share * (1 - intra) / intra);
	b = gamma_of(draw, (1 - share) * (1 - intra) / intra);
	sum = a + b;
	return sum > 0 ? draw_binomial(draw, n, a / sum) : 0;
}
