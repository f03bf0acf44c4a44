/* Documents that are large, cut, in other encodings, or more than a limit allows. */
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

static uint64_t
content_of(const char *text)
{
	reads(text);
	ck_assert_uint_lt(result.report[0].content, (uint64_t)1 << 48);
	return result.report[0].content;
}

/* Limits: each is reached by one more than it allows. */
static const struct {
	const char *setting, *before, *part;
	size_t good, bad;
	const char *behind, *where, *what;
} bounds[] = {
    {"xml-depth=10", "<feedback>" META POLICY, "<a>", 9, 10, "", "1:318",
	"more than 10 nested elements (limit xml-depth)"},
    {"xml-text-bytes=1000", "<feedback>" META "<version>", "a", 1000, 1001, "</version></feedback>", NULL,
	"a text of more than 1000 bytes (limit xml-text-bytes)"},
    {"xml-text-bytes=1000", "<feedback>" META, " ", 1000, 1001, "</feedback>", NULL,
	"a text of more than 1000 bytes (limit xml-text-bytes)"},
    {"xml-text-bytes=1000", "<feedback>" META "&", " ", 999, 1000, "</feedback>", NULL,
	"a text of more than 1000 bytes (limit xml-text-bytes)"},
    {"xml-tag-bytes=4000", "<feedback>" META "<version a='", "a", 3000, 30000, "'>1</version></feedback>",
	NULL, "a tag or text of more than 4000 bytes (limit xml-tag-bytes)"},
    {"records=2", "<feedback>" META POLICY, RECORD_B, 2, 3, "</feedback>", NULL,
	"more than 2 records (limit records)"},
    {"documents=3", "", REPORT, 3, 4, "", "", "more than 3 documents (limit documents)"},
    {"documents=3", "", REPORT "x", 3, 4, "", "", "more than 3 documents (limit documents)"},
    {"xml-blanks=5000", REPORT, " ", 5000, 5001, REPORT, "",
	"more than 5000 blanks between documents (limit xml-blanks)"},
};

START_TEST(bounded)
{
	char *good = text_many(bounds[_i].before, bounds[_i].part, bounds[_i].good, bounds[_i].behind);
	char *bad = text_many(bounds[_i].before, bounds[_i].part, bounds[_i].bad, bounds[_i].behind);
	struct err err;

	ck_assert_int_eq(limits_set(&limits, bounds[_i].setting, &err), OK);
	reads(good);
	reading_bytes(&result, bad, strlen(bad), &limits);
	ck_assert_str_eq(status_word(result.status), "limit");
	ck_assert_str_eq(result.err.what, bounds[_i].what);
	if (bounds[_i].where != NULL)
		ck_assert_str_eq(result.err.where, bounds[_i].where);
	free(good);
	free(bad);
}
END_TEST

/* Names cost memory for as long as the XML library lives, so it is thrown away when it has seen too many. */
START_TEST(names)
{
	struct parser *parser = parser_new(&limits, 1);
	struct stream *stream;
	struct buf text;
	char tag[40];
	size_t i, n;

	buf_init(&text, 1 << 24);
	for (n = 0; n < 20; n++) {
		buf_clear(&text);
		ck_assert(buf_add_text(&text, "<feedback>"));
		for (i = 0; i < (n == 19 ? 30000 : 5000); i++) {
			(void)snprintf(tag, sizeof tag, "<name%zu_%zu/>", n, i);
			ck_assert(buf_add_text(&text, tag));
		}
		ck_assert(buf_add_text(&text, "</feedback>"));
		stream = stream_memory(text.data, text.len);
		reading_stream(&result, parser, stream);
		ck_assert_str_eq(status_word(result.status), n == 19 ? "limit" : "ok");
		stream_close(stream);
	}
	ck_assert_str_eq(result.err.what, "more than 262144 bytes of names (limit xml-names-bytes)");
	parser_free(parser);
	buf_free(&text);
}
END_TEST

/* More results than the limit are left out, and so are more errors. */
START_TEST(results)
{
	static const char dkim[] = "<dkim><domain>d.example</domain><result>pass</result></dkim>";
	char *text = text_many(
	    "<feedback>" META POLICY "<record><row><source_ip>192.0.2.1</source_ip><count>1</count>"
	    "<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf>"
	    "</policy_evaluated></row><auth_results>",
	    dkim, 4,
	    "<spf><domain>s.example</domain><result>pass</result></spf></auth_results></record></feedback>");
	char *errors =
	    text_many("<feedback><report_metadata>", "<error>e</error>", 5, "</report_metadata></feedback>");
	const struct report_error *error;
	size_t n = 0;

	limits.xml_results = 3;
	reads(text);
	ck_assert_str_eq(lines(),
	    "1 192.0.2.1 d=none dkim=pass spf=pass dkim(d.example=pass) dkim(d.example=pass)"
	    " dkim(d.example=pass) spf(s.example=pass)\n");
	ck_assert_str_eq(repairs(), "too-many-results*1");
	reads(errors);
	for (error = result.report[0].errors; error != NULL; error = error->next)
		n++;
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(result.report[0].repairs.times[REPAIR_RESULTS], 2);
	free(text);
	free(errors);
}
END_TEST

static uint64_t
occurrences(const char *text, size_t len, const char *word)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i + strlen(word) <= len; i++)
		n += memcmp(text + i, word, strlen(word)) == 0;
	return n;
}

static const char cut_text[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feedback>\n" META "\n" POLICY "\n" RECORD_A "\n" RECORD_B
    "\n<!-- c --><record><row><source_ip>198.51.100.7</source_ip><count>11</count><policy_evaluated>"
    "<disposition>none</disposition></policy_evaluated></row><identifiers><header_from>b\xc3\xbc"
    "cher.example</header_from></identifiers></record>\n</feedback>\n";

/* Cut at any byte: the records that are complete are there, no more, no less, and in the end all of them. Cut
 * before the policy domain it says nothing. */
START_TEST(cut)
{
	static const uint64_t messages[] = {0, 3, 8, 19};
	const size_t whole_len = sizeof cut_text - 1, root = 39 + strlen("<feedback"),
		     named = (size_t)(strstr(cut_text, "</domain>") - cut_text);
	uint64_t before = 0, least, most;
	char *exact;
	size_t len;

	for (len = 0; len <= whole_len; len++) {
		exact = malloc(len + 1);
		ck_assert_ptr_nonnull(exact);
		(void)memcpy(exact, cut_text, len);
		reading_bytes(&result, exact, len, &limits);
		free(exact);
		if (len <= root) {
			ck_assert_uint_eq(result.documents, 0);
			ck_assert_str_eq(status_word(result.status), len == 0 ? "skip" : "bad");
			ck_assert_str_eq(result.err.what, len == 0 ? "not a DMARC report"
							  : len <= 39
							      ? "no XML element found"
							      : "the document ends inside its first tag");
			continue;
		}
		if (len <= named || (len < named + strlen("</domain>") && result.documents == 0)) {
			ck_assert_uint_eq(result.documents, 0);
			ck_assert_str_eq(status_word(result.status), "bad");
			continue;
		}
		ck_assert_int_eq(result.status, OK);
		least = occurrences(cut_text, len, "</record>");
		most = occurrences(cut_text, len, "</record");
		ck_assert_uint_eq(result.documents, 1);
		ck_assert_uint_ge(result.record_count, least);
		ck_assert_uint_le(result.record_count, most);
		ck_assert_uint_ge(result.record_count, before);
		ck_assert_uint_eq(result.messages, messages[result.record_count]);
		ck_assert_int_eq(result.report[0].incomplete, len < whole_len - 2);
		before = result.record_count;
	}
	ck_assert_uint_eq(before, 3);
	ck_assert_str_eq(repairs(), "no-verdict*2");
}
END_TEST

/* In chunks, from a file, by a parser that read other things before: the same. */
START_TEST(chunks)
{
	static const char *const before[] = {REPORT, "<feedback>&", "<!DOCTYPE a>", "<html/>", "\xff\xfe<"};
	char *text = text_many("<feedback>" META POLICY, RECORD_A RECORD_B "\n", 3000, "</feedback>");
	struct parser *parser = parser_new(&limits, 1);
	struct stream *stream;
	struct spool spool;
	uint64_t expected;
	size_t i;

	reads(text);
	ck_assert_uint_eq(result.record_count, 6000);
	ck_assert_uint_eq(result.messages, 24000);
	expected = result.report[0].content;
	for (i = 0; i < sizeof before / sizeof before[0]; i++) {
		stream = stream_memory(before[i], strlen(before[i]));
		reading_stream(&result, parser, stream);
		stream_close(stream);
		stream = file_like(&spool, text, strlen(text));
		reading_stream(&result, parser, stream);
		ck_assert_int_eq(result.status, OK);
		ck_assert_uint_eq(result.report[0].content, expected);
		ck_assert_uint_eq(result.record_count, 6000);
		ck_assert_str_eq(repairs(), "");
		stream_close(stream);
		spool_free(&spool);
	}
	parser_free(parser);
	free(text);
}
END_TEST

/* A thing to mend far behind the first chunk: what was read before is taken back, then read again. */
START_TEST(mended_late)
{
	char *text =
	    text_many("<feedback>" META POLICY, RECORD_A RECORD_B "\n", 3000, "&" RECORD_A "</feedback>");
	struct parser *parser = parser_new(&limits, 1);
	struct stream *stream;
	struct spool spool;

	stream = file_like(&spool, text, strlen(text));
	reading_stream(&result, parser, stream);
	ck_assert_int_eq(result.status, OK);
	ck_assert_uint_eq(result.begun, 2);
	ck_assert_uint_eq(result.aborted, 1);
	ck_assert_uint_eq(result.record_count, 6001);
	ck_assert_uint_eq(result.messages, 24003);
	ck_assert_str_eq(repairs(), "stray-markup*1");
	stream_close(stream);
	spool_free(&spool);
	parser_free(parser);
	parser_free(NULL);
	free(text);
}
END_TEST

/* A bare '&' with no ';' behind it in all of a large report: the XML library would wait for it. */
START_TEST(ampersand)
{
	char *text = text_many(
	    "<feedback>" META "<version>A & B</version>" POLICY, RECORD_A RECORD_B, 500, "</feedback>");

	reads(text);
	ck_assert_uint_eq(result.messages, 4000);
	ck_assert_str_eq(repairs(), "stray-markup*1");
	ck_assert_str_eq(reading_field(&result, REPORT_VERSION), "A & B");
	free(text);
}
END_TEST

/* A million things to mend in one long line take no more than reading them; the time limit of this test is
 * its check. */
START_TEST(long_line)
{
	char *text = text_many("<feedback>" META POLICY "<record>", "<count>&</count>", 1200000, "");

	reads(text);
	ck_assert_uint_eq(result.record_count, 0);
	ck_assert(result.report[0].incomplete);
	ck_assert_uint_eq(result.report[0].repairs.times[REPAIR_STRAY], 1200000);
	ck_assert_str_eq(reading_repair(&result, REPAIR_STRAY), "1:304: \"&</count><count>\"");
	free(text);
}
END_TEST

/* Documents whose border falls anywhere near the border of a chunk. */
START_TEST(document_borders)
{
	char *text, *blanks = malloc(STREAM_CHUNK);
	struct parser *parser = parser_new(&limits, 1);
	struct stream *stream;
	struct spool spool;
	size_t i;

	ck_assert_ptr_nonnull(blanks);
	for (i = STREAM_CHUNK - 12; i < STREAM_CHUNK + 3; i++) {
		text = text_many(REPORT, "\n", i - strlen(REPORT), REPORT);
		stream = file_like(&spool, text, strlen(text));
		reading_stream(&result, parser, stream);
		ck_assert_int_eq(result.status, OK);
		ck_assert_uint_eq(result.documents, 2);
		ck_assert_uint_eq(result.messages, 16);
		ck_assert_str_eq(repairs(), "|");
		stream_close(stream);
		spool_free(&spool);
		free(text);
	}
	parser_free(parser);
	free(blanks);
}
END_TEST

/* Every encoding says the same. */
START_TEST(encodings)
{
	char *text = text_replaced(REPORT, "Receiver\nR\xc3\xa4"),
	     *latin = text_replaced(REPORT, "Receiver\nR\xe4");
	char *declared, wide[10000];
	uint64_t expected = content_of(text);
	size_t i, n = 0, len = strlen(latin);

	declared = text_many("<?xml version='1.0' encoding='iso-8859-1'?>", latin, 1, "");
	ck_assert_uint_eq(content_of(declared), expected);
	ck_assert_str_eq(repairs(), "");
	ck_assert_uint_eq(content_of(latin), expected);
	ck_assert_str_eq(repairs(), "bad-bytes*1");
	ck_assert_uint_lt(2 * len, sizeof wide);
	for (i = 0; i < len; i++) {
		wide[n++] = '\0';
		wide[n++] = latin[i];
	}
	reading_bytes(&result, wide, n, &limits);
	ck_assert_int_eq(result.status, OK);
	ck_assert_uint_eq(result.report[0].content, expected);
	free(text);
	free(latin);
	free(declared);
}
END_TEST

/* What the stream can't give is told, and what came before it is taken back. */
START_TEST(unreadable)
{
	struct parser *parser = parser_new(&limits, 1);
	struct stream *stream = stream_file(-1);

	reading_stream(&result, parser, stream);
	ck_assert_int_eq(result.status, BAD);
	ck_assert_str_eq(result.err.what, "cannot read: Bad file descriptor");
	stream_close(stream);
	parser_free(parser);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("parse_limits");
	TCase *tests = tcase_create("parse_limits");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, bounded, 0, COUNT(bounds));
	tcase_add_test(tests, names);
	tcase_add_test(tests, results);
	tcase_add_test(tests, cut);
	tcase_add_test(tests, chunks);
	tcase_add_test(tests, mended_late);
	tcase_add_test(tests, ampersand);
	tcase_add_test(tests, long_line);
	tcase_add_test(tests, document_borders);
	tcase_add_test(tests, encodings);
	tcase_add_test(tests, unreadable);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
