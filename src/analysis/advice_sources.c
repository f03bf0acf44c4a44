/*
 * advice_sources: the refusals that a sender can end: what fails, what is to be reviewed, who failed when it
 * was seen last, who relies on SPF alone. A sender is told of once, by the first code, and the biggest first.
 */
#include "analysis/advice_work.h"

#include <stdlib.h>

/* Refusals of one code that are told one by one: all that can have half a percent of the mail. */
enum { MOST_TOLD = 200, WEEK = 7 };

struct listing {
	enum advice_code code;
	size_t told, rest;
	double rest_messages;
};

static const char *
source_name(const struct judge *judge, uint32_t source)
{
	struct str name = mail_source_text(&judge->mail->sources[source]);

	return name.data != NULL ? words_text(judge->arena, name) : "all other senders";
}

static const char *
day_text(const struct judge *judge, int32_t before)
{
	return words_day(judge->arena, judge->mail->span.as_of - before);
}

/* Of so many messages, all being those that the shares are of. */
static struct advice_refusal *
new_refusal(
    struct judge *judge, enum advice_code code, const struct tally *tally, double messages, double all)
{
	struct advice_refusal *refusal = judge_refuse(judge, code);

	refusal->has_source = true;
	refusal->source = tally->source;
	refusal->subject = str_of(source_name(judge, tally->source));
	refusal->messages = (uint64_t)messages;
	refusal->per_week = messages * WEEK / (double)judge->mail->span.days;
	refusal->share = messages < all ? messages / all : 1;
	refusal->evidence = judge_evidence(judge, tally, code != ADVICE_RECENCY);
	refusal->earliest = judge->mail->span.as_of;
	return refusal;
}

/* A refusal about a source; NULL: there are enough of them, it is counted. */
static struct advice_refusal *
refuse(struct judge *judge, struct listing *listing, const struct tally *tally, double messages)
{
	struct advice_refusal *refusal;
	double all = judge->sums.all.legitimate + judge->sums.all.review;
	bool is_review = listing->code == ADVICE_REVIEW || listing->code == ADVICE_NEW_SOURCE ||
			 (listing->code == ADVICE_RECENCY && !(tally->known > 0));

	judge->refused[tally->source] = true;
	judge->repaired[tally->source] = is_review ? TREAT_NOT_OURS : TREAT_FIXED;
	if (listing->told++ >= MOST_TOLD) {
		listing->rest++;
		listing->rest_messages += messages;
		return NULL;
	}
	refusal = new_refusal(judge, listing->code, tally, messages, all);
	refusal->decides = refusal->asks = is_review;
	return refusal;
}

static void
tell_rest(struct judge *judge, const struct listing *listing)
{
	struct advice_refusal *refusal;

	if (listing->rest == 0)
		return;
	refusal = judge_refuse(judge, listing->code);
	refusal->others = true;
	refusal->messages = (uint64_t)listing->rest_messages;
	refusal->per_week = listing->rest_messages * WEEK / (double)judge->mail->span.days;
	refusal->text = words(judge->arena, "%s in the same case, together %s",
	    words_count(judge->arena, (double)listing->rest, "smaller sender"),
	    words_count(judge->arena, listing->rest_messages, "message"));
	refusal->fix = str_of("begin with the bigger ones: these are told one by one then");
	refusal->evidence = words(
	    judge->arena, "dmarcq sources --domain %s", words_quoted(judge->arena, judge->mail->domain));
	refusal->earliest = judge->mail->span.as_of;
}

/* ---- SOURCE */

static const char *
cause_of(const struct judge *judge, const struct tally *tally)
{
	const struct mail_flow *flow = judge_worst(judge, tally);

	if (flow == NULL || flow->evidence.data == NULL || flow->evidence.len == 0)
		return "";
	return words(judge->arena, ": %s", words_text(judge->arena, flow->evidence)).data;
}

/* Nobody knows whose it is: a stranger's account at a service looks the same as the owner's. */
static bool
is_doubtful(const struct judge *judge, const struct tally *tally)
{
	return judge->scenario.treats[tally->source] == TREAT_UNDECIDED &&
	       2 * (tally->fixable + tally->review) > tally->failing + tally->review;
}

/* What the policy does to it now, and that the answer changes what is advised. */
static void
say_hit(struct judge *judge, struct advice_refusal *refusal, enum advice_policy policy)
{
	if (!policy_hits(policy))
		return;
	refusal->asks = refusal->hit = true;
	refusal->text = words(judge->arena, "%s; receivers are told to %s it: if it is yours, it is lost",
	    words_text(judge->arena, refusal->text), advice_policy_word(policy));
}

/* Since when a part of its mail fails, while the rest passes, and until when; nothing where that is no news.
 */
static const char *
first_of(const struct judge *judge, const struct tally *tally)
{
	const struct mail_flow *flow = judge_worst(judge, tally);
	const struct mail_span *span = &judge->mail->span;

	if (flow != NULL && check_mended(tally))
		return words(judge->arena, "; the first failed on %s, the last on %s",
		    words_day(judge->arena, flow->first), day_text(judge, tally->last_failing))
		    .data;
	if (flow == NULL || *judge_since(judge, tally) != '\0' || span->as_of - flow->first >= span->days - 1)
		return "";
	return words(judge->arena, "; the first failed on %s", words_day(judge->arena, flow->first)).data;
}

/* As: " as app.example.net", or nothing. */
static struct str
failing_text(const struct judge *judge, const struct tally *tally, const char *as)
{
	if (tally->failing < tally->legitimate)
		return words(judge->arena, "%s of %s%s fail%s%s%s",
		    words_number(judge->arena, tally->failing),
		    words_count(judge->arena, tally->legitimate, "message"), as, cause_of(judge, tally),
		    judge_since(judge, tally), first_of(judge, tally));
	return words(judge->arena, "%s%s, %s%s%s", words_count(judge->arena, tally->failing, "message"), as,
	    tally->failing > 1 ? "all failing" : "failing", cause_of(judge, tally),
	    judge_since(judge, tally));
}

static void
refuse_source(struct judge *judge, struct listing *listing, const struct tally *tally)
{
	struct advice_refusal *refusal = refuse(judge, listing, tally, tally->failing);

	if (refusal == NULL)
		return;
	refusal->text = failing_text(judge, tally, "");
	refusal->asks = judge_asks_whose(judge, tally);
	refusal->mended = check_mended(tally);
	if (is_doubtful(judge, tally))
		say_hit(judge, refusal, judge->policy.from);
	refusal->fix = judge_source_fix(judge, refusal, tally);
	refusal->earliest = judge->mail->span.as_of + judge_days_until_mended(judge, tally);
}

void
judge_refuse_below(struct judge *judge, uint32_t name, const struct tally *tally, double legitimate)
{
	struct str domain = judge->mail->names[name].domain;
	struct advice_refusal *refusal = judge_refuse(judge, ADVICE_SOURCE);

	refusal->warns = false;
	refusal->has_source = true;
	refusal->source = tally->source;
	refusal->name = name;
	refusal->subject = str_of(source_name(judge, tally->source));
	refusal->messages = (uint64_t)tally->failing;
	refusal->per_week = tally->failing * WEEK / (double)judge->mail->span.days;
	refusal->share = legitimate > 0 ? tally->failing / legitimate : 0;
	refusal->text = failing_text(judge, tally,
	    words(judge->arena, " as %s",
		domain.data != NULL ? words_text(judge->arena, domain) : "one of all other names")
		.data);
	refusal->evidence = judge_evidence(judge, tally, true);
	refusal->fix = judge_source_fix(judge, refusal, tally);
}

/* ---- REVIEW, NEW-SOURCE */

static void
refuse_review(struct judge *judge, struct listing *listing, const struct tally *tally)
{
	/* What came before the window may stand in the way of BOUND. */
	double messages = tally->review > 0 ? tally->review : tally->known_review;
	struct advice_refusal *refusal = refuse(judge, listing, tally, messages);
	int64_t first = judge->mail->sources[tally->source].first;

	if (refusal == NULL)
		return;
	refusal->text = words(judge->arena, "%s%s; first seen on %s, and nobody has decided whose it is",
	    words_count(judge->arena, messages, "message"), cause_of(judge, tally),
	    judge_first_text(judge, first));
	if (!(tally->review > 0))
		refusal->evidence = judge_evidence(judge, tally, false);
	judge_ask_whose(judge, refusal, tally);
	say_hit(judge, refusal, judge->policy.from);
}

void
judge_hit_below(struct judge *judge, const struct sums *sums, uint32_t name)
{
	struct str domain = judge->mail->names[name].domain;
	size_t i;

	for (i = 0; i < sums->count && judge->hit_below < MOST_TOLD; i++) {
		const struct tally *tally = &sums->tallies[i];
		struct advice_refusal *refusal;

		if (judge->refused[tally->source] || !check_source(&judge->limits, sums, tally) ||
		    !is_doubtful(judge, tally))
			continue;
		refusal = new_refusal(judge, ADVICE_SOURCE, tally, tally->failing, sums->all.legitimate);
		refusal->name = name;
		refusal->warns = true;
		refusal->text = words(judge->arena, "under %s %s",
		    domain.data != NULL ? words_text(judge->arena, domain) : "other names",
		    words_text(judge->arena, failing_text(judge, tally, "")));
		say_hit(judge, refusal, policy_below(judge->policy.seen));
		refusal->fix = judge_source_fix(judge, refusal, tally);
		judge->refused[tally->source] = true;
		judge->hit_below++;
	}
}

static void
refuse_steady(struct judge *judge, struct listing *listing, const struct tally *tally)
{
	struct advice_refusal *refusal = refuse(judge, listing, tally, tally->steady);

	if (refusal == NULL)
		return;
	refusal->text = words(judge->arena,
	    "%s that nothing authenticates, at an even pace since %s: a spoofer, or a machine of yours that "
	    "was forgotten",
	    words_count(judge->arena, tally->steady, "message"),
	    judge_first_text(judge, judge->mail->sources[tally->source].first));
	judge_ask_whose(judge, refusal, tally);
	say_hit(judge, refusal, judge->policy.from);
}

static void
refuse_all_steady(struct judge *judge, struct listing *listing)
{
	size_t i;

	if (!check_asks_steady(&judge->limits, &judge->sums, judge->mail))
		return;
	for (i = 0; i < judge->sums.count; i++) {
		const struct tally *tally = &judge->sums.tallies[i];

		if (check_steady(&judge->limits, &judge->sums, tally, judge->mail) &&
		    !judge->refused[tally->source])
			refuse_steady(judge, listing, tally);
	}
}

void
judge_steady(struct judge *judge)
{
	struct listing listing = {.code = ADVICE_REVIEW};

	refuse_all_steady(judge, &listing);
	tell_rest(judge, &listing);
}

/* ---- RECENCY */

static void
refuse_recency(struct judge *judge, struct listing *listing, const struct tally *tally)
{
	struct advice_refusal *refusal = refuse(judge, listing, tally, tally->latest_failing);

	if (refusal == NULL)
		return;
	refusal->per_week = (tally->failing + tally->review) * WEEK / (double)judge->mail->span.days;
	refusal->text = words(judge->arena, "%s of its last %s failed, the newest on %s%s",
	    words_number(judge->arena, tally->latest_failing),
	    words_count(judge->arena, tally->latest, "message"), day_text(judge, tally->last_failing),
	    cause_of(judge, tally));
	if (refusal->decides) {
		judge_ask_whose(judge, refusal, tally);
		say_hit(judge, refusal, judge->policy.from);
		return;
	}
	refusal->asks = judge_asks_whose(judge, tally);
	refusal->fix = judge_recency_fix(judge, refusal, tally);
	refusal->earliest = judge->mail->span.as_of + judge_days_until_mended(judge, tally);
}

/* ---- SPF-ONLY */

static void
refuse_spf_alone(struct judge *judge, struct listing *listing, const struct tally *tally)
{
	const struct mail_source *source = &judge->mail->sources[tally->source];
	struct advice_refusal *refusal = refuse(judge, listing, tally, tally->spf_alone);

	if (refusal == NULL)
		return;
	refusal->text = words(judge->arena, "%s %s by SPF alone%s: that breaks wherever mail is forwarded",
	    words_count(judge->arena, tally->spf_alone, "message"), tally->spf_alone > 1 ? "pass" : "passes",
	    source->shared ? ", from addresses that others send from, too" : "");
	refusal->fix = source->service != NULL ? source->service->hint
					       : str_of("sign its mail with DKIM as your domain");
	refusal->earliest = judge->mail->span.as_of + judge->mail->span.days;
}

/* ---- all of them, the biggest first */

struct rank {
	uint32_t tally;
	double messages;
};

static int
by_messages(const void *a, const void *b)
{
	const struct rank *left = a, *right = b;

	if (left->messages < right->messages || left->messages > right->messages)
		return left->messages < right->messages ? 1 : -1;
	return left->tally < right->tally ? -1 : left->tally > right->tally;
}

/* Only sources that some check could be about. */
static size_t
rank_sources(struct rank **to, struct judge *judge)
{
	size_t i, count = 0;

	*to = arena_alloc(judge->arena, (judge->sums.count + 1) * sizeof **to);
	for (i = 0; i < judge->sums.count; i++) {
		const struct tally *tally = &judge->sums.tallies[i];
		double fails = tally->failing + tally->review;

		if (fails > 0 || tally->latest_failing > 0 || tally->spf_alone > 0)
			(*to)[count++] =
			    (struct rank){(uint32_t)i, fails > 0 ? fails : tally->latest_failing};
	}
	qsort(*to, count, sizeof **to, by_messages);
	return count;
}

/* Reviewing the biggest must be enough: those are told, until what is left is little. */
static void
refuse_reviews(struct judge *judge, const struct rank *ranks, size_t count)
{
	struct listing listing = {.code = ADVICE_REVIEW};
	double left = judge->sums.all.review, all = judge->sums.all.legitimate + left + judge->sums.all.crowd;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct tally *tally = &judge->sums.tallies[ranks[i].tally];

		if (!(tally->review > 0) || judge->refused[tally->source])
			continue;
		if (!check_review_one(&judge->limits, &judge->sums, tally) &&
		    left <= judge->limits.review * all)
			continue;
		refuse_review(judge, &listing, tally);
		left -= tally->review;
	}
	refuse_all_steady(judge, &listing);
	tell_rest(judge, &listing);
}

/* BOUND would hold if none of what is to be reviewed were the owner's: then all that is left of it is asked
 * about, however little it is. */
static void
refuse_for_bound(struct judge *judge, const struct rank *ranks, size_t count)
{
	struct listing listing = {.code = ADVICE_REVIEW};
	size_t i;

	if (!(judge->rates & CODE_BIT(ADVICE_BOUND)) ||
	    check_upper(&judge->limits, judge->advice->optimistic) > judge->limits.bound)
		return;
	for (i = 0; i < count; i++) {
		const struct tally *tally = &judge->sums.tallies[ranks[i].tally];

		if (tally->known_review > 0 && !judge->refused[tally->source])
			refuse_review(judge, &listing, tally);
	}
	tell_rest(judge, &listing);
}

void
judge_sources(struct judge *judge)
{
	struct listing broken = {.code = ADVICE_SOURCE}, fresh = {.code = ADVICE_NEW_SOURCE};
	struct listing late = {.code = ADVICE_RECENCY}, alone = {.code = ADVICE_SPF_ONLY};
	const struct limits *limits = &judge->limits;
	struct rank *ranks;
	size_t i, count = rank_sources(&ranks, judge);

	for (i = 0; i < count; i++) {
		const struct tally *tally = &judge->sums.tallies[ranks[i].tally];

		if (check_source(limits, &judge->sums, tally))
			refuse_source(judge, &broken, tally);
	}
	refuse_reviews(judge, ranks, count);
	judge_crowd(judge);
	for (i = 0; i < count; i++) {
		const struct tally *tally = &judge->sums.tallies[ranks[i].tally];

		if (judge->refused[tally->source])
			continue;
		if (check_new(limits, &judge->sums, tally, judge->mail))
			refuse_review(judge, &fresh, tally);
		else if (check_recency(limits, &judge->sums, tally, judge->mail))
			refuse_recency(judge, &late, tally);
		else if (judge->policy.to == POLICY_REJECT && check_spf_alone(limits, &judge->sums, tally))
			refuse_spf_alone(judge, &alone, tally);
	}
	refuse_for_bound(judge, ranks, count);
	tell_rest(judge, &broken);
	tell_rest(judge, &fresh);
	tell_rest(judge, &late);
	tell_rest(judge, &alone);
}
