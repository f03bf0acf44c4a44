/*
 * advice_reporters: does the verdict rest on one reporter's word? The gates of rates are judged again without
 * each of the biggest reporters, and by authenticated reports alone where there are some (RFC 9990, security
 * considerations: forged reports could sway a policy). Coverage, history and volume are not asked again: they
 * must get worse when reports are left out.
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

static unsigned
rates_without(struct judge *judge, uint32_t reporter, bool authentic_only, bool ready)
{
	struct scenario scenario = judge->scenario;
	struct limits limits = ready ? limits_doubled(&judge->limits) : judge->limits;
	struct sums sums;
	unsigned bits;

	scenario.without = reporter;
	scenario.authentic_only = authentic_only;
	sums_make(&sums, &scenario, &judge->scratch);
	bits = check_rates(&limits, &sums, judge->mail, judge->advice->days) & judge_blocking(judge);
	/* Nobody else tells of any mail: that is for COVERAGE-REPORTERS to say. */
	if (!(sums.all.legitimate + sums.all.review > 0))
		bits = ready ? 0 : judge->rates & judge_blocking(judge);
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

	if (bits == 0) {
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

	for (; gate < end; gate++)
		if (!gate->ok && !gate->warns && !(judge->rates & CODE_BIT(gate->code)))
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

		if ((bits == 0) != ready)
			tell(judge,
			    words(judge->arena, "the reports of %s",
				words_text(judge->arena, judge->mail->reporters[reporters[i]].org))
				.data,
			    bits);
	}
	if (has_unproven(judge->mail)) {
		unsigned bits = rates_without(judge, EVERY_REPORTER, true, ready);

		if ((bits == 0) != ready)
			tell(judge, "the reports that nothing authenticates", bits);
	}
	if (judge->policy.to == POLICY_REJECT)
		gate_one_reporter(judge);
}
