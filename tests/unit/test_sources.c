/* Whose a domain is, which service it belongs to, who is behind a record and why it failed. */
#include "analysis/senders.h"
#include "analysis/sources.h"
#include "analysis/why.h"
#include "report/organisation.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *domain, *org;
} orgs[] = {
    {"example.com", "example.com"},
    {"a.b.example.com", "example.com"},
    {"mail.example.co.uk", "example.co.uk"},
    {"co.uk", "co.uk"},
    {"com", "com"},
    {"localhost", "localhost"},
    {"", ""},
    {"x.shop.example.org", "example.org"},
    {"a.b.github.io", "b.github.io"}, /* private part of the list */
    {"bounce.xn--bcher-kva.example", "xn--bcher-kva.example"},
    {"192.0.2.1", "192.0.2.1"},
};

static void
assert_str(struct str str, const char *expected)
{
	char *text;

	if (expected == NULL) {
		ck_assert_ptr_null(str.data);
		return;
	}
	ck_assert_ptr_nonnull(str.data);
	text = strndup(str.data, str.len);
	ck_assert_str_eq(text, expected);
	free(text);
}

START_TEST(org_found)
{
	assert_str(domain_org(str_of(orgs[_i].domain)), orgs[_i].org);
}
END_TEST

START_TEST(org_compared)
{
	const struct str missing = {NULL, 0};

	ck_assert(domain_same_org(str_of("a.example.com"), str_of("b.example.com")));
	ck_assert(!domain_same_org(str_of("a.example.com"), str_of("a.example.net")));
	ck_assert(!domain_same_org(str_of("a.co.uk"), str_of("b.co.uk")));
	ck_assert(!domain_same_org(str_of("badexample.com"), str_of("example.com")));
	ck_assert(!domain_same_org(str_of("example.com"), str_of("example.xcom")));
	ck_assert(!domain_same_org(str_of("com"), str_of("example.com")));
	ck_assert(!domain_same_org(str_of("localhost"), str_of("host")));
	ck_assert(domain_same_org(str_of("com"), str_of("com")));
	ck_assert(domain_same_org(str_of("example.com"), str_of("a.example.com")));
	ck_assert(!domain_same_org(missing, str_of("example.com")));
	ck_assert(!domain_same_org(missing, missing));
	ck_assert(!domain_same_org(str_of(""), str_of("")));
	assert_str(domain_org(missing), NULL);
}
END_TEST

static const struct {
	const char *domain, *by_dkim, *by_spf;
} services[] = {
    {"sendgrid.net", "Twilio SendGrid", "Twilio SendGrid"},
    {"u123.wl.sendgrid.net", "Twilio SendGrid", "Twilio SendGrid"},
    {"notsendgrid.net", NULL, NULL},
    {"amazonses.com", "Amazon SES", "Amazon SES"}, /* the first of several lines */
    {"eu-west-1.amazonses.com", "Amazon SES", "Amazon SES"},
    {"pm.mtasv.net", "Postmark", "Postmark"},
    {"mtasv.net", NULL, NULL},
    {"mcsv.net", "Mailchimp", "Mailchimp"},         /* named for SPF only */
    {"mailchimpapp.net", "Mailchimp", "Mailchimp"}, /* named for DKIM only */
    {"tenant.onmicrosoft.com", "Microsoft 365", "Microsoft 365"},
    {"example.com", NULL, NULL},
    {"net", NULL, NULL},
    {"", NULL, NULL},
};

START_TEST(service_found)
{
	struct senders *senders = senders_new();
	const struct sender *dkim = sender_by_dkim(senders, str_of(services[_i].domain));
	const struct sender *spf = sender_by_spf(senders, str_of(services[_i].domain));

	if (services[_i].by_dkim == NULL)
		ck_assert_ptr_null(dkim);
	else
		assert_str(dkim->name, services[_i].by_dkim);
	if (services[_i].by_spf == NULL)
		ck_assert_ptr_null(spf);
	else
		assert_str(spf->name, services[_i].by_spf);
	senders_free(senders);
}
END_TEST

enum { MOST = 5 };
/* kind, domain, selector or scope, result */
struct given {
	enum detail_kind kind;
	const char *domain, *b, *result;
};
static const struct {
	const char *why, *header_from, *source;
	struct given given[MOST];
	const char *dkim, *spf;
} records[] = {
    {"nothing at all", "example.com", NULL, {{0}}, "none", "no result"},
    {"another organisation's signature, known", "example.com", "Twilio SendGrid",
	{{DETAIL_DKIM, "sendgrid.net", "s", "pass"}, {DETAIL_SPF, "bounces.example.net", "mfrom", "pass"}},
	"pass sendgrid.net (not aligned)", "pass bounces.example.net (not aligned)"},
    {"another organisation's signature, unknown", "example.com", "forwarder.example",
	{{DETAIL_DKIM, "mx.forwarder.example", "s", "pass"}}, "pass mx.forwarder.example (not aligned)",
	"no result"},
    {"a known service counts before an unknown organisation", "example.com", "Amazon SES",
	{{DETAIL_DKIM, "forwarder.example", "s", "pass"}, {DETAIL_DKIM, "amazonses.com", "x", "pass"}},
	"pass forwarder.example (not aligned)", "no result"},
    {"a signature that failed names nobody", "example.com", NULL,
	{{DETAIL_DKIM, "sendgrid.net", "s", "fail"}}, "fail sendgrid.net", "no result"},
    {"own signature names nobody, even when it passes and is not aligned", "mail.example.com", "example.net",
	{{DETAIL_DKIM, "other.example.com", "s", "pass"}, {DETAIL_SPF, "bounce.example.net", NULL, "pass"}},
	"pass other.example.com (not aligned)", "pass bounce.example.net (not aligned)"},
    {"own signature explains before another's pass", "example.com", "lists.example",
	{{DETAIL_DKIM, "lists.example", "l", "pass"}, {DETAIL_DKIM, "example.com", "s", "fail"}},
	"fail example.com", "no result"},
    {"bounces of a known service", "example.com", "Twilio SendGrid",
	{{DETAIL_SPF, "em.sendgrid.net", "mfrom", "pass"}}, "none", "pass em.sendgrid.net (not aligned)"},
    {"own organisation by SPF", "example.com", "example.com",
	{{DETAIL_SPF, "bounce.example.com", "mfrom", "pass"}}, "none",
	"pass bounce.example.com (not aligned)"},
    {"a service sending as itself is itself", "sendgrid.net", "sendgrid.net",
	{{DETAIL_SPF, "em.sendgrid.net", "mfrom", "pass"}}, "none", "pass em.sendgrid.net (not aligned)"},
    {"SPF that failed names nobody", "example.com", NULL, {{DETAIL_SPF, "example.com", "mfrom", "softfail"}},
	"none", "softfail example.com"},
    {"helo is asked after mfrom", "example.com", "b.example",
	{{DETAIL_SPF, "a.example", "helo", "pass"}, {DETAIL_SPF, "b.example", "mfrom", "pass"}}, "none",
	"pass b.example (not aligned)"},
    {"helo alone", "example.com", "a.example",
	{{DETAIL_SPF, "mx.a.example", "helo", "pass"}, {DETAIL_SPF, "b.example", "mfrom", "fail"}}, "none",
	"fail b.example"},
    {"a result without a domain", "example.com", NULL,
	{{DETAIL_SPF, NULL, "mfrom", "temperror"}, {DETAIL_DKIM, NULL, NULL, NULL}}, "unknown", "temperror"},
    {"no header_from: every organisation is another one", NULL, "example.com",
	{{DETAIL_DKIM, "example.com", "s", "pass"}}, "pass example.com (not aligned)", "no result"},
};

START_TEST(record_explained)
{
	struct senders *senders = senders_new();
	struct detail details[MOST] = {{0}};
	struct profile profile = {.details = details};
	char words[REASON_TEXT];
	size_t i, len;

	profile.field[PROFILE_HEADER_FROM] = str_of(records[_i].header_from);
	profile.field[PROFILE_DKIM] = profile.field[PROFILE_SPF] = str_of("fail");
	for (i = 0; i < MOST && (records[_i].given[i].kind != DETAIL_REASON); i++) {
		details[i].kind = records[_i].given[i].kind;
		details[i].a = str_of(records[_i].given[i].domain);
		details[i].b = str_of(records[_i].given[i].b);
		details[i].result = str_of(records[_i].given[i].result);
		profile.count++;
	}
	assert_str(source_of_profile(senders, &profile), records[_i].source);
	len = source_dkim_words(words, &profile);
	ck_assert_str_eq(words, records[_i].dkim);
	ck_assert_uint_eq(len, strlen(words));
	len = source_spf_words(words, &profile);
	ck_assert_str_eq(words, records[_i].spf);
	ck_assert_uint_eq(len, strlen(words));
	senders_free(senders);
}
END_TEST

static const struct {
	struct given given[2];
	const char *why;
} reasons[] = {
    {{{0}}, "no SPF result; no DKIM signature"},
    {{{DETAIL_SPF, "example.com", NULL, "fail"}}, "SPF does not list the server; no DKIM signature"},
    {{{DETAIL_SPF, "example.com", NULL, "hardfail"}, {DETAIL_DKIM, NULL, NULL, "none"}},
	"SPF does not list the server; no DKIM signature"},
    {{{DETAIL_SPF, "esp.example", NULL, "softfail"}, {DETAIL_DKIM, "example.com", "s", "fail"}},
	"SPF does not list the server; the DKIM signature is broken"},
    {{{DETAIL_SPF, "esp.example", NULL, "pass"}, {DETAIL_DKIM, "esp.example", "s", "pass"}},
	"each of SPF and DKIM passes for another domain"},
    {{{DETAIL_SPF, "b.example.com", NULL, "pass"}, {DETAIL_DKIM, "esp.example", "s", "pass"}},
	"SPF passes for a domain of the same organisation that is not aligned; DKIM passes for another "
	"domain"},
    {{{DETAIL_SPF, "b.example.com", NULL, "pass"}, {DETAIL_DKIM, "example.com", "s", "pass"}},
	"each of SPF and DKIM passes for a domain of the same organisation that is not aligned"},
    {{{DETAIL_SPF, "example.com", NULL, "neutral"}, {DETAIL_DKIM, "example.com", "s", "neutral"}},
	"SPF leaves it open; the DKIM signature can't be checked"},
    {{{DETAIL_SPF, "example.com", NULL, "none"}, {DETAIL_DKIM, "example.com", "s", "policy"}},
	"no SPF record; the DKIM signature is not acceptable to the receiver"},
    {{{DETAIL_SPF, "example.com", NULL, "temperror"}, {DETAIL_DKIM, "example.com", "s", "temperror"}},
	"the SPF record could not be looked up; the DKIM key could not be looked up"},
    {{{DETAIL_SPF, "example.com", NULL, "permerror"}, {DETAIL_DKIM, "example.com", "s", "permerror"}},
	"the SPF record is broken; the DKIM key or signature is unusable"},
    {{{DETAIL_SPF, "example.com", NULL, "policy"}, {DETAIL_DKIM, "example.com", "s", "odd"}},
	"SPF was overruled by the receiver; the DKIM result is unknown"},
    {{{DETAIL_SPF, "example.com", NULL, NULL}}, "the SPF result is unknown; no DKIM signature"},
};

START_TEST(reason_in_words)
{
	struct detail details[2] = {{0}};
	struct profile profile = {.details = details};
	char words[WHY_TEXT];
	size_t i;

	profile.field[PROFILE_HEADER_FROM] = str_of("example.com");
	for (i = 0; i < 2 && reasons[_i].given[i].kind != DETAIL_REASON; i++) {
		details[i].kind = reasons[_i].given[i].kind;
		details[i].a = str_of(reasons[_i].given[i].domain);
		details[i].result = str_of(reasons[_i].given[i].result);
		profile.count++;
	}
	ck_assert_uint_eq(why_words(words, &profile), strlen(reasons[_i].why));
	ck_assert_str_eq(words, reasons[_i].why);
}
END_TEST

START_TEST(long_domain_bounded)
{
	static char name[5000];
	struct detail detail = {.kind = DETAIL_SPF, .result = {name, 4999}, .a = {name, 4999}};
	struct profile profile = {.details = &detail, .count = 1};
	char words[REASON_TEXT];

	memset(name, 'a', sizeof name - 1);
	ck_assert_uint_eq(source_spf_words(words, &profile), 260 + 1 + 260);
	ck_assert_uint_eq(strlen(words), 521);
}
END_TEST

static const struct {
	unsigned char ip[16];
	const char *subnet;
} subnets[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 77}, "192.0.2.0/24"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 255}, "203.0.113.0/24"},
    {{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8}, "2001:db8:0:5::/64"},
    {{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "2001:db8::/64"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 255, 1}, "10.0.255.0/24"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "::/64"},
    {{0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1}, "0:0:0:5::/64"},
    {{0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "0:7::/64"},
    {{0xfd, 0, 0, 0, 0, 0x10, 0, 0xa0, 0, 0, 0, 0, 0, 0, 0, 1}, "fd00:0:10:a0::/64"},
};

START_TEST(subnet_written)
{
	char text[SUBNET_TEXT];
	size_t len = source_subnet(text, subnets[_i].ip);

	ck_assert_str_eq(text, subnets[_i].subnet);
	ck_assert_uint_eq(len, strlen(text));
}
END_TEST

int
main(void)
{
	TCase *tcase = tcase_create("sources");
	Suite *suite = suite_create("sources");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, org_found, 0, sizeof orgs / sizeof *orgs);
	tcase_add_test(tcase, org_compared);
	tcase_add_loop_test(tcase, service_found, 0, sizeof services / sizeof *services);
	tcase_add_loop_test(tcase, record_explained, 0, sizeof records / sizeof *records);
	tcase_add_loop_test(tcase, reason_in_words, 0, sizeof reasons / sizeof *reasons);
	tcase_add_test(tcase, long_domain_bounded);
	tcase_add_loop_test(tcase, subnet_written, 0, sizeof subnets / sizeof *subnets);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
