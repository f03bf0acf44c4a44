/* period: days of a report, and counts put on them without losing one. */
#include "report/period.h"

#include "base/text.h"

#include <string.h>

enum { ONE_DAY = DAY_SECONDS + 3600 };

/* No report has a time beyond it; out of a damaged database any number may come. */
static const int64_t furthest = (int64_t)1 << 60;

static int64_t
day_of(int64_t seconds)
{
	int64_t day = seconds / DAY_SECONDS;

	return seconds % DAY_SECONDS < 0 ? day - 1 : day;
}

static int64_t
bounded(int64_t seconds)
{
	return seconds < -furthest ? -furthest : seconds > furthest ? furthest : seconds;
}

bool
period_init(struct period *period, int64_t begin, int64_t end)
{
	int64_t last, day, from, to;
	size_t i;

	begin = bounded(begin);
	end = bounded(end);
	last = day_of(end - 1);
	memset(period, 0, sizeof *period);
	period->days = 1;
	period->share[0] = period->total = 1;
	if (end < begin) {
		period->first = day_of(begin);
		return true;
	}
	if (end - begin <= ONE_DAY) {
		period->first = day_of(begin + (end - begin) / 2);
		return true;
	}
	period->first = day_of(begin);
	if (last - period->first >= PERIOD_DAYS) {
		period->first = last;
		return false;
	}
	period->days = (size_t)(last - period->first) + 1;
	period->total = end - begin;
	for (i = 0; i < period->days; i++) {
		day = (period->first + (int64_t)i) * DAY_SECONDS;
		from = day > begin ? day : begin;
		to = day + DAY_SECONDS < end ? day + DAY_SECONDS : end;
		period->share[i] = to - from;
	}
	return true;
}

void
period_spread(struct period *period, int64_t out[PERIOD_DAYS], uint64_t messages)
{
	int64_t whole = (int64_t)messages / period->total, rest = (int64_t)messages % period->total;
	int64_t left = (int64_t)messages, units;
	size_t i, most;

	for (i = 0; i < period->days; i++) {
		period->carry[i] += rest * period->share[i];
		units = period->carry[i] > 0 ? period->carry[i] / period->total : 0;
		period->carry[i] -= units * period->total;
		out[i] = whole * period->share[i] + units;
		left -= out[i];
	}
	for (; left > 0; left--) {
		for (most = 0, i = 1; i < period->days; i++)
			if (period->carry[i] > period->carry[most])
				most = i;
		period->carry[most] -= period->total;
		out[most]++;
	}
	for (; left < 0; left++) {
		for (most = 0, i = 1; i < period->days; i++)
			if (out[i] > 0 && (out[most] == 0 || period->carry[i] < period->carry[most]))
				most = i;
		period->carry[most] += period->total;
		out[most]--;
	}
}
