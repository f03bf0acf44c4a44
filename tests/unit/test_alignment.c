/* Identifier alignment worked out again, step by step: which identifier, which rule, and where the reporter
 * says otherwise. */
#include "analysis/alignment.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 6 };

/* kind, domain, selector or scope, result */
struct given {
	enum detail_kind kind;
	const char *domain, *b, *result;
};

static const struct {
	const char *header_from, *envelope_from;
	const char *said;  /* the reporter's dkim and spf: "pf" is pass and fail, "-" missing */
	const char *modes; /* adkim, aspf: "rs" */
	struct given given[MOST];
	const char *spf, *dkim, *verdict, *contradiction;
} cases[] = {
    {"example.com", "example.com", "pp", "rr",
	{{DETAIL_DKIM, "example.com", "s1", "pass"}, {DETAIL_SPF, "example.com", "mfrom", "pass"}},
	"pass for example.com (return path): aligned, the same domain",
	"pass for d=example.com s=s1: aligned, the same domain",
	"passes by DKIM (d=example.com) and SPF (example.com)", ""},
    {"news.example.com", NULL, "pf", "rr",
	{{DETAIL_DKIM, "esp.example", "k", "pass"}, {DETAIL_DKIM, "example.com", "s1", "pass"},
	    {DETAIL_SPF, "bounce.esp.example", NULL, "pass"}},
	"pass for bounce.esp.example (return path): not aligned, another organisation",
	"pass for d=example.com s=s1: aligned, the same organisation (adkim=r); "
	"pass for d=esp.example s=k: not aligned, another organisation",
	"passes by DKIM alone (d=example.com)", ""},
    {"example.co.uk", NULL, "fp", "rr", {{DETAIL_SPF, "mail.example.co.uk", NULL, "pass"}},
	"pass for mail.example.co.uk (return path): aligned, the same organisation (aspf=r)", "no signature",
	"passes by SPF alone (mail.example.co.uk)", ""},
    /* two registrants below one public suffix */
    {"a.co.uk", NULL, "ff", "rr", {{DETAIL_SPF, "b.co.uk", NULL, "pass"}},
	"pass for b.co.uk (return path): not aligned, another organisation", "no signature",
	"fails, since SPF passes for another domain; no DKIM signature", ""},
    /* strict: the very domain */
    {"example.com", NULL, "ff", "ss",
	{{DETAIL_DKIM, "mail.example.com", "s", "pass"}, {DETAIL_SPF, "bounce.example.com", "mfrom", "pass"}},
	"pass for bounce.example.com (return path): not aligned, aspf=s wants the same domain",
	"pass for d=mail.example.com s=s: not aligned, adkim=s wants the same domain",
	"fails, since each of SPF and DKIM passes for a domain of the same organisation that is not aligned",
	""},
    {"example.com", NULL, "pp", "ss",
	{{DETAIL_DKIM, "example.com", NULL, "pass"}, {DETAIL_SPF, "example.com", "mfrom", "pass"}},
	"pass for example.com (return path): aligned, the same domain",
	"pass for d=example.com: aligned, the same domain",
	"passes by DKIM (d=example.com) and SPF (example.com)", ""},
    /* the modes are each their own's */
    {"example.com", NULL, "fp", "sr",
	{{DETAIL_DKIM, "m.example.com", "s", "pass"}, {DETAIL_SPF, "b.example.com", NULL, "pass"}},
	"pass for b.example.com (return path): aligned, the same organisation (aspf=r)",
	"pass for d=m.example.com s=s: not aligned, adkim=s wants the same domain",
	"passes by SPF alone (b.example.com)", ""},
    /* HELO counts only without a return path */
    {"example.com", "other.example", "ff", "rr",
	{{DETAIL_SPF, "mx.example.com", "helo", "pass"}, {DETAIL_SPF, "other.example", "mfrom", "fail"}},
	"pass for mx.example.com (HELO): does not count, there is a return path; "
	"fail for other.example (return path): nor aligned, another organisation",
	"no signature", "fails, since SPF does not list the server; no DKIM signature", ""},
    {"example.com", "", "fp", "rr", {{DETAIL_SPF, "mx.example.com", "helo", "pass"}},
	"pass for mx.example.com (HELO): aligned, the same organisation (aspf=r)", "no signature",
	"passes by SPF alone (mx.example.com)", ""},
    {"example.com", NULL, "fp", "rr", {{DETAIL_SPF, "mx.example.com", "helo", "pass"}},
	"pass for mx.example.com (HELO): aligned, the same organisation (aspf=r)", "no signature",
	"passes by SPF alone (mx.example.com)", ""},
    {"example.com", "example.com", "ff", "rr", {{DETAIL_SPF, "mx.example.com", "helo", "pass"}},
	"pass for mx.example.com (HELO): does not count, there is a return path", "no signature",
	"fails, since SPF passes for a domain of the same organisation that is not aligned; no DKIM "
	"signature",
	""},
    /* what fails, with the domain that it would need or not */
    {"example.com", NULL, "ff", "rr",
	{{DETAIL_DKIM, "example.com", "s1", "fail"}, {DETAIL_SPF, "junk.example", NULL, "none"}},
	"none for junk.example (return path): nor aligned, another organisation",
	"fail for d=example.com s=s1: would be aligned, the same domain",
	"fails, since no SPF record; the DKIM signature is broken", ""},
    /* the reporter says otherwise */
    {"example.com", NULL, "ff", "rr", {{DETAIL_DKIM, "example.com", "s1", "pass"}}, "no result",
	"pass for d=example.com s=s1: aligned, the same domain", "fails by the reporter's word alone",
	"the reporter says dkim=fail, but d=example.com passes and is aligned"},
    {"example.com", NULL, "pp", "rr", {{DETAIL_SPF, "esp.example", NULL, "pass"}},
	"pass for esp.example (return path): not aligned, another organisation", "no signature",
	"passes by DKIM and SPF",
	"the reporter says dkim=pass, but no signature that it lists passes and is aligned; "
	"it says spf=pass, but no SPF result that it lists passes and is aligned"},
    {"example.com", NULL, "pf", "rr",
	{{DETAIL_DKIM, "example.com", "s1", "pass"}, {DETAIL_SPF, "b.example.com", NULL, "pass"}},
	"pass for b.example.com (return path): aligned, the same organisation (aspf=r)",
	"pass for d=example.com s=s1: aligned, the same domain", "passes by DKIM alone (d=example.com)",
	"the reporter says spf=fail, but b.example.com passes and is aligned"},
    /* what is missing is unknown, and contradicts nothing */
    {"example.com", NULL, "-f", "rr", {{DETAIL_DKIM, "example.com", "s1", "pass"}}, "no result",
	"pass for d=example.com s=s1: aligned, the same domain", "unknown: a verdict is missing", ""},
    {NULL, NULL, "ff", "rr", {{DETAIL_DKIM, "example.com", "s1", "pass"}}, "no result",
	"pass for d=example.com s=s1: not aligned, header_from is missing",
	"fails, since no SPF result; DKIM passes for another domain", ""},
    {"example.com", NULL, "ff", "rr", {{DETAIL_DKIM, NULL, NULL, "none"}, {DETAIL_SPF, NULL, "mfrom", NULL}},
	"unknown for ? (return path): nor aligned, its domain is missing", "no signature",
	"fails, since the SPF result is unknown; no DKIM signature", ""},
    /* more results than fit */
    {"example.com", NULL, "pf", "rr",
	{{DETAIL_DKIM, "a.example", "1", "pass"}, {DETAIL_DKIM, "b.example", "2", "pass"},
	    {DETAIL_DKIM, "c.example", "3", "fail"}, {DETAIL_DKIM, "d.example", "4", "pass"},
	    {DETAIL_DKIM, "example.com", "5", "pass"}},
	"no result",
	"pass for d=example.com s=5: aligned, the same domain; pass for d=a.example s=1: not aligned, "
	"another organisation; "
	"pass for d=b.example s=2: not aligned, another organisation; and 2 more",
	"passes by DKIM alone (d=example.com)", ""},
};

static struct str
verdict(char letter)
{
	return letter == 'p' ? str_of("pass") : letter == 'f' ? str_of("fail") : (struct str){NULL, 0};
}

static size_t
fill(struct profile *profile, struct detail details[MOST], int n)
{
	size_t i;

	*profile = (struct profile){.details = details};
	profile->field[PROFILE_HEADER_FROM] = str_of(cases[n].header_from);
	profile->field[PROFILE_ENVELOPE_FROM] = str_of(cases[n].envelope_from);
	profile->field[PROFILE_DKIM] = verdict(cases[n].said[0]);
	profile->field[PROFILE_SPF] = verdict(cases[n].said[1]);
	for (i = 0; i < MOST && cases[n].given[i].kind != DETAIL_REASON; i++)
		details[i] = (struct detail){.kind = cases[n].given[i].kind,
		    .a = str_of(cases[n].given[i].domain),
		    .b = str_of(cases[n].given[i].b),
		    .result = str_of(cases[n].given[i].result)};
	profile->count = i;
	return i;
}

START_TEST(told)
{
	struct modes modes = {cases[_i].modes[0] == 's', cases[_i].modes[1] == 's'};
	struct detail details[MOST];
	struct profile profile;
	char words[ALIGNMENT_TEXT];
	size_t len;

	(void)fill(&profile, details, _i);
	len = alignment_words(words, &profile, DETAIL_SPF, modes.aspf_strict);
	ck_assert_str_eq(words, cases[_i].spf);
	ck_assert_uint_eq(len, strlen(words));
	len = alignment_words(words, &profile, DETAIL_DKIM, modes.adkim_strict);
	ck_assert_str_eq(words, cases[_i].dkim);
	ck_assert_uint_eq(len, strlen(words));
	len = alignment_verdict(words, &profile, modes);
	ck_assert_str_eq(words, cases[_i].verdict);
	ck_assert_uint_eq(len, strlen(words));
	len = alignment_contradiction(words, &profile, modes);
	ck_assert_str_eq(words, cases[_i].contradiction);
	ck_assert_uint_eq(len, strlen(words));
}
END_TEST

/* Each result is told once, whatever the order. */
START_TEST(each_once)
{
	struct detail details[MOST];
	struct profile profile;
	struct check check;
	size_t seen[MOST] = {0}, count = fill(&profile, details, _i), i, n = 0, kind;

	for (kind = DETAIL_DKIM; kind <= DETAIL_SPF; kind++)
		for (i = 0; alignment_at(&check, &profile, (enum detail_kind)kind, false, i); i++, n++)
			seen[check.detail - details]++;
	ck_assert_uint_eq(n, count);
	for (i = 0; i < count; i++)
		ck_assert_uint_eq(seen[i], 1);
}
END_TEST

/* A hundred results with texts as long as they come: the words stay inside their room. */
START_TEST(long_texts)
{
	enum { RESULTS = 100, LENGTH = 70000 };
	char *text = malloc(LENGTH), words[ALIGNMENT_TEXT];
	struct detail *details = calloc(RESULTS, sizeof *details);
	struct profile profile = {.details = details, .count = RESULTS};
	struct str string = {text, LENGTH};
	size_t i;

	memset(text, 'a', LENGTH);
	for (i = 0; i < RESULTS; i++)
		details[i] = (struct detail){.kind = i % 2 == 0 ? DETAIL_DKIM : DETAIL_SPF,
		    .a = string,
		    .b = string,
		    .result = string};
	profile.field[PROFILE_HEADER_FROM] = string;
	ck_assert_uint_eq(alignment_words(words, &profile, DETAIL_DKIM, false), strlen(words));
	ck_assert_uint_lt(strlen(words), ALIGNMENT_TEXT);
	ck_assert_uint_eq(alignment_words(words, &profile, DETAIL_SPF, false), strlen(words));
	for (i = 0; i < RESULTS; i++)
		details[i].result = str_of("pass");
	ck_assert_uint_eq(alignment_contradiction(words, &profile, (struct modes){0}), strlen(words));
	profile.field[PROFILE_DKIM] = profile.field[PROFILE_SPF] = str_of("fail");
	ck_assert_uint_eq(alignment_contradiction(words, &profile, (struct modes){0}), strlen(words));
	ck_assert_uint_gt(strlen(words), 500);
	free(details);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("alignment");
	TCase *tcase = tcase_create("alignment");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, told, 0, sizeof cases / sizeof *cases);
	tcase_add_loop_test(tcase, each_once, 0, sizeof cases / sizeof *cases);
	tcase_add_test(tcase, long_texts);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
