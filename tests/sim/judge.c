/* One domain's run: see judge.h. A new way to decide is a function here and a name in enum arm. */
#include "sim/judge.h"

#include <stdio.h>
#include <string.h>

enum { RULE_DAYS = 30, ORACLE_DAYS = 28, NEED_DAYS = 14 };
static const double limits[STEPS] = {0.02, 0.005};
static const double too_much = 0.05, most = 0.5;

/* The policy of one arm. */
struct course {
	enum advice_policy p, sp;
	int since, needed; /* days from which it is published, from which it hits too much (-1: it doesn't) */
	int told;          /* since then, the day on which what is lost was named; -1: none */
};

struct run {
	const struct judge *judge;
	const char *scenario;
	uint64_t seed;
	int domain, day;
	struct world *world;
	struct result *result;
	struct course course[ARMS];
	struct arena arena;
};

/* What somebody decides on a day: VERDICT_READY, VERDICT_STEP_BACK, or anything else for nothing. */
struct decision {
	enum advice_verdict verdict;
	enum advice_policy p, sp;
	bool tells; /* most of what the policy hits is named */
};

static double
loss_of(struct loss loss, enum advice_policy p)
{
	return p == POLICY_REJECT ? loss.direct + loss.lists : loss.direct;
}

/* The names of --wrong and --trace. */
static const char *const arm_names[ARMS] = {"advice", "over 99 %", "98 %", "oracle"};

static void
tell(const struct run *run, enum arm arm, const struct decision *decision, const char *what, double loss)
{
	printf("%s seed %llu domain %d day %d: %s: %s to %s %s, loses %.2f %%\n", run->scenario,
	    (unsigned long long)run->seed, run->domain, run->day, arm_names[arm], what,
	    advice_policy_word(decision->p), advice_verdict_word(decision->verdict), 100 * loss);
}

static void
forward(struct run *run, enum arm arm, const struct decision *decision)
{
	struct result *result = &run->result[arm];
	int step = decision->p == POLICY_REJECT ? TO_REJECT : TO_QUARANTINE;
	/* What sp hit already is no loss of this step. */
	bool below = decision->sp > run->course[arm].sp;
	struct loss ahead =
	    truth_ahead(run->world, run->day, decision->p, below ? decision->sp : POLICY_NONE);
	double loss = loss_of(ahead, decision->p);

	if (result->ready[step]++ == 0)
		result->first_day[step] = run->day;
	if (loss > limits[step]) {
		result->wrong[step]++;
		if (run->judge->wrong && arm == ARM_ADVICE)
			tell(run, arm, decision, "wrong", loss);
	} else if (result->right_day[step] < 0)
		result->right_day[step] = run->day;
}

static void
end_need(struct course *course, struct result *result)
{
	result->needs++;
	if (course->told >= 0) {
		if (result->told < SIM_DELAYS)
			result->told_delay[result->told] = course->told - course->needed;
		result->told++;
	}
	course->needed = course->told = -1;
}

static void
backward(struct run *run, enum arm arm, const struct decision *decision)
{
	struct result *result = &run->result[arm];
	struct course *course = &run->course[arm];
	double limit = limits[course->p == POLICY_REJECT ? TO_REJECT : TO_QUARANTINE];
	double ahead = loss_of(truth_ahead(run->world, run->day, course->p, course->sp), course->p);
	double past = loss_of(truth_past(run->world, run->day, NEED_DAYS, course->p, course->sp), course->p);

	result->backs++;
	if (ahead <= limit && past <= limit) {
		result->wrong_backs++;
		if (run->judge->wrong && arm == ARM_ADVICE)
			tell(run, arm, decision, "no reason", past > ahead ? past : ahead);
	}
	if (course->needed < 0)
		return;
	if (result->found < SIM_DELAYS)
		result->delay[result->found] = run->day - course->needed;
	result->found++;
	end_need(course, result);
}

static void
decide(struct run *run, enum arm arm, const struct decision *decision)
{
	struct course *course = &run->course[arm];

	if (decision->tells && course->needed >= 0 && course->told < 0)
		course->told = run->day;
	if (decision->verdict == VERDICT_READY)
		forward(run, arm, decision);
	else if (decision->verdict == VERDICT_STEP_BACK)
		backward(run, arm, decision);
	else
		return;
	course->p = decision->p;
	course->sp = decision->sp;
	course->since = run->day + 1;
}

static struct decision
by_share(const struct run *run, const struct course *course, double least)
{
	double share = feed_pass_share(run->world, run->day, RULE_DAYS);
	struct decision decision = {.verdict = VERDICT_NOT_YET};

	if (share < 0 || (course->p == POLICY_REJECT && share > least))
		return decision;
	if (share <= least && course->p != POLICY_NONE) {
		decision.verdict = VERDICT_STEP_BACK;
		decision.p = decision.sp = course->p - 1;
	} else if (share > least && run->day - course->since + 1 >= RULE_DAYS) {
		decision.verdict = VERDICT_READY;
		decision.p = decision.sp = course->p + 1;
	}
	return decision;
}

static struct decision
by_truth(const struct run *run, const struct course *course)
{
	struct decision decision = {.verdict = VERDICT_NOT_YET};
	enum advice_policy next = course->p + 1;

	if (course->needed >= 0) {
		decision.verdict = VERDICT_STEP_BACK;
		decision.p = decision.sp = course->p - 1;
	} else if (course->p != POLICY_REJECT && run->day - course->since + 1 >= ORACLE_DAYS &&
		   loss_of(truth_ahead(run->world, run->day, next, next), next) <=
		       limits[next == POLICY_REJECT ? TO_REJECT : TO_QUARANTINE]) {
		decision.verdict = VERDICT_READY;
		decision.p = decision.sp = next;
	}
	return decision;
}

/* sp of a record, or p where it has none. */
static enum advice_policy
record_sp(struct str record, enum advice_policy p)
{
	const char *at = record.data ? memmem(record.data, record.len, " sp=", 4) : NULL;

	if (!at)
		return p;
	switch (at[4]) {
	case 'n':
		return POLICY_NONE;
	case 'q':
		return POLICY_QUARANTINE;
	default:
		return POLICY_REJECT;
	}
}

static void
trace_flows(const struct mail_view *view)
{
	for (size_t i = 0; i < view->flow_count; i++) {
		const struct mail_flow *flow = &view->flows[i];
		const struct mail_source *source = &view->sources[flow->source];
		if (flow->class != MAIL_SPOOFED || flow->recent > 1000)
			printf("    %.*s: %s, %llu messages, %llu of them in the window: %.*s\n",
			    (int)source->name.len, source->name.data, mail_class_word(flow->class),
			    (unsigned long long)flow->messages, (unsigned long long)flow->recent,
			    (int)flow->evidence.len, flow->evidence.data);
	}
}

static void
trace(const struct run *run, const struct advice *advice, const struct mail_view *view)
{
	const struct course *course = &run->course[ARM_ADVICE];
	struct loss ahead = truth_ahead(run->world, run->day,
	    course->p == POLICY_NONE ? POLICY_QUARANTINE : POLICY_REJECT, POLICY_REJECT);

	printf("day %d: %s from %s to %s; next would lose %.2f %% + lists %.2f %%; record %.*s\n", run->day,
	    advice_verdict_word(advice->verdict), advice_policy_word(advice->from),
	    advice_policy_word(advice->to), 100 * ahead.direct, 100 * ahead.lists, (int)advice->record.len,
	    advice->record.data);
	for (size_t i = 0; i < advice->refusal_count; i++)
		printf("    %s%s %.*s: %.*s\n", advice_code_word(advice->refusals[i].code),
		    advice->refusals[i].warns ? " (told)" : "", (int)advice->refusals[i].subject.len,
		    advice->refusals[i].subject.data, (int)advice->refusals[i].text.len,
		    advice->refusals[i].text.data);
	for (size_t i = 0; i < advice->note_count; i++)
		printf("    note: %.*s\n", (int)advice->notes[i].len, advice->notes[i].data);
	trace_flows(view);
}

static struct decision
by_advice(struct run *run)
{
	struct mail *mail = feed_mail(run->world, run->day);
	const struct course *course = &run->course[ARM_ADVICE];
	bool named[SIM_ENTITIES];
	struct decision decision;
	struct advice advice;

	advice_make(&advice, mail_view(mail), &run->judge->rules, NULL, 0, &run->arena);
	if (run->judge->trace)
		trace(run, &advice, mail_view(mail));
	owner_acts(run->world, &advice, mail_view(mail), run->day);
	owner_hears(named, run->world, &advice, mail_view(mail));
	decision = (struct decision){.verdict = advice.verdict,
	    .p = advice.to,
	    .sp = record_sp(advice.record, advice.to),
	    .tells = truth_named(run->world, run->day, course->p, course->sp, named) > most};
	mail_free(mail);
	arena_reset(&run->arena);
	return decision;
}

/* The end of a time in which a policy hit too much: short ones count only when they were noticed. */
static void
unnoticed(struct run *run, enum arm arm)
{
	struct course *course = &run->course[arm];

	if (course->needed >= 0 && run->day - course->needed >= NEED_DAYS) {
		if (run->judge->wrong && arm == ARM_ADVICE)
			printf(
			    "%s seed %llu domain %d days %d to %d: %s hits too much, and there was no STEP "
			    "BACK, the owner %s%s, told on day %d\n",
			    run->scenario, (unsigned long long)run->seed, run->domain, course->needed,
			    run->day, advice_policy_word(course->p),
			    run->world->owner.reviews ? "answers" : "does nothing",
			    run->world->owner.fixes ? " and repairs" : "", course->told);
		end_need(course, &run->result[arm]);
	}
	course->needed = course->told = -1;
}

static void
watch(struct run *run, enum arm arm)
{
	struct course *course = &run->course[arm];
	struct result *result = &run->result[arm];
	bool needed = course->p != POLICY_NONE &&
		      truth_past(run->world, run->day, 7, course->p, course->sp).direct > too_much &&
		      truth_ahead(run->world, run->day, course->p, course->sp).direct > too_much;
	struct loss today;

	if (!needed)
		unnoticed(run, arm);
	else if (course->needed < 0)
		course->needed = run->day;
	result->sent++;
	if (course->p != POLICY_NONE) {
		today = truth_past(run->world, run->day, 1, course->p, course->sp);
		result->lost += today.direct + today.lists;
	}
}

static void
day(struct run *run)
{
	struct world *world = run->world;

	world->p[run->day] = (unsigned char)run->course[ARM_ADVICE].p;
	world->sp[run->day] = (unsigned char)run->course[ARM_ADVICE].sp;
	world_day(world, run->day);
	for (int arm = 0; arm < ARMS; arm++)
		watch(run, (enum arm)arm);
	if (run->day < 13 || run->day % run->judge->step != 0)
		return;
	for (int arm = 0; arm < ARMS; arm++) {
		const struct course *course = &run->course[arm];
		struct decision decision = arm == ARM_ADVICE ? by_advice(run)
					   : arm == ARM_99   ? by_share(run, course, 0.99)
					   : arm == ARM_98   ? by_share(run, course, 0.98)
							     : by_truth(run, course);
		decide(run, (enum arm)arm, &decision);
	}
}

static void
run_world(struct result result[ARMS], const struct judge *judge, const struct scenario *scenario,
    uint64_t seed, int domain, bool without_spoof, struct domain_result *about)
{
	struct world world = {.senders = judge->senders, .without_spoof = without_spoof};
	struct run run = {.judge = judge,
	    .scenario = scenario->name,
	    .seed = seed,
	    .domain = domain,
	    .world = &world,
	    .result = result};
	struct draw draw = draw_for(seed, (uint64_t)(scenario - scenarios), (uint64_t)domain, 0);

	world.seed = draw.state;
	arena_init(&world.arena);
	arena_init(&run.arena);
	scenario->make(&world, &draw);
	world_ready(&world);
	for (int arm = 0; arm < ARMS; arm++) {
		run.course[arm] = (struct course){world.start, world.start, 0, -1, -1};
		for (int step = 0; step < STEPS; step++)
			result[arm].right_day[step] = result[arm].first_day[step] = -1;
	}
	for (run.day = 0; run.day < SIM_DAYS; run.day++)
		day(&run);
	for (int arm = 0; arm < ARMS; arm++)
		unnoticed(&run, (enum arm)arm);
	about->start = world.start;
	about->follows = world.owner.reviews;
	world_free(&world);
	arena_free(&run.arena);
}

void
judge_domain(struct domain_result *result, const struct judge *judge, const struct scenario *scenario,
    uint64_t seed, int domain)
{
	struct result alone[ARMS] = {{.sent = 0}};
	struct judge quiet = *judge;

	run_world(result->arm, judge, scenario, seed, domain, false, result);
	if (!scenario->spoof_only)
		return;
	quiet.wrong = quiet.trace = false;
	run_world(alone, &quiet, scenario, seed, domain, true, result);
	result->compared = true;
	for (int arm = 0; arm < ARMS; arm++)
		for (int step = 0; step < STEPS; step++) {
			int without = alone[arm].first_day[step], with = result->arm[arm].first_day[step];
			if (without < 0 || (with >= 0 && with <= without + SIM_LATE))
				continue;
			result->blocked[arm] = true;
			if (judge->wrong && arm == ARM_ADVICE && result->follows)
				printf("%s seed %llu domain %d: blocked by spoofing: READY to %s on day %d, "
				       "and without spoofers on day %d\n",
				    scenario->name, (unsigned long long)seed, domain,
				    step == TO_REJECT ? "reject" : "quarantine", with, without);
		}
}
