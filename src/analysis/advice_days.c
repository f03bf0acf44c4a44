/*
 * advice_days: the days of which reports are to be expected. Who mails on working days alone gets no report
 * of a Sunday, and misses none. Days of the week are told apart by their distance from as_of.
 */
#include "analysis/advice_work.h"

enum { WEEK = 7, MANY = 8, SILENT = 10, MONDAY = 4 /* 1970-01-05 */ };

/* Since when reports come, in days before as_of; -1: there is none. */
static int64_t
oldest_report(const struct mail_view *mail)
{
	int64_t day = mail->span.inventory - 1;

	while (day >= 0 && !mail->reported[day])
		day--;
	return day;
}

unsigned
days_expected(const struct mail_view *mail)
{
	const unsigned all = (1U << WEEK) - 1;
	int64_t oldest = oldest_report(mail), day;
	unsigned expected = 0;
	int weekday;

	for (weekday = 0; weekday < WEEK; weekday++) {
		int64_t days = 0, reported = 0;

		for (day = weekday; day <= oldest; day += WEEK) {
			days++;
			reported += mail->reported[day] ? 1 : 0;
		}
		if (days < MANY || reported * SILENT > days)
			expected |= 1U << weekday;
	}
	return expected != 0 ? expected : all;
}

bool
day_is_expected(unsigned expected, int64_t before)
{
	return (expected >> ((before % WEEK + WEEK) % WEEK) & 1U) != 0;
}

double
days_expected_of(unsigned expected, int64_t days)
{
	double count = 0;
	int64_t day;

	for (day = 0; day < days; day++)
		count += day_is_expected(expected, day) ? 1 : 0;
	return count;
}

const char *
words_silent_days(const struct judge *judge, unsigned expected)
{
	static const char *const names[WEEK] = {
	    "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"};
	int64_t as_of = judge->mail->span.as_of;
	const char *list = "", *last = "";
	int day;

	for (day = 0; day < WEEK; day++) {
		if (day_is_expected(expected, as_of - MONDAY - day))
			continue;
		if (*last != '\0')
			list = words(judge->arena, "%s%s%s", list, *list != '\0' ? ", " : "", last).data;
		last = names[day];
	}
	if (*last == '\0')
		return "";
	return words(judge->arena, "; there are none of %s%s%s", list, *list != '\0' ? " and " : "", last)
	    .data;
}

int64_t
days_silent(const struct mail_view *mail)
{
	unsigned expected = days_expected(mail);
	int64_t day, silent = 0;

	for (day = 0; day < mail->span.inventory && !mail->reported[day]; day++)
		silent += day_is_expected(expected, day) ? 1 : 0;
	return silent;
}
