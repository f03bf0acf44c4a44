/* cell: the exact form of numbers, days and times, written by hand because an export writes millions of them.
 */
#include "output/driver.h"

#include <string.h>

static size_t
put_integer(char *to, int64_t number)
{
	char digits[24];
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	size_t n = sizeof digits;

	do {
		digits[--n] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		digits[--n] = '-';
	memcpy(to, digits + n, sizeof digits - n);
	return sizeof digits - n;
}

/* Percent with up to four decimals, without zeros at the end, whatever the locale says about the point. */
static size_t
put_percent(char *to, int64_t number, int64_t whole)
{
	double percent = 100.0 * (double)number / (double)whole;
	int64_t parts = percent < 1e12 ? (int64_t)(percent * 10000 + 0.5) : INT64_MAX;
	size_t n = put_integer(to, parts / 10000);
	int64_t unit = 1000;

	parts %= 10000;
	if (parts > 0)
		to[n++] = '.';
	for (; parts > 0; unit /= 10) {
		to[n++] = (char)('0' + parts / unit);
		parts %= unit;
	}
	return n;
}

static void
put_two(char *to, int64_t number)
{
	to[0] = (char)('0' + number / 10);
	to[1] = (char)('0' + number % 10);
}

static size_t
put_time(char *to, int64_t seconds)
{
	int64_t day = seconds / DAY_SECONDS, rest = seconds % DAY_SECONDS;
	int year, month, of_month;

	/* The usual years by hand, the others as text.h has it. */
	if (seconds < 0 || day > 2932896) {
		time_format(to, seconds);
		return strlen(to);
	}
	day_to_date(day, &year, &month, &of_month);
	memcpy(to, "0000-00-00T00:00:00Z", 20);
	put_two(to, year / 100);
	put_two(to + 2, year % 100);
	put_two(to + 5, month);
	put_two(to + 8, of_month);
	put_two(to + 11, rest / 3600);
	put_two(to + 14, rest / 60 % 60);
	put_two(to + 17, rest % 60);
	return 20;
}

size_t
cell_plain(char to[CELL_PLAIN], const struct cell *cell, enum cell_type type)
{
	switch (type) {
	case CELL_PERCENT:
		return put_percent(to, cell->number, cell->whole);
	case CELL_DAY:
		day_format(to, cell->number);
		return strlen(to);
	case CELL_TIME:
		return put_time(to, cell->number);
	case CELL_FLAG:
	case CELL_MARK:
		memcpy(to, cell->number != 0 ? "true" : "false", 6 - (cell->number != 0));
		return cell->number != 0 ? 4 : 5;
	default:
		return put_integer(to, cell->number);
	}
}
