/*
 * stats: the bound on a share of messages that arrive in bursts (docs/advice.md has the derivation; sources:
 * Clopper and Pearson, Biometrika 26, 1934; Korn and Graubard, Survey Methodology 24, 1998). Pure.
 */
#ifndef DMARCQ_ANALYSIS_STATS_H
#define DMARCQ_ANALYSIS_STATS_H

#include <stdint.h>

/* Regularised incomplete beta function I_x(a, b); a, b > 0, 0 <= x <= 1. */
double stats_beta(double a, double b, double x);
/*
 * The one-sided upper limit p with I_p(k + 1, n - k) = confidence: the largest share of failing that k of n
 * is still believable with. k and n may be fractions; n 0: 1.
 */
double stats_upper(double k, double n, double confidence);

/* Sums over clusters (a source on a day) of n messages, x of them failing; all zero to begin with. */
struct stats_clusters {
	double count, n, x, nn, xx, nx;
};
void stats_cluster(struct stats_clusters *sums, double n, double x);

struct stats_bound {
	double share;     /* failing of all messages; 0 without messages */
	double effective; /* messages that the clusters are worth */
	double upper;     /* with the confidence asked for */
	double bursts; /* how many of them fail together, as far as they show: 1, one by one; 0: none fails */
};
/* intra: the least correlation within a cluster that is assumed (0.10). */
struct stats_bound stats_bound(const struct stats_clusters *sums, double intra, double confidence);
/* The same without the upper limit (1), which takes most of the time. */
struct stats_bound stats_share(const struct stats_clusters *sums, double intra);

/* Two-proportion z of two samples by their effective sizes; 0 when either is empty. */
double stats_z(struct stats_bound a, struct stats_bound b);

#endif
