/*
 * advice: the verdict, from the gates, the names and the reporters. The order matters: senders first (the
 * bound tells what is left without them), names before the record (sp and np), reporters last (they ask
 * whether the verdict stays).
 */
#include "analysis/advice.h"

#include "analysis/advice_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16, SILENT = 7, REGULAR = 10, MOST_SILENT = 5 };

const char *
advice_verdict_word(enum advice_verdict verdict)
{
	static const char *const verdicts[] = {"READY", "NOT YET", "KEEP", "STEP BACK", "NO DATA"};

	return verdicts[verdict];
}

const char *
advice_code_word(enum advice_code code)
{
	static const char *const codes[] = {"HISTORY", "COVERAGE-DAYS", "COVERAGE-REPORTERS", "VOLUME",
	    "BOUND", "SOURCE", "REVIEW", "NEW-SOURCE", "RECENCY", "TREND", "SPF-ONLY", "LISTS", "RECORD",
	    "TEMP", "ONE-REPORTER", "PARKED"};

	return code < ADVICE_CODES ? codes[code] : "";
}

/* ---- lists that grow */

/* Twice the room when it is full; what is outgrown stays in the arena. */
static void *
grown(struct arena *arena, void *old, size_t count, size_t *room, size_t size)
{
	void *larger;

	if (count < *room)
		return old;
	*room = *room > 0 ? 2 * *room : FIRST_ROOM;
	larger = arena_zero(arena, *room * size);
	if (count > 0)
		memcpy(larger, old, count * size);
	return larger;
}

struct advice_gate *
judge_gate(struct judge *judge, enum advice_code code, double value, double limit, bool at_least)
{
	struct advice *advice = judge->advice;
	struct advice_gate *gate = &advice->gates[advice->gate_count++];

	*gate = (struct advice_gate){.code = code,
	    .value = value,
	    .limit = limit,
	    .at_least = at_least,
	    .ok = at_least ? value >= limit : value <= limit,
	    .warns = judge->informs};
	return gate;
}

struct advice_refusal *
judge_refuse(struct judge *judge, enum advice_code code)
{
	struct advice *advice = judge->advice;
	struct advice_refusal *refusal;

	advice->refusals = grown(judge->arena, advice->refusals, advice->refusal_count, &judge->refusal_room,
	    sizeof *advice->refusals);
	refusal = &advice->refusals[advice->refusal_count++];
	*refusal = (struct advice_refusal){.code = code,
	    .warns = judge->informs,
	    .name = UINT32_MAX,
	    .subject = str_of(""),
	    .text = str_of(""),
	    .evidence = str_of(""),
	    .fix = str_of(""),
	    .command = str_of(""),
	    .otherwise = str_of("")};
	return refusal;
}

void
judge_note(struct judge *judge, struct str note)
{
	struct advice *advice = judge->advice;

	advice->notes =
	    grown(judge->arena, advice->notes, advice->note_count, &judge->note_room, sizeof *advice->notes);
	advice->notes[advice->note_count++] = note;
}

/* ---- beginning */

static void
begin(struct judge *judge, const struct advice_change *changes, size_t change_count)
{
	const struct mail_view *mail = judge->mail;
	size_t i;

	book_open(&judge->book, mail, judge->arena);
	for (i = 0; i < change_count; i++)
		judge_suppose(judge, &changes[i]);
	judge->repaired = arena_alloc(judge->arena, (mail->source_count + 1) * sizeof *judge->repaired);
	judge->refused = arena_zero(judge->arena, mail->source_count + 1);
	judge->first_day = judge_first_day(mail);
	judge->policy = policy_state(mail);
	judge->limits = limits_of(judge->rules, judge->policy.to);
	judge->informs = judge->policy.from == POLICY_REJECT;
	judge->scenario = (struct scenario){.book = &judge->book,
	    .scope = judge->book.own,
	    .treats = judge->book.treats,
	    .without = EVERY_REPORTER,
	    .recency = judge->limits.recency};
	sums_make(&judge->sums, &judge->scenario, judge->arena);
	judge_find_crowd(judge);
	memcpy(judge->repaired, judge->book.treats, mail->source_count * sizeof *judge->repaired);
}

static bool
has_reports(const struct mail_view *mail)
{
	int64_t i;

	for (i = 0; i < mail->span.days; i++)
		if (mail->reported[i])
			return true;
	return false;
}

/* ---- what it rests on */

static uint64_t
whole(double value)
{
	return value < 1 ? 0 : value > 9e18 ? (uint64_t)9e18 : (uint64_t)(value + 0.5);
}

static void
count_mail(struct judge *judge)
{
	struct advice *advice = judge->advice;
	const struct mail_view *mail = judge->mail;
	const struct tally *all = &judge->sums.all;
	struct stats_clusters clusters;
	int64_t history = mail->span.as_of - judge->first_day + 1;
	size_t i;

	advice->bound = check_bound(&advice->days, &judge->limits, &judge->sums, mail);
	clusters = sums_clusters(&judge->sums, true, 0, mail->span.days - 1);
	advice->share = clusters.n > 0 ? clusters.x / clusters.n : 0;
	clusters = sums_lasting(&judge->sums, false, 0, advice->days - 1);
	advice->optimistic = stats_bound(&clusters, judge->limits.intra, judge->limits.confidence);
	advice->legitimate = whole(all->legitimate);
	advice->failing = whole(all->failing);
	advice->review = whole(all->review + all->crowd);
	advice->lists = whole(all->lists);
	advice->spoofed = whole(all->spoofed);
	advice->unseen = all->known + all->known_review > 0
			     ? fmin(1, judge->sums.once / (all->known + all->known_review))
			     : 0;
	advice->covers = (history < mail->span.inventory ? history : mail->span.inventory) / 3;
	for (i = 0; i < mail->reporter_count; i++)
		advice->reporters += mail->reporters[i].days > 0 ? 1 : 0;
}

/* ---- the verdict */

unsigned
judge_blocking(const struct judge *judge)
{
	unsigned all = CODE_BIT(ADVICE_CODES) - 1;

	return judge->policy.to == POLICY_REJECT ? all : all & ~CODE_BIT(ADVICE_SPF_ONLY);
}

/* The codes of the gates that fail. */
static unsigned
failed_gates(const struct judge *judge)
{
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < judge->advice->gate_count; i++)
		if (!judge->advice->gates[i].ok)
			bits |= CODE_BIT(judge->advice->gates[i].code);
	return bits;
}

bool
judge_all_decided(const struct judge *judge)
{
	size_t i;

	for (i = 0; i < judge->sums.count; i++) {
		const struct tally *tally = &judge->sums.tallies[i];

		if (tally->known + tally->known_review > 0 &&
		    judge->mail->sources[tally->source].decision == DECISION_NONE)
			return false;
	}
	return true;
}

/* Too little mail for a bound, and nothing else: then it may rest on the owner's decisions. */
static bool
is_small(const struct judge *judge, unsigned failed)
{
	unsigned may = CODE_BIT(ADVICE_VOLUME) | CODE_BIT(ADVICE_BOUND);
	int64_t history = judge->mail->span.as_of - judge->first_day + 1;

	if (judge->one_voice && judge->voices_enough)
		may |= CODE_BIT(ADVICE_COVERAGE_REPORTERS);
	return (failed & CODE_BIT(ADVICE_VOLUME)) && !(failed & ~may) &&
	       history >= judge->mail->span.inventory &&
	       !(judge->sums.all.known_failing + judge->sums.all.known_review > 0) &&
	       judge->sums.all.known > 0 && judge_all_decided(judge);
}

static enum advice_verdict
verdict_of(struct judge *judge)
{
	unsigned failed = failed_gates(judge) & judge_blocking(judge);
	bool others = (failed & ~CODE_BIT(ADVICE_LISTS)) != 0;

	if (judge_back(judge))
		return VERDICT_STEP_BACK;
	judge->below_back = judge_back_below(judge);
	if (judge->below_back)
		return VERDICT_STEP_BACK;
	if (judge->policy.from == POLICY_REJECT)
		return VERDICT_KEEP;
	if (failed == 0)
		return VERDICT_READY;
	if (judge->policy.from == POLICY_QUARANTINE && !others) {
		judge_note(judge, str_of("quarantine is the right end state while people of this domain "
					 "write to mailing lists"));
		return VERDICT_KEEP;
	}
	judge->advice->small = is_small(judge, failed);
	return judge->advice->small ? VERDICT_READY : VERDICT_NOT_YET;
}

/* The owner says that there is no mail, and there is. */
static void
refuse_parked(struct judge *judge)
{
	const struct tally *all = &judge->sums.all;
	struct advice_refusal *refusal;

	if (!judge->rules->parked)
		return;
	refusal = judge_refuse(judge, ADVICE_PARKED);
	refusal->text =
	    words(judge->arena, "the domain is said to send no mail, and in %s reports tell of %s of it",
		words_days(judge->arena, (double)judge->mail->span.inventory),
		words_count(judge->arena, all->known + all->known_review + all->known_lists, "message"));
	refusal->evidence = words(
	    judge->arena, "dmarcq sources --domain %s", words_quoted(judge->arena, judge->mail->domain));
	refusal->fix = str_of("see who sends it, and mark as not-ours what is not yours (dmarcq mark). If "
			      "some is yours, take the "
			      "domain off [advice] parked");
	refusal->earliest = judge->mail->span.as_of;
	judge_gate(judge, ADVICE_PARKED, 1, 0, false)->text =
	    str_of("the domain is said to send no mail, and it does");
}

/* The owner's mail was not seen. */
static enum advice_verdict
parked_verdict(struct judge *judge)
{
	const struct tally *all = &judge->sums.all;
	double unproven = all->known + all->known_review + all->known_lists;
	struct advice_refusal *refusal;
	struct advice_gate *gate;

	count_mail(judge);
	if (judge->policy.from == POLICY_REJECT)
		return VERDICT_KEEP;
	judge->policy.to = judge->advice->to = POLICY_REJECT;
	gate = judge_gate(judge, ADVICE_PARKED, judge->rules->parked ? 1 : 0, 1, true);
	gate->text = str_of("the owner says that the domain sends no mail");
	if (judge->rules->parked) {
		if (unproven > 0)
			judge_note(judge, words(judge->arena,
					      "reports tell of %s that nobody called yours, and none of it "
					      "passes: by your word it is none",
					      words_count(judge->arena, unproven, "message")));
		if (check_asks_steady(&judge->limits, &judge->sums, judge->mail))
			judge_note(
			    judge, str_of("some of the mail that nothing authenticates comes at an even "
					  "pace, as from a machine that was forgotten: by your word it "
					  "is none (dmarcq sources)"));
		judge_note(judge, str_of("publish beside it, where it is not there yet: v=spf1 -all at the "
					 "domain, a null MX (MX 0 .), and "
					 "v=DKIM1; p= at *._domainkey"));
		return VERDICT_READY;
	}
	/* All the mail that there is may be that of a machine of the owner's. */
	judge_steady(judge);
	refusal = judge_refuse(judge, ADVICE_PARKED);
	refusal->text = words(judge->arena,
	    "no legitimate mail in %s: either the domain sends none, or its mail reaches nobody who "
	    "reports",
	    words_days(judge->arena, (double)judge->mail->span.inventory));
	refusal->evidence = words(
	    judge->arena, "dmarcq sources --domain %s", words_quoted(judge->arena, judge->mail->domain));
	refusal->fix =
	    str_of("if it sends none, say so ([advice] parked, or --parked): then p=reject is right at once");
	refusal->earliest = judge->advice->earliest = judge->mail->span.as_of;
	return VERDICT_NOT_YET;
}

/* Mail that may be the owner's; when they say that there is none, only mail that passes or that they have
 * called theirs, under whatever name, says otherwise. */
static bool
sees_mail(struct judge *judge)
{
	const struct tally *all = &judge->sums.all;
	struct scenario scenario = judge->scenario;
	struct sums sums;
	bool sees = false;
	size_t i;

	if (!judge->rules->parked)
		return all->known + all->known_review + all->known_lists > 0;
	scenario.scope = judge->book.all;
	sums_make(&sums, &scenario, &judge->scratch);
	for (i = 0; i < sums.count; i++) {
		const struct tally *tally = &sums.tallies[i];
		enum treat treat = scenario.treats[tally->source];

		sees = sees || tally->known > tally->known_failing ||
		       (tally->known > 0 && (treat == TREAT_OURS || treat == TREAT_FIXED));
	}
	arena_reset(&judge->scratch);
	return sees;
}

static int
by_repair(const void *a, const void *b)
{
	const struct advice_refusal *left = a, *right = b;

	if (left->hit != right->hit)
		return left->hit ? -1 : 1;
	if (left->warns != right->warns)
		return left->warns ? 1 : -1;
	if (left->others != right->others)
		return left->others ? 1 : -1;
	if (left->messages != right->messages)
		return left->messages < right->messages ? 1 : -1;
	if (left->code != right->code)
		return left->code < right->code ? -1 : 1;
	return left->source < right->source ? -1 : left->source > right->source;
}

static void
note_left_out(struct judge *judge)
{
	const struct tally *all = &judge->sums.all;

	if (all->disowned > 0)
		judge_note(judge, words(judge->arena,
				      "left out: %s that passed, of senders that are marked not-ours: "
				      "look how they can",
				      words_count(judge->arena, all->disowned, "message")));
	if (all->untold > 0)
		judge_note(judge, words(judge->arena, "left out: %s of which receivers tell no verdict",
				      words_count(judge->arena, all->untold, "message")));
}

static void
note_silent(struct judge *judge)
{
	size_t i, count = 0;

	for (i = 0; i < judge->mail->reporter_count; i++) {
		const struct mail_reporter *reporter = &judge->mail->reporters[i];

		if (reporter->days < REGULAR || judge->mail->span.as_of - reporter->last < SILENT)
			continue;
		if (count++ < MOST_SILENT)
			judge_note(judge,
			    words(judge->arena, "%s has not reported since %s: what it sees is missing here",
				words_text(judge->arena, reporter->org),
				words_day(judge->arena, reporter->last)));
	}
	if (count > MOST_SILENT)
		judge_note(judge, words(judge->arena, "%s more reporters have not reported for a week either",
				      words_number(judge->arena, (double)(count - MOST_SILENT))));
}

static void
judge_mail(struct judge *judge)
{
	struct advice *advice = judge->advice;

	count_mail(judge);
	judge->rates = check_rates(&judge->limits, &judge->sums, judge->mail, advice->days);
	judge_sources(judge);
	judge_repairs(judge);
	judge_names(judge);
	judge_gates(judge);
	judge_names_hit(judge);
	refuse_parked(judge);
	advice->verdict = verdict_of(judge);
	if (advice->verdict == VERDICT_KEEP)
		advice->to = advice->from;
	if (advice->verdict == VERDICT_STEP_BACK)
		advice->to = judge->below_back ? advice->from : (enum advice_policy)(advice->from - 1);
	if (judge->policy.from != POLICY_REJECT &&
	    (advice->verdict == VERDICT_READY || advice->verdict == VERDICT_NOT_YET))
		judge_reporters(judge);
	judge_times(judge);
	judge_name_notes(judge);
	note_silent(judge);
	note_left_out(judge);
	if (advice->refusal_count > 0)
		qsort(advice->refusals, advice->refusal_count, sizeof *advice->refusals, by_repair);
}

void
advice_make(struct advice *advice, const struct mail_view *mail, const struct advice_rules *rules,
    const struct advice_change *changes, size_t change_count, struct arena *arena)
{
	struct judge judge = {.mail = mail, .rules = rules, .arena = arena, .advice = advice};

	*advice = (struct advice){.domain = mail->domain,
	    .verdict = VERDICT_NO_DATA,
	    .from = POLICY_UNTOLD,
	    .to = POLICY_UNTOLD,
	    .below_from = POLICY_UNTOLD,
	    .below_to = POLICY_UNTOLD,
	    .mail = mail,
	    .record = str_of(""),
	    .seen = str_of(""),
	    .first = mail->span.as_of - mail->span.days + 1,
	    .last = mail->span.as_of,
	    .days = mail->span.days,
	    .bound.upper = 1,
	    .optimistic.upper = 1,
	    .repaired.upper = 1};
	if (!has_reports(mail)) {
		judge_no_data(&judge);
		return;
	}
	begin(&judge, changes, change_count);
	advice->from = judge.policy.from;
	advice->to = judge.policy.to;
	if (judge.policy.seen == NULL) {
		judge_no_data(&judge);
		return;
	}
	arena_init(&judge.scratch);
	judge.mails = sees_mail(&judge);
	if (judge.mails) {
		judge_mail(&judge);
	} else {
		advice->verdict = parked_verdict(&judge);
		note_left_out(&judge);
	}
	judge_record(&judge);
	judge_evidence_asked(&judge);
	arena_free(&judge.scratch);
}
