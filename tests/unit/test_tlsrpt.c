/* TLS reports: every field, every leniency with its repair, every refusal, many documents. */
#include "parse/json_path.h"
#include "parse/tlsrpt.h"
#include "unit/drain.h"
#include "unit/reading.h"
#include "unit/tls_text.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (int)(sizeof table / sizeof table[0])

static struct limits limits;
static struct arena arena;
static struct buf text, repairs;
static struct tls_report *report;
static struct err err;
static size_t at;

#define DATES                                                                                                \
	"\"date-range\":{\"start-datetime\":\"2026-01-01T00:00:00Z\",\"end-datetime\":\"2026-01-01T23:59:"   \
	"59Z\"}"
#define HEAD                                                                                                 \
	"{\"organization-name\":\"Receiver Example\"," DATES                                                 \
	",\"contact-info\":\"tls@receiver.example\",\"report-id\":\"one\","
#define POLICY_OF                                                                                            \
	"\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\",\"mode: "                             \
	"enforce\"],\"policy-domain\":\"example.com\""
#define SUMMARY "\"summary\":{\"total-successful-session-count\":812,\"total-failure-session-count\":9}"
#define FAILURE                                                                                              \
	"{\"result-type\":\"certificate-expired\",\"sending-mta-ip\":\"192.0.2.33\",\"receiving-mx-"         \
	"hostname\":"                                                                                        \
	"\"mx.example.com\",\"receiving-mx-helo\":\"mx\",\"receiving-ip\":\"2001:DB8::9\",\"failed-session-" \
	"count\":9,"                                                                                         \
	"\"additional-information\":\"https://receiver.example/1\",\"failure-reason-code\":\"X509\"}"
#define TLS_REPORT                                                                                           \
	HEAD "\"policies\":[{\"policy\":{" POLICY_OF ",\"mx-host\":[\"*.example.com\"]}," SUMMARY            \
	     ",\"failure-details\":[" FAILURE "]}]}"
#define LINE_HEAD                                                                                            \
	"Receiver Example key receiver example contact tls@receiver.example id one of example.com "          \
	"1767225600..1767311999\n"
#define LINE_POLICY                                                                                          \
	"sts example.com ok 812 failed 9 strings [\"version: STSv1\",\"mode: enforce\"] mx "                 \
	"[\"*.example.com\"]\n"
#define LINE_FAILURE                                                                                         \
	"  certificate-expired 9 from 192.0.2.33 mx mx.example.com helo mx at 2001:db8::9 info "             \
	"https://receiver.example/1 reason X509\n"

static void
set_up(void)
{
	limits_init(&limits);
	arena_init(&arena);
	buf_init(&text, 1 << 20);
	buf_init(&repairs, 1 << 20);
	at = 0;
}

static void
tear_down(void)
{
	arena_free(&arena);
	buf_free(&text);
	buf_free(&repairs);
}

static enum status
parse(const char *json)
{
	return tlsrpt_parse(&report, str_of(json), &at, &limits, &arena, &err);
}

/* Reads the next document into text and repairs. */
static void
reads(const char *json)
{
	enum status status = parse(json);

	ck_assert_msg(status == OK, "%s: %s", err.where, err.what);
	buf_clear(&text);
	buf_clear(&repairs);
	tls_text(&text, report);
	tls_text_repairs(&repairs, report);
	ck_assert(buf_add(&text, "", 1) && buf_add(&repairs, "", 1));
}

static const char *
first(enum repair repair)
{
	struct str where = report->repairs.first[repair];

	ck_assert(where.data != NULL);
	return arena_str(&arena, where).data;
}

START_TEST(plain)
{
	reads(TLS_REPORT);
	ck_assert_str_eq((char *)text.data, LINE_HEAD LINE_POLICY LINE_FAILURE);
	ck_assert_str_eq((char *)repairs.data, "");
	ck_assert_uint_eq(report->policy_count, 1);
	ck_assert_uint_eq(at, strlen(TLS_REPORT));
}
END_TEST

/* What is changed in the report, a part of what it is then read as, and the repairs. */
static const struct {
	const char *changes, *has, *repairs;
} odd[] = {
    {"812\n\"812\"\n9}\n\"9\"}", "ok 812 failed 9", "count-form*2"},
    {"812\n\" 812 \"", "ok 812 failed 9", "count-form*1"},
    {"812\n812.0", "ok 812 failed 9", "count-form*1"},
    {"812\n-1", "ok - failed 9", "negative-sessions*1"},
    {"812\n\"-1\"", "ok - failed 9", "negative-sessions*1"},
    {"812\nnull", "ok - failed 9", "no-sessions*1"},
    {"812\ntrue", "ok - failed 9", "no-sessions*1"},
    {"812\n\"many\"", "ok - failed 9", "no-sessions*1"},
    {"812\n[812]", "ok - failed 9", "no-sessions*1"},
    {"812\n9007199254740992", "ok 9007199254740992 failed 9", ""},
    {"812\n9007199254740993", "ok - failed 9", "no-sessions*1"},
    {"812\n18446744073709551616", "ok - failed 9", "no-sessions*1"},
    {"812\n1e300", "ok - failed 9", "no-sessions*1"},
    {SUMMARY "\n\"summary\":{}", "ok - failed -", "no-sessions*2"},
    {SUMMARY ",\n", "ok - failed -", "no-sessions*1"},
    {"[\"*.example.com\"]\n\"*.example.com\"", "mx [\"*.example.com\"]\n", ""},
    {"[\"*.example.com\"]\n[]", "mx -\n", ""},
    {"[\"*.example.com\"]\nnull", "mx -\n", ""},
    {"\"mx-host\"\n\"mx-host-pattern\"", "mx [\"*.example.com\"]\n", "misnamed-element*1"},
    {"[\"version: STSv1\",\"mode: enforce\"]\n\"mode: none\"", "strings [\"mode: none\"] mx", "json-type*1"},
    {"\"contact-info\":\"tls@receiver.example\",\n", "contact - id one", ""},
    {"\"tls@receiver.example\"\nnull", "contact - id one", ""},
    {"\"organization-name\":\"Receiver Example\",\n", "- key receiver.example contact", "no-org-name*1"},
    {"\"Receiver Example\"\n\"  \"", "- key receiver.example contact", "no-org-name*1"},
    {"\"organization-name\":\"Receiver Example\",\n\ntls@receiver.example\ntls@", "- key unknown contact",
	"no-org-name*1"},
    {"\"one\"\n\"<one@receiver.example> \"", "id one@receiver.example of", ""},
    {"\"one\"\n17", "id 17 of", "json-type*1"},
    {"\"one\"\n\"<>\"", "id content-", "no-report-id*1"},
    {",\"policy-domain\":\"example.com\"\n", "of  17", "no-policy-domain*1"},
    {"\"policy-domain\":\"example.com\"\n\"policy-domain\":\"EXAMPLE.com.\"", "sts example.com ok", ""},
    {"\"policy-domain\":\"example.com\"\n\"policy-domain\":\"not a domain\"", "sts not a domain ok",
	"bad-domain*1"},
    {"\"sending-mta-ip\":\"192.0.2.33\",\n", "9 from? - mx", ""},
    {"\"192.0.2.33\"\nnull", "9 from? - mx", ""},
    {"\"192.0.2.33\"\n\"mail1\"", "9 from? mail1 mx", "bad-ip*1"},
    {"\"receiving-mx-hostname\":\"mx.example.com\",\n", "192.0.2.33 mx - helo", ""},
    {"\"mx.example.com\"\n\"MX.example.com.\"", "mx mx.example.com helo", ""},
    {"2026-01-01T00:00:00Z\n2026-01-01T00:00:00", "1767225600..1767311999", "time-form*1"},
    {"2026-01-01T00:00:00Z\n2026-01-01T02:00:00+02:00", "1767225600..1767311999", ""},
    {"2026-01-01T00:00:00Z\n2026-01-01t00:00:00.000z", "1767225600..1767311999", ""},
    {"2026-01-01T00:00:00Z\n2026-01-01", "1767225600..1767311999", "time-form*1"},
    {"\"2026-01-01T00:00:00Z\"\n1767225600", "1767225600..1767311999", "time-form*1"},
    {"2026-01-01T00:00:00Z\nyesterday", "1767311999..1767311999", "no-date*1"},
    {DATES ",\n", " -..-\n", "no-date*1"},
    {"2026-01-01T23:59:59Z\n2025-01-01T23:59:59Z", "1767225600..1735775999", "end-before-begin*1"},
    {"2026-01-01T23:59:59Z\n2027-01-01T23:59:59Z", "1767225600..1798847999", "long-period*1"},
    {"certificate-expired\nCertificate-Expired", "  certificate-expired 9", ""},
    {"certificate-expired\ncertificate-was-eaten", "  certificate-was-eaten 9", "unknown-word*1"},
    {"\"result-type\":\"certificate-expired\",\n", "  - 9 from", "no-type*1"},
    {"\"sts\"\n\"invalid-policy-type\"", "invalid-policy-type example.com ok", "unknown-word*1"},
    {"[" FAILURE "]\n" FAILURE, LINE_FAILURE, "json-type*1"},
    {"[" FAILURE "]\n[]", "mx [\"*.example.com\"]\n", ""},
    {"[" FAILURE "]\nnull", "mx [\"*.example.com\"]\n", ""},
    {"{\"organization-name\"\n{\"x\":[{}],\"organization-name\"", LINE_POLICY, "unknown-element*1"},
    {"\"report-id\":\"one\"\n\"report-id\":\"two\",\"report-id\":\"one\"", "id one of", "repeated-key*1"},
    {"[\"version: STSv1\",\"mode: enforce\"]\n{\"a\":1}", "strings - mx", "json-type*2"},
    {"Receiver Example\nR\\u00e9ceveur \\ud83d\\ude00",
	"R\xc3\xa9"
	"ceveur \xf0\x9f\x98\x80 key",
	""},
    {"Receiver Example\n\\u001b[31m=1+1", "\x1b[31m=1+1 key", ""},
};

START_TEST(repaired)
{
	char *changed = text_replaced(TLS_REPORT, odd[_i].changes);

	reads(changed);
	ck_assert_msg(
	    strstr((char *)text.data, odd[_i].has) != NULL, "%s\nhas no: %s", text.data, odd[_i].has);
	ck_assert_str_eq((char *)repairs.data, odd[_i].repairs);
	free(changed);
}
END_TEST

START_TEST(no_policies)
{
	reads(HEAD "\"policies\":[]}");
	ck_assert_str_eq((char *)repairs.data, "no-policies*1");
	at = 0;
	reads(HEAD "\"x\":1}");
	ck_assert_str_eq((char *)repairs.data, "unknown-element*1 no-policies*1");
	at = 0;
	reads(HEAD "\"policies\":[7]}");
	ck_assert_str_eq((char *)repairs.data, "no-type*1 no-sessions*1 json-type*1");
}
END_TEST

/* Where the first one of a kind is, and its value. */
START_TEST(places)
{
	char *changed =
	    text_replaced(TLS_REPORT, "812\n-5\n\"failed-session-count\":9\n\"failed-session-count\":\"1O\"");

	reads(changed);
	ck_assert_str_eq(
	    first(REPAIR_NEGATIVE_SESSIONS), "policies[0].summary.total-successful-session-count: -5");
	ck_assert_str_eq(
	    first(REPAIR_NO_SESSIONS), "policies[0].failure-details[0].failed-session-count: \"1O\"");
	free(changed);
	at = 0;
	reads("{\n\"report-id\": \"a\", \"report-id\": \"b\", \"\xc3\xa9\": [\"\xc3\xa9\"], \"date-range\": "
	      "{}, \"organization-name\": \"o\"}");
	ck_assert_str_eq(first(REPAIR_REPEATED_KEY), "2:29");
	ck_assert_str_eq(first(REPAIR_UNKNOWN_ELEMENT), "??: [\"\\u00E9\"]");
	ck_assert_str_eq(first(REPAIR_NO_DATE), "date-range.start-datetime");
}
END_TEST

/* Other blanks and another order of members are the same content; any other value is not. */
START_TEST(content)
{
	static const char *const other[] = {"Receiver Example\nReceiver", "tls@\nx@", "\"one\"\n\"two\"",
	    "2026-01-01T00\n2026-01-01T01", "T23:59:59\nT23:59:58", "\"sts\"\n\"tlsa\"",
	    "mode: enforce\nmode: testing", "domain\":\"example.com\ndomain\":\"example.org",
	    "*.example.com\nmx.example.com", "812\n813", "812\nnull", "812\n0",
	    "\"total-failure-session-count\":9\n\"total-failure-session-count\":8", "expired\nnot-trusted",
	    "192.0.2.33\n192.0.2.34", "DB8::9\nDB8::8", "\"mx.example.com\"\n\"mx2.example.com\"",
	    "helo\":\"mx\nhelo\":\"my", "\"failed-session-count\":9\n\"failed-session-count\":8",
	    "example/1\nexample/2", "X509\nX510", "[" FAILURE "]\n[]",
	    "[" FAILURE "]\n[" FAILURE "," FAILURE "]"};
	uint64_t same;
	char *changed;
	size_t i;

	reads(TLS_REPORT);
	same = report->content;
	ck_assert_uint_lt(same, 1ULL << 48);
	changed = text_replaced(TLS_REPORT, DATES ",\"contact-info\":\"tls@receiver.example\"\n\"contact-"
						  "info\":  \"tls@receiver.example\", " DATES);
	at = 0;
	reads(changed);
	ck_assert_uint_eq(report->content, same);
	free(changed);
	for (i = 0; i < sizeof other / sizeof *other; i++) {
		changed = text_replaced(TLS_REPORT, other[i]);
		at = 0;
		reads(changed);
		ck_assert_msg(report->content != same, "%s", other[i]);
		free(changed);
	}
}
END_TEST

/* Documents one behind the other, blanks and marks between them, and what is none. */
START_TEST(documents)
{
	static const char two[] = "\xef\xbb\xbf \n" TLS_REPORT "\n\r\n" TLS_REPORT "\n and more";

	ck_assert(tlsrpt_seek(&at, str_of(two)));
	reads(two);
	ck_assert_str_eq((char *)repairs.data, "");
	ck_assert(tlsrpt_seek(&at, str_of(two)));
	reads(two);
	ck_assert_str_eq((char *)repairs.data, "trailing-junk*1");
	ck_assert(!tlsrpt_seek(&at, str_of(two)));
}
END_TEST

static const struct {
	const char *json;
	enum status status;
	const char *where, *what;
} refusals[] = {
    {"{\"a\":1}", SKIP, "", "JSON, and no TLS report"},
    {"{\"policies\":[]}", SKIP, "", "JSON, and no TLS report"},
    {"[]", SKIP, "", "JSON, and no TLS report"},
    {"{", BAD, "1:1", "not JSON: string or '}' expected near end of file"},
    {"{\n \"organization-name\": \"x\n", BAD, "2:24", "not JSON: unexpected newline near '\"x'"},
    {"{\"organization-name\":\"x\",}", BAD, "1:26", "not JSON: string or '}' expected near '}'"},
    {"{\"organization-name\":\"\xe9\"}", BAD, "1:22", "not JSON: unable to decode byte 0xe9 near '\"'"},
    {"{\"organization-name\":\"\\u0000\"}", BAD, "1:29",
	"not JSON: \\u0000 is not allowed without JSON_ALLOW_NUL near '\"\\u0000\"'"},
    {"{\"a\":1e999}", BAD, "1:10", "not JSON: real number overflow near '1e999'"},
    {"{\"a\":[[[[[[[[0]]]]]]]]}", LIMIT, "1:13", "more than 8 levels (limit json-depth)"},
    {"{\n\"a\":[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0]}", LIMIT, "2:41",
	"more than 20 values (limit json-values)"},
    {"{\"a\":\"12345678901234567890123456789012345678901\"}", LIMIT, "1:48",
	"more than 40 bytes in one text (limit json-text-bytes)"},
};

START_TEST(refused)
{
	limits.json_depth = 8;
	limits.json_values = 20;
	limits.json_text_bytes = 40;
	ck_assert_str_eq(status_word(parse(refusals[_i].json)), status_word(refusals[_i].status));
	ck_assert_str_eq(err.where, refusals[_i].where);
	ck_assert_str_eq(err.what, refusals[_i].what);
}
END_TEST

/* Of a second document, the line and column in the whole text. */
START_TEST(refused_later)
{
	static const char two[] = TLS_REPORT "\n  {\"a\" 1}";

	reads(two);
	ck_assert_int_eq(parse(two), BAD);
	ck_assert_str_eq(err.where, "2:8");
}
END_TEST

START_TEST(bounded)
{
	static const char *const policy = "{\"policy\":{" POLICY_OF "}," SUMMARY "},";
	char *many = text_many(HEAD "\"policies\":[", policy, 3, "{}]}");
	char *failures =
	    text_many(HEAD "\"policies\":[{\"failure-details\":[", FAILURE ",", 3, FAILURE "]}]}");
	char *list =
	    text_many(HEAD "\"policies\":[{\"policy\":{\"policy-string\":[", "\"0123456789\",", 30, "1]}}]}");

	limits.tls_policies = limits.tls_failures = 4;
	reads(many);
	at = 0;
	reads(failures);
	at = 0;
	limits.tls_policies = limits.tls_failures = 3;
	ck_assert_int_eq(parse(many), LIMIT);
	ck_assert_str_eq(err.where, "policies[3]");
	ck_assert_str_eq(err.what, "more than 3 policies (limit tls-policies)");
	ck_assert_int_eq(parse(failures), LIMIT);
	ck_assert_str_eq(err.where, "policies[0].failure-details[3]");
	ck_assert_str_eq(err.what, "more than 3 failures (limit tls-failures)");
	limits.json_text_bytes = 256;
	ck_assert_int_eq(parse(list), LIMIT);
	ck_assert_str_eq(err.what, "more than 256 bytes in one list (limit json-text-bytes)");
	free(many);
	free(failures);
	free(list);
}
END_TEST

START_TEST(likely)
{
	static const char no[] = "{\"policies\":[],\"organization_name\":\"x\"}";

	ck_assert(tlsrpt_is_likely((const unsigned char *)TLS_REPORT, strlen(TLS_REPORT)));
	ck_assert(!tlsrpt_is_likely((const unsigned char *)no, strlen(no)));
	ck_assert(!tlsrpt_is_likely((const unsigned char *)"", 0));
}
END_TEST

START_TEST(paths)
{
	struct json_path path = {""};
	size_t before, i;

	for (i = 0; i < 100; i++) {
		before =
		    json_path_member(&path, "a-long-name-that-is-cut-somewhere-because-anyone-can-send-one");
		(void)json_path_element(&path, i);
	}
	ck_assert_uint_lt(strlen(path.text), sizeof path.text);
	json_path_out(&path, before);
	json_path_out(&path, 0);
	(void)json_path_member(&path, "a");
	(void)json_path_element(&path, 1);
	(void)json_path_member(&path, "b");
	ck_assert_str_eq(path.text, "a[1].b");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("tlsrpt");
	TCase *tests = tcase_create("tlsrpt");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, plain);
	tcase_add_loop_test(tests, repaired, 0, COUNT(odd));
	tcase_add_test(tests, no_policies);
	tcase_add_test(tests, places);
	tcase_add_test(tests, content);
	tcase_add_test(tests, documents);
	tcase_add_loop_test(tests, refused, 0, COUNT(refusals));
	tcase_add_test(tests, refused_later);
	tcase_add_test(tests, bounded);
	tcase_add_test(tests, likely);
	tcase_add_test(tests, paths);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
