/*
 * advice_repairs: what is supposed of senders, and the smallest set of repairs, found by doing them. Each
 * sender that a gate names alone is needed; where only the sum of all is too much, the biggest are repaired
 * one after the other.
 */
#include "analysis/advice_work.h"

#include <string.h>

struct repairs {
	struct advice_change *changes;
	size_t count;
	enum advice_change_to open; /* what becomes of senders that nobody has decided about */
	struct arena *arena;
};

static bool
has_change(const struct repairs *repairs, struct str source)
{
	size_t i;

	for (i = 0; i < repairs->count; i++)
		if (str_same(repairs->changes[i].source, source))
			return true;
	return false;
}

static bool
add_change(struct repairs *repairs, struct str source, bool asks)
{
	if (source.data == NULL || repairs->count >= ADVICE_MOST_REPAIRS || has_change(repairs, source))
		return false;
	repairs->changes[repairs->count++] = (struct advice_change){
	    arena_str(repairs->arena, source), asks ? repairs->open : CHANGE_FIXED, asks};
	return true;
}

static bool
is_of_sender(enum advice_code code)
{
	return code == ADVICE_SOURCE || code == ADVICE_REVIEW || code == ADVICE_NEW_SOURCE ||
	       code == ADVICE_RECENCY || code == ADVICE_SPF_ONLY;
}

/* What stands in the way by itself. */
static size_t
add_named(struct repairs *repairs, const struct advice *advice)
{
	size_t i, added = 0;

	for (i = 0; i < advice->refusal_count; i++) {
		const struct advice_refusal *refusal = &advice->refusals[i];

		if (refusal->warns || !is_of_sender(refusal->code))
			continue;
		if (refusal->crowd && add_change(repairs, str_of(ADVICE_CROWD), true)) {
			repairs->changes[repairs->count - 1].to = CHANGE_NOT_OURS; /* nobody has so many */
			added++;
		}
		if (!refusal->has_source)
			continue;
		if (add_change(
			repairs, mail_source_text(&advice->mail->sources[refusal->source]), refusal->decides))
			added++;
	}
	return added;
}

static bool
stands(const struct advice *advice, enum advice_code code)
{
	size_t i;

	for (i = 0; i < advice->refusal_count; i++)
		if (advice->refusals[i].code == code && !advice->refusals[i].warns &&
		    !advice->refusals[i].little)
			return true;
	return false;
}

/* Of the senders that fail for sure, one that may be the cause of a step back: the biggest comes first. At
 * reject they are only told. */
static size_t
add_failing(struct repairs *repairs, const struct advice *advice)
{
	size_t i;

	for (i = 0; i < advice->refusal_count; i++) {
		const struct advice_refusal *refusal = &advice->refusals[i];

		if (refusal->code == ADVICE_SOURCE && refusal->has_source && !refusal->hit &&
		    add_change(repairs, mail_source_text(&advice->mail->sources[refusal->source]), false))
			return 1;
	}
	return 0;
}

/* What fails most under each name below that is not ready. */
static size_t
add_below(struct repairs *repairs, const struct advice *advice)
{
	size_t i, added = 0;

	for (i = 0; i < advice->name_count; i++)
		if (advice->names[i].verdict == VERDICT_NOT_YET &&
		    add_change(
			repairs, mail_source_text(&advice->mail->sources[advice->names[i].source]), false))
			added++;
	return added;
}

/* The sender with the most that fails, of those that are left. */
static size_t
add_biggest(struct repairs *repairs, const struct advice *advice, struct arena *scratch)
{
	struct advice_impact *rows;
	size_t i, count;

	if (!stands(advice, ADVICE_BOUND) && !stands(advice, ADVICE_TREND) &&
	    advice->verdict != VERDICT_STEP_BACK)
		return 0;
	count = advice_impact(&rows, advice->mail, scratch);
	for (i = 0; i < count; i++) {
		bool unknown = rows[i].class == MAIL_UNKNOWN;

		if ((rows[i].legitimate || unknown) && rows[i].domain + rows[i].below > 0 &&
		    add_change(repairs, mail_source_text(&advice->mail->sources[rows[i].source]), unknown))
			return 1;
	}
	return 0;
}

/* What time alone mends; it never mends what has no date. */
static bool
is_time(const struct advice_refusal *refusal)
{
	return refusal->earliest > 0 &&
	       (refusal->code == ADVICE_HISTORY || refusal->code == ADVICE_COVERAGE_DAYS ||
		   refusal->code == ADVICE_VOLUME || refusal->little);
}

static bool
below_waits(const struct advice *advice)
{
	size_t i;

	for (i = 0; i < advice->name_count; i++)
		if (advice->names[i].verdict == VERDICT_NOT_YET)
			return true;
	return false;
}

/* Nothing but time is missing; of a step back, that none is needed; of what is ready, that names below are,
 * too. */
static bool
is_enough(const struct advice *advice, enum advice_verdict before)
{
	size_t i;

	if (advice->verdict == VERDICT_NO_DATA || advice->verdict == VERDICT_STEP_BACK)
		return false;
	if (before == VERDICT_STEP_BACK || before == VERDICT_KEEP)
		return true;
	if (before == VERDICT_READY)
		return !below_waits(advice);
	for (i = 0; advice->verdict != VERDICT_READY && i < advice->refusal_count; i++)
		if (!advice->refusals[i].warns && !is_time(&advice->refusals[i]))
			return false;
	return true;
}

/* What is repaired next; how many: 0: nothing is left. */
static size_t
add_next(
    struct repairs *repairs, const struct advice *advice, enum advice_verdict before, struct arena *scratch)
{
	size_t added;

	if (before == VERDICT_READY)
		return add_below(repairs, advice);
	added = before == VERDICT_STEP_BACK ? add_failing(repairs, advice) : add_named(repairs, advice);
	return added > 0 ? added : add_biggest(repairs, advice, scratch);
}

/* One was added after the other, by its mail: those without which a step back ends as well go. */
static void
drop_needless(struct repairs *repairs, const struct mail_view *mail, const struct advice_rules *rules,
    struct arena *scratch)
{
	struct advice_change *changes = repairs->changes;
	struct advice advice;
	size_t i = repairs->count;

	while (i-- > 0 && repairs->count > 1) {
		size_t behind = (--repairs->count - i) * sizeof *changes;
		struct advice_change one = changes[i];

		memmove(&changes[i], &changes[i + 1], behind);
		arena_reset(scratch);
		advice_make(&advice, mail, rules, changes, repairs->count, scratch);
		if (is_enough(&advice, VERDICT_STEP_BACK))
			continue;
		memmove(&changes[i + 1], &changes[i], behind);
		changes[i] = one;
		repairs->count++;
	}
}

static bool
any_asks(const struct repairs *repairs)
{
	size_t i;

	for (i = 0; i < repairs->count; i++)
		if (repairs->changes[i].asks)
			return true;
	return false;
}

/* Whether what was found is enough; *before: the verdict without it. */
static bool
find_repairs(struct repairs *repairs, enum advice_verdict *before, const struct mail_view *mail,
    const struct advice_rules *rules, struct arena *scratch)
{
	struct advice advice;
	size_t added = 1;
	bool enough = false;

	repairs->count = 0;
	while (added > 0) {
		arena_reset(scratch);
		advice_make(&advice, mail, rules, repairs->changes, repairs->count, scratch);
		*before = repairs->count == 0 ? advice.verdict : *before;
		enough = is_enough(&advice, *before);
		added = enough ? 0 : add_next(repairs, &advice, *before, scratch);
	}
	return enough;
}

size_t
advice_repairs(struct advice_change **changes, bool *enough, const struct mail_view *mail,
    const struct advice_rules *rules, struct arena *arena)
{
	struct repairs repairs = {
	    .changes = arena_alloc(arena, ADVICE_MOST_REPAIRS * sizeof *repairs.changes),
	    .open = CHANGE_FIXED,
	    .arena = arena};
	enum advice_verdict before = VERDICT_NO_DATA;
	struct arena scratch;

	arena_init(&scratch);
	*enough = find_repairs(&repairs, &before, mail, rules, &scratch);
	if (!*enough && any_asks(&repairs)) {
		repairs.open = CHANGE_NOT_OURS;
		*enough = find_repairs(&repairs, &before, mail, rules, &scratch);
	}
	if (!*enough && any_asks(&repairs)) {
		repairs.open = CHANGE_FIXED;
		(void)find_repairs(&repairs, &before, mail, rules, &scratch);
	}
	if (before == VERDICT_STEP_BACK && *enough)
		drop_needless(&repairs, mail, rules, &scratch);
	else if (before == VERDICT_STEP_BACK)
		repairs.count = 0; /* none of them helps */
	arena_free(&scratch);
	*changes = repairs.changes;
	return repairs.count;
}

/* ---- what is supposed */

enum treat
treat_of_change(enum advice_change_to to)
{
	static const enum treat treats[] = {
	    [CHANGE_FIXED] = TREAT_FIXED,
	    [CHANGE_OURS] = TREAT_OURS,
	    [CHANGE_NOT_OURS] = TREAT_NOT_OURS,
	    [CHANGE_FORWARDER] = TREAT_FORWARDER,
	};

	return treats[to];
}

static bool
same_name(struct str a, struct str b)
{
	size_t i;

	if (a.data == NULL || b.data == NULL || a.len != b.len)
		return false;
	for (i = 0; i < a.len && text_lower(a.data[i]) == text_lower(b.data[i]); i++)
		;
	return i == a.len;
}

void
judge_suppose(struct judge *judge, const struct advice_change *change)
{
	bool found = false;
	size_t i;

	if (same_name(change->source, str_of(ADVICE_CROWD))) {
		judge->crowd = change;
		return;
	}
	for (i = 0; i < judge->mail->source_count; i++) {
		const struct mail_source *source = &judge->mail->sources[i];

		if (!same_name(source->name, change->source) && !same_name(source->address, change->source))
			continue;
		judge->book.treats[i] = treat_of_change(change->to);
		found = true;
	}
	if (!found)
		judge_note(
		    judge, words(judge->arena, "no sender of the last %s is called %s: that changes nothing",
			       words_days(judge->arena, (double)judge->mail->span.inventory),
			       words_text(judge->arena, change->source)));
}
