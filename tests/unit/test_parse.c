/* Whole documents: every field, every repair, every refusal. */
#include "unit/drain.h"
#include "unit/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (int)(sizeof table / sizeof table[0])

static struct limits limits;
static struct reading_result result;

static void
set_up(void)
{
	limits_init(&limits);
	reading_init(&result);
}

static void
tear_down(void)
{
	reading_free(&result);
}

static void
reads(const char *text)
{
	reading_bytes(&result, text, strlen(text), &limits);
	ck_assert_msg(result.status == OK, "%s: %s", result.err.where, result.err.what);
}

static const char *
lines(void)
{
	return (const char *)result.records.data;
}

static const char *
repairs(void)
{
	return (const char *)result.repairs.data;
}

START_TEST(plain)
{
	static const char *const fields[REPORT_FIELDS] = {"Receiver Example", "r@receiver.example", "-", "-",
	    "one", "-", "-", "-", "example.com", "none", "-", "-", "-", "-", "-", "-", "-", "-"};
	const struct report *report = result.report;
	int i;

	reads(REPORT);
	ck_assert_str_eq(lines(), LINE_A LINE_B);
	ck_assert_str_eq(repairs(), "");
	ck_assert_uint_eq(result.documents, 1);
	ck_assert_uint_eq(result.begun, 1);
	for (i = 0; i < REPORT_FIELDS; i++)
		ck_assert_str_eq(reading_field(&result, (enum report_field)i), fields[i]);
	ck_assert_str_eq(report->org_key.data, "receiver example");
	ck_assert_str_eq(report->id_key.data, "one");
	ck_assert(report->has_period && !report->incomplete && report->errors == NULL);
	ck_assert_int_eq(report->begin, 1767225600);
	ck_assert_int_eq(report->end, 1767311999);
	ck_assert_uint_eq(report->records, 2);
	ck_assert_uint_eq(report->messages, 8);
}
END_TEST

static const char whole[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">\n"
    " <version>1.0</version>\n"
    " <report_metadata>\n  <org_name>Receiver &amp; Sons</org_name>\n  <email>r@receiver.example</email>\n"
    "  <extra_contact_info lang=\"de\">https://receiver.example/hilfe</extra_contact_info>\n"
    "  <report_id>&lt;42@receiver.example&gt;</report_id>\n"
    "  <date_range><begin>1767225600</begin><end>1767311999</end></date_range>\n"
    "  <error xml:lang=\"en\">no DKIM key</error>\n  <error>late</error>\n"
    "  <generator>maker 2.1</generator>\n </report_metadata>\n"
    " <policy_published>\n  <domain>Example.COM.</domain>\n  <discovery_method>treewalk</discovery_method>\n"
    "  <p>quarantine</p><sp>none</sp><np>reject</np><adkim>s</adkim><aspf>r</aspf><pct>50</pct>\n"
    "  <fo>1:d:s</fo><testing>y</testing>\n </policy_published>\n"
    " <extension><x:a xmlns:x=\"urn:x\"><x:record><x:count>9</x:count></x:record></x:a></extension>\n"
    " <record>\n  <row>\n   <source_ip>2001:DB8:0::1</source_ip>\n   <count>12</count>\n   "
    "<policy_evaluated>\n"
    "    <disposition>pass</disposition>\n    <dkim>pass</dkim>\n    <spf>fail</spf>\n"
    "    <reason><type>local_policy</type><comment lang=\"en\">arc=pass</comment></reason>\n"
    "    <reason><type>other</type></reason>\n   </policy_evaluated>\n  </row>\n"
    "  <identifiers><envelope_to>to.example</envelope_to><envelope_from/>"
    "<header_from>News.example.com</header_from></identifiers>\n"
    "  <auth_results>\n"
    "   <spf><domain>b.example</domain><scope>helo</scope><result>softfail</result></spf>\n"
    "   <dkim><domain>example.com</domain><selector>K1</selector><result>pass</result>"
    "<human_result xml:lang=\"fr\">bien</human_result></dkim>\n"
    "   <dkim><domain>d.example</domain><selector>k2</selector><result>permerror</result></dkim>\n"
    "  </auth_results>\n <extension/></record>\n</feedback>\n";

START_TEST(all_fields)
{
	static const char *const fields[REPORT_FIELDS] = {"Receiver & Sons", "r@receiver.example",
	    "https://receiver.example/hilfe", "de", "<42@receiver.example>", "maker 2.1", "1.0",
	    "urn:ietf:params:xml:ns:dmarc-2.0", "example.com", "quarantine", "none", "reject", "s", "r", "50",
	    "1:d:s", "y", "treewalk"};
	const struct report *report = result.report;
	int i;

	reads(whole);
	for (i = 0; i < REPORT_FIELDS; i++)
		ck_assert_str_eq(reading_field(&result, (enum report_field)i), fields[i]);
	ck_assert_str_eq(report->org_key.data, "receiver & sons");
	ck_assert_str_eq(report->id_key.data, "42@receiver.example");
	ck_assert_str_eq(lines(),
	    "12 2001:db8::1 from=news.example.com mfrom= to=to.example d=pass dkim=pass spf=fail"
	    " reason(local_policy 'arc=pass'@en) reason(other)"
	    " dkim(example.com/K1=pass 'bien'@fr) dkim(d.example/k2=permerror) "
	    "spf(b.example/helo=softfail)\n");
	ck_assert_str_eq(repairs(), "extension*2");
	ck_assert_str_eq(reading_repair(&result, REPAIR_EXTENSION), "20:12");
	ck_assert_str_eq(report->errors->text.data, "no DKIM key");
	ck_assert_str_eq(report->errors->lang.data, "en");
	ck_assert_str_eq(report->errors->next->text.data, "late");
	ck_assert_ptr_null(report->errors->next->lang.data);
	ck_assert_ptr_null(report->errors->next->next);
}
END_TEST

/* What is changed in REPORT, the repairs that it needs, and the records that come of it. */
static const struct {
	const char *changes, *repairs, *lines;
} odd[] = {
    /* Encodings and what stands around. */
    {"<feedback>\n\xef\xbb\xbf<?xml version='1.0'?><feedback>", "", LINE_A LINE_B},
    {"<feedback>\n  <?xml version='1.0'?><feedback>", "leading-junk*1", LINE_A LINE_B},
    {"<feedback>\nsee: <feedback>", "leading-junk*1", LINE_A LINE_B},
    {"</feedback>\n</feedback>bye", "trailing-junk*1", LINE_A LINE_B},
    {"<feedback>\n<?xml version='1.0'?><xs:schema xmlns:xs='urn:s'><feedback>", "stray-schema*1",
	LINE_A LINE_B},
    {"<feedback>\n<xs:schema xmlns:xs='urn:s'><feedback>", "leading-junk*1", LINE_A LINE_B},
    {"<feedback>\n\xfc<!DOCTYPE feedback [<!ENTITY a 'b'>]><feedback>", "bad-bytes*1 leading-junk*1",
	LINE_A LINE_B},
    {"<feedback>\n<xs:schema xmlns:xs='urn:s'/><feedback>", "", LINE_A LINE_B},
    {"Receiver\nR\xfc", "bad-bytes*1", LINE_A LINE_B},
    {"Receiver\nR\x07", "control-characters*1", LINE_A LINE_B},
    {"<feedback>\n<?xml version='1.0' encoding='x-none'?><feedback>", "encoding*1", LINE_A LINE_B},
    /* Markup. */
    {"Receiver\nA & B < C", "stray-markup*2", LINE_A LINE_B},
    {"Receiver\n]]>", "", LINE_A LINE_B},
    {"</policy_evaluated></row>\n</policy_evaluated>", "mismatched-tags*3", LINE_A LINE_B},
    {"</auth_results></record>\n</auth_results>", "mismatched-tags*2", LINE_A LINE_B},
    {"</auth_results></record>\n", "mismatched-tags*2", LINE_A LINE_B},
    {"</report_metadata>\n", "mismatched-tags*4", LINE_A LINE_B},
    {"</identifiers>\n" RECORD_B "</identifiers>", "mismatched-tags*1",
	"3 192.0.2.1 from=example.com d=none dkim=pass spf=fail\n" LINE_B LINE_B},
    {"<record>\n<Record>\n</record>\n</Record>\n<count>\n<COUNT>\n</count>\n</Count>", "mismatched-tags*1",
	LINE_A LINE_B},
    {"identifiers>\nidentities>\nidentifiers>\nidentities>", "misnamed-element*1", LINE_A LINE_B},
    {"<row>\n<row><odd><count>9</count></odd>", "unknown-element*1", LINE_A LINE_B},
    {"<row>\n<row><o:odd xmlns:o='urn:o'><count>9</count></o:odd>", "extension*1", LINE_A LINE_B},
    {"<record>\n<record><extension><count>9</count></extension>", "extension*1", LINE_A LINE_B},
    /* Things that stand twice, or not at all. */
    {"<count>3</count>\n<count>3</count><count>4</count>", "repeated-element*1", LINE_A LINE_B},
    {"<count>3</count>\n<count>3</count><count>3</count>", "", LINE_A LINE_B},
    {POLICY "\n" POLICY "<policy_published><domain>example.net</domain></policy_published>",
	"repeated-element*1", LINE_A LINE_B},
    {"Receiver Example\n", "no-org-name*1", LINE_A LINE_B},
    {"<report_id>one</report_id>\n", "no-report-id*1", LINE_A LINE_B},
    {"<domain>example.com</domain><p>\n<p>", "no-policy-domain*1", LINE_A LINE_B},
    {"<domain>example.com</domain><p>\n<domain>exa mple</domain><p>", "bad-domain*1", LINE_A LINE_B},
    {RECORD_A RECORD_B "\n", "no-records*1", ""},
    {"<p>none</p>\n<p>none</p><pct>all</pct>", "bad-number*1", LINE_A LINE_B},
    {"<p>none</p>\n<p>monitor</p>", "unknown-word*1", LINE_A LINE_B},
    /* Dates. */
    {"1767225600\n1767225600.5", "date-form*1", LINE_A LINE_B},
    {"1767225600\n2026-01-01T00:00:00Z", "date-form*1", LINE_A LINE_B},
    {"1767225600\nsoon", "no-date*1", LINE_A LINE_B},
    {"<begin>1767225600</begin>\n", "no-date*1", LINE_A LINE_B},
    {"<date_range><begin>1767225600</begin><end>1767311999</end></date_range>\n", "no-date*2", LINE_A LINE_B},
    {"1767311999\n1767225599", "end-before-begin*1", LINE_A LINE_B},
    {"1767311999\n1867225600", "long-period*1", LINE_A LINE_B},
    /* Counts: a record that can't be counted is dropped. */
    {"<count>3</count>\n<count>3.0</count>", "count-form*1", LINE_A LINE_B},
    {"<count>3</count>\n<count> 3\t</count>", "", LINE_A LINE_B},
    {"<count>3</count>\n<count>-3</count>", "negative-count*1", LINE_B},
    {"<count>3</count>\n", "no-count*1", LINE_B},
    {"<count>3</count>\n<count/>", "no-count*1", LINE_B},
    {"<count>3</count>\n<count>1O</count>", "no-count*1", LINE_B},
    {"<count>3</count>\n<count>9007199254740993</count>", "no-count*1", LINE_B},
    {"<count>3</count>\n<count>9007199254740992</count>", "",
	"9007199254740992 192.0.2.1 from=example.com d=none dkim=pass spf=fail "
	"dkim(example.com/s1=pass)\n" LINE_B},
    {"<count>3</count>\n<count>0</count>", "",
	"0 192.0.2.1 from=example.com d=none dkim=pass spf=fail dkim(example.com/s1=pass)\n" LINE_B},
    /* Addresses, verdicts, words, domains of records. */
    {"192.0.2.1\n192.0.2.999", "bad-ip*1",
	"3 (192.0.2.999) from=example.com d=none dkim=pass spf=fail dkim(example.com/s1=pass)\n" LINE_B},
    {"<source_ip>192.0.2.1</source_ip>\n", "bad-ip*1",
	"3 () from=example.com d=none dkim=pass spf=fail dkim(example.com/s1=pass)\n" LINE_B},
    {"192.0.2.1\n::ffff:192.0.2.1", "", LINE_A LINE_B},
    {"<dkim>pass</dkim>\n", "no-verdict*1",
	"3 192.0.2.1 from=example.com d=none spf=fail dkim(example.com/s1=pass)\n" LINE_B},
    {"<dkim>pass</dkim>\n<dkim/>", "no-verdict*1",
	"3 192.0.2.1 from=example.com d=none spf=fail dkim(example.com/s1=pass)\n" LINE_B},
    {"<dkim>pass</dkim>\n<dkim> PASS </dkim>", "", LINE_A LINE_B},
    {"<dkim>pass</dkim>\n<dkim>Maybe</dkim>", "unknown-word*1",
	"3 192.0.2.1 from=example.com d=none dkim=Maybe spf=fail dkim(example.com/s1=pass)\n" LINE_B},
    {"<header_from>example.com\n<header_from>EXAMPLE.com.", "", LINE_A LINE_B},
    {"<header_from>example.com\n<header_from>b\xc3\xbc"
     "cher.example",
	"",
	"3 192.0.2.1 from=xn--bcher-kva.example d=none dkim=pass spf=fail "
	"dkim(example.com/s1=pass)\n" LINE_B},
    {"<header_from>example.com\n<header_from>Not A Domain", "bad-domain*1",
	"3 192.0.2.1 from=not a domain d=none dkim=pass spf=fail dkim(example.com/s1=pass)\n" LINE_B},
    {"<auth_results>\n<auth_results><spf/><dkim><domain/></dkim>", "", LINE_A LINE_B},
};

START_TEST(repaired)
{
	char *text = text_replaced(REPORT, odd[_i].changes);

	reads(text);
	if (getenv("SHOW") != NULL)
		printf("%s\n=> %s\n%s\n", odd[_i].changes, repairs(), lines());
	ck_assert_msg(strcmp(repairs(), odd[_i].repairs) == 0, "%s: %s", odd[_i].changes, repairs());
	ck_assert_msg(strcmp(lines(), odd[_i].lines) == 0, "%s: %s", odd[_i].changes, lines());
	ck_assert_uint_eq(result.documents, 1);
	ck_assert(!result.report[0].incomplete);
	free(text);
}
END_TEST

/* Place and value of a repair: the line and column that an editor shows. */
START_TEST(places)
{
	char *text = text_replaced(whole, "<count>12\n<count>1O");

	reads(text);
	ck_assert_str_eq(reading_repair(&result, REPAIR_NO_COUNT), "39:23: \"1O\"");
	free(text);
	text = text_replaced(whole,
	    "<reason><type>other\n<reason><type>\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
	    "\xc3\xa4\xc3\xa4xyz\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4");
	reads(text);
	/* Cut behind a whole character. */
	ck_assert_uint_eq(strlen(reading_repair(&result, REPAIR_UNKNOWN_WORD)), 7 + 1 + 79 + 3 + 1);
	free(text);
}
END_TEST

/* Keys that reports go without. */
static const struct {
	const char *changes, *org, *id;
} keys[] = {
    {"", "receiver example", "one"},
    {"Receiver Example\n RECEIVER \xc3\x84 ", "receiver \xc3\x84", "one"},
    {"Receiver Example\n", "receiver.example", "one"},
    {"Receiver Example\n\nr@receiver.example\nThe Robot <x@Mail.Receiver.example>", "mail.receiver.example",
	"one"},
    {"Receiver Example\n\nr@receiver.example\nnobody", "unknown", "one"},
    {"Receiver Example\n\nr@receiver.example\n", "unknown", "one"},
    {">one<\n> &lt;one&gt; <", "receiver example", "one"},
    {">one<\n>&lt;&lt;a b&gt;<", "receiver example", "a b"},
    {">one<\n>&lt;&gt;<", "receiver example", "content-"},
    {">one<\n><", "receiver example", "content-"},
};

START_TEST(key)
{
	char *text = text_replaced(REPORT, keys[_i].changes);
	const char *id;

	reads(text);
	id = result.report[0].id_key.data;
	ck_assert_str_eq(result.report[0].org_key.data, keys[_i].org);
	if (strcmp(keys[_i].id, "content-") != 0)
		ck_assert_str_eq(id, keys[_i].id);
	else
		ck_assert(strncmp(id, "content-", 8) == 0 && strspn(id + 8, "0123456789abcdef") == 16);
	free(text);
}
END_TEST

static uint64_t
content_of(const char *text)
{
	reads(text);
	ck_assert_uint_lt(result.report[0].content, (uint64_t)1 << 48);
	return result.report[0].content;
}

/* The content is what the report says: not how it says it, but everything. */
START_TEST(content)
{
	static const char *const same[] = {"Receiver Example\n  Receiver Example\t",
	    "example.com\nExample.COM.", "<count>3\n<count>\t<!-- x -->3\t",
	    RECORD_A RECORD_B "\n" RECORD_B RECORD_A, "</feedback>\n</feedback> bye",
	    "2001:db8::1\n2001:0DB8::0001", "1767225600\n2026-01-01",
	    "<feedback>\n<?xml version='1.0'?><d:feedback xmlns:d='urn:d'>\n</feedback>\n</d:feedback>"};
	static const char *const other[] = {"Receiver Example\nReceiver example", "<count>3\n<count>4",
	    "<count>3\n<count>x\n<count>5\n<count>3\n<count>x\n<count>5", RECORD_A "\n",
	    RECORD_B "\n" RECORD_B RECORD_B, "192.0.2.1\n192.0.2.2", "s1\ns2", "1767225600\n1767225601",
	    "1767311999\n1767312000", "none</p>\nreject</p>", "<p>none</p>\n<p>none</p><sp>none</sp>",
	    "</report_metadata>\n<error>x</error></report_metadata>", "<dkim>pass</dkim>\n<dkim>fail</dkim>",
	    "<feedback>\n<feedback><version>1</version>"};
	uint64_t expected = content_of(REPORT);
	size_t i;
	char *text;

	for (i = 0; i < sizeof same / sizeof same[0]; i++) {
		text = text_replaced(REPORT, same[i]);
		if (strstr(same[i], "urn:d") == NULL)
			ck_assert_msg(content_of(text) == expected, "%s", same[i]);
		else /* the namespace is stored, so it is content */
			ck_assert_uint_ne(content_of(text), expected);
		free(text);
	}
	for (i = 0; i < sizeof other / sizeof other[0]; i++) {
		text = text_replaced(REPORT, other[i]);
		ck_assert_msg(content_of(text) != expected, "%s", other[i]);
		free(text);
	}
}
END_TEST

/* One document behind another; records, documents, repairs of each. */
static const struct {
	const char *text, *repairs;
	size_t documents;
	uint64_t messages;
} several[] = {
    {REPORT REPORT, "|", 2, 16},
    {REPORT "\n\r\n " REPORT "\n" REPORT "\n", "||", 3, 24},
    {"<?xml version='1.0'?>" REPORT "<?xml version='1.0'?>" REPORT, "|", 2, 16},
    {REPORT "\n<!-- between -->\n" REPORT, "|", 2, 16},
    {REPORT " -- \n" REPORT, "trailing-junk*1|", 2, 16},
    {REPORT "&" REPORT "&", "trailing-junk*1|trailing-junk*1", 2, 16},
    {"<feedback>" META POLICY RECORD_A REPORT, "cut-short*1|", 2, 11},
    {"<feedback>" META POLICY RECORD_A "<rec<?xml version='1.0'?>" REPORT, "stray-markup*1 cut-short*1|", 2,
	11},
    {REPORT "<feedback>" META POLICY RECORD_A, "|cut-short*1", 2, 11},
    {REPORT "<feedback>" META "A & B" POLICY RECORD_A "</feedback>", "|stray-markup*1", 2, 11},
    {REPORT "\0", "", 1, 8},
    {"<schema/>" REPORT, "", 1, 8},
    {"<feedback/>" REPORT, "no-org-name*1 no-report-id*1 no-policy-domain*1 no-date*2 no-records*1|", 2, 8},
};

START_TEST(documents)
{
	reads(several[_i].text);
	ck_assert_str_eq(repairs(), several[_i].repairs);
	ck_assert_uint_eq(result.documents, several[_i].documents);
	ck_assert_uint_eq(result.messages, several[_i].messages);
}
END_TEST

START_TEST(padding)
{
	static const char text[] = "\0\0" REPORT "\0\0\n" REPORT "\0\0\0\0";

	reading_bytes(&result, text, sizeof text, &limits);
	ck_assert_int_eq(result.status, OK);
	ck_assert_uint_eq(result.documents, 2);
	ck_assert_str_eq(repairs(), "leading-junk*1|");
}
END_TEST

#define HOLLOW "the report is cut short before its policy domain and its first record"

/* A report that is cut before it says anything is refused; those around it stand. */
static const char *const around_hollow[] = {
    "<feedback>" META REPORT, REPORT "<feedback>" META, "<feedback><feedback>" REPORT, REPORT "&<feedback>"};

START_TEST(hollow)
{
	reading_bytes(&result, around_hollow[_i], strlen(around_hollow[_i]), &limits);
	ck_assert_str_eq(status_word(result.status), "bad");
	ck_assert_str_eq(result.err.what, HOLLOW);
	ck_assert_uint_eq(result.documents, 1);
	ck_assert_uint_eq(result.messages, 8);
	ck_assert_str_eq(reading_field(&result, REPORT_DOMAIN), "example.com");
	ck_assert_uint_eq(result.begun, result.documents + result.aborted);
}
END_TEST

/* What is no report, and what is none that may be read. */
static const struct {
	const char *text;
	enum status status;
	const char *where, *what;
} refusals[] = {
    {"", SKIP, "", "not a DMARC report"},
    {" \n", SKIP, "", "not a DMARC report"},
    {"<html><body>", SKIP, "1:6", "not a DMARC report: the root element is <html>"},
    {"<tlsrpt/>", SKIP, "1:8", "not a DMARC report: the root element is <tlsrpt>"},
    {"<schema/>", SKIP, "", "not a DMARC report"},
    {"<!DOCTYPE html><html>", SKIP, "1:15", "not a DMARC report: DOCTYPE html"},
    {"<!DOCTYPE svg><svg/>", SKIP, "1:14", "not a DMARC report: DOCTYPE svg"},
    {"<!DOCTYPE feedback>" REPORT, BAD, "1:19", "DOCTYPE is not allowed"},
    {"<?xml version='1.0'?>\n<!DOCTYPE feedback SYSTEM 'file:///etc/passwd'>" REPORT, BAD, "2:47",
	"DOCTYPE is not allowed"},
    {"<!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><feedback>&c;</feedback>", BAD, "1:13",
	"DOCTYPE is not allowed"},
    {"no report", BAD, "", "no XML element found"},
    {"<?xml version='1.0'?>", BAD, "", "no XML element found"},
    {"<", BAD, "", "no XML element found"},
    {"\xff\xfe", BAD, "", "no XML element found"},
    {"<feedback>", BAD, "1:11", HOLLOW},
    {"<feedback>\n" META "<policy_published><dom", BAD, "2:225", HOLLOW},
    {"<feedback><record><row><count>1</count>", BAD, "1:40", HOLLOW},
};

START_TEST(refused)
{
	reading_bytes(&result, refusals[_i].text, strlen(refusals[_i].text), &limits);
	if (getenv("SHOW") != NULL)
		printf("%s => %s %s: %s\n", refusals[_i].text, status_word(result.status), result.err.where,
		    result.err.what);
	ck_assert_str_eq(status_word(result.status), status_word(refusals[_i].status));
	ck_assert_str_eq(result.err.where, refusals[_i].where);
	ck_assert_str_eq(result.err.what, refusals[_i].what);
	ck_assert_uint_eq(result.documents, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("parse");
	TCase *tests = tcase_create("parse");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, plain);
	tcase_add_test(tests, all_fields);
	tcase_add_loop_test(tests, repaired, 0, COUNT(odd));
	tcase_add_test(tests, places);
	tcase_add_loop_test(tests, key, 0, COUNT(keys));
	tcase_add_test(tests, content);
	tcase_add_loop_test(tests, documents, 0, COUNT(several));
	tcase_add_loop_test(tests, hollow, 0, COUNT(around_hollow));
	tcase_add_test(tests, padding);
	tcase_add_loop_test(tests, refused, 0, COUNT(refusals));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
