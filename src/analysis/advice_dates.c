/*
 * advice_dates: the days of a sender: when it was seen, since when it fails, when it can be mended. From when
 * on gates can hold is advice_times.c's.
 */
#include "analysis/advice_work.h"

enum { MONTH = 31, PAUSES = 3 };

/* Newer days come first. */
void
tally_seen(struct tally *tally, int32_t day)
{
	int32_t pause = tally->last < 0 ? 0 : day - tally->oldest;

	if (tally->last < 0)
		tally->last = day;
	if (pause > tally->pauses[0]) {
		tally->pauses[1] = tally->pauses[0];
		tally->pauses[0] = pause;
	} else if (pause > tally->pauses[1]) {
		tally->pauses[1] = pause;
	}
	tally->oldest = day;
}

/* When it will be, if it does not mail again; 0: its pace is not known. */
static int32_t
gone_after(const struct tally *tally, const struct mail_span *span)
{
	int64_t quiet = PAUSES * (int64_t)tally->pauses[0];
	bool goes_on = tally->oldest - tally->last >= span->days ||
		       tally->oldest + tally->pauses[0] >= span->inventory - 1;

	if (tally->last < 0 || !goes_on)
		return 0;
	return (int32_t)(quiet > span->days ? quiet : span->days);
}

bool
tally_is_gone(const struct tally *tally, const struct mail_span *span)
{
	int32_t after = gone_after(tally, span);

	return after > 0 && tally->last >= after;
}

const char *
judge_first_text(const struct judge *judge, int64_t first)
{
	const struct mail_view *mail = judge->mail;
	int64_t edge = mail->span.as_of - mail->span.inventory + 1;
	bool earlier = mail->first_day <= edge && first < edge + MONTH;

	return words(judge->arena, "%s%s", words_day(judge->arena, first), earlier ? " or earlier" : "").data;
}

bool
judge_turned(int64_t *passed, const struct judge *judge, const struct tally *tally)
{
	const struct mail_source *source = &judge->mail->sources[tally->source];
	int64_t as_of = judge->mail->span.as_of;

	*passed = tally->last_passing >= 0 ? as_of - tally->last_passing : source->passed_last;
	return tally->first_failing >= 0 && (tally->last_passing >= 0 || source->passed) &&
	       *passed < as_of - tally->first_failing;
}

const char *
judge_since(const struct judge *judge, const struct tally *tally)
{
	int64_t passed, failing = judge->mail->span.as_of - tally->first_failing;

	if (judge_turned(&passed, judge, tally))
		return words(judge->arena, "; passed until %s, fails since %s",
		    words_day(judge->arena, passed), words_day(judge->arena, failing))
		    .data;
	if (tally->first_failing < 0 || tally->last_passing >= 0)
		return "";
	return words(judge->arena, "; since %s", judge_first_text(judge, failing)).data;
}

int64_t
judge_days_until_mended(const struct judge *judge, const struct tally *tally)
{
	int64_t pause = tally->pauses[tally->pauses[1] > 0 ? 1 : 0];
	int64_t old = judge->mail->span.days - (tally->last_failing > 0 ? tally->last_failing : 0);
	int64_t next = tally->last_failing <= tally->last ? pause - tally->last : 0;

	if (next > old)
		old = next;
	return old > 1 ? old : 1;
}
