/*
 * advice_check: each gate that rates decide as a question about sums, without a word. The same checks judge
 * the domain, a name below it, and the domain without a reporter.
 */
#include "analysis/advice_work.h"

#include <math.h>

enum {
	WEEK = 7,
	STEP = 7,
	TREND_LEAST = 50,
	TREND_Z = 3,
	TURNED_BEFORE = 20,
	WEEKS_BEFORE = 3,
	STEADY_ADDRESSES = 4,
	STEADY_SENDERS = 3
};

/* A source turned: so much passed before, no more than this does now, and it is so much of all mail. */
static const double turned_before = 0.98, turned_now = 0.90, turned_part = 0.01;
/* A machine that may have been forgotten is asked about from this part of what the policy may lose on. */
static const double steady_part = 0.5;
/* Of what may fail, what is so little that doubt comes from how little mail there is. */
static const double little_part = 0.25, one_by_one = 2;
/* A sender relies on SPF alone where more than this part of what passes does. */
static const double spf_part = 0.5;

void
advice_rules_default(struct advice_rules *rules)
{
	*rules = (struct advice_rules){
#define RULE(name, word, to_quarantine, to_reject, unit, help) .name = {to_quarantine, to_reject},
#include "base/advice_rules.def"
#undef RULE
	    .confidence = 0.95,
	    .intra = 0.10,
	};
}

static double
share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

struct limits
limits_of(const struct advice_rules *rules, enum advice_policy to)
{
	int step = to == POLICY_REJECT ? 1 : 0;

	return (struct limits){
#define RULE(name, word, to_quarantine, to_reject, unit, help) .name = rules->name[step],
#include "base/advice_rules.def"
#undef RULE
	    .confidence = rules->confidence,
	    .intra = rules->intra,
	    .accept_lists = rules->accept_lists,
	};
}

struct limits
limits_doubled(const struct limits *limits)
{
	struct limits doubled = *limits;

	doubled.bound *= 2;
	doubled.source_share = 1 - 2 * (1 - limits->source_share);
	doubled.source_least *= 2;
	doubled.source_part *= 2;
	doubled.review *= 2;
	doubled.review_one *= 2;
	doubled.recency = 2 * fmax(1, limits->recency);
	doubled.dkim = 1 - 2 * (1 - limits->dkim);
	doubled.lists *= 2;
	doubled.temporary *= 2;
	doubled.trend *= 2;
	return doubled;
}

double
check_least(const struct limits *limits, const struct sums *sums)
{
	return fmax(limits->source_least, limits->source_part * sums->all.legitimate);
}

bool
check_source(const struct limits *limits, const struct sums *sums, const struct tally *tally)
{
	double least = check_least(limits, sums);

	if (tally->fixable > least)
		return true;
	return tally->legitimate >= least && tally->failing > (1 - limits->source_share) * tally->legitimate;
}

bool
check_review_one(const struct limits *limits, const struct sums *sums, const struct tally *tally)
{
	double all = sums->all.legitimate + sums->all.review;

	return tally->review > fmax(limits->source_least, limits->review_one * all);
}

/* More than all legitimate mail, where there is any, is no machine that was forgotten, and more addresses are
 * not one. */
bool
check_steady(const struct limits *limits, const struct sums *sums, const struct tally *tally,
    const struct mail_view *mail)
{
	const struct mail_source *source = &mail->sources[tally->source];
	double part = fmin(limits->review_one, steady_part * limits->bound);

	return tally->steady > fmax(limits->source_least, part * sums->all.legitimate) &&
	       (tally->steady <= sums->all.legitimate || !(sums->all.legitimate > 0)) && source->is_address &&
	       source->addresses <= STEADY_ADDRESSES;
}

/* One machine or two may be forgotten; a dozen that look so are the networks of one spoofer, also when the
 * owner has said so of some of them already. */
bool
check_asks_steady(const struct limits *limits, const struct sums *sums, const struct mail_view *mail)
{
	size_t i, open = 0, known = 0;

	for (i = 0; i < sums->count; i++) {
		open += check_steady(limits, sums, &sums->tallies[i], mail) ? 1 : 0;
		known += sums->tallies[i].steady_not_ours > limits->source_least ? 1 : 0;
	}
	return open > 0 && open + known <= STEADY_SENDERS;
}

double
check_review_share(const struct sums *sums)
{
	double review = sums->all.review + sums->all.crowd;

	return share(review, sums->all.legitimate + review);
}

bool
check_review(const struct limits *limits, const struct sums *sums, const struct mail_view *mail)
{
	size_t i;

	if (check_review_share(sums) > limits->review)
		return false;
	for (i = 0; i < sums->count; i++)
		if (check_review_one(limits, sums, &sums->tallies[i]))
			return false;
	return !check_asks_steady(limits, sums, mail);
}

bool
check_new(const struct limits *limits, const struct sums *sums, const struct tally *tally,
    const struct mail_view *mail)
{
	double quiet = (double)(mail->span.as_of - mail->sources[tally->source].first + 1);

	return tally->review > check_least(limits, sums) && quiet <= limits->quiet;
}

/* Senders that never passed are for REVIEW; here they count from the messages on that it asks about. */
bool
check_recency(const struct limits *limits, const struct sums *sums, const struct tally *tally,
    const struct mail_view *mail)
{
	double least = tally->known > 0 ? limits->recency : fmax(limits->recency, check_least(limits, sums));

	return tally->latest_failing > least && !tally_is_gone(tally, &mail->span) &&
	       tally->latest_failing > (1 - limits->source_share) * tally->latest;
}

bool
check_spf_alone(const struct limits *limits, const struct sums *sums, const struct tally *tally)
{
	return tally->spf_alone > check_least(limits, sums) &&
	       tally->spf_alone > spf_part * (tally->spf_alone + tally->dkim);
}

bool
check_mended(const struct tally *tally)
{
	return tally->last_failing > tally->last + 1;
}

bool
check_turned(const struct sums *sums, const struct tally *tally)
{
	double before = tally->legitimate - tally->week, failing = tally->failing - tally->week_failing;

	return tally->legitimate >= turned_part * sums->all.legitimate && before >= TURNED_BEFORE &&
	       before - failing >= turned_before * before && tally->week_failing >= TURNED_LEAST &&
	       tally->week - tally->week_failing < turned_now * tally->week && !check_mended(tally);
}

bool
check_stopped(const struct tally *tally)
{
	const unsigned before = ((1U << WEEKS_BEFORE) - 1) << 1;
	double now = tally->week - tally->week_failing;
	double mean = (tally->legitimate - tally->failing - now) / WEEKS_BEFORE;

	return (tally->passing_weeks & before) == before && now < mean / 2;
}

/* Whether the last weeks fail, and the three before them did not. */
static bool
fell_since(const struct sums *sums, const struct mail_view *mail, int64_t days)
{
	struct stats_clusters now = sums_clusters(sums, false, 0, days - 1), before;

	if (days + WEEKS_BEFORE * WEEK > mail->span.inventory)
		return false;
	before = sums_clusters(sums, false, days, days + WEEKS_BEFORE * WEEK - 1);
	return before.n >= TURNED_BEFORE && before.n - before.x >= turned_before * before.n &&
	       now.n - now.x < turned_now * now.n;
}

/* One bad day that is over is no fall: the newest days with mail have to fail, too. */
bool
check_fell(const struct sums *sums, const struct mail_view *mail, double least)
{
	struct stats_clusters week = sums_clusters(sums, false, 0, WEEK - 1), last;
	int64_t day, weeks;
	int failing_days = 0;

	for (day = 0; day < WEEK; day++)
		failing_days += sums->days[day].hopeful.x > 0 ? 1 : 0;
	for (day = 0; day < WEEK - 1 && !(sums->days[day].hopeful.n > 0); day++)
		;
	last = sums_clusters(sums, false, 0, day + 1);
	if (!(week.x >= least) || failing_days < 2 || !(week.n - week.x < turned_now * week.n) ||
	    !(last.n - last.x < turned_now * last.n))
		return false;
	for (weeks = 1; weeks <= WEEKS_BEFORE; weeks++)
		if (fell_since(sums, mail, weeks * WEEK))
			return true;
	return false;
}

struct trend
check_trend(const struct limits *limits, const struct sums *sums, const struct mail_view *mail)
{
	struct stats_clusters week = sums_clusters(sums, false, 0, WEEK - 1);
	struct stats_clusters rest = sums_clusters(sums, false, WEEK, mail->span.days - 1);
	struct stats_bound now = stats_bound(&week, limits->intra, limits->confidence);
	struct stats_bound before = stats_bound(&rest, limits->intra, limits->confidence);
	struct trend trend = {.now = now.share, .before = before.share, .limit = limits->trend};
	double more = now.share - before.share, z = stats_z(now, before);

	if (!(week.n > 0 && rest.n > 0)) {
		trend.before = trend.now; /* nothing to compare with */
		return trend;
	}
	trend.alarm = (week.n >= TREND_LEAST && more >= limits->trend) || z > TREND_Z;
	if (z > 0 && (week.n < TREND_LEAST || more * TREND_Z / z < limits->trend))
		trend.limit = more * TREND_Z / z;
	return trend;
}

/* So little fails, and one by one, that more mail alone may make it sure. */
static bool
is_little(const struct limits *limits, struct stats_bound bound)
{
	return bound.upper > limits->bound && bound.share <= little_part * limits->bound &&
	       bound.bursts <= one_by_one;
}

struct stats_bound
check_bound(int64_t *days, const struct limits *limits, const struct sums *sums, const struct mail_view *mail)
{
	struct stats_clusters clusters = sums_lasting(sums, true, 0, mail->span.days - 1), first = clusters;
	struct stats_clusters all = sums_lasting(sums, true, 0, mail->span.inventory - 1);
	struct stats_bound whole = stats_bound(&all, limits->intra, limits->confidence), bound;
	double upper;
	bool enough;

	*days = mail->span.days;
	for (;;) {
		bound = stats_bound(&clusters, limits->intra, limits->confidence);
		enough = bound.effective >= limits->volume;
		if (*days >= mail->span.inventory || (enough && !is_little(limits, bound)))
			break;
		*days = *days + STEP > mail->span.inventory ? mail->span.inventory : *days + STEP;
		clusters = sums_lasting(sums, true, 0, *days - 1);
	}
	if (!enough) {
		*days = mail->span.days;
		return stats_bound(&first, limits->intra, limits->confidence);
	}
	/* What failed before and was not repaired comes again: a few good weeks are luck. */
	upper = check_upper(limits, whole);
	if (whole.share > bound.share && upper > bound.upper) {
		*days = mail->span.inventory;
		bound = (struct stats_bound){
		    .share = whole.share, .effective = fmax(whole.effective, limits->volume), .upper = upper};
	}
	return bound;
}

double
check_upper(const struct limits *limits, struct stats_bound bound)
{
	double effective = fmax(bound.effective, limits->volume);

	if (!(bound.effective > 0))
		return 0;
	return stats_upper(bound.share * effective, effective, limits->confidence);
}

double
check_lists_share(const struct sums *sums)
{
	return share(sums->all.lists, sums->all.legitimate + sums->all.lists);
}

/* People write to lists one message at a time: no bursts to allow for. */
double
check_lists(const struct limits *limits, const struct sums *sums)
{
	double now = check_lists_share(sums), lists = sums->all.known_lists, upper;

	if (now > limits->lists || !(lists > 0))
		return now;
	upper = stats_upper(lists, sums->all.known + lists, limits->confidence);
	return upper > limits->lists ? upper : now;
}

double
check_temporary_share(const struct sums *sums)
{
	return share(sums->all.temporary, sums->all.legitimate + sums->all.review + sums->all.temporary);
}

/* Of what passes: what fails has gates of its own. */
double
check_dkim_share(const struct sums *sums)
{
	double passing = sums->all.dkim + sums->all.spf_alone;

	return passing > 0 ? sums->all.dkim / passing : 1;
}

static unsigned
check_tally(const struct limits *limits, const struct sums *sums, const struct tally *tally,
    const struct mail_view *mail)
{
	unsigned bits = 0;

	if (check_source(limits, sums, tally))
		bits |= CODE_BIT(ADVICE_SOURCE);
	if (check_new(limits, sums, tally, mail))
		bits |= CODE_BIT(ADVICE_NEW_SOURCE);
	if (check_recency(limits, sums, tally, mail))
		bits |= CODE_BIT(ADVICE_RECENCY);
	if (check_spf_alone(limits, sums, tally))
		bits |= CODE_BIT(ADVICE_SPF_ONLY);
	return bits;
}

unsigned
check_rates(const struct limits *limits, const struct sums *sums, const struct mail_view *mail, int64_t days)
{
	struct stats_clusters clusters = sums_lasting(sums, true, 0, days - 1);
	struct stats_bound bound = stats_bound(&clusters, limits->intra, limits->confidence);
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < sums->count; i++)
		bits |= check_tally(limits, sums, &sums->tallies[i], mail);
	if (check_upper(limits, bound) > limits->bound)
		bits |= CODE_BIT(ADVICE_BOUND);
	if (!check_review(limits, sums, mail))
		bits |= CODE_BIT(ADVICE_REVIEW);
	if (check_trend(limits, sums, mail).alarm)
		bits |= CODE_BIT(ADVICE_TREND);
	if (check_dkim_share(sums) < limits->dkim)
		bits |= CODE_BIT(ADVICE_SPF_ONLY);
	if (check_lists(limits, sums) > limits->lists && !limits->accept_lists)
		bits |= CODE_BIT(ADVICE_LISTS);
	if (check_temporary_share(sums) > limits->temporary)
		bits |= CODE_BIT(ADVICE_TEMP);
	return bits;
}
