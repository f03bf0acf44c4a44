/* time_mail: the dates of mails (RFC 5322 s. 3.3 and 4.3), read by arithmetic, with what is left out or added
 * in the wild. */
#include "base/text.h"

#include <string.h>

struct reader {
	const char *at, *end;
};

/* Blanks, commas and comments. */
static void
skip_blanks(struct reader *in)
{
	int depth = 0;

	while (
	    in->at < in->end && (depth > 0 || text_is_blank(*in->at) || *in->at == ',' || *in->at == '(')) {
		depth += (*in->at == '(') - (depth > 0 && *in->at == ')');
		in->at++;
	}
}

static struct str
word(struct reader *in)
{
	struct str word;

	skip_blanks(in);
	word.data = in->at;
	while (in->at < in->end && !text_is_blank(*in->at) && *in->at != ',' && *in->at != '(')
		in->at++;
	word.len = (size_t)(in->at - word.data);
	return word;
}

/* A number of so many digits at the start of a text, which moves behind it; -1: none. */
static int
digits(struct str *text, size_t least, size_t most)
{
	int value = 0;
	size_t n;

	for (n = 0; n < text->len && n < most && text_is_digit(text->data[n]); n++)
		value = value * 10 + (text->data[n] - '0');
	text->data += n;
	text->len -= n;
	return n < least ? -1 : value;
}

static int
month_of(struct str word)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	int month;

	for (month = 0; month < 12 && word.len >= 3; month++)
		if (text_lower(word.data[0]) == names[month * 3] &&
		    text_lower(word.data[1]) == names[month * 3 + 1] &&
		    text_lower(word.data[2]) == names[month * 3 + 2])
			return month + 1;
	return 0;
}

static bool
clock_of(int64_t *seconds, struct str word)
{
	int part[3] = {0, 0, 0}, i;

	for (i = 0; i < 3; i++) {
		part[i] = digits(&word, 1, 2);
		if (part[i] < 0)
			return false;
		if (word.len == 0)
			break;
		if (*word.data++ != ':')
			return false;
		word.len--;
	}
	*seconds = part[0] * 3600 + part[1] * 60 + part[2];
	return i > 0 && word.len == 0 && part[0] < 24 && part[1] < 60 && part[2] < 61;
}

/* Hours to UTC of the zones that RFC 5322 knows by name; others are unknown, which is UTC (s. 4.3). */
static int64_t
zone_of(struct str word)
{
	static const struct {
		char name[4];
		int hours;
	} zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
	    {"PST", -8}, {"PDT", -7}};
	int sign, hours, minutes;
	size_t i;

	for (i = 0; i < sizeof zones / sizeof *zones; i++)
		if (text_same_nocase(word.data, word.len, zones[i].name))
			return (int64_t)zones[i].hours * 3600;
	if (word.len != 5 || (word.data[0] != '+' && word.data[0] != '-'))
		return 0;
	sign = word.data[0] == '-' ? -1 : 1;
	word.data++;
	word.len--;
	hours = digits(&word, 2, 2);
	minutes = digits(&word, 2, 2);
	return hours < 0 || minutes < 0 || minutes > 59 ? 0 : sign * ((int64_t)hours * 3600 + minutes * 60);
}

static bool
day_of(int64_t *day, struct reader *in)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	struct str first = word(in), year;
	int of_month, month, number;

	/* The name of the day of the week says nothing that the date doesn't. */
	if (first.len > 0 && !text_is_digit(first.data[0]))
		first = word(in);
	of_month = digits(&first, 1, 2);
	month = month_of(word(in));
	year = word(in);
	number = digits(&year, 2, 4);
	if (of_month < 1 || month == 0 || number < 0 || of_month > days[month - 1] ||
	    first.len + year.len > 0)
		return false;
	if (month == 2 && of_month == 29 && (number % 4 != 0 || (number % 100 == 0 && number % 400 != 0)))
		return false;
	*day = day_of_date(number < 50     ? number + 2000
			   : number < 1000 ? number + 1900
					   : number,
	    month, of_month);
	return true;
}

bool
time_parse_mail(int64_t *seconds, const char *text, size_t len)
{
	struct reader in = {text, text + len};
	int64_t day, of_day;

	*seconds = 0;
	if (!day_of(&day, &in) || !clock_of(&of_day, word(&in)))
		return false;
	*seconds = day * DAY_SECONDS + of_day - zone_of(word(&in));
	return true;
}
