/*
 * draw: random numbers that are the same on every machine. A draw is made for a purpose (a domain, a sender,
 * a day), so that what happens to one sender does not change what another one gets. Logarithm and exponential
 * are worked out here, since those of C libraries differ in their last digit.
 */
#ifndef DMARCQ_SIM_DRAW_H
#define DMARCQ_SIM_DRAW_H

#include <stdbool.h>
#include <stdint.h>

struct draw {
	uint64_t state;
};

struct draw draw_for(uint64_t seed, uint64_t a, uint64_t b, uint64_t c);
/* At least 0, less than 1. */
double draw_unit(struct draw *draw);
bool draw_chance(struct draw *draw, double share);
/* least..most, both included. */
int64_t draw_whole(struct draw *draw, int64_t least, int64_t most);
double draw_range(struct draw *draw, double least, double most);
/* Each power of ten is as likely as the next; least > 0. */
double draw_scale(struct draw *draw, double least, double most);
uint64_t draw_poisson(struct draw *draw, double mean);
uint64_t draw_binomial(struct draw *draw, uint64_t n, double share);
/* As binomial, with correlation intra between the n: the share itself is drawn from a beta distribution. */
uint64_t draw_burst(struct draw *draw, uint64_t n, double share, double intra);

#endif
