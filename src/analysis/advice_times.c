/*
 * advice_times: the first day on which a gate can hold, if what it asks for is done today: what failed grows
 * old and leaves the windows, and each day to come is an average one without it. A day that never comes
 * within the inventory window is unknown.
 */
#include "analysis/advice_work.h"

enum { WEEK = 7, STEP = 7 };

static void
add_clusters(struct stats_clusters *to, const struct stats_clusters *from, double times)
{
	to->count += times * from->count;
	to->n += times * from->n;
	to->x += times * from->x;
	to->nn += times * from->nn;
	to->xx += times * from->xx;
	to->nx += times * from->nx;
}

struct future {
	const struct judge *judge;
	struct stats_clusters *past;    /* [inventory + 1]: of the last so many days, */
	struct stats_clusters *lasting; /* and what is left of these when the senders are repaired */
	struct stats_clusters mean;     /* of a day to come */
};

/* The last days of a window, some of them still to come. */
static struct stats_clusters
clusters_at(const struct future *future, const struct stats_clusters *past, int64_t ahead, int64_t days)
{
	struct stats_clusters all = {0};

	add_clusters(&all, &future->mean, (double)(ahead < days ? ahead : days));
	if (ahead < days)
		add_clusters(&all, &past[days - ahead], 1);
	return all;
}

static bool
holds_at(const struct future *future, int64_t ahead)
{
	const struct limits *limits = &future->judge->limits;
	const struct mail_span *span = &future->judge->mail->span;
	int64_t days = span->days;

	for (;;) {
		struct stats_clusters clusters = clusters_at(future, future->past, ahead, days);
		struct stats_bound bound = stats_bound(&clusters, limits->intra, limits->confidence);

		if (bound.effective >= limits->volume) {
			clusters = clusters_at(future, future->lasting, ahead, span->inventory);
			return bound.upper <= limits->bound &&
			       stats_bound(&clusters, limits->intra, limits->confidence).upper <=
				   limits->bound;
		}
		if (days >= span->inventory)
			return false;
		days = days + STEP > span->inventory ? span->inventory : days + STEP;
	}
}

/* Days that the mean of the window stands for: those on which reports came. */
static double
days_told(const struct judge *judge)
{
	const struct mail_span *span = &judge->mail->span;
	int64_t days = span->as_of - judge->first_day + 1;

	return (double)(days < 1 ? 1 : days > span->days ? span->days : days);
}

static int64_t
bound_day(const struct judge *judge)
{
	const struct mail_view *mail = judge->mail;
	struct future future = {.judge = judge};
	struct stats_clusters window = sums_clusters(&judge->if_repaired, true, 0, mail->span.days - 1);
	int64_t ahead;

	future.past = arena_zero(judge->arena, (size_t)(mail->span.inventory + 1) * sizeof *future.past);
	future.lasting =
	    arena_zero(judge->arena, (size_t)(mail->span.inventory + 1) * sizeof *future.lasting);
	add_clusters(&future.mean, &window, 1 / days_told(judge));
	for (ahead = 0; ahead < mail->span.inventory; ahead++) {
		future.past[ahead + 1] = future.past[ahead];
		add_clusters(&future.past[ahead + 1], &judge->if_decided.days[ahead].careful_lasting, 1);
		future.lasting[ahead + 1] = future.lasting[ahead];
		add_clusters(&future.lasting[ahead + 1], &judge->if_repaired.days[ahead].careful_lasting, 1);
	}
	for (ahead = 0; ahead <= mail->span.inventory; ahead++)
		if (holds_at(&future, ahead))
			return mail->span.as_of + ahead;
	return 0;
}

static int64_t
coverage_day(const struct judge *judge)
{
	const struct mail_span *span = &judge->mail->span;
	unsigned expected = days_expected(judge->mail);
	double limit = judge->limits.reported * days_expected_of(expected, span->days) / (double)span->days;
	double came = 0;
	int64_t ahead, day;

	for (ahead = 0; ahead <= span->days; ahead++) {
		double reported;

		came += ahead > 0 && day_is_expected(expected, -ahead) ? 1 : 0;
		reported = came;
		for (day = 0; day < span->days - ahead; day++)
			reported += judge->mail->reported[day] ? 1 : 0;
		if (reported >= limit)
			return span->as_of + ahead;
	}
	return 0;
}

/* From when on dkim is enough of what passes, or temporary little enough of what there is. */
static int64_t
share_day(const struct judge *judge, bool dkim)
{
	const struct mail_span *span = &judge->mail->span;
	const struct day_sums *days = judge->sums.days;
	double mean = (judge->sums.all.dkim + judge->sums.all.spf_alone) / days_told(judge);
	int64_t ahead, day;

	for (ahead = 0; ahead <= span->days; ahead++) {
		double whole = mean * (double)ahead, part = dkim ? whole : 0;

		for (day = 0; day < span->days - ahead; day++) {
			part += dkim ? days[day].dkim : days[day].temporary;
			whole += dkim ? days[day].passing : days[day].careful.n + days[day].temporary;
		}
		if (dkim ? part >= judge->limits.dkim * whole : part <= judge->limits.temporary * whole)
			return span->as_of + ahead;
	}
	return 0;
}

static int64_t
day_of(const struct judge *judge, const struct advice_refusal *refusal, int64_t bound)
{
	int64_t as_of = judge->mail->span.as_of;

	switch (refusal->code) {
	case ADVICE_COVERAGE_DAYS:
		return coverage_day(judge);
	case ADVICE_VOLUME:
	case ADVICE_BOUND:
		return bound;
	case ADVICE_TREND:
		return as_of + WEEK;
	case ADVICE_SPF_ONLY:
		return share_day(judge, true);
	case ADVICE_TEMP:
		return share_day(judge, false);
	default:
		return 0;
	}
}

/* What the refusals ask for, done: decided takes only the decisions, which work backwards. */
void
judge_repairs(struct judge *judge)
{
	struct scenario scenario = judge->scenario;
	enum treat *treats = arena_alloc(judge->arena, (judge->mail->source_count + 1) * sizeof *treats);
	struct stats_clusters clusters;
	size_t i;

	for (i = 0; i < judge->mail->source_count; i++)
		treats[i] =
		    judge->repaired[i] == TREAT_FIXED ? judge->scenario.treats[i] : judge->repaired[i];
	scenario.treats = treats;
	sums_make(&judge->if_decided, &scenario, judge->arena);
	scenario.treats = judge->repaired;
	sums_make(&judge->if_repaired, &scenario, judge->arena);
	clusters = sums_lasting(&judge->if_repaired, true, 0, judge->advice->days - 1);
	judge->advice->repaired = stats_bound(&clusters, judge->limits.intra, judge->limits.confidence);
}

void
judge_times(struct judge *judge)
{
	struct advice *advice = judge->advice;
	int64_t bound = bound_day(judge), latest = judge->mail->span.as_of;
	bool known = true;
	size_t i;

	for (i = 0; i < advice->refusal_count; i++) {
		struct advice_refusal *refusal = &advice->refusals[i];

		if (refusal->earliest == 0)
			refusal->earliest = day_of(judge, refusal, bound);
		if (refusal->warns)
			continue;
		known = known && refusal->earliest > 0;
		latest = refusal->earliest > latest ? refusal->earliest : latest;
	}
	advice->earliest = known && advice->verdict == VERDICT_NOT_YET ? latest : 0;
}
