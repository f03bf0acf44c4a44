/*
 * judge: runs one domain day by day, once for each way to decide on its policy, and holds what is decided
 * against the truth. The domain's days are the same for all; repairs and reviews are those that advice asked
 * for.
 */
#ifndef DMARCQ_SIM_JUDGE_H
#define DMARCQ_SIM_JUDGE_H

#include "sim/world.h"

enum arm { ARM_ADVICE, ARM_99, ARM_98, ARM_ORACLE, ARMS };
enum { TO_QUARANTINE, TO_REJECT, STEPS, SIM_DELAYS = 6, SIM_LATE = 28 };

/* What became of one domain in one arm. */
struct result {
	int ready[STEPS], wrong[STEPS]; /* verdicts READY, and those that lose too much mail */
	int first_day[STEPS];           /* of the first; -1: none, */
	int right_day[STEPS];           /* and of the first that does not */
	int backs, wrong_backs;         /* verdicts STEP BACK, and those without a reason */
	int needs, found;      /* times that the policy hit too much, for long, and those that were noticed */
	int delay[SIM_DELAYS]; /* days until they were */
	int told; /* of these needs, those in which advice named whose mail it is that is lost, */
	int told_delay[SIM_DELAYS]; /* and the days until it did */
	double sent, lost;          /* by the policies that were in force */
};

struct domain_result {
	enum advice_policy start;
	bool follows; /* the owner reviews */
	struct result arm[ARMS];
	bool compared;      /* with the same domain without spoofing: */
	bool blocked[ARMS]; /* a step that was READY there was so over SIM_LATE days later, or never */
};

struct judge {
	const struct senders *senders;
	struct advice_rules rules;
	int step;   /* days between two questions */
	bool wrong; /* tell of wrong verdicts on stdout, */
	bool trace; /* and of everything */
};

void judge_domain(struct domain_result *result, const struct judge *judge, const struct scenario *scenario,
    uint64_t seed, int domain);

/* feed.c: the domain's mail as the database would have it on a day. */
struct mail *feed_mail(const struct world *world, int day);
/* Share of all mail that passes in the last days; -1: there is none. */
double feed_pass_share(const struct world *world, int day, int days);

#endif
