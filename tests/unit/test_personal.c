/* What of a text may be stored: the local parts of addresses never, the rest as it was. */
#include "report/personal.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct personal key = {{1, 2, 3}}, other = {{1, 2, 4}};
static struct arena arena;

typedef struct str rule(const struct personal *personal, struct str text, struct arena *arena);

/* "#" in what is expected stands for a hash. */
static const struct {
	rule *rule;
	const char *text, *expected;
} cases[] = {
    {personal_address, "bob@example.com", "#@example.com"},
    {personal_address, "a@b@example.com", "#@example.com"},
    {personal_address, "bob", "#"},
    {personal_address, "@example.com", "@example.com"},
    {personal_address, "", ""},
    {personal_address, NULL, NULL},
    {personal_text, "no address in it", "no address in it"},
    {personal_text, "domain of bob@example.com denies", "domain of #@example.com denies"},
    {personal_text, "<bob@example.com>, carol@example.net", "<#@example.com>, #@example.net"},
    {personal_text, "\"bob the 2nd\"@example.com", "#@example.com"},
    {personal_text, "said \"bob\"@example.com", "said #@example.com"},
    {personal_text, "d=@example.com", "#@example.com"},
    {personal_text, "i: @example.com", "i: @example.com"},
    {personal_text,
	"b\xc3\xb6"
	"b@example.com",
	"#@example.com"},
    {personal_text, "@@", "@@"},
    {personal_text, "bob@", "#@"},
    {personal_text, "\"@", "#@"},
    {personal_text, NULL, NULL},
    {personal_uri, "https://www.example.com/bob?id=1", "https://www.example.com"},
    {personal_uri, "https://bob:x@www.example.com:8080#bob", "https://www.example.com:8080"},
    {personal_uri, "mailto:bob@example.com?subject=bob", "mailto:#@example.com"},
    {personal_uri, "MAILTO:bob@example.com", "MAILTO:#@example.com"},
    {personal_uri, "bob", "#"},
    {personal_uri, "tel:123", "#"},
    {personal_uri, "https://", "https://"},
    {personal_uri, "", ""},
    {personal_place, "part 2: x.eml", "part 2: x.eml"},
    {personal_place, "part 2: Hello Bob.eml: mail 1", "part 2: #: mail 1"},
    {personal_place, "message 3", "message 3"},
    {personal_place, "message in a bottle", "#"},
    {personal_place, "bob@example.com.eml", "#"},
    {personal_place, "1234.host,S=5:2,S", "1234.host,S=5:2,S"},
    {personal_place, NULL, NULL},
};

/* Whether a text is the expected one, with 16 characters of a hash for each "#". */
static bool
fits(struct str text, const char *expected)
{
	size_t at = 0, i;

	for (; *expected != '\0'; expected++) {
		if (*expected != '#') {
			if (at >= text.len || text.data[at++] != *expected)
				return false;
			continue;
		}
		for (i = 0; i < 16; i++, at++)
			if (at >= text.len || strchr("@ <>,", text.data[at]) != NULL)
				return false;
	}
	return at == text.len;
}

START_TEST(rules)
{
	struct str got = cases[_i].rule(&key, str_of(cases[_i].text), &arena);

	if (cases[_i].expected == NULL)
		ck_assert_ptr_null(got.data);
	else
		ck_assert_msg(fits(got, cases[_i].expected), "\"%s\": \"%.*s\"", cases[_i].text, (int)got.len,
		    got.data);
}
END_TEST

/* Whatever its letters: the same person; under another key another hash. */
START_TEST(same_person)
{
	struct str bob = personal_address(&key, str_of("bob@example.com"), &arena);
	struct str upper = personal_address(&key, str_of("BOB@example.com"), &arena);
	struct str in_text = personal_text(&key, str_of("bob@example.com"), &arena);
	struct str rob = personal_address(&key, str_of("rob@example.com"), &arena);
	struct str elsewhere = personal_address(&other, str_of("bob@example.com"), &arena);

	ck_assert(str_same(bob, upper));
	ck_assert(str_same(bob, in_text));
	ck_assert(!str_same(bob, rob));
	ck_assert(!str_same(bob, elsewhere));
}
END_TEST

/* HMAC-SHA-256 of RFC 4231 s. 4.3, of which the first 96 bits are written. */
START_TEST(known_hash)
{
	struct personal jefe = {{'J', 'e', 'f', 'e'}};
	struct str got = personal_address(&jefe, str_of("what do ya want for nothing?@x"), &arena);

	ck_assert_msg(str_eq(got, "W9zBRr9gdU5qBCQm@x"), "%.*s", (int)got.len, got.data);
}
END_TEST

START_TEST(stripped)
{
	struct failure_text body = {NULL, FAILURE_DKIM_BODY, {"Ym9i", 4}};
	struct failure_text rcpt = {&body, FAILURE_RCPT_TO, {"bob@example.com", 15}};
	struct failure_result result = {
	    .reason = {"bob@example.com did it", 22}, .identity = {"bob@example.com", 15}};
	struct failure failure = {.texts = &rcpt, .results = &result};
	int64_t before;

	failure.field[FAILURE_SUBJECT] = str_of("Hello Bob");
	failure.field[FAILURE_FROM] = str_of("bob@example.com");
	failure.field[FAILURE_MESSAGE_ID] = str_of("<bob@example.com>");
	failure.field[FAILURE_MAIL_FROM] = str_of("");
	before = personal_digest(&key, &failure);
	ck_assert_int_eq(before, personal_digest(&key, &failure));
	ck_assert_int_ne(before, personal_digest(&other, &failure));
	personal_strip(&key, &failure, &arena);
	ck_assert_ptr_null(failure.field[FAILURE_SUBJECT].data);
	ck_assert(fits(failure.field[FAILURE_FROM], "#@example.com"));
	ck_assert(fits(failure.field[FAILURE_MESSAGE_ID], "<#@example.com>"));
	ck_assert(str_eq(failure.field[FAILURE_MAIL_FROM], ""));
	ck_assert(fits(failure.texts->text, "#@example.com"));
	ck_assert_ptr_null(failure.texts->next);
	ck_assert(fits(result.reason, "#@example.com did it"));
	ck_assert(fits(result.identity, "#@example.com"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("personal");
	TCase *tests = tcase_create("rules");
	SRunner *runner = srunner_create(suite);
	int failed;

	arena_init(&arena);
	suite_add_tcase(suite, tests);
	tcase_add_loop_test(tests, rules, 0, (int)(sizeof cases / sizeof cases[0]));
	tcase_add_test(tests, same_person);
	tcase_add_test(tests, known_hash);
	tcase_add_test(tests, stripped);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	arena_free(&arena);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
