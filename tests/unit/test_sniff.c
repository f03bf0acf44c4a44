/* What the first bytes of a thing say that it is. */
#include "drain.h"
#include "unpack/unpack.h"

#include <stdlib.h>
#include <string.h>

#define BYTES(text) text, sizeof text - 1

static const struct {
	const char *name, *bytes;
	size_t len;
	enum content content;
} cases[] = {
    {"nothing", BYTES(""), CONTENT_EMPTY},
    {"blanks and NULs", BYTES(" \r\n\t\0\0"), CONTENT_EMPTY},
    {"only a mark", BYTES("\xef\xbb\xbf\r\n"), CONTENT_EMPTY},
    {"declaration", BYTES("<?xml version=\"1.0\"?><feedback/>"), CONTENT_XML},
    {"element", BYTES("<feedback>"), CONTENT_XML},
    {"prefixed element", BYTES("<ns0:feedback>"), CONTENT_XML},
    {"comment", BYTES("<!-- x --><feedback>"), CONTENT_XML},
    {"UTF-8 mark", BYTES("\xef\xbb\xbf<feedback>"), CONTENT_XML},
    {"blanks before", BYTES("\r\n\r\n  <?xml?>"), CONTENT_XML},
    {"NULs before", BYTES("\0\0\0<feedback>"), CONTENT_XML},
    {"UTF-16LE mark", BYTES("\xff\xfe<\0f\0e\0"), CONTENT_XML},
    {"UTF-16BE mark", BYTES("\xfe\xff\0<\0f\0e"), CONTENT_XML},
    {"UTF-16LE bare", BYTES("<\0?\0x\0m\0l\0"), CONTENT_XML},
    {"UTF-16BE bare", BYTES("\0<\0?\0x\0m\0l"), CONTENT_XML},
    {"HTML", BYTES("<!DOCTYPE html><html>"), CONTENT_XML},
    {"junk before a declaration", BYTES("see below\n<?xml version=\"1.0\"?>"), CONTENT_XML},
    {"junk before any case", BYTES("report: <FeedBack>"), CONTENT_XML},
    {"junk before a prefix", BYTES("report: <a> <dmarc:feedback xmlns:dmarc=\"x\">"), CONTENT_XML},
    {"junk in UTF-16", BYTES("j\0u\0<\0?\0X\0M\0L\0"), CONTENT_XML},
    {"less than", BYTES("< 5 messages"), CONTENT_OTHER},
    {"only a less than", BYTES("<"), CONTENT_OTHER},
    {"HTML behind text", BYTES("hello <b>world</b>"), CONTENT_OTHER},
    {"gzip", BYTES("\x1f\x8b\x08\0"), CONTENT_GZIP},
    {"two bytes of gzip", BYTES("\x1f\x8b"), CONTENT_GZIP},
    {"one byte of gzip", BYTES("\x1f"), CONTENT_OTHER},
    {"zlib fastest", BYTES("\x78\x01\x4b"), CONTENT_ZLIB},
    {"zlib default", BYTES("\x78\x9c\x4b"), CONTENT_ZLIB},
    {"zlib best", BYTES("\x78\xda\x4b"), CONTENT_ZLIB},
    {"zlib with a wrong check", BYTES("\x78\x9d\x4b"), CONTENT_OTHER},
    {"zlib with a dictionary", BYTES("x is a letter"), CONTENT_OTHER},
    {"zlib with block type 3", BYTES("\x78\x9c\x07"), CONTENT_OTHER},
    {"zip", BYTES("PK\x03\x04"), CONTENT_ZIP},
    {"empty zip", BYTES("PK\x05\x06\0\0"), CONTENT_ZIP},
    {"a word that begins with PK", BYTES("PKCS"), CONTENT_OTHER},
    {"JSON object", BYTES("\n {\"a\":1}"), CONTENT_JSON},
    {"JSON array", BYTES("[1]"), CONTENT_JSON},
    {"mail", BYTES("From: a@example.com\nSubject: x\n\n<?xml?>"), CONTENT_MAIL},
    {"mail with CRLF", BYTES("X-A: b\r\nReceived: from a\r\n\tby b\r\n\r\nx"), CONTENT_MAIL},
    {"mail, blank before the colon", BYTES("Content-Type : application/zip\n\nUEsDB"), CONTENT_MAIL},
    {"mail, ContentType", BYTES("ContentType: text/xml\n\n<feedback>"), CONTENT_MAIL},
    {"mail behind a line of blanks", BYTES("      \nDelivered-To: a@example.com\n\nx"), CONTENT_MAIL},
    {"mail behind a mark",
	BYTES("\xef\xbb\xbf"
	      "From: a@example.com\n\nx"),
	CONTENT_MAIL},
    {"mail cut in its header", BYTES("MIME-Version: 1.0\nContent-Ty"), CONTENT_OTHER},
    {"mail without an empty line", BYTES("From: a@example.com\nTo: b@example.com\nhello there"),
	CONTENT_MAIL},
    {"one field and a sentence", BYTES("Date: today\nhello there"), CONTENT_OTHER},
    {"unknown fields", BYTES("Colour: red\nSize: 5\n\nx"), CONTENT_OTHER},
    {"mbox", BYTES("From a@example.com Thu Jan  1 00:00:00 2026\nX: y\n\nz"), CONTENT_MBOX},
    {"mbox of one without a date", BYTES("From a@example.com\nSubject: x\n\ny"), CONTENT_MBOX},
    {"mbox with an escaped start", BYTES(">From a@example.com Thu Jan 1 00:00:00 2026\nSubject: x\n\ny"),
	CONTENT_MBOX},
    {"a sentence", BYTES("From here on all is well.\nYes.\n"), CONTENT_OTHER},
    {"text", BYTES("Hello world"), CONTENT_OTHER},
};

START_TEST(sniffs)
{
	char *exact = malloc(cases[_i].len + 1);
	enum content content;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, cases[_i].bytes, cases[_i].len);
	/* A block of just that size: a sanitizer sees a byte too far. */
	exact = realloc(exact, cases[_i].len > 0 ? cases[_i].len : 1);
	content = content_sniff((unsigned char *)exact, cases[_i].len);
	ck_assert_msg(content == cases[_i].content, "%s: %s, not %s", cases[_i].name, content_word(content),
	    content_word(cases[_i].content));
	free(exact);
}
END_TEST

START_TEST(words)
{
	ck_assert_str_eq(content_word(CONTENT_EMPTY), "empty");
	ck_assert_str_eq(content_word(CONTENT_MBOX), "mbox");
	ck_assert_str_eq(content_word(CONTENT_OTHER), "other");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sniff");
	TCase *tests = tcase_create("sniff");

	tcase_add_loop_test(tests, sniffs, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tests, words);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
