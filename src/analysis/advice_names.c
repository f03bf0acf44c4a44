/*
 * advice_names: each name below the domain that sends mail, judged by the gates of rates. What they say
 * decides sp and np: p is judged by the domain's own mail alone (advice_book.h).
 */
#include "analysis/advice_work.h"

#include <stdlib.h>

enum { MOST_NAMES = 1000, MOST_IN_NOTE = 5 };

#define NAME_CODES                                                                                           \
	(CODE_BIT(ADVICE_SOURCE) | CODE_BIT(ADVICE_BOUND) | CODE_BIT(ADVICE_REVIEW) |                        \
	    CODE_BIT(ADVICE_RECENCY) | CODE_BIT(ADVICE_LISTS))

static const struct tally *
worst_of(const struct sums *sums, bool latest)
{
	const struct tally *worst = NULL;
	double most = -1;
	size_t i;

	for (i = 0; i < sums->count; i++) {
		const struct tally *tally = &sums->tallies[i];
		double weight = latest ? tally->latest_failing : tally->failing + tally->review;

		if (weight > most) {
			most = weight;
			worst = tally;
		}
	}
	return worst;
}

static struct str
obstacle(struct judge *judge, const struct sums *sums, const struct tally *worst, unsigned bits,
    struct stats_bound bound)
{
	struct arena *arena = judge->arena;
	struct str source = mail_source_text(&judge->mail->sources[worst->source]);
	const char *name = source.data != NULL ? words_text(arena, source) : "all other senders";

	if (bits & (CODE_BIT(ADVICE_SOURCE) | CODE_BIT(ADVICE_REVIEW)))
		return worst->review > worst->failing
			   ? words(arena, "%s of %s to be reviewed",
				 words_count(arena, worst->review, "message"), name)
			   : words(
				 arena, "%s of %s fail", words_count(arena, worst->failing, "message"), name);
	if (bits & CODE_BIT(ADVICE_BOUND))
		return words(arena, "%s of its mail fails, with confidence at most %s",
		    words_share(arena, bound.share), words_most(arena, bound.upper));
	if (bits & CODE_BIT(ADVICE_RECENCY))
		return words(arena, "%s failed when it was seen last, on %s", name,
		    words_day(arena, judge->mail->span.as_of - worst->last_failing));
	return words(
	    arena, "%s of its mail is lost at mailing lists", words_share(arena, check_lists_share(sums)));
}

/* The gate that the text is about. */
static enum advice_code
code_of(unsigned bits, const struct tally *worst)
{
	if (bits & (CODE_BIT(ADVICE_SOURCE) | CODE_BIT(ADVICE_REVIEW)))
		return worst->review > worst->failing ? ADVICE_REVIEW : ADVICE_SOURCE;
	if (bits & CODE_BIT(ADVICE_BOUND))
		return ADVICE_BOUND;
	return bits & CODE_BIT(ADVICE_RECENCY) ? ADVICE_RECENCY : ADVICE_LISTS;
}

/* What stands in its way, and what to do about that. */
static void
hold_up(struct judge *judge, struct advice_name *to, const struct sums *sums, unsigned bits,
    struct stats_bound bound)
{
	const struct tally *worst = worst_of(sums, !(bits & ~CODE_BIT(ADVICE_RECENCY)));
	struct advice_refusal refusal = {.code = code_of(bits, worst)};

	to->verdict = VERDICT_NOT_YET;
	to->code = refusal.code;
	to->text = obstacle(judge, sums, worst, bits, bound);
	to->source = worst->source;
	to->evidence = judge_evidence(judge, worst, to->code != ADVICE_RECENCY);
	if (worst->review > worst->failing)
		judge_ask_whose(judge, &refusal, worst);
	else if (to->code == ADVICE_RECENCY)
		refusal.fix = judge_recency_fix(judge, &refusal, worst);
	else if (worst->failing > 0)
		refusal.fix = judge_source_fix(judge, &refusal, worst);
	to->fix = refusal.fix.data != NULL ? refusal.fix : str_of("");
}

/* False: there is no mail that is the owner's. What is to be reviewed alone makes nothing wait: whoever
 * invents a name could stop sp= with it. */
static bool
judge_name(struct judge *judge, struct advice_name *to, uint32_t name)
{
	struct scenario scenario = judge->scenario;
	struct sums sums;
	struct stats_clusters clusters;
	struct stats_bound bound;
	unsigned bits;

	scenario.scope = book_name(&judge->book, name);
	sums_make(&sums, &scenario, &judge->scratch);
	if (!(sums.all.known > 0)) {
		judge->below_doubtful += sums.all.known_review > judge->limits.source_least ? 1 : 0;
		judge->doubtful =
		    judge->below_doubtful == 1 && sums.all.known_review > judge->limits.source_least
			? name
			: judge->doubtful;
		return false;
	}
	clusters = sums_clusters(&sums, true, 0, judge->mail->span.days - 1);
	bound = stats_bound(&clusters, judge->limits.intra, judge->limits.confidence);
	bound.upper = check_upper(&judge->limits, bound);
	bits = check_rates(&judge->limits, &sums, judge->mail, judge->mail->span.days) & NAME_CODES;
	*to = (struct advice_name){.name = name,
	    .messages = (uint64_t)sums.all.legitimate,
	    .failing = bound.share,
	    .text = str_of(""),
	    .fix = str_of(""),
	    .evidence = str_of("")};
	if (bits != 0) {
		hold_up(judge, to, &sums, bits, bound);
	} else if (!(sums.all.legitimate > 0)) {
		to->verdict = VERDICT_NO_DATA;
		to->text = words(judge->arena, "no mail in the last %s",
		    words_count(judge->arena, (double)judge->mail->span.days, "day"));
	} else {
		to->verdict = VERDICT_READY;
	}
	return true;
}

static int
by_messages(const void *a, const void *b)
{
	const struct advice_name *left = a, *right = b;

	if (left->messages != right->messages)
		return left->messages < right->messages ? 1 : -1;
	return left->name < right->name ? -1 : left->name > right->name;
}

/* "a, b and 12 more" */
static const char *
list_names(struct judge *judge, enum advice_verdict verdict, bool any)
{
	struct arena *arena = judge->arena;
	const struct advice *advice = judge->advice;
	const char *list = "";
	size_t i, count = 0;

	for (i = 0; i < advice->name_count; i++) {
		struct str name = judge->mail->names[advice->names[i].name].domain;

		if (!any && advice->names[i].verdict != verdict)
			continue;
		if (count++ < MOST_IN_NOTE)
			list = words(arena, "%s%s%s", list, count > 1 ? ", " : "",
			    name.data != NULL ? words_text(arena, name) : "all other names")
				   .data;
	}
	if (count > MOST_IN_NOTE)
		list =
		    words(arena, "%s and %s more", list, words_number(arena, (double)(count - MOST_IN_NOTE)))
			.data;
	return list;
}

void
judge_names(struct judge *judge)
{
	struct advice *advice = judge->advice;
	const struct mail_view *mail = judge->mail;
	uint32_t i;

	advice->names = arena_alloc(judge->arena, (mail->name_count + 1) * sizeof *advice->names);
	for (i = 0; i < mail->name_count; i++) {
		struct advice_name *to = &advice->names[advice->name_count];

		if (!mail->names[i].is_domain && judge_name(judge, to, i)) {
			advice->name_count++;
			judge->below_mails = true;
			judge->below_waits = judge->below_waits || to->verdict == VERDICT_NOT_YET;
		}
		arena_reset(&judge->scratch);
	}
	qsort(advice->names, advice->name_count, sizeof *advice->names, by_messages);
}

void
judge_names_hit(struct judge *judge)
{
	const struct advice *advice = judge->advice;
	struct scenario scenario = judge->scenario;
	struct sums sums;
	size_t i;

	if (!policy_hits(policy_below(judge->policy.seen)) || judge->book.all_is_own)
		return;
	for (i = 0; i < advice->name_count && i < MOST_NAMES; i++) {
		if (advice->names[i].verdict != VERDICT_NOT_YET)
			continue;
		scenario.scope = book_name(&judge->book, advice->names[i].name);
		sums_make(&sums, &scenario, &judge->scratch);
		judge_hit_below(judge, &sums, advice->names[i].name);
		arena_reset(&judge->scratch);
	}
}

static void
note_order(struct judge *judge)
{
	struct arena *arena = judge->arena;
	const struct advice *advice = judge->advice;
	const char *waiting = list_names(judge, VERDICT_NOT_YET, false),
		   *ready = list_names(judge, VERDICT_READY, false);

	if (advice->verdict == VERDICT_READY && judge->below_waits)
		judge_note(judge,
		    words(arena,
			"names below are not ready, so the record keeps for them what they get today: %s",
			waiting));
	if (advice->verdict == VERDICT_NOT_YET && *ready != '\0' && !judge->book.all_is_own)
		judge_note(judge, words(arena,
				      "ready before the domain: %s; each may get p=%s in a record of its "
				      "own, at _dmarc. before its name",
				      ready, advice_policy_word(judge->policy.to)));
}

static void
note_doubtful(struct judge *judge)
{
	struct arena *arena = judge->arena;
	struct str name;

	if (judge->below_doubtful == 0)
		return;
	name = judge->mail->names[judge->doubtful].domain;
	judge_note(judge,
	    words(arena,
		"under %s%s none of your mail was seen, only some that is to be reviewed: sp= does not wait "
		"for "
		"it. If it is yours, mark its senders as ours (dmarcq mark)",
		name.data != NULL ? words_text(arena, name) : "all other names",
		judge->below_doubtful > 1
		    ? words(arena, " and %s",
			  words_count(arena, (double)(judge->below_doubtful - 1), "more name"))
			  .data
		    : ""));
}

void
judge_note_nowhere(struct judge *judge)
{
	judge_note(judge, words(judge->arena,
			      "np=reject would stop forged names that are not in DNS. Before you publish it, "
			      "see that each of these is there, which reports don't tell: %s",
			      judge->below_names));
}

void
judge_name_notes(struct judge *judge)
{
	struct arena *arena = judge->arena;
	struct advice *advice = judge->advice;

	judge->below_names = list_names(judge, VERDICT_READY, true);
	note_order(judge);
	note_doubtful(judge);
	if (advice->name_count > MOST_NAMES) {
		judge_note(
		    judge, words(arena, "%s more names send mail, each less than those that are listed",
			       words_number(arena, (double)(advice->name_count - MOST_NAMES))));
		advice->name_count = MOST_NAMES;
	}
}
