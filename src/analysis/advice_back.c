/*
 * advice_back: when a policy does harm now. Two signs: so much of the owner's mail fails that it is no
 * accident of a few bursts, this week too; or a sender that passed, or all of them together, fails since some
 * days. None counts when one reporter alone tells of it and the others see the contrary, nor what nobody can
 * tell from somebody else's account at a service: mail that is authenticated for a service alone, of a sender
 * about which nobody has decided, unless the mail of that sender that passed is gone.
 */
#include "analysis/advice_work.h"

#include <math.h>

enum { WEEK = 7, LEAST_EFFECTIVE = 30, LEAST_WEEK = 10, MOST_NAMES = 100 };

/* Of the limit: what has to fail for sure, and this week. */
static const double part = 0.5;
/* What others see of the same, where one reporter alone made it up. */
static const double much_less = 0.25;

struct back {
	const struct tally *turned, *worst; /* what began to fail; what fails most: NULL: none */
	double legitimate;
	struct stats_bound bound;
	struct stats_clusters week;
	bool badly, fell;
	const struct tally *mended; /* what failed badly, and passes again; NULL: nothing did */
};

/* Mail enough of the same kind, of which much less fails. */
static bool
contradicts(const struct sums *sums, const struct back *back, const struct back *why)
{
	size_t i;

	if (why->turned == NULL)
		return sums_clusters(sums, false, 0, WEEK - 1).n >= LEAST_WEEK &&
		       back->bound.share < much_less * why->bound.share;
	for (i = 0; i < sums->count; i++) {
		const struct tally *tally = &sums->tallies[i];

		if (tally->source == why->turned->source)
			return tally->week >= LEAST_WEEK &&
			       tally->week_failing / tally->week <
				   much_less * why->turned->week_failing / why->turned->week;
	}
	return false;
}

/* Whether two reporters tell of what passed on its newest days, or an authenticated report does, or there is
 * but one reporter: whose word for it is not enough where others have not spoken of these days yet. */
static bool
passes_for_sure(const struct judge *judge, const struct scenario *scenario, const struct tally *tally)
{
	const struct book *book = scenario->book;
	uint32_t first = UINT32_MAX;
	size_t i, k;

	for (i = tally->first; i < tally->first + tally->count; i++) {
		uint32_t number = scenario->scope.flows[i];
		const struct mail_flow *flow = &book->mail->flows[number];

		if (pot_of(flow, scenario->treats[flow->source]) != POT_PASS)
			continue;
		for (k = book->cell_start[number]; k < book->cell_start[number + 1]; k++) {
			const struct mail_cell *cell = &book->mail->cells[k];

			if (cell->day < 0 || cell->day > tally->last + 1 ||
			    scenario_leaves_out(scenario, cell))
				continue;
			if (cell->authentic || (first != UINT32_MAX && cell->reporter != first))
				return true;
			first = cell->reporter;
		}
	}
	return first != UINT32_MAX && judge->mail->reporter_count == 1;
}

/* What failed badly is no harm any more when hardly any of it is of senders that still fail: those whose mail
 * of the newest days passes again are mended. */
static void
find_mended(
    struct back *back, const struct judge *judge, const struct scenario *scenario, const struct sums *sums)
{
	double still = 0;
	size_t i;

	for (i = 0; i < sums->count; i++) {
		const struct tally *tally = &sums->tallies[i];

		if (!check_mended(tally) || (tally->failing > 0 && !passes_for_sure(judge, scenario, tally)))
			still += tally->failing;
		else if (tally->failing > 0 &&
			 (back->mended == NULL || tally->failing > back->mended->failing))
			back->mended = tally;
	}
	if (still > part * judge->limits.back * sums->all.legitimate)
		back->mended = NULL;
}

static void
find_back(struct back *back, const struct judge *judge, const struct scenario *scenario,
    const struct sums *sums, double least_fallen)
{
	const struct limits *limits = &judge->limits;
	struct stats_clusters window = sums_clusters(sums, false, 0, judge->mail->span.days - 1);
	double passing, least;
	size_t i;

	*back = (struct back){.legitimate = sums->all.legitimate,
	    .bound = stats_bound(&window, limits->intra, limits->confidence),
	    .week = sums_clusters(sums, false, 0, WEEK - 1)};
	passing = (1 - back->bound.share) * back->bound.effective;
	least = 1 - stats_upper(passing, back->bound.effective, limits->confidence);
	back->badly = back->bound.effective >= LEAST_EFFECTIVE && back->bound.upper > limits->back &&
		      least > part * limits->back && back->week.x > part * limits->back * back->week.n;
	if (back->badly)
		find_mended(back, judge, scenario, sums);
	back->badly = back->badly && back->mended == NULL;
	back->fell = check_fell(sums, judge->mail, least_fallen);
	for (i = 0; i < sums->count; i++) {
		const struct tally *tally = &sums->tallies[i];

		if (back->worst == NULL || tally->failing > back->worst->failing)
			back->worst = tally;
		if (check_turned(sums, tally) &&
		    (back->turned == NULL || tally->week_failing > back->turned->week_failing))
			back->turned = tally;
	}
}

/* The scope's mail without what may be another's: by what its senders did in it. */
static struct scenario
without_doubtful(struct judge *judge, struct scope scope)
{
	struct scenario scenario = judge->scenario;
	enum treat *treats = arena_alloc(judge->arena, (judge->mail->source_count + 1) * sizeof *treats);
	struct sums sums;
	size_t i;

	scenario.scope = scope;
	for (i = 0; i < judge->mail->source_count; i++)
		treats[i] = scenario.treats[i] == TREAT_UNDECIDED ? TREAT_UNPROVEN : scenario.treats[i];
	sums_make(&sums, &scenario, &judge->scratch);
	for (i = 0; i < sums.count; i++)
		if (check_stopped(&sums.tallies[i]))
			treats[sums.tallies[i].source] = scenario.treats[sums.tallies[i].source];
	arena_reset(&judge->scratch);
	scenario.treats = treats;
	return scenario;
}

/* Whether the sign is gone without a reporter, and the others contradict it; of a fall it is enough that
 * nobody else tells of one. */
static bool
is_alone(struct judge *judge, const struct scenario *scenario, const struct back *why)
{
	bool only_fell = why->turned == NULL && !why->badly && scenario->without != EVERY_REPORTER;
	struct sums sums;
	struct back back;
	bool alone;

	sums_make(&sums, scenario, &judge->scratch);
	find_back(&back, judge, scenario, &sums, 1);
	alone =
	    back.turned == NULL && !back.badly && !back.fell && (only_fell || contradicts(&sums, &back, why));
	arena_reset(&judge->scratch);
	return alone;
}

static bool
rests_on_one(struct judge *judge, struct scenario scenario, const struct back *why)
{
	uint32_t *reporters;
	size_t i, count = judge_biggest_reporters(&reporters, judge);

	for (i = 0; i < count; i++) {
		scenario.without = reporters[i];
		if (!is_alone(judge, &scenario, why))
			continue;
		judge_note(judge, words(judge->arena,
				      "only the reports of %s say that the policy does harm: the others do "
				      "not see that",
				      words_text(judge->arena, judge->mail->reporters[reporters[i]].org)));
		return true;
	}
	scenario.without = EVERY_REPORTER;
	scenario.authentic_only = true;
	if (!judge->mail->has_authentic || !is_alone(judge, &scenario, why))
		return false;
	judge_note(judge, str_of("only reports that nothing authenticates say that the policy does harm"));
	return true;
}

static void
note_back(struct judge *judge, const struct back *why)
{
	struct arena *arena = judge->arena;
	struct str name;

	if (why->turned == NULL && why->fell) {
		judge_note(judge,
		    words(arena,
			"the mail of this domain passed until lately, and %s of %s failed in the last %d "
			"days: go back until that is repaired",
			words_number(arena, why->week.x), words_count(arena, why->week.n, "message"), WEEK));
		return;
	}
	if (why->turned == NULL) {
		judge_note(
		    judge, words(arena,
			       "%s of legitimate mail fails, and receivers were told to %s it: go back until "
			       "that is "
			       "repaired",
			       words_share(arena, why->bound.share), advice_policy_word(judge->policy.from)));
		return;
	}
	name = mail_source_text(&judge->mail->sources[why->turned->source]);
	judge_note(judge, words(arena,
			      "%s passed until a week ago, and %s of %s failed in the last %d days: go back "
			      "until that is repaired",
			      name.data != NULL ? words_text(arena, name) : "the group of all other senders",
			      words_number(arena, why->turned->week_failing),
			      words_count(arena, why->turned->week, "message"), WEEK));
}

static void
note_mended(struct judge *judge, const struct back *back)
{
	struct str name;

	if (back->mended == NULL)
		return;
	name = mail_source_text(&judge->mail->sources[back->mended->source]);
	judge_note(
	    judge, words(judge->arena,
		       "%s of legitimate mail failed, and %s has not failed any more since %s: that is "
		       "mended, and the "
		       "policy stays",
		       words_share(judge->arena, back->bound.share),
		       name.data != NULL ? words_text(judge->arena, name) : "the group of all other senders",
		       words_day(judge->arena, judge->mail->span.as_of - back->mended->last_failing)));
}

/* Whether there is harm in a scope, and more than one reporter's word for it. */
static bool
is_harmed(struct judge *judge, struct scope scope, struct back *back)
{
	struct scenario scenario = without_doubtful(judge, scope);
	struct sums sums;

	sums_make(&sums, &scenario, judge->arena);
	find_back(back, judge, &scenario, &sums, TURNED_LEAST);
	return (back->turned != NULL || back->badly || back->fell) && !rests_on_one(judge, scenario, back);
}

bool
judge_back(struct judge *judge)
{
	struct back back;

	if (!policy_hits(judge->policy.from))
		return false;
	if (is_harmed(judge, judge->scenario.scope, &back)) {
		note_back(judge, &back);
		return true;
	}
	note_mended(judge, &back);
	return false;
}

/* What to do for one name, which is less than what sp= does for all of them. */
static void
note_narrower(struct judge *judge, struct str name)
{
	if (name.data != NULL)
		judge_note(
		    judge, words(judge->arena,
			       "sp= is for all names below; a record of its own does the same for %s alone: "
			       "v=DMARC1; p=%s at _dmarc.%s, until that is repaired",
			       words_text(judge->arena, name), advice_policy_word(judge->advice->below_to),
			       words_text(judge->arena, name)));
}

static void
back_below(struct judge *judge, struct advice_name *name, const struct back *back)
{
	struct advice *advice = judge->advice;
	struct str domain = judge->mail->names[name->name].domain;

	name->verdict = VERDICT_STEP_BACK;
	judge_refuse_below(
	    judge, name->name, back->turned != NULL ? back->turned : back->worst, back->legitimate);
	judge_note(judge,
	    words(judge->arena,
		"%s of the legitimate mail of %s fails, and receivers were told to %s it: sp= goes back "
		"until that is repaired",
		words_share(judge->arena, back->bound.share),
		domain.data != NULL ? words_text(judge->arena, domain) : "all other names",
		advice_policy_word(advice->below_from)));
	note_narrower(judge, domain);
}

/* Names below may suffer alone: then sp goes back, and p stays. */
bool
judge_back_below(struct judge *judge)
{
	struct advice *advice = judge->advice;
	enum advice_policy below = policy_below(judge->policy.seen);
	struct back back;
	bool found = false;
	size_t i;

	if (!policy_hits(below) || judge->book.all_is_own)
		return false;
	for (i = 0; i < advice->name_count && i < MOST_NAMES; i++) {
		if (advice->names[i].verdict != VERDICT_NOT_YET ||
		    !is_harmed(judge, book_name(&judge->book, advice->names[i].name), &back))
			continue;
		found = true;
		advice->below_from = below;
		advice->below_to = (enum advice_policy)(below - 1);
		back_below(judge, &advice->names[i], &back);
	}
	return found;
}
