/* What a mail without a report is, and what the mail about a report that was too large says. */
#include "parse/letter.h"
#include "unit/drain.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (int)(sizeof table / sizeof table[0])
#define S(text)                                                                                              \
	{                                                                                                    \
		text, sizeof text - 1                                                                        \
	}

static const struct {
	struct letter letter;
	enum letter_kind kind;
} letters[] = {
    {{.from = S("a@example.com"), .subject = S("Hello")}, LETTER_OTHER},
    {{.from = S("a@example.com")}, LETTER_OTHER},
    {{.subject = {NULL, 0}}, LETTER_OTHER},
    {{.from = S("Mail Delivery System <MAILER-DAEMON@mx.example.com>"), .subject = S("x")}, LETTER_BOUNCE},
    {{.from = S("postmaster@example.com"), .subject = S("Undeliverable: Report")}, LETTER_BOUNCE},
    {{.from = S("a@example.com"), .subject = S("Delivery Status Notification (Delay)")}, LETTER_BOUNCE},
    {{.from = S("a@example.com"), .failed_recipients = S("b@example.net")}, LETTER_BOUNCE},
    {{.from = S("a@example.com"), .delivery_status = true, .auto_submitted = S("auto-replied")},
	LETTER_BOUNCE},
    {{.from = S("a@example.com"), .auto_submitted = S("auto-replied (vacation)")}, LETTER_REPLY},
    {{.from = S("a@example.com"), .auto_submitted = S("auto-generated")}, LETTER_OTHER},
    {{.from = S("a@example.com"), .auto_submitted = S("no")}, LETTER_OTHER},
    {{.from = S("a@example.com"), .precedence = S("auto_reply")}, LETTER_REPLY},
    {{.from = S("a@example.com"), .precedence = S("bulk")}, LETTER_OTHER},
    {{.from = S("a@example.com"), .auto_reply = S("yes")}, LETTER_REPLY},
    {{.from = S("a@example.com"), .subject = S("Out of Office: Report domain")}, LETTER_REPLY},
    {{.from = S("a@example.com"), .subject = S("Automatic reply: Report domain")}, LETTER_REPLY},
    {{.from = S("a@example.com"), .subject = S("Abwesenheitsnotiz")}, LETTER_REPLY},
    {{.from = S("a@example.com"), .type = S("multipart/report; report-type=feedback-report; boundary=b")},
	LETTER_ABUSE},
    {{.from = S("mailer-daemon@example.com"), .type = S("multipart/report; Report-Type=\"Feedback-Report\"")},
	LETTER_ABUSE},
};

START_TEST(kind)
{
	ck_assert_int_eq(letter_kind(&letters[_i].letter), letters[_i].kind);
}
END_TEST

/* domain|submitter|report id|date|uri|size; NULL: it is none. */
static const struct {
	const char *text, *lost;
} texts[] = {
    {"Report-Date: Fri, 15 Feb 2002 16:54:30 -0800\r\nReport-Domain: Example.com\r\nReport-ID: "
     "<2002.02.15.1@mx>\r\n"
     "Report-Size: 10485761\r\nSubmitter: MX.Receiver.example\r\nSubmitting-URI: "
     "mailto:d@example.com!10m\r\n",
	"example.com|mx.receiver.example|2002.02.15.1@mx|Fri, 15 Feb 2002 16:54:30 "
	"-0800|mailto:d@example.com!10m|10485761"},
    {"Dear owner,\n\n  report-domain : example.com\n\treport-size: 12 bytes\n\nRegards",
	"example.com|-|-|-|-|12"},
    {"Report-Domain: example.com\nSubmitter: a.example", "example.com|a.example|-|-|-|-"},
    {"Report-Domain: example.com\nReport-Domain: example.net\nReport-ID: 1", "example.com|-|1|-|-|-"},
    {"Report-Domain: example.com\nReport-Size: many", "example.com|-|-|-|-|-"},
    {"Report-Domain: example.com\nReport-Size: 99999999999999999999", "example.com|-|-|-|-|-"},
    {"Report-Domain: example.com", NULL},
    {"Report-Domain:\nReport-ID: 1", NULL},
    {"Report-ID: 1\nReport-Size: 2", NULL},
    {"The Report-Domain: example.com has a Report-ID: 1", NULL},
    {"Report Domain: example.com\nReport ID: 1", NULL},
    {"\n\n:\n::", NULL},
    {"", NULL},
};

static void
add(char *to, size_t size, struct str text, const char *end)
{
	size_t used = strlen(to);

	(void)snprintf(to + used, size - used, "%.*s%s", text.data == NULL ? 1 : (int)text.len,
	    text.data == NULL ? "-" : text.data, end);
}

START_TEST(error_report)
{
	char line[500] = "", size[24] = "-";
	struct arena arena;
	struct lost lost;
	bool is_lost;

	arena_init(&arena);
	is_lost = letter_lost(&lost, str_of(texts[_i].text), &arena);
	ck_assert_int_eq(is_lost, texts[_i].lost != NULL);
	if (is_lost) {
		if (lost.has_size)
			(void)snprintf(size, sizeof size, "%llu", (unsigned long long)lost.size);
		add(line, sizeof line, lost.domain, "|");
		add(line, sizeof line, lost.submitter, "|");
		add(line, sizeof line, lost.report_id, "|");
		add(line, sizeof line, lost.date, "|");
		add(line, sizeof line, lost.uri, "|");
		add(line, sizeof line, str_of(size), "");
		ck_assert_str_eq(line, texts[_i].lost);
	}
	arena_free(&arena);
}
END_TEST

/* A value of any length is kept to its start. */
START_TEST(long_value)
{
	char text[2000] = "Report-Domain: example.com\nReport-ID: ";
	struct arena arena;
	struct lost lost;

	memset(text + strlen(text), 'x', sizeof text - 1 - strlen(text));
	text[sizeof text - 1] = '\0';
	arena_init(&arena);
	ck_assert(letter_lost(&lost, str_of(text), &arena));
	ck_assert_uint_eq(lost.report_id.len, 300);
	arena_free(&arena);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("letter");
	TCase *tests = tcase_create("letter");

	tcase_add_loop_test(tests, kind, 0, COUNT(letters));
	tcase_add_loop_test(tests, error_report, 0, COUNT(texts));
	tcase_add_test(tests, long_value);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
