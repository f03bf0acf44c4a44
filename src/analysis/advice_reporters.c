/*
 * advice_reporters: does the verdict rest on one reporter's word? The gates of rates are judged again without
 * each of the biggest reporters, and by authenticated reports alone where there are some (RFC 9990, security
 * considerations: forged reports could sway a policy). Coverage, history and volume are not asked again of a
 * step that is ready: they must get worse when reports are left out. Of one that is not, they have to hold.
 */
#include "analysis/advice_work.h"

#include <stdlib.h>

enum { MOST_REPORTERS = 20 };

struct candidate {
	uint32_t reporter;
	double messages;
};

static int
by_messages(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	if (left->messages < right->messages || left->messages > right->messages)
		return left->messages < right->messages ? 1 : -1;
	return left->reporter < right->reporter ? -1 : left->reporter > right->reporter;
}

size_t
judge_biggest_reporters(uint32_t **reporters, struct judge *judge)
{
	struct candidate *found =
	    arena_alloc(judge->arena, (judge->mail->reporter_count + 1) * sizeof *found);
	size_t i, count = 0;

	for (i = 0; i < judge->mail->reporter_count; i++)
		if (judge->sums.all_by_reporter[i] > 0)
			found[count++] = (struct candidate){(uint32_t)i, judge->sums.all_by_reporter[i]};
	qsort(found, count, sizeof *found, by_messages);
	count = count < MOST_REPORTERS ? count : MOST_REPORTERS;
	*reporters = arena_alloc(judge->arena, (count + 1) * sizeof **reporters);
	for (i = 0; i < count; i++)
		(*reporters)[i] = found[i].reporter;
	return count;
}

/* The second reporter's first day, or the only one's. */
static int64_t
second_voice(const struct mail_view *mail)
{
	int64_t first = INT64_MAX, second = INT64_MAX;
	size_t i;

	for (i = 0; i < mail->reporter_count; i++) {
		int64_t day = mail->reporters[i].first;

		second = day < first ? first : day < second ? day : second;
		first = day < first ? day : first;
	}
	return second <= mail->span.as_of ? second : first;
}

int64_t
judge_first_day(const struct mail_view *mail)
{
	int64_t voice = second_voice(mail), day, reported = 0, days = 0, half = -1;
	unsigned expected = days_expected(mail);

	for (day = 0; day < mail->span.inventory; day++) {
		if (!day_is_expected(expected, day))
			continue;
		reported += mail->reported[day] ? 1 : 0;
		if (mail->reported[day] && 2 * reported > days)
			half = day;
		days++;
	}
	voice = voice > mail->span.as_of || voice < mail->first_day ? mail->first_day : voice;
	/* Days before the inventory are known by their reporters alone. */
	if (2 * reported >= days)
		return voice;
	half = mail->span.as_of - (half < 0 ? 0 : half);
	return half > voice ? half : voice;
}

static bool
has_unproven(const struct mail_view *mail)
{
	size_t i;

	if (!mail->has_authentic)
		return false;
	for (i = 0; i < mail->cell_count; i++)
		if (!mail->cells[i].authentic)
			return true;
	return false;
}

/* Whether the others are reporters enough. */
static bool
covers_without(const struct judge *judge, const struct sums *sums, uint32_t reporter, bool authentic_only)
{
	double count = 0, big = 0, most = 0, all = 0;
	uint32_t i;

	for (i = 0; i < judge->mail->reporter_count; i++) {
		const struct mail_reporter *one = &judge->mail->reporters[i];
		bool speaks = (authentic_only ? one->authentic_days : one->days) > 0 && i != reporter;

		count += speaks ? 1 : 0;
		big += speaks && one->big ? 1 : 0;
		all += sums->by_reporter[i];
		most = sums->by_reporter[i] > most ? sums->by_reporter[i] : most;
	}
	return count >= judge->limits.reporters && big >= 1 && most <= judge->limits.biggest * all;
}

/* Whether the verdict is another without some reports; of a step that is not ready: but for their absence. */
static bool
is_another(unsigned bits, bool ready)
{
	return ready ? bits != 0 : (bits & ~CODE_BIT(ADVICE_COVERAGE_REPORTERS)) == 0;
}

static unsigned
rates_without(struct judge *judge, uint32_t reporter, bool authentic_only, bool ready)
{
	struct scenario scenario = judge->scenario;
	struct limits limits = ready ? limits_doubled(&judge->limits) : judge->limits;
	int64_t days = judge->advice->days;
	struct sums sums;
	unsigned bits;

	scenario.without = reporter;
	scenario.authentic_only = authentic_only;
	sums_make(&sums, &scenario, &judge->scratch);
	/* What stops the step may be what one report does to the volume: then it is worked out anew. */
	bits = !ready && check_bound(&days, &limits, &sums, judge->mail).effective < limits.volume
		   ? CODE_BIT(ADVICE_VOLUME)
		   : 0;
	bits |= check_rates(&limits, &sums, judge->mail, days) & judge_blocking(judge);
	/* Nobody knows who told of spoofed mail: what is asked about it stays. */
	bits |= !ready && check_asks_steady(&judge->limits, &judge->sums, judge->mail)
		    ? CODE_BIT(ADVICE_REVIEW)
		    : 0;
	bits |= !ready && !covers_without(judge, &sums, reporter, authentic_only)
		    ? CODE_BIT(ADVICE_COVERAGE_REPORTERS)
		    : 0;
	/* Nobody else tells of any mail: that is for COVERAGE-REPORTERS to say. */
	if (!(sums.all.legitimate + sums.all.review > 0))
		bits = ready ? 0 : CODE_BIT(ADVICE_VOLUME);
	arena_reset(&judge->scratch);
	return bits;
}

static const char *
code_list(struct arena *arena, unsigned bits)
{
	const char *list = "";
	int code;

	for (code = 0; code < ADVICE_CODES; code++)
		if (bits & CODE_BIT(code))
			list = words(arena, "%s%s%s", list, *list != '\0' ? ", " : "",
			    advice_code_word((enum advice_code)code))
				   .data;
	return list;
}

static void
tell(struct judge *judge, const char *who, unsigned bits)
{
	struct arena *arena = judge->arena;
	struct advice *advice = judge->advice;
	struct advice_refusal *refusal;

	if (bits == CODE_BIT(ADVICE_COVERAGE_REPORTERS)) {
		judge_note(judge,
		    words(arena,
			"what stands in the way rests on %s alone; without them there are too few reporters",
			who));
	} else if (bits == 0) {
		judge_note(judge,
		    words(arena,
			"what stands in the way rests on %s alone: without them the verdict would be READY",
			who));
	} else if (judge->policy.to == POLICY_QUARANTINE) {
		judge_note(judge, words(arena, "without %s the verdict would be NOT YET (%s)", who,
				      code_list(arena, bits)));
	} else {
		refusal = judge_refuse(judge, ADVICE_ONE_REPORTER);
		refusal->subject = str_of(who);
		refusal->text = words(arena, "READY rests on %s: without them these gates fail: %s", who,
		    code_list(arena, bits));
		refusal->evidence =
		    words(arena, "dmarcq reports --domain %s", words_quoted(arena, judge->mail->domain));
		refusal->fix = str_of(
		    "see whether these reports are what they seem, or wait until others tell the same");
		advice->verdict = VERDICT_NOT_YET;
	}
}

static void
gate_one_reporter(struct judge *judge)
{
	double flips = 0;
	size_t i;

	for (i = 0; i < judge->advice->refusal_count; i++)
		flips += judge->advice->refusals[i].code == ADVICE_ONE_REPORTER ? 1 : 0;
	judge_gate(judge, ADVICE_ONE_REPORTER, flips, 0, false)->text =
	    str_of("reporters without whom it would not be ready");
}

/* Whether something stands in the way that no reporter alone could take out of it. */
static bool
is_stopped_anyway(const struct judge *judge)
{
	const struct advice_gate *gate = judge->advice->gates, *end = gate + judge->advice->gate_count;
	unsigned may = judge->rates | CODE_BIT(ADVICE_VOLUME) | CODE_BIT(ADVICE_BOUND);

	/* Who tells of nearly all may be who makes it up. */
	if (judge->one_voice && judge->voices_enough)
		may |= CODE_BIT(ADVICE_COVERAGE_REPORTERS);
	for (; gate < end; gate++)
		if (!gate->ok && !gate->warns && !(may & CODE_BIT(gate->code)))
			return true;
	return false;
}

void
judge_reporters(struct judge *judge)
{
	bool ready = judge->advice->verdict == VERDICT_READY;
	uint32_t *reporters;
	size_t i, count;

	if (!ready && is_stopped_anyway(judge))
		return;
	count = judge_biggest_reporters(&reporters, judge);
	for (i = 0; i < count; i++) {
		unsigned bits = rates_without(judge, reporters[i], false, ready);

		if (is_another(bits, ready))
			tell(judge,
			    words(judge->arena, "the reports of %s",
				words_text(judge->arena, judge->mail->reporters[reporters[i]].org))
				.data,
			    bits);
	}
	if (has_unproven(judge->mail)) {
		unsigned bits = rates_without(judge, EVERY_REPORTER, true, ready);

		if (is_another(bits, ready))
			tell(judge, "the reports that nothing authenticates", bits);
	}
	if (judge->policy.to == POLICY_REJECT)
		gate_one_reporter(judge);
}

void
judge_no_data(struct judge *judge)
{
	const struct mail_view *mail = judge->mail;
	struct policy_state policy = policy_state(mail);
	struct arena *arena = judge->arena;
	int64_t day = 0;
	const char *told, *which = judge->rules->authentic ? "authenticated " : "";

	judge->advice->from = judge->advice->to = policy.from;
	while (day < mail->span.inventory && !mail->reported[day])
		day++;
	told = policy.seen != NULL ? words(arena, "; they told of p=%s", advice_policy_word(policy.from)).data
				   : "";
	if (day >= mail->span.inventory)
		judge_note(judge, words(arena, "there are no %sreports about it of the last %s", which,
				      words_count(arena, (double)mail->span.inventory, "day")));
	else if (day >= mail->span.days)
		judge_note(judge,
		    words(arena, "the newest %sreports about it are of %s, and none is of the last %s%s",
			which, words_day(arena, mail->span.as_of - day),
			words_count(arena, (double)mail->span.days, "day"), told));
	else
		judge_note(judge, words(arena, "no %sreport about it tells what its record is", which));
}
