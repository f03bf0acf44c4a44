/* The pure parts of a probe: names of hosts, certificates in words, what servers say line by line. */
#include "mailbox/probe.h"
#include "mailbox/probe_words.h"
#include "unit/drain.h"

#include <string.h>

static const struct {
	const char *host;
	bool address, name;
} hosts[] = {
    {"mail.example.com", false, true},
    {"mail.example.com.", false, true},
    {"mail", false, true},
    {"xn--bcher-kva.example", false, true},
    {"my_host.example.com", false, true},
    {"192.0.2.1", true, true},
    {"2001:db8::1", true, false},
    {"mail..example.com", false, false},
    {".example.com", false, false},
    {"", false, false},
    {"-mail.example.com", false, false},
    {"mail-.example.com", false, false},
    {"ma il.example.com", false, false},
    {"mail.example.com,", false, false},
    {"b\xc3\xbc"
     "cher.example",
	false, false},
    {"a123456789012345678901234567890123456789012345678901234567890123.example", false, false},
};

START_TEST(knows_hosts)
{
	ck_assert_int_eq(net_is_address(hosts[_i].host), hosts[_i].address);
	ck_assert_int_eq(net_is_host_name(hosts[_i].host), hosts[_i].name);
}
END_TEST

START_TEST(takes_brackets_off)
{
	char long_host[NET_HOST + 1], host[NET_HOST];

	ck_assert(net_host(host, "[2001:db8::1]"));
	ck_assert_str_eq(host, "2001:db8::1");
	ck_assert(net_host(host, "mail.example.com"));
	ck_assert_str_eq(host, "mail.example.com");
	ck_assert(net_host(host, "mail.example.com."));
	ck_assert_str_eq(host, "mail.example.com");
	ck_assert(net_host(host, "mail.."));
	ck_assert_str_eq(host, "mail..");
	memset(long_host, 'a', NET_HOST);
	long_host[NET_HOST] = '\0';
	ck_assert(!net_host(host, long_host));
	long_host[NET_HOST - 1] = '\0';
	ck_assert(net_host(host, long_host));
}
END_TEST

START_TEST(tells_resolvers_apart)
{
	ck_assert_int_eq(net_answer_of(0), NET_FOUND);
	ck_assert_int_eq(net_answer_of(EAI_NONAME), NET_NO_NAME);
	ck_assert_int_eq(net_answer_of(EAI_NODATA), NET_NO_ADDRESS);
	ck_assert_int_eq(net_answer_of(EAI_FAIL), NET_SERVFAIL);
	ck_assert_int_eq(net_answer_of(EAI_AGAIN), NET_NO_ANSWER);
	ck_assert_int_eq(net_answer_of(EAI_SYSTEM), NET_TROUBLE);
}
END_TEST

enum { DAY = DAY_SECONDS, NOW = 1000 * DAY };

/* The verdict, the times of the certificate, whether its issuer is told, and what becomes of it. */
static const struct {
	enum tls_verdict verdict;
	bool matches, tells_issuer;
	int64_t not_before, not_after;
	enum words_certificate is;
	const char *found, *advice;
} certificates[] = {
    {TLS_TRUSTED, true, false, 0, NOW + 20 * DAY, CERTIFICATE_GOOD,
	"for mail.example.com, 20 days left (until 1972-10-17), trusted by ca.pem", ""},
    {TLS_TRUSTED, true, false, 0, NOW + 14 * DAY, CERTIFICATE_GOOD,
	"for mail.example.com, 14 days left (until 1972-10-11), trusted by ca.pem", ""},
    {TLS_TRUSTED, true, false, 0, NOW + 14 * DAY - 1, CERTIFICATE_SOON,
	"for mail.example.com, 13 days left (until 1972-10-10), trusted by ca.pem", "renew it on the server"},
    {TLS_TRUSTED, false, false, 0, NOW + 20 * DAY, CERTIFICATE_BAD,
	"not for www.example.com but for mail.example.com",
	"use a name that the certificate has, or get one for www.example.com"},
    {TLS_EXPIRED, true, false, 0, NOW - 3 * DAY, CERTIFICATE_BAD, "expired on 1972-09-24 (days ago: 3)",
	"renew it on the server, and let the server read it again"},
    {TLS_NOT_YET_VALID, true, false, NOW + 1, NOW + 20 * DAY, CERTIFICATE_BAD,
	"not valid before 1972-09-27T00:00:01Z, and this machine's clock says 1972-09-27T00:00:00Z",
	"see first whether this machine's clock is right"},
    {TLS_SELF_SIGNED, true, false, 0, NOW + 20 * DAY, CERTIFICATE_BAD, "self-signed: no CA stands behind it",
	"get a certificate from a CA; or, if it is yours and meant so, name its file as ca-file"},
    {TLS_UNKNOWN_ROOT, true, false, 0, NOW + 20 * DAY, CERTIFICATE_BAD,
	"signed by a CA that is not trusted: CN=Some CA",
	"if that CA is yours, name the file of its certificate as ca-file"},
    {TLS_UNKNOWN_ISSUER, true, true, 0, NOW + 20 * DAY, CERTIFICATE_BAD,
	"the server does not send the intermediate certificate of CN=Some CA",
	"put the full chain into the server's certificate file"},
    {TLS_UNKNOWN_ISSUER, true, false, 0, NOW + 20 * DAY, CERTIFICATE_BAD,
	"the issuer is neither sent nor trusted: CN=Some CA",
	"if that is a CA of your own, name the file of its certificate as ca-file; else put the full chain "
	"into "
	"the server's certificate file"},
    {TLS_UNTRUSTED, true, false, 0, NOW + 20 * DAY, CERTIFICATE_BAD, "not trusted: what OpenSSL says",
	"see what the server's certificates were made for; trusted is ca.pem"},
    {TLS_EXPIRED, true, false, 0, NOW + 20 * DAY, CERTIFICATE_BAD,
	"a CA certificate that is trusted here can't be used: what OpenSSL says", "renew ca.pem"},
    {TLS_SELF_SIGNED, false, false, 0, NOW - DAY, CERTIFICATE_BAD,
	"not for www.example.com but for mail.example.com; self-signed: no CA stands behind it; expired on "
	"1972-09-26 (days ago: 1)",
	"use a name that the certificate has, or get one for www.example.com"},
};

START_TEST(puts_certificates_into_words)
{
	char found[WORDS_TEXT], advice[WORDS_TEXT];
	struct tls_facts facts = {
	    .trouble = "what OpenSSL says",
	    .verdict = certificates[_i].verdict,
	    .name_matches = certificates[_i].matches,
	    .count = 1,
	    .chain = {{.subject = "CN=mail",
		.issuer = "CN=Some CA",
		.names = "mail.example.com",
		.not_before = certificates[_i].not_before,
		.not_after = certificates[_i].not_after,
		.tells_issuer = certificates[_i].tells_issuer}},
	};

	ck_assert_int_eq(
	    words_certificate(found, advice, &facts, "www.example.com", "ca.pem", NOW), certificates[_i].is);
	ck_assert_str_eq(found, certificates[_i].found);
	ck_assert_str_eq(advice, certificates[_i].advice);
}
END_TEST

START_TEST(cuts_long_words)
{
	char names[2 * WORDS_TEXT], found[WORDS_TEXT], advice[WORDS_TEXT];
	struct tls_facts facts = {.count = 1, .chain = {{.names = names, .not_after = NOW}}};

	memset(names, 'n', sizeof names - 1);
	names[sizeof names - 1] = '\0';
	ck_assert_int_eq(
	    words_certificate(found, advice, &facts, "mail.example.com", "ca.pem", NOW), CERTIFICATE_BAD);
	ck_assert_uint_eq(strlen(found), WORDS_TEXT - 1);
	facts.count = 0;
	ck_assert_int_eq(
	    words_certificate(found, advice, &facts, "mail.example.com", "ca.pem", NOW), CERTIFICATE_BAD);
	ck_assert_str_eq(found, "the server sent none");
}
END_TEST

START_TEST(knows_providers)
{
	ck_assert_str_eq(words_meant("imap.gmial.com"), "imap.gmail.com");
	ck_assert_str_eq(words_meant("outlok.office365.com"), "outlook.office365.com");
	ck_assert_ptr_null(words_meant("mail.example.com"));
	ck_assert_ptr_nonnull(strstr(words_provider("imap.gmail.com", ACCOUNT_IMAP), "app password"));
	ck_assert_ptr_nonnull(strstr(words_provider("Outlook.Office365.com", ACCOUNT_POP3), "OAuth2"));
	ck_assert_ptr_nonnull(strstr(words_provider("imap.mail.me.com", ACCOUNT_POP3), "no POP3"));
	ck_assert_ptr_null(words_provider("imap.notgmail.com", ACCOUNT_IMAP));
	ck_assert_ptr_null(words_provider("mail.example.com", ACCOUNT_IMAP));
}
END_TEST

START_TEST(knows_speakers)
{
	ck_assert_int_eq(words_speaker("* OK ready"), SPEAKER_IMAP);
	ck_assert_int_eq(words_speaker("* bye too many"), SPEAKER_IMAP);
	ck_assert_int_eq(words_speaker("+OK ready"), SPEAKER_POP3);
	ck_assert_int_eq(words_speaker("220 mail.example.com ESMTP"), SPEAKER_SMTP);
	ck_assert_int_eq(words_speaker("HTTP/1.1 400 Bad Request"), SPEAKER_HTTP);
	ck_assert_int_eq(words_speaker("SSH-2.0"), SPEAKER_OTHER);
	ck_assert_int_eq(words_speaker(""), SPEAKER_OTHER);
}
END_TEST

START_TEST(reads_offers)
{
	char offers[64] = "";

	words_add_offers(offers, sizeof offers, "* CAPABILITY IMAP4rev1  auth=plain MOVE", ACCOUNT_IMAP);
	ck_assert_str_eq(offers, " IMAP4REV1 AUTH=PLAIN MOVE ");
	ck_assert(words_offers(offers, "MOVE") && words_offers(offers, "AUTH=PLAIN"));
	ck_assert(
	    !words_offers(offers, "MOV") && !words_offers(offers, "OVE") && !words_offers(offers, "PLAIN"));
	ck_assert(!words_offers("", "MOVE"));
	offers[0] = '\0';
	words_add_offers(offers, sizeof offers, "SASL PLAIN xoauth2", ACCOUNT_POP3);
	words_add_offers(offers, sizeof offers, "EXPIRE 0", ACCOUNT_POP3);
	words_add_offers(offers, sizeof offers, "UIDL", ACCOUNT_POP3);
	ck_assert_str_eq(offers, " AUTH=PLAIN AUTH=XOAUTH2 EXPIRE=0 UIDL ");
	words_add_offers(offers, sizeof offers, "A-WORD-THAT-HAS-NO-ROOM-ANY-MORE", ACCOUNT_POP3);
	ck_assert_str_eq(offers, " AUTH=PLAIN AUTH=XOAUTH2 EXPIRE=0 UIDL ");
	words_add_offers(offers, sizeof offers, "", ACCOUNT_IMAP);
	ck_assert_str_eq(offers, " AUTH=PLAIN AUTH=XOAUTH2 EXPIRE=0 UIDL ");
}
END_TEST

static const struct {
	const char *greeting;
	int64_t time;
} greetings[] = {
    {"+OK POP3 server ready <1896.697170952@dbc.example.com>", 697170952},
    {"+OK <1.2.697170952@dbc.example.com>", 697170952},
    {"+OK ready", 0},
    {"+OK <697170952@dbc.example.com>", 0},
    {"+OK <1896.697170952>", 0},
    {"+OK <1896.29ab@dbc.example.com>", 0},
    {"+OK <1896.12@dbc.example.com>", 0},
    {"+OK <1896.@dbc.example.com>", 0},
    {"+OK <1896.99999999999999999999@dbc.example.com>", 0},
    {"+OK <1896.9999999999999999999@dbc.example.com>", 0},
};

START_TEST(reads_clocks_of_greetings)
{
	ck_assert_int_eq(words_greeting_time(greetings[_i].greeting, 700000000), greetings[_i].time);
}
END_TEST

START_TEST(finds_similar_folders)
{
	ck_assert(words_similar_folder("Reports/DMARC", "reports.dmarc"));
	ck_assert(words_similar_folder("INBOX.Reports", "Reports"));
	ck_assert(words_similar_folder("Reports", "INBOX/Reports"));
	ck_assert(!words_similar_folder("Reports", "Reports2"));
	ck_assert(!words_similar_folder("INBOXReports", "Reports"));
}
END_TEST

/* The exit code is that of the first failure, whatever comes before or behind. */
START_TEST(chooses_exit_codes)
{
	static struct probe probe;

	ck_assert_int_eq(probe_exit_code(&probe), EXIT_CODE_OK);
	probe.step_count = 4;
	probe.steps[1].result = PROBE_UNKNOWN;
	probe.steps[2].result = PROBE_NOT_TRIED;
	ck_assert_int_eq(probe_exit_code(&probe), EXIT_CODE_OK);
	probe.steps[0].result = PROBE_WARNING;
	ck_assert_int_eq(probe_exit_code(&probe), EXIT_CODE_FOUND);
	probe.steps[2] = (struct probe_step){.result = PROBE_FAILED, .exit_code = EXIT_CODE_PERMISSION};
	probe.steps[3] = (struct probe_step){.result = PROBE_FAILED, .exit_code = EXIT_CODE_CONFIG};
	ck_assert_int_eq(probe_exit_code(&probe), EXIT_CODE_PERMISSION);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int
main(void)
{
	Suite *suite = suite_create("probe");
	TCase *tests = tcase_create("words");

	tcase_add_loop_test(tests, knows_hosts, 0, COUNT(hosts));
	tcase_add_test(tests, takes_brackets_off);
	tcase_add_test(tests, tells_resolvers_apart);
	tcase_add_loop_test(tests, puts_certificates_into_words, 0, COUNT(certificates));
	tcase_add_test(tests, cuts_long_words);
	tcase_add_test(tests, knows_providers);
	tcase_add_test(tests, knows_speakers);
	tcase_add_test(tests, reads_offers);
	tcase_add_loop_test(tests, reads_clocks_of_greetings, 0, COUNT(greetings));
	tcase_add_test(tests, finds_similar_folders);
	tcase_add_test(tests, chooses_exit_codes);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
