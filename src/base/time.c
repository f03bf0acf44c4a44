/* time: dates by arithmetic, without the C library's time zones and locale. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const int64_t year_0000 = -62167219200LL, year_9999_end = 253402300799LL;

int64_t
day_of_date(int year, int month, int day)
{
	int64_t y = month <= 2 ? (int64_t)year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void
day_to_date(int64_t day, int *year, int *month, int *day_of_month)
{
	int64_t z = day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day_of_month = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2 ? 1 : 0));
}

void
time_format(char out[TIME_TEXT], int64_t seconds)
{
	int64_t day = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
	int year, month, of_month;

	if (seconds < year_0000 || seconds > year_9999_end) {
		(void)snprintf(out, TIME_TEXT, "@%lld", (long long)seconds);
		return;
	}
	if (rest < 0) {
		rest += DAY_SECONDS;
		day--;
	}
	day_to_date(day, &year, &month, &of_month);
	(void)snprintf(out, TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, of_month,
	    (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

void
day_format(char out[TIME_TEXT], int64_t day)
{
	time_format(out, day * DAY_SECONDS);
	if (out[0] != '@')
		out[10] = '\0';
}

/* Reads exactly n digits; -1 when they are not there. */
static int
digits(const char **at, const char *end, int n)
{
	int value = 0;

	while (n-- > 0) {
		if (*at == end || !text_is_digit(**at))
			return -1;
		value = value * 10 + (*(*at)++ - '0');
	}
	return value;
}

static bool
take(const char **at, const char *end, char c)
{
	if (*at == end || **at != c)
		return false;
	(*at)++;
	return true;
}

static bool
zone(int *minutes, const char **at, const char *end)
{
	int sign, hour, minute = 0;

	*minutes = 0;
	while (take(at, end, ' '))
		continue;
	if (*at == end || take(at, end, 'Z') || take(at, end, 'z'))
		return *at == end;
	sign = **at == '-' ? -1 : 1;
	if (!take(at, end, '+') && !take(at, end, '-'))
		return false;
	hour = digits(at, end, 2);
	(void)take(at, end, ':');
	if (*at != end)
		minute = digits(at, end, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || *at != end)
		return false;
	*minutes = sign * (hour * 60 + minute);
	return true;
}

static bool
clock_part(int64_t *seconds, const char **at, const char *end)
{
	int hour = digits(at, end, 2), minute, second = 0;

	if (!take(at, end, ':'))
		return false;
	minute = digits(at, end, 2);
	if (take(at, end, ':'))
		second = digits(at, end, 2);
	if (take(at, end, '.') || take(at, end, ','))
		while (*at != end && text_is_digit(**at))
			(*at)++;
	if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	if (hour == 24 && (minute > 0 || second > 0))
		return false;
	*seconds += hour * 3600 + minute * 60 + second;
	return true;
}

bool
time_parse_iso(int64_t *seconds, const char *text, size_t len)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const char *at = text, *end = text + len;
	int year, month, day, minutes;

	year = digits(&at, end, 4);
	if (!take(&at, end, '-'))
		return false;
	month = digits(&at, end, 2);
	if (!take(&at, end, '-'))
		return false;
	day = digits(&at, end, 2);
	if (year < 0 || month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
		return false;
	*seconds = day_of_date(year, month, day) * DAY_SECONDS;
	if (at == end)
		return true;
	if (!take(&at, end, 'T') && !take(&at, end, 't') && !take(&at, end, ' '))
		return false;
	if (!clock_part(seconds, &at, end) || !zone(&minutes, &at, end))
		return false;
	*seconds -= (int64_t)minutes * 60;
	return true;
}

bool
days_parse(int64_t *days, const char *text)
{
	enum { MOST_DAYS = 36500 };
	size_t len = strlen(text);
	char unit = len > 0 ? text[len - 1] : '\0';

	if ((unit != 'd' && unit != 'w') || !text_is_digit(text[0]) ||
	    !text_i64(days, text, len - 1, 0, MOST_DAYS))
		return false;
	if (unit == 'w')
		*days *= 7;
	return true;
}
