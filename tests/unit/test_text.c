/* Text: slices, numbers, UTF-8, dates. */
#include "base/text.h"
#include "unit/drain.h"

#include <string.h>

#define BYTES(text)  text, sizeof text - 1
#define COUNT(table) (int)(sizeof table / sizeof table[0])

START_TEST(slices)
{
	struct str none = str_of(NULL), empty = str_of(""), abc = str_of("abc"), same = {"abcd", 3};

	ck_assert_ptr_null(none.data);
	ck_assert_uint_eq(none.len, 0);
	ck_assert(str_eq(abc, "abc") && str_eq(same, "abc") && str_eq(empty, ""));
	ck_assert(!str_eq(abc, "abcd") && !str_eq(abc, "ab") && !str_eq(none, "") && !str_eq(abc, "abC"));
	ck_assert(str_same(abc, same) && str_same(none, none) && str_same(empty, empty));
	ck_assert(!str_same(none, empty) && !str_same(empty, none) && !str_same(abc, empty));
	ck_assert_ptr_null(str_trim(none).data);
}
END_TEST

static const struct {
	const char *text, *trimmed;
} trims[] = {
    {"", ""}, {" ", ""}, {"a", "a"}, {" a b ", "a b"}, {"\r\n\ta\v\f", "a"}, {"\xc2\xa0 a", "\xc2\xa0 a"}};

START_TEST(trim)
{
	ck_assert(str_eq(str_trim(str_of(trims[_i].text)), trims[_i].trimmed));
}
END_TEST

static const struct {
	const char *text;
	bool good;
	uint64_t value;
} unsigneds[] = {
    {"0", true, 0},
    {"007", true, 7},
    {"18446744073709551615", true, UINT64_MAX},
    {"18446744073709551616", false, 0},
    {"18446744073709551619", false, 0},
    {"99999999999999999999", false, 0},
    {"", false, 0},
    {" 1", false, 0},
    {"1 ", false, 0},
    {"+1", false, 0},
    {"-1", false, 0},
    {"1.0", false, 0},
    {"0x10", false, 0},
    {"1O", false, 0},
};

START_TEST(times_of_day)
{
	ck_assert(str_has_time(str_of("From a@b.example Mon Jan  5 9:05 2026")));
	ck_assert(str_has_time(str_of("12:34")));
	ck_assert(!str_has_time(str_of("From now on: 2 of 3:1")));
	ck_assert(!str_has_time(str_of("12:3")));
	ck_assert(!str_has_time(str_of(NULL)));
}
END_TEST

START_TEST(u64)
{
	uint64_t value = 77;

	ck_assert_int_eq(
	    text_u64(&value, unsigneds[_i].text, strlen(unsigneds[_i].text)), unsigneds[_i].good);
	ck_assert_uint_eq(value, unsigneds[_i].good ? unsigneds[_i].value : 77);
}
END_TEST

static const struct {
	const char *text;
	bool good;
	int64_t value, least, most;
} signeds[] = {
    {"0", true, 0, INT64_MIN, INT64_MAX},
    {"-0", true, 0, INT64_MIN, INT64_MAX},
    {"+5", true, 5, INT64_MIN, INT64_MAX},
    {"-5", true, -5, INT64_MIN, INT64_MAX},
    {"9223372036854775807", true, INT64_MAX, INT64_MIN, INT64_MAX},
    {"-9223372036854775807", true, -INT64_MAX, INT64_MIN, INT64_MAX},
    {"9223372036854775808", false, 0, INT64_MIN, INT64_MAX},
    {"5", true, 5, 5, 5},
    {"6", false, 0, 5, 5},
    {"4", false, 0, 5, 5},
    {"-", false, 0, INT64_MIN, INT64_MAX},
    {"+", false, 0, INT64_MIN, INT64_MAX},
    {"--1", false, 0, INT64_MIN, INT64_MAX},
    {"", false, 0, INT64_MIN, INT64_MAX},
    {NULL, false, 0, INT64_MIN, INT64_MAX},
    {"1 ", false, 0, INT64_MIN, INT64_MAX},
};

START_TEST(i64)
{
	struct str text = str_of(signeds[_i].text);
	int64_t value = 77;

	ck_assert_int_eq(
	    text_i64(&value, text.data, text.len, signeds[_i].least, signeds[_i].most), signeds[_i].good);
	ck_assert_int_eq(value, signeds[_i].good ? signeds[_i].value : 77);
}
END_TEST

START_TEST(letters)
{
	char text[] = "AZaz@[`{09\xc4";
	int c;

	text_lower_all(text, sizeof text - 1);
	ck_assert_str_eq(text, "azaz@[`{09\xc4");
	for (c = 0; c < 256; c++) {
		ck_assert_int_eq(text_is_digit((char)c), c >= '0' && c <= '9');
		ck_assert_int_eq(text_is_blank((char)c), c != 0 && strchr(" \t\r\n\v\f", c) != NULL);
	}
	ck_assert(text_same_nocase("FeedBack", 8, "feedback"));
	ck_assert(!text_same_nocase("feedbac", 7, "feedback") && !text_same_nocase("feedback", 8, "feedbac"));
	ck_assert(text_same_nocase("", 0, "") && !text_same_nocase("", 0, "a"));
	ck_assert_int_eq(text_find_nocase("xx<?XML", 7, "<?xml"), 2);
	ck_assert_int_eq(text_find_nocase("xx<?XML", 6, "<?xml"), -1);
	ck_assert_int_eq(text_find_nocase("aab", 3, "ab"), 1);
	ck_assert_int_eq(text_find_nocase("", 0, "a"), -1);
	ck_assert_int_eq(text_find_nocase("a", 1, ""), 0);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len, n;
	uint32_t point;
} sequences[] = {
    {BYTES(""), 0, 0},
    {BYTES("a"), 1, 'a'},
    {BYTES("\0"), 1, 0},
    {BYTES("\x7f"), 1, 0x7f},
    {BYTES("\x80"), 0, 0},
    {BYTES("\xc0\x80"), 0, 0},
    {BYTES("\xc1\xbf"), 0, 0},
    {BYTES("\xc2\x80"), 2, 0x80},
    {BYTES("\xc3\x28"), 0, 0},
    {BYTES("\xc3"), 0, 0},
    {BYTES("\xdf\xbf"), 2, 0x7ff},
    {BYTES("\xe0\x9f\xbf"), 0, 0},
    {BYTES("\xe0\xa0\x80"), 3, 0x800},
    {BYTES("\xe2\x82"), 0, 0},
    {BYTES("\xe2\x82\xac"), 3, 0x20ac},
    {BYTES("\xed\x9f\xbf"), 3, 0xd7ff},
    {BYTES("\xed\xa0\x80"), 0, 0},
    {BYTES("\xed\xbf\xbf"), 0, 0},
    {BYTES("\xee\x80\x80"), 3, 0xe000},
    {BYTES("\xef\xbf\xbf"), 3, 0xffff},
    {BYTES("\xf0\x8f\xbf\xbf"), 0, 0},
    {BYTES("\xf0\x90\x80\x80"), 4, 0x10000},
    {BYTES("\xf0\x9f\x98\x80!"), 4, 0x1f600},
    {BYTES("\xf0\x9f\x98"), 0, 0},
    {BYTES("\xf0\x9f\x98\x28"), 0, 0},
    {BYTES("\xf4\x8f\xbf\xbf"), 4, 0x10ffff},
    {BYTES("\xf4\x90\x80\x80"), 0, 0},
    {BYTES("\xf5\x80\x80\x80"), 0, 0},
    {BYTES("\xff"), 0, 0},
};

START_TEST(utf8)
{
	uint32_t point = 0;
	char back[4];

	ck_assert_uint_eq(text_utf8(sequences[_i].bytes, sequences[_i].len, &point), sequences[_i].n);
	ck_assert_uint_eq(point, sequences[_i].point);
	if (sequences[_i].n == 0)
		return;
	ck_assert_uint_eq(text_utf8_put(back, point), sequences[_i].n);
	ck_assert_mem_eq(back, sequences[_i].bytes, sequences[_i].n);
}
END_TEST

/* Every day of 1600..2400 has one number, the next one. */
START_TEST(days)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t number = day_of_date(1600, 1, 1);
	int year, month, day, length, y, m, d;
	bool same = true;

	ck_assert_int_eq(day_of_date(1970, 1, 1), 0);
	ck_assert_int_eq(day_of_date(1969, 12, 31), -1);
	ck_assert_int_eq(day_of_date(2000, 3, 1), 11017);
	ck_assert_int_eq(day_of_date(0, 1, 1), -719528);
	for (year = 1600; year <= 2400; year++)
		for (month = 1; month <= 12; month++) {
			length = lengths[month - 1] +
				 (month == 2 && (year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)));
			for (day = 1; day <= length; day++) {
				day_to_date(number, &y, &m, &d);
				same = same && day_of_date(year, month, day) == number++ && y == year &&
				       m == month && d == day;
			}
		}
	ck_assert(same);
}
END_TEST

static const struct {
	int64_t seconds;
	const char *time, *day;
} formats[] = {
    {0, "1970-01-01T00:00:00Z", "1970-01-01"},
    {-1, "1969-12-31T23:59:59Z", "1969-12-31"},
    {951782400, "2000-02-29T00:00:00Z", "2000-02-29"},
    {1767225599, "2025-12-31T23:59:59Z", "2025-12-31"},
    {-62167219200, "0000-01-01T00:00:00Z", "0000-01-01"},
    {253402300799, "9999-12-31T23:59:59Z", "9999-12-31"},
    {-62167219201, "@-62167219201", NULL},
    {253402300800, "@253402300800", NULL},
    {INT64_MAX, "@9223372036854775807", NULL},
    {INT64_MIN, "@-9223372036854775808", NULL},
};

START_TEST(format)
{
	char text[TIME_TEXT];
	int64_t day = formats[_i].seconds / DAY_SECONDS - (formats[_i].seconds % DAY_SECONDS < 0);

	time_format(text, formats[_i].seconds);
	ck_assert_str_eq(text, formats[_i].time);
	if (formats[_i].day == NULL)
		return;
	day_format(text, day);
	ck_assert_str_eq(text, formats[_i].day);
}
END_TEST

static const struct {
	const char *text;
	int64_t seconds;
} times[] = {
    {"1970-01-01", 0},
    {"2026-01-31", 1769817600},
    {"2026-01-31T23:59:59Z", 1769903999},
    {"2026-01-31t23:59:59z", 1769903999},
    {"2026-01-31 23:59:59", 1769903999},
    {"2026-01-31T23:59:59 Z", 1769903999},
    {"2026-01-31T23:59", 1769903940},
    {"2026-01-31T23:59Z", 1769903940},
    {"2026-01-31T23:59:59.999999Z", 1769903999},
    {"2026-01-31T23:59:59,5", 1769903999},
    {"2026-01-31T24:00:00Z", 1769904000},
    {"2026-01-31T00:00:00+01:00", 1769814000},
    {"2026-01-31T00:00:00+0100", 1769814000},
    {"2026-01-31T00:00:00+01", 1769814000},
    {"2026-01-31T00:00:00-05:30", 1769837400},
    {"2026-01-31 00:00:00 +01:00", 1769814000},
    {"2016-12-31T23:59:60Z", 1483228800},
    {"2024-02-29", 1709164800},
    {"2000-02-29", 951782400},
    {"1969-12-31T23:59:59Z", -1},
};

START_TEST(iso)
{
	int64_t seconds = 77;

	ck_assert_msg(time_parse_iso(&seconds, times[_i].text, strlen(times[_i].text)), "%s", times[_i].text);
	ck_assert_int_eq(seconds, times[_i].seconds);
}
END_TEST

static const char *const no_times[] = {"", "2026", "2026-1-1", "2026-01", "2026-01-", "2026/01/31",
    "2026-00-10", "2026-13-10", "2026-01-00", "2026-01-32", "2026-04-31", "2025-02-29", "1900-02-29",
    "2026-02-30", "2026-01-31x", "2026-01-31T", "2026-01-31T1:00", "2026-01-31T25:00:00",
    "2026-01-31T24:00:01", "2026-01-31T24:01", "2026-01-31T12:60:00", "2026-01-31T12:00:61",
    "2026-01-31T12:00:00X", "2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+01:60", "2026-01-31T12:00:00+1",
    "2026-01-31T12:00:00Zx", "2026-01-31T12", "2026-01-31T12:00:0", "-026-01-31", " 2026-01-31", "yesterday"};

START_TEST(no_iso)
{
	int64_t seconds;

	ck_assert_msg(!time_parse_iso(&seconds, no_times[_i], strlen(no_times[_i])), "%s", no_times[_i]);
}
END_TEST

static const struct {
	const char *text;
	int64_t days; /* -1: no length */
} lengths[] = {{"1d", 1}, {"0d", 0}, {"400d", 400}, {"12w", 84}, {"36500d", 36500}, {"36501d", -1}, {"", -1},
    {"d", -1}, {"w", -1}, {"12", -1}, {"12m", -1}, {"+1d", -1}, {"-1d", -1}, {" 1d", -1}, {"1.5d", -1},
    {"1dd", -1}, {"99999999999999999999d", -1}};

START_TEST(length_of_time)
{
	int64_t got = -1;
	bool is = days_parse(&got, lengths[_i].text);

	ck_assert_msg(is == (lengths[_i].days >= 0), "%s", lengths[_i].text);
	if (is)
		ck_assert_int_eq(got, lengths[_i].days);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("text");
	TCase *tests = tcase_create("text");

	tcase_add_test(tests, slices);
	tcase_add_test(tests, times_of_day);
	tcase_add_loop_test(tests, trim, 0, COUNT(trims));
	tcase_add_loop_test(tests, u64, 0, COUNT(unsigneds));
	tcase_add_loop_test(tests, i64, 0, COUNT(signeds));
	tcase_add_test(tests, letters);
	tcase_add_loop_test(tests, utf8, 0, COUNT(sequences));
	tcase_add_test(tests, days);
	tcase_add_loop_test(tests, format, 0, COUNT(formats));
	tcase_add_loop_test(tests, iso, 0, COUNT(times));
	tcase_add_loop_test(tests, no_iso, 0, COUNT(no_times));
	tcase_add_loop_test(tests, length_of_time, 0, COUNT(lengths));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
