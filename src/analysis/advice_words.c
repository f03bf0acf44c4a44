/* advice_words: numbers, days and names as sentences have them. Whatever a report says goes through
 * output/escape.h later; here it only has to be whole. */
#include "analysis/advice_work.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_TEXT = 48, GROUP = 3, PERCENT = 100 };

struct str
words(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *to;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		return str_of("");
	to = arena_alloc(arena, (size_t)len + 1);
	va_start(args, format);
	(void)vsnprintf(to, (size_t)len + 1, format, args);
	va_end(args);
	return (struct str){to, (size_t)len};
}

const char *
words_text(struct arena *arena, struct str str)
{
	return words(arena, "%.*s", (int)str.len, str.data != NULL ? str.data : "").data;
}

const char *
words_number(struct arena *arena, double value)
{
	char digits[NUMBER_TEXT], *to = arena_alloc(arena, 2 * NUMBER_TEXT), *at = to;
	int len = snprintf(digits, sizeof digits, "%.0f", fmin(fmax(value, 0), 1e30)), i;

	for (i = 0; i < len; i++) {
		if (i > 0 && (len - i) % GROUP == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
	return to;
}

const char *
words_count(struct arena *arena, double value, const char *one)
{
	bool alone = fabs(value - 1) < 0.5;

	return words(arena, "%s %s%s", words_number(arena, value), one, alone ? "" : "s").data;
}

const char *
words_days(struct arena *arena, double days)
{
	return words_count(arena, days, "day");
}

const char *
words_share(struct arena *arena, double share)
{
	double percent = PERCENT * share;

	if (!(percent > 0))
		return "0 %";
	if (percent < 0.005)
		return "below 0.01 %";
	if (percent < 0.995) /* limits are 0.5 %: one digit would hide on which side of them it is */
		return words(arena, "%.2f %%", percent).data;
	if (percent > 99.9 && percent < PERCENT)
		return "over 99.9 %";
	if (percent >= PERCENT)
		return "100 %";
	return words(arena, "%.1f %%", percent).data;
}

const char *
words_most(struct arena *arena, double share)
{
	double percent = PERCENT * share;

	if (percent > 0 && percent < 0.005)
		return "0.01 %";
	return percent > 99.9 ? "100 %" : words_share(arena, share);
}

const char *
words_limit(struct arena *arena, double share)
{
	return words(arena, "%.3g %%", PERCENT * share).data;
}

const char *
words_day(struct arena *arena, int64_t day)
{
	char *to = arena_alloc(arena, TIME_TEXT);

	day_format(to, day);
	return to;
}

/* Nothing in it that a shell would read as more than a word. */
static bool
is_plain(struct str str)
{
	static const char also[] = "._:/@%+=,-";
	size_t i;

	for (i = 0; i < str.len; i++) {
		char c = text_lower(str.data[i]);

		if (!(c >= 'a' && c <= 'z') && !text_is_digit(c) && (c == '\0' || strchr(also, c) == NULL))
			return false;
	}
	return str.len > 0;
}

const char *
words_quoted(struct arena *arena, struct str str)
{
	static const char quote[] = "'\\''";
	char *to, *at;
	size_t i;

	if (is_plain(str))
		return words_text(arena, str);
	to = at = arena_alloc(arena, str.len * (sizeof quote - 1) + sizeof "''");
	*at++ = '\'';
	for (i = 0; i < str.len; i++) {
		if (str.data[i] == '\'') {
			memcpy(at, quote, sizeof quote - 1);
			at += sizeof quote - 1;
		} else {
			*at++ = str.data[i];
		}
	}
	*at++ = '\'';
	*at = '\0';
	return to;
}
