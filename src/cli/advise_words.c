/* advise_words: the numbers and words of advice that the list, the paragraphs and the JSON share. */
#include "cli/advise.h"

#include "cli/summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const change_words[] = {
    [CHANGE_FIXED] = "fixed",
    [CHANGE_OURS] = "ours",
    [CHANGE_NOT_OURS] = "not-ours",
    [CHANGE_FORWARDER] = "forwarder",
};
enum { CHANGES = sizeof change_words / sizeof *change_words, MOST_DIGITS = 6 };
static const double MOST_COUNT = 1e18; /* fits a uint64_t */

const char *
advise_change_word(enum advice_change_to to)
{
	return change_words[to];
}

bool
advise_change_read(enum advice_change_to *to, const char *word)
{
	size_t i;

	for (i = 0; i < CHANGES; i++)
		if (strcmp(change_words[i], word) == 0) {
			*to = (enum advice_change_to)i;
			return true;
		}
	return false;
}

static void
share_text(char to[ADVISE_TEXT], double share, int digits)
{
	(void)snprintf(to, ADVISE_TEXT, "%.*f %%", digits, share * 100);
}

static int
share_digits(double share)
{
	return share > 0 && share < 0.001 ? 2 : 1;
}

const char *
advise_share(char to[ADVISE_TEXT], double share)
{
	share_text(to, share, share_digits(share));
	return to;
}

const char *
advise_longer(char to[ADVISE_TEXT], int64_t days)
{
	(void)snprintf(to, ADVISE_TEXT, "of the last %lld days", (long long)days);
	return to;
}

/* Whether the value as it is written keeps the limit. */
static bool
seems_ok(const char *value, double limit, bool at_least)
{
	double shown = 0;

	if (sscanf(value, "%lf", &shown) != 1)
		return false;
	return at_least ? shown / 100 >= limit : shown / 100 <= limit;
}

static void
gate_share(char value[ADVISE_TEXT], const struct advice_gate *gate)
{
	int digits = share_digits(gate->value);
	/* A gate may fail for another reason than its value. */
	bool ok = gate->at_least ? gate->value >= gate->limit : gate->value <= gate->limit;

	do
		share_text(value, gate->value, digits);
	while (seems_ok(value, gate->limit, gate->at_least) != ok && digits++ < MOST_DIGITS);
}

/* Down to a whole number where it must be at least so much, else up. */
static void
gate_count(char to[ADVISE_TEXT], double value, bool down)
{
	char number[NUMBER_TEXT];
	double whole = down ? floor(value + 1e-9) : ceil(value - 1e-9);

	if (!(whole >= 0 && whole < MOST_COUNT))
		whole = whole < 0 ? 0 : MOST_COUNT;
	(void)snprintf(to, ADVISE_TEXT, "%s", number_text(number, (uint64_t)whole));
}

void
advise_gate_texts(char value[ADVISE_TEXT], char limit[ADVISE_TEXT], const struct advice_gate *gate)
{
	if (gate->is_share) {
		gate_share(value, gate);
		share_text(limit, gate->limit, gate->limit < 1 ? share_digits(gate->limit) : 0);
		return;
	}
	gate_count(value, gate->value, gate->at_least);
	gate_count(limit, gate->limit, !gate->at_least);
}

const char *
advise_step(char to[ADVISE_TEXT], const struct advice *advice)
{
	const char *from = advice_policy_word(advice->from), *next = advice_policy_word(advice->to);

	if (advice->verdict == VERDICT_NO_DATA && advice->from == POLICY_UNTOLD)
		(void)snprintf(to, ADVISE_TEXT, "no policy seen");
	else if (advice->verdict == VERDICT_STEP_BACK && advice->from == advice->to)
		(void)snprintf(to, ADVISE_TEXT, "sp=%s -> sp=%s", advice_policy_word(advice->below_from),
		    advice_policy_word(advice->below_to));
	else if (advice->from == advice->to)
		(void)snprintf(to, ADVISE_TEXT, "p=%s", from);
	else
		(void)snprintf(to, ADVISE_TEXT, "p=%s -> p=%s", from, next);
	return to;
}

const char *
advise_way_title(enum advice_verdict verdict)
{
	switch (verdict) {
	case VERDICT_KEEP:
		return "In the way of reject";
	case VERDICT_READY:
		return "What your review stands for";
	case VERDICT_STEP_BACK:
		return "What is wrong";
	default:
		return "In the way";
	}
}

bool
advise_is_beside(const struct advice *advice, const struct advice_refusal *refusal)
{
	enum advice_code code = refusal->code;

	return advice->verdict == VERDICT_STEP_BACK &&
	       (code == ADVICE_HISTORY || code == ADVICE_COVERAGE_DAYS || code == ADVICE_COVERAGE_REPORTERS ||
		   code == ADVICE_VOLUME || code == ADVICE_RECORD || refusal->little);
}

const char *
advise_repair_else(const struct advice_change *repair)
{
	if (!repair->asks)
		return "";
	return repair->to == CHANGE_FIXED ? "if it is yours, else not-ours"
					  : "if it is not yours: that is no repair but a decision";
}

const char *
advise_repairs_end(const struct advised *advised)
{
	enum advice_verdict verdict = advised->advice->verdict;

	if (!advised->enough && verdict == VERDICT_STEP_BACK)
		return "no repair of single senders ends what makes the policy go a step back";
	if (!advised->enough && verdict == VERDICT_READY)
		return "nothing stands in the way of the domain itself; the names below it need more than "
		       "that";
	if (!advised->enough)
		return advised->repair_count < ADVICE_MOST_REPAIRS
			   ? "that is not enough: something else than senders and time stands in the way"
			   : "that is not enough: more senders have to be repaired than are listed";
	if (verdict == VERDICT_STEP_BACK)
		return "then the policy need not go a step back";
	if (verdict == VERDICT_NOT_YET)
		return "then nothing but time stands in the way";
	if (verdict == VERDICT_READY)
		return advised->repair_count == 0
			   ? "nothing stands in the way"
			   : "nothing stands in the way of the domain itself; then the "
			     "names below it are ready, too";
	return "the policy of today stays";
}

const char *
advise_record_title(const struct advice *advice)
{
	if (str_same(advice->record, advice->seen))
		return "Leave the record as it is";
	switch (advice->verdict) {
	case VERDICT_READY:
		return "Publish now";
	case VERDICT_STEP_BACK:
		return "Publish at once";
	default:
		return "What can be published today";
	}
}
