/* A phrase grows up to its bound, and what comes from outside up to its own. */
#include "base/phrase.h"
#include "unit/drain.h"

#include <stdlib.h>
#include <string.h>

START_TEST(words_follow_each_other)
{
	char to[64];
	struct phrase phrase = phrase_in(to, sizeof to);

	ck_assert_str_eq(to, "");
	phrase_text(&phrase, "one");
	phrase_add(&phrase, ", %s, %d", "two", 3);
	phrase_text(&phrase, "");
	phrase_str(&phrase, str_of(", four"), 60);
	ck_assert_str_eq(to, "one, two, 3, four");
	ck_assert_uint_eq(phrase.len, strlen(to));
}
END_TEST

START_TEST(bound_holds)
{
	static const struct {
		size_t size;
		const char *expected;
	} cases[] = {
	    {1, ""}, {2, "a"}, {4, "abc"}, {5, "abcd"}, {7, "abcdef"}, {8, "abcdefg"}, {16, "abcdefg"}};
	char to[17];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct phrase phrase;

		memset(to, '#', sizeof to);
		phrase = phrase_in(to, cases[i].size);
		phrase_text(&phrase, "abc");
		phrase_add(&phrase, "%s", "de");
		phrase_str(&phrase, str_of("fg"), 9);
		ck_assert_str_eq(to, cases[i].expected);
		ck_assert_uint_eq(phrase.len, strlen(to));
		ck_assert_int_eq(to[cases[i].size], '#');
	}
}
END_TEST

START_TEST(text_from_outside_bounded)
{
	static const struct {
		struct str text;
		size_t most;
		const char *expected;
	} cases[] = {
	    {{NULL, 0}, 9, ""},
	    {{"", 0}, 9, ""},
	    {{"abcdef", 6}, 6, "abcdef"},
	    {{"abcdef", 6}, 3, "abc"},
	    {{"abcdef", 2}, 9, "ab"},
	    {{"ab\0cd", 5}, 9, "ab"},
	    {{"a\xc3\xa4z", 4}, 3, "a\xc3\xa4"},
	    {{"a\xc3\xa4z", 4}, 2, "a"},
	    {{"\xe2\x82\xac", 3}, 2, ""},
	    {{"\x80\x80\x80", 3}, 2, ""},
	    {{"%s%n", 4}, 9, "%s%n"},
	};
	char to[32];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct phrase phrase = phrase_in(to, sizeof to);

		phrase_str(&phrase, cases[i].text, cases[i].most);
		ck_assert_str_eq(to, cases[i].expected);
	}
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("phrase");
	Suite *suite = suite_create("phrase");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, words_follow_each_other);
	tcase_add_test(tcase, bound_holds);
	tcase_add_test(tcase, text_from_outside_bounded);
	return run_suite(suite);
}
