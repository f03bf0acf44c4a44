/*
 * advice_crowd: very many small senders that nobody knows. Whoever has names enough can make as many as he
 * likes, and no owner decides about hundreds one by one: so they are one question to him (REVIEW), and since
 * nobody has so many small senders without knowing any, they do not count as his failing mail (BOUND). Fewer
 * than that are asked about one by one, and count.
 */
#include "analysis/advice_work.h"

#include <math.h>

enum { WEEK = 7, CROWD = 20, PERCENT = 100 };

/* What nobody knows, never passed, and is less than anything is asked about whenever it came; all others, who
 * can't be named. */
static bool
is_small_unknown(const struct judge *judge, const struct tally *tally)
{
	const struct mail_source *source = &judge->mail->sources[tally->source];
	double least = check_least(&judge->limits, &judge->sums);

	return tally->known_review > 0 && !(tally->known > 0) && !source->passed && source->service == NULL &&
	       ((tally->review <= least && tally->latest_failing <= least) || source->name.data == NULL);
}

void
judge_find_crowd(struct judge *judge)
{
	size_t i, count = 0;

	for (i = 0; i < judge->sums.count; i++) {
		const struct tally *tally = &judge->sums.tallies[i];

		if (is_small_unknown(judge, tally))
			count += judge->mail->sources[tally->source].name.data == NULL ? CROWD + 1 : 1;
	}
	if (count <= CROWD && judge->crowd != NULL)
		judge_note(judge, str_of("there is no crowd of small senders that nobody knows: that changes "
					 "nothing"));
	if (count <= CROWD)
		return;
	for (i = 0; i < judge->sums.count; i++)
		if (is_small_unknown(judge, &judge->sums.tallies[i]))
			judge->book.treats[judge->sums.tallies[i].source] =
			    judge->crowd != NULL ? treat_of_change(judge->crowd->to) : TREAT_CROWD;
	sums_make(&judge->sums, &judge->scenario, judge->arena);
}

/* How many they are; with those who can't be named it is unknown, and 0. They are taken as told of. */
static double
take_crowd(struct judge *judge)
{
	double senders = 0;
	bool others = false;
	size_t i;

	for (i = 0; i < judge->sums.count; i++) {
		const struct tally *tally = &judge->sums.tallies[i];

		if (judge->scenario.treats[tally->source] != TREAT_CROWD)
			continue;
		senders += tally->crowd > 0 ? 1 : 0;
		others = others || judge->mail->sources[tally->source].name.data == NULL;
		judge->repaired[tally->source] = TREAT_NOT_OURS;
		judge->refused[tally->source] = true;
	}
	return others ? 0 : senders;
}

void
judge_crowd(struct judge *judge)
{
	double crowd = judge->sums.all.crowd, share = check_review_share(&judge->sums), senders;
	struct arena *arena = judge->arena;
	struct advice_refusal *refusal;

	if (!(crowd > 0) || share <= judge->limits.review)
		return;
	senders = take_crowd(judge);
	refusal = judge_refuse(judge, ADVICE_REVIEW);
	refusal->crowd = true;
	refusal->messages = (uint64_t)crowd;
	refusal->share = crowd / (judge->sums.all.legitimate + judge->sums.all.review + crowd);
	refusal->per_week = crowd * WEEK / (double)judge->mail->span.days;
	refusal->text = words(arena,
	    "%s of %s that nobody knows, too small to be asked about one by one: forged mail from very many "
	    "names, "
	    "perhaps with a small sender of yours among it",
	    words_count(arena, crowd, "message"),
	    senders > 0 ? words_count(arena, senders, "sender") : "a crowd of senders");
	refusal->evidence =
	    words(arena, "dmarcq sources --domain %s", words_quoted(arena, judge->mail->domain));
	refusal->fix = words(arena,
	    "look through them, and mark as ours what is yours. If nothing else is: review = %.0f under "
	    "[advice] "
	    "lets so many percent pass",
	    ceil(share * PERCENT));
	refusal->earliest = judge->mail->span.as_of;
}
