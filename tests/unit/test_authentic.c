/* When a report is authenticated, and what is said of it. */
#include "analysis/evidence.h"
#include "report/authentic.h"
#include "unit/drain.h"

#include <string.h>

#define COUNT(table) (int)(sizeof table / sizeof table[0])

static const struct {
	const char *from, *results, *email, *org;
	enum authentic authentic;
} mails[] = {
    {"example.com", "dmarc=pass:example.com", "a@example.com", "Example", AUTHENTIC_PROVED},
    {"dmarc.example.com", "dmarc=pass:dmarc.example.com", "a@example.com", NULL, AUTHENTIC_PROVED},
    {"example.com", "dmarc=pass:example.com", "a@reports.example.com", NULL, AUTHENTIC_PROVED},
    {"example.com", "dmarc=pass:example.com", NULL, "example.com", AUTHENTIC_PROVED},
    {"example.com", "dmarc=pass:example.com", "a@example.net", "Example.COM", AUTHENTIC_PROVED},
    /* without a verdict of DMARC */
    {"example.com", "dkim=pass:example.com", "a@example.com", NULL, AUTHENTIC_PROVED},
    {"example.com", "spf=pass:b.example.com", "a@example.com", NULL, AUTHENTIC_PROVED},
    {"example.com", "spf=fail:example.com dkim=pass:example.com", "a@example.com", NULL, AUTHENTIC_PROVED},
    {"example.com", "dmarc=none:example.com dkim=pass:example.com", "a@example.com", NULL, AUTHENTIC_PROVED},
    {"example.com", "dmarc=temperror:example.com spf=pass:example.com", "a@example.com", NULL,
	AUTHENTIC_PROVED},
    {"example.com", "spf=fail:example.com", "a@example.com", NULL, AUTHENTIC_FORGED},
    {"example.com", "dkim=fail:example.com spf=softfail:example.com", "a@example.com", NULL,
	AUTHENTIC_FORGED},
    /* DMARC wins over what it is made of, a pass over a fail of another server */
    {"example.com", "dmarc=fail:example.com dkim=pass:b.example.com", "a@example.com", NULL,
	AUTHENTIC_FORGED},
    {"example.com", "dmarc=fail:example.com dmarc=pass:example.com", "a@example.com", NULL, AUTHENTIC_PROVED},
    {"example.com", "dmarc=pass:example.com spf=fail:example.com", "a@example.com", NULL, AUTHENTIC_PROVED},
    {"example.com", "dmarc=fail:example.com", "a@example.net", NULL, AUTHENTIC_FORGED},
    /* nothing is said of the reporter */
    {"example.com", "dmarc=pass:example.com", "a@example.net", "Example", AUTHENTIC_UNVERIFIED},
    {"example.com", "dmarc=pass:example.com", NULL, NULL, AUTHENTIC_UNVERIFIED},
    {"example.com", "dmarc=pass:example.com", "example", "", AUTHENTIC_UNVERIFIED},
    {"example.com", "dmarc=pass:example.net", "a@example.com", NULL, AUTHENTIC_UNVERIFIED},
    {"example.com", "dkim=pass:example.net spf=pass:example.net", "a@example.com", NULL,
	AUTHENTIC_UNVERIFIED},
    {"example.com", "dkim=fail:example.net", "a@example.com", NULL, AUTHENTIC_UNVERIFIED},
    {"example.com", "spf=softfail:example.com dkim=none:example.com", "a@example.com", NULL,
	AUTHENTIC_UNVERIFIED},
    {"example.com", "", "a@example.com", NULL, AUTHENTIC_UNVERIFIED},
    {"example.com", NULL, "a@example.com", NULL, AUTHENTIC_UNVERIFIED},
    {NULL, "dmarc=pass:example.com", "a@example.com", NULL, AUTHENTIC_UNVERIFIED},
    /* two organisations below one public suffix */
    {"a.co.uk", "dmarc=pass:a.co.uk", "a@b.co.uk", NULL, AUTHENTIC_UNVERIFIED},
    {"a.co.uk", "dkim=pass:b.co.uk", "a@a.co.uk", NULL, AUTHENTIC_UNVERIFIED},
    /* what is damaged says nothing */
    {"example.com", "dmarc", "a@example.com", NULL, AUTHENTIC_UNVERIFIED},
    {"example.com", "dmarc=pass  =: dmarc=pass:", "a@example.com", NULL, AUTHENTIC_UNVERIFIED},
};

START_TEST(mail)
{
	const struct proof proof = {
	    str_of(mails[_i].from), str_of("mx.example.org"), str_of(mails[_i].results)};
	struct arena arena;

	arena_init(&arena);
	ck_assert_int_eq(authentic_judge(&proof, str_of(mails[_i].email), str_of(mails[_i].org), &arena),
	    mails[_i].authentic);
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *from, *by, *results, *email, *org, *words;
} evidence[] = {
    {"example.com", "mx.example.org", "dmarc=pass:example.com spf=fail:b.example", "a@example.com", "E",
	"the mail is from example.com; mx.example.org says dmarc=pass for example.com, spf=fail for "
	"b.example; the report "
	"names a@example.com"},
    {"example.com", "mx.example.org", "", NULL, "E",
	"the mail is from example.com; mx.example.org says nothing of a domain; the report names E"},
    {NULL, NULL, NULL, NULL, NULL,
	"the mail doesn't say whom it is from, or names several; no server that is trusted says anything of "
	"it"},
    {"b.example", "mx", "dkim=a:a dkim=a:b dkim=a:c dkim=a:d dkim=a:e dkim=a:f dkim=a:g", NULL, NULL,
	"the mail is from b.example; mx says dkim=a for a, dkim=a for b, dkim=a for c, dkim=a for d, dkim=a "
	"for e, dkim=a "
	"for f and 1 more"},
};

START_TEST(words)
{
	const struct proof proof = {
	    str_of(evidence[_i].from), str_of(evidence[_i].by), str_of(evidence[_i].results)};
	char text[EVIDENCE_TEXT];

	ck_assert_uint_eq(evidence_words(text, &proof, str_of(evidence[_i].email), str_of(evidence[_i].org)),
	    strlen(evidence[_i].words));
	ck_assert_str_eq(text, evidence[_i].words);
}
END_TEST

START_TEST(no_mail)
{
	char text[EVIDENCE_TEXT];

	(void)evidence_words(text, NULL, str_of("a@example.com"), str_of(NULL));
	ck_assert_str_eq(text, "it came as a file, no mail says who sent it");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("authentic");
	TCase *tests = tcase_create("authentic");

	tcase_add_loop_test(tests, mail, 0, COUNT(mails));
	tcase_add_loop_test(tests, words, 0, COUNT(evidence));
	tcase_add_test(tests, no_mail);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
