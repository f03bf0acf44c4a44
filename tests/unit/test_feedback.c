/* Failure reports as they are written, and what is read of them. */
#include "parse/feedback.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

#define FIELDS                                                                                               \
	"Feedback-Type: auth-failure\r\n"                                                                    \
	"User-Agent: Filter/1.0\r\n"                                                                         \
	"Version: 1\r\n"                                                                                     \
	"Original-Envelope-Id: 8BE2\r\n"                                                                     \
	"Original-Mail-From: <bob@bounce.example.com>\r\n"                                                   \
	"Original-Rcpt-To: <carol@receiver.example>\r\n"                                                     \
	"Arrival-Date: Tue, 2 Jun 2026 10:15:00 +0200\r\n"                                                   \
	"Reporting-MTA: dns; mx1.receiver.example\r\n"                                                       \
	"Source-IP: 192.0.2.25\r\n"                                                                          \
	"Source-Port: 40125\r\n"                                                                             \
	"Incidents: 3\r\n"                                                                                   \
	"Authentication-Results: mx1.receiver.example;\r\n"                                                  \
	"  dmarc=fail (p=reject) header.from=Example.COM;\r\n"                                               \
	"  spf=fail smtp.mailfrom=bob@bounce.example.com\r\n"                                                \
	"Reported-Domain: Example.com.\r\n"                                                                  \
	"Reported-URI: https://www.example.com/\r\n"                                                         \
	"Auth-Failure: DMARC\r\n"                                                                            \
	"Delivery-Result: smg-policy-action\r\n"                                                             \
	"Identity-Alignment: spf,dkim\r\n"                                                                   \
	"DKIM-Domain: example.com\r\n"                                                                       \
	"DKIM-Identity: @example.com\r\n"                                                                    \
	"DKIM-Selector: s1\r\n"                                                                              \
	"DKIM-Canonicalized-Body: Ym9k\r\n eQ==\r\n"                                                         \
	"SPF-DNS: txt : example.com : \"v=spf1 -all\"\r\n"

#define MESSAGE                                                                                              \
	"Authentication-Results: mx1.receiver.example; dkim=pass header.d=news.example.com header.s=s2\n"    \
	"Received: from x by mx1.receiver.example\n"                                                         \
	"Authentication-Results: mx1.receiver.example; arc=none\n"                                           \
	"Authentication-Results: forged.example; dkim=pass header.d=example.com\n"                           \
	"From: \"Doe, Bob <x@y>\" (a@b) <bob@Example.com>, eve@example.net\n"                                \
	"Subject: Hello\n"                                                                                   \
	"Message-ID: <1@example.com>\n"                                                                      \
	"\n"                                                                                                 \
	"From: body@example.org\n"

#define EXIM                                                                                                 \
	"A message claiming to be from you has failed the published DMARC\npolicy for your domain.\n\n"      \
	"  Sender Domain: example.com\n  Sender IP Address: 2001:db8::1\n"                                   \
	"  Received Date: Tue, 02 Jun 2026 10:15:00 +0200\n  SPF Alignment: no\n  DKIM Alignment: yes\n"     \
	"  DMARC Results: Reject\n\n------ This is a copy of the headers ------\n\n"                         \
	"Return-path: <bob@example.com>\nFrom: bob@example.com\nSubject: Hello\n"

static enum status
read_all(struct failure *failure, const char *fields, const char *text, const char *message)
{
	struct feedback feedback = {
	    .fields = str_of(fields), .text = str_of(text), .message = str_of(message)};
	struct err err;

	feedback.sender = str_of("Reports <noreply@Receiver.example>");
	feedback.sent = str_of("Tue, 2 Jun 2026 10:16:00 +0200");
	feedback.message_id = str_of("<carrier@receiver.example>");
	return feedback_read(failure, &feedback, &arena, &err);
}

static void
expect(struct str got, const char *want, const char *what)
{
	if (want == NULL)
		ck_assert_msg(got.data == NULL, "%s: \"%.*s\", not missing", what, (int)got.len, got.data);
	else
		ck_assert_msg(str_eq(got, want), "%s: \"%.*s\", not \"%s\"", what, (int)got.len,
		    got.data == NULL ? "" : got.data, want);
}

static const char *const all_fields[FAILURE_FIELDS] = {
    [FAILURE_TYPE] = "auth-failure",
    [FAILURE_USER_AGENT] = "Filter/1.0",
    [FAILURE_VERSION] = "1",
    [FAILURE_MAIL_FROM] = "bob@bounce.example.com",
    [FAILURE_ENVELOPE_ID] = "8BE2",
    [FAILURE_REPORTING_MTA] = "mx1.receiver.example",
    [FAILURE_AUTH_FAILURE] = "dmarc",
    [FAILURE_DELIVERY] = "smg-policy-action",
    [FAILURE_ALIGNMENT] = "spf,dkim",
    [FAILURE_DKIM_DOMAIN] = "example.com",
    [FAILURE_DKIM_IDENTITY] = "@example.com",
    [FAILURE_DKIM_SELECTOR] = "s1",
    [FAILURE_FROM] = "bob@Example.com",
    [FAILURE_MESSAGE_ID] = "<1@example.com>",
    [FAILURE_SUBJECT] = "Hello",
    [FAILURE_REPORTER] = "receiver.example",
};

static void
expect_lists(const struct failure *failure)
{
	static const struct {
		enum failure_list list;
		const char *text;
	} texts[] = {{FAILURE_RCPT_TO, "carol@receiver.example"}, {FAILURE_REPORTED_DOMAIN, "example.com"},
	    {FAILURE_REPORTED_URI, "https://www.example.com/"}, {FAILURE_DKIM_BODY, "Ym9k eQ=="},
	    {FAILURE_SPF_DNS, "txt : example.com : \"v=spf1 -all\""}};
	const struct failure_text *text = failure->texts;
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++, text = text->next) {
		ck_assert_ptr_nonnull(text);
		ck_assert_int_eq(text->list, texts[i].list);
		expect(text->text, texts[i].text, failure_list_word(text->list));
	}
	ck_assert_ptr_null(text);
}

/* The report's own, then those that the receiver wrote into the message. */
static void
expect_results(const struct failure *failure)
{
	static const struct {
		const char *method, *result, *domain, *selector, *identity;
		bool of_message;
	} results[] = {
	    {"dmarc", "fail", "example.com", NULL, NULL, false},
	    {"spf", "fail", "bounce.example.com", NULL, "bob@bounce.example.com", false},
	    {"dkim", "pass", "news.example.com", "s2", NULL, true},
	    {"arc", "none", NULL, NULL, NULL, true},
	};
	const struct failure_result *result = failure->results;
	size_t i;

	for (i = 0; i < sizeof results / sizeof *results; i++, result = result->next) {
		ck_assert_ptr_nonnull(result);
		expect(result->method, results[i].method, "method");
		expect(result->result, results[i].result, "result");
		expect(result->domain, results[i].domain, "domain");
		expect(result->selector, results[i].selector, "selector");
		expect(result->identity, results[i].identity, "identity");
		ck_assert_int_eq(result->of_message, results[i].of_message);
	}
	ck_assert_ptr_null(result);
}

START_TEST(every_field)
{
	struct failure failure;
	int i;

	ck_assert_int_eq(read_all(&failure, FIELDS, "for people", MESSAGE), OK);
	for (i = 0; i < FAILURE_FIELDS; i++)
		expect(failure.field[i], all_fields[i], "field");
	expect_lists(&failure);
	expect_results(&failure);
	ck_assert(failure_is_authentication(&failure));
	ck_assert_int_eq(failure.form, FAILURE_ARF);
	expect(failure.domain, "example.com", "domain");
	expect(failure.header_from, "example.com", "header_from");
	ck_assert(failure.has_arrived && failure.has_sent && failure.has_message && failure.ip_usable);
	ck_assert_int_eq(failure.arrived, 1780388100);
	ck_assert_int_eq(failure.sent, 1780388160);
	expect(failure.ip_text, "192.0.2.25", "ip");
	ck_assert_uint_eq(failure.port, 40125);
	ck_assert_uint_eq(failure.incidents, 3);
}
END_TEST

/* The fields in a text for people, with the message in the same text or in a part of its own. */
START_TEST(inline_fields)
{
	struct failure failure;
	const char *text = "Dear sender,\nUser-Agent: is not one\n\n" FIELDS "\n" MESSAGE;

	ck_assert(feedback_in_text(str_of(text)));
	ck_assert_int_eq(read_all(&failure, NULL, text, _i == 0 ? NULL : MESSAGE), OK);
	ck_assert_int_eq(failure.form, FAILURE_INLINE);
	expect(failure.field[FAILURE_USER_AGENT], "Filter/1.0", "user agent");
	expect(failure.field[FAILURE_FROM], "bob@Example.com", "from");
	expect_lists(&failure);
}
END_TEST

START_TEST(words_of_exim)
{
	struct failure failure;

	ck_assert(feedback_in_text(str_of(EXIM)));
	ck_assert_int_eq(read_all(&failure, NULL, EXIM, NULL), OK);
	ck_assert_int_eq(failure.form, FAILURE_WORDS);
	expect(failure.field[FAILURE_TYPE], "auth-failure", "type");
	expect(failure.field[FAILURE_AUTH_FAILURE], "dmarc", "auth-failure");
	expect(failure.field[FAILURE_FROM], "bob@example.com", "from");
	expect(failure.field[FAILURE_SUBJECT], "Hello", "subject");
	expect(failure.domain, "example.com", "domain");
	expect(failure.ip_text, "2001:db8::1", "ip");
	ck_assert_int_eq(failure.arrived, 1780388100);
	expect(failure.results->method, "spf-alignment", "method");
	expect(failure.results->result, "no", "result");
	expect(failure.results->next->method, "dkim-alignment", "method");
	expect(failure.results->next->result, "yes", "result");
}
END_TEST

static const struct {
	const char *fields, *type, *ip, *mail_from, *domain;
	bool usable;
} odd[] = {
    /* Not said what it is: a failed authentication makes it one. */
    {"Auth-Failure: spf\nSource-IP: [192.0.2.1]\n", "auth-failure", "192.0.2.1", NULL, NULL, true},
    {"Authentication-Results: x; dmarc=fail header.from=example.com\n", "auth-failure", NULL, NULL,
	"example.com", false},
    {"Source-IP: IPv6:2001:DB8::1\n", "unknown", "2001:db8::1", NULL, NULL, true},
    {"Source-IP: 192.0.2.1 (mail.example.com)\n", "unknown", "192.0.2.1", NULL, NULL, true},
    {"Source-IP: unknown\n", "unknown", "unknown", NULL, NULL, false},
    {"Feedback-Type: Abuse\nOriginal-Mail-From:\n", "abuse", NULL, "", NULL, false},
    {"Feedback-Type: opt-out\nOriginal-Mail-From: <>\n", "opt-out", NULL, "", NULL, false},
    {"feedback-type : fraud\nReported-Domain: a.example\nReported-Domain: b.example\n", "fraud", NULL, NULL,
	"a.example", false},
    {"Feedback-Type: virus\n\nDKIM-Domain: c.example\n", "virus", NULL, NULL, "c.example", false},
    {"Version: 1\nFeedback-Type: abuse\nFeedback-Type: fraud\n", "abuse", NULL, NULL, NULL, false},
};

START_TEST(odd_fields)
{
	struct failure failure;

	ck_assert_int_eq(read_all(&failure, odd[_i].fields, NULL, NULL), OK);
	expect(failure.field[FAILURE_TYPE], odd[_i].type, "type");
	expect(failure.ip_text, odd[_i].ip, "ip");
	expect(failure.field[FAILURE_MAIL_FROM], odd[_i].mail_from, "mail from");
	expect(failure.domain, odd[_i].domain, "domain");
	ck_assert_int_eq(failure.ip_usable, odd[_i].usable);
	ck_assert_int_eq(failure_is_authentication(&failure), strcmp(odd[_i].type, "auth-failure") == 0);
	ck_assert(!failure.has_arrived && failure.incidents == 1 && failure.port == 0);
	/* Nothing tells it from the next one but the mail that brought it. */
	expect(failure.carrier, "<carrier@receiver.example>", "carrier");
}
END_TEST

static const char *const none[] = {"", "\n\n", "X-Other: field\n", "no field at all", "Feedback-Type\n"};

START_TEST(no_report)
{
	struct failure failure;

	ck_assert_int_eq(read_all(&failure, none[_i], "for people", MESSAGE), BAD);
}
END_TEST

/* A sentence about failure reports is none. */
static const char *const sentences[] = {
    "",
    "Feedback-Type: auth-failure",
    "> Feedback-Type: auth-failure\n> Version: 1\n",
    "See the Feedback-Type: field\nVersion: 1\n",
    "Feedback-Type: auth-failure\n\nVersion: 1\n",
    "A message claiming to be from you has failed, they said.\nSender Domain: example.com\n",
    "Sender Domain: example.com\nSender IP Address: 192.0.2.1\n",
};

START_TEST(no_report_in_text)
{
	ck_assert(!feedback_in_text(str_of(sentences[_i])));
}
END_TEST

static const struct {
	const char *value, *address;
} senders[] = {
    {"bob@example.com", "bob@example.com"},
    {"Bob <bob@example.com>", "bob@example.com"},
    {"\"bob@x <y>\" <bob@example.com>", "bob@example.com"},
    {"(Bob (b@x) B) bob@example.com (more)", "bob@example.com"},
    {"Bob B, bob@example.com", "bob@example.com"},
    {"<bob@example.com", "bob@example.com"},
    {"Bob", NULL},
    {"", NULL},
    {"\"bob", NULL},
    {"<", NULL},
};

START_TEST(address_of_sender)
{
	expect(feedback_address(str_of(senders[_i].value)), senders[_i].address, senders[_i].value);
}
END_TEST

static const struct {
	const char *type;
	enum feedback_part part;
} types[] = {
    {"message/feedback-report", FEEDBACK_FIELDS},
    {"text/feedback-report", FEEDBACK_FIELDS},
    {"text/plain", FEEDBACK_TEXT},
    {NULL, FEEDBACK_TEXT},
    {"message/rfc822", FEEDBACK_MESSAGE},
    {"text/rfc822-headers", FEEDBACK_MESSAGE},
    {"text/rfc822-header", FEEDBACK_MESSAGE},
    {"text/rfc-822-headers", FEEDBACK_MESSAGE},
    {"message/rfc822-headers", FEEDBACK_MESSAGE},
    {"text/html", FEEDBACK_OTHER},
    {"application/gzip", FEEDBACK_OTHER},
};

START_TEST(media_type)
{
	ck_assert_int_eq(feedback_part_of(str_of(types[_i].type)), types[_i].part);
}
END_TEST

#define COUNT(table) (int)(sizeof table / sizeof table[0])

int
main(void)
{
	Suite *suite = suite_create("feedback");
	TCase *tests = tcase_create("feedback");
	SRunner *runner = srunner_create(suite);
	int failed;

	arena_init(&arena);
	suite_add_tcase(suite, tests);
	tcase_add_test(tests, every_field);
	tcase_add_loop_test(tests, inline_fields, 0, 2);
	tcase_add_test(tests, words_of_exim);
	tcase_add_loop_test(tests, odd_fields, 0, COUNT(odd));
	tcase_add_loop_test(tests, no_report, 0, COUNT(none));
	tcase_add_loop_test(tests, no_report_in_text, 0, COUNT(sentences));
	tcase_add_loop_test(tests, address_of_sender, 0, COUNT(senders));
	tcase_add_loop_test(tests, media_type, 0, COUNT(types));
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	arena_free(&arena);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
