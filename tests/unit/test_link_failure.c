/* What a server says when it refuses a token: a challenge in base64. */
#include "mailbox/link_failure.h"
#include "unit/drain.h"

#include <string.h>

START_TEST(challenges)
{
	static const struct {
		const char *line, *text; /* NULL: it is none */
	} cases[] = {
	    {"+ eyJzdGF0dXMiOiI0MDEifQ==", "{\"status\":\"401\"}"},
	    {"+ eyJzdGF0dXMiOiI0MDAi", "{\"status\":\"400\""},
	    {"+ e30=", "{}"},
	    {"+ ew==", "{"},
	    {"+ eyJhIjoi////In0=", "{\"a\":\"\xff\xff\xff\"}"},
	    {"+ PDE4OTZAZXhhbXBsZS5jb20+", NULL}, /* CRAM-MD5 */
	    {"+ eyJz*GF0dXMi", NULL},
	    {"+ e", NULL},
	    {"+ ", NULL},
	    {"+", NULL},
	    {"", NULL},
	    {"A001 NO eyJzdGF0dXMiOiI0MDEifQ==", NULL},
	};
	char text[64];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool is = link_challenge(text, sizeof text, str_of(cases[i].line));

		ck_assert_msg(is == (cases[i].text != NULL), "%s", cases[i].line);
		if (is)
			ck_assert_str_eq(text, cases[i].text);
	}
}
END_TEST

START_TEST(long_challenge)
{
	char line[402] = "+ eyJ", text[9];

	memset(line + 5, 'h', sizeof line - 6);
	line[sizeof line - 1] = '\0';
	ck_assert(link_challenge(text, sizeof text, str_of(line)));
	ck_assert_uint_eq(strlen(text), sizeof text - 1);
	ck_assert(strncmp(text, "{\"", 2) == 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("link_failure");
	TCase *tests = tcase_create("link_failure");

	tcase_add_test(tests, challenges);
	tcase_add_test(tests, long_challenge);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
