/* What is not well-formed, and the well-formed text that is made of it: a table. */
#include "base/buf.h"
#include "parse/mend.h"
#include "unit/drain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Documents in out end with "|" when their root element was closed, with "~" when the bytes ended before. */
static const struct {
	const char *in, *out, *notes;
} cases[] = {
    /* Nothing to mend. */
    {"<feedback/>", "<feedback></feedback>|", ""},
    {"<?xml version='1.0'?>\n<feedback><a>1</a></feedback>\n", "\n<feedback><a>1</a></feedback>|", ""},
    {"<feedback>&amp;&lt;&gt;&quot;&apos;&#65;&#x1F600;</feedback>",
	"<feedback>&amp;&lt;&gt;&quot;&apos;&#65;&#x1F600;</feedback>|", ""},
    /* Bare & and < are text. */
    {"<feedback>A & B</feedback>", "<feedback>A &amp; B</feedback>|", "stray-markup"},
    {"<feedback>&copy;&nbsp</feedback>", "<feedback>&amp;copy;&amp;nbsp</feedback>|",
	"stray-markup stray-markup"},
    {"<feedback>&#0;&#xD800;&#x110000;&#xFFFE;&#;&#x;&#12a;&#1234567890;&</feedback>",
	"<feedback>&amp;#0;&amp;#xD800;&amp;#x110000;&amp;#xFFFE;&amp;#;&amp;#x;&amp;#12a;&amp;#1234567890;&"
	"amp;"
	"</feedback>|",
	"stray-markup stray-markup stray-markup stray-markup stray-markup stray-markup stray-markup "
	"stray-markup "
	"stray-markup"},
    {"<feedback>1 < 2</feedback>", "<feedback>1 &lt; 2</feedback>|", "stray-markup"},
    {"<feedback><3 <<a>b</a></feedback>", "<feedback>&lt;3 &lt;<a>b</a></feedback>|",
	"stray-markup stray-markup"},
    {"<feedback>x <dmarc@example.com> y</feedback>", "<feedback>x &lt;dmarc@example.com&gt; y</feedback>|",
	"stray-markup"},
    {"<feedback>a ]]> b</feedback>", "<feedback>a ]]&gt; b</feedback>|", ""},
    {"<feedback></ x></feedback>", "<feedback>&lt;/ x&gt;</feedback>|", "stray-markup"},
    {"<feedback><!x></feedback>", "<feedback>&lt;!x&gt;</feedback>|", "stray-markup"},
    {"<feedback><a:1b/></feedback>", "<feedback>&lt;a:1b/&gt;</feedback>|", "stray-markup"},
    {"<feedback><a:/></feedback>", "<feedback>&lt;a:/&gt;</feedback>|", "stray-markup"},
    /* Tags that don't match. */
    {"<feedback><a><b>1</a></feedback>", "<feedback><a><b>1</b></a></feedback>|", "mismatched-tags"},
    {"<feedback><a>1</b></feedback>", "<feedback><a>1</a></feedback>|", "mismatched-tags"},
    {"<feedback></b><a>1</a></feedback>", "<feedback><a>1</a></feedback>|", "mismatched-tags"},
    {"<feedback><a>1</a></b></feedback>", "<feedback><a>1</a></feedback>|", "mismatched-tags"},
    {"<feedback><a>1</A></feedback>", "<feedback><a>1</a></feedback>|", "mismatched-tags"},
    {"<feedback><a>1</a ></feedback >", "<feedback><a>1</a></feedback>|", ""},
    {"<feedback><a>1</a<b/></feedback>", "<feedback><a>1</a><b></b></feedback>|", "mismatched-tags"},
    {"<Feedback><a>1</a></FEEDBACK>", "<Feedback><a>1</a></Feedback>|", "mismatched-tags"},
    /* Attributes: only the language and the namespace matter. */
    {"<feedback><a x='1' lang=\"de\" xml:lang='en'>1</a></feedback>",
	"<feedback><a lang=\"en\">1</a></feedback>|", ""},
    {"<feedback xmlns='urn:a&b' a = \"1\"\n/>", "<feedback xmlns=\"urn:a&amp;b\">\n</feedback>|", ""},
    {"<feedback><a lang=\"x>y'z\">1</a></feedback>", "<feedback><a lang=\"x&gt;y'z\">1</a></feedback>|", ""},
    {"<feedback><a x=1>1</a></feedback>", "<feedback>&lt;a x=1&gt;1</feedback>|",
	"stray-markup mismatched-tags"},
    {"<feedback><a x>1</feedback>", "<feedback>&lt;a x&gt;1</feedback>|", "stray-markup"},
    {"<feedback><a x=\"1\"y='2'>1</a></feedback>", "<feedback><a>1</a></feedback>|", ""},
    {"<feedback><a x=\"<b>\">1</feedback>", "<feedback>&lt;a x=\"<b>\"&gt;1</b></feedback>|",
	"stray-markup mismatched-tags"},
    /* Prefixes go, declared or not. */
    {"<d:feedback xmlns:d='urn:d'><d:a>1</d:a></d:feedback>", "<feedback><a>1</a></feedback>|", ""},
    {"<feedback><d:a>1</a></feedback>", "<feedback><a>1</a></feedback>|", ""},
    /* What is no content. */
    {"<feedback><!-- <a> & --><a>1</a><?x & ?></feedback>", "<feedback><a>1</a></feedback>|", ""},
    {"<feedback><![CDATA[<a>&\"]]></feedback>", "<feedback>&lt;a&gt;&amp;&quot;</feedback>|", ""},
    {"<feedback><!-- <a>1</a></feedback>", "<feedback>&lt;!-- <a>1</a></feedback>|", "stray-markup"},
    {"<feedback><![CDATA[<a>1</a></feedback>", "<feedback>&lt;![CDATA[<a>1</a></feedback>|", "stray-markup"},
    {"<feedback><?x <a>1</a></feedback>", "<feedback>&lt;?x <a>1</a></feedback>|", "stray-markup"},
    /* What stands around the document. */
    {"see:\n<feedback/>", "+<feedback></feedback>|", ""},
    {"see: <b>this</b> <feedback/> bye", "+<feedback></feedback>|+", ""},
    {"<!-- <feedback> --> <feedback/>", "<feedback></feedback>|", ""},
    {"<feedback/>&<feedback/>", "<feedback></feedback>|+<feedback></feedback>|", ""},
    {"<feedback/>\n<?xml version='1.0'?>\n<feedback>2</feedback>",
	"<feedback></feedback>|\n<feedback>2</feedback>|", ""},
    {"<xs:schema xmlns:xs='urn:x'><feedback>1</feedback>", "+<feedback>1</feedback>|", ""},
    {"<?xml version='1.0'?><xs:schema><feedback>1</feedback>", "<feedback>1</feedback>|", "stray-schema"},
    {"<?xml version='1.0'?>&x;<a>1</a>", "<a>1</a>|", ""},
    {"<?xml version='1.0' <feedback>1</feedback>", "<feedback>1</feedback>|", "stray-markup"},
    /* What is cut off isn't made up. */
    {"<feedback><a>1", "<feedback><a>1~", ""},
    {"<feedback><a>1</a", "<feedback><a>1</a>~", "mismatched-tags"},
    {"<feedback><a", "<feedback>&lt;a~", "stray-markup"},
    {"<feedback><", "<feedback>&lt;~", "stray-markup"},
    {"<feedback>&am", "<feedback>&amp;am~", "stray-markup"},
    {"<feedback><a>1<?xml version='1.0'?><feedback>2</feedback>", "<feedback><a>1~<feedback>2</feedback>|",
	""},
    {"<feedback><a>1<feedback>2</feedback>", "<feedback><a>1~<feedback>2</feedback>|", ""},
    /* Another root element is somebody else's business. */
    {"x <html><p>1</html>", "+<html><p>1</p></html>|", "mismatched-tags"},
    {"", "!no XML element found", ""},
    {"nothing < here", "!no XML element found", ""},
    {"<!DOCTYPE feedback><feedback/>", "+<feedback></feedback>|", ""},
    {"<?xml version='1.0'?><!DOCTYPE feedback><feedback/>", "!DOCTYPE is not allowed", ""},
    {"<?xml version='1.0'?><!DOCTYPE html><html/>", "!not a DMARC report: DOCTYPE html", ""},
    {"<!doctype html><html/>", "!not a DMARC report: DOCTYPE html", ""},
};

struct told {
	char text[1000];
};

static void
on_note(void *data, enum repair repair, struct str value)
{
	struct told *told = data;
	size_t used = strlen(told->text);

	ck_assert_uint_le(value.len, 100);
	(void)snprintf(
	    told->text + used, sizeof told->text - used, "%s%s", used > 0 ? " " : "", repair_code(repair));
}

static void
add_error(struct buf *out, const struct err *err)
{
	ck_assert(buf_add_text(out, "!") && buf_add_text(out, err->what));
}

/* One document. False when there are no more. */
static bool
mend_document(struct mend *mend, struct buf *out, bool first)
{
	bool junk, closed = false;
	struct str text = {NULL, 1};
	struct err err;
	enum status status = mend_find(mend, first, &junk, &err);

	if (junk && (status == OK || !first))
		ck_assert(buf_add_text(out, "+"));
	if (status != OK && first)
		add_error(out, &err);
	if (status != OK)
		return false;
	while (text.len > 0) {
		if (mend_next(mend, &text, &closed, &err) != OK) {
			out->len = 0;
			add_error(out, &err);
			return false;
		}
		ck_assert(buf_add(out, text.data, text.len));
	}
	ck_assert(buf_add_text(out, closed ? "|" : "~"));
	return true;
}

static void
mend_all(struct buf *out, struct told *told, const char *in, size_t len, const struct limits *limits)
{
	struct stream *stream = stream_memory(in, len);
	struct decoder *decoder = decoder_open(stream, (const unsigned char *)in, len);
	struct mend *mend = mend_open(decoder, limits, on_note, told);
	bool first = true;

	told->text[0] = '\0';
	buf_clear(out);
	while (mend_document(mend, out, first))
		first = false;
	mend_close(mend);
	mend_close(NULL);
	decoder_close(decoder);
	stream_close(stream);
}

START_TEST(table)
{
	struct limits limits;
	struct told told;
	struct buf out;

	limits_init(&limits);
	buf_init(&out, 1 << 20);
	mend_all(&out, &told, cases[_i].in, strlen(cases[_i].in), &limits);
	ck_assert(buf_add(&out, "", 1));
	if (getenv("SHOW"))
		printf("IN  %s\nOUT %s\nNOTE %s\n", cases[_i].in, (char *)out.data, told.text);
	ck_assert_str_eq((const char *)out.data, cases[_i].out);
	ck_assert_str_eq(told.text, cases[_i].notes);
	buf_free(&out);
}
END_TEST

/* However long the text before it is, a thing to mend is mended the same way. */
START_TEST(borders)
{
	static const size_t around[] = {16384, 65536, 131072, 147456};
	static const char tail[] = "<b x='1'>&</b><![CDATA[&]]><!-- < --></c>";
	static const char mended[] = "<b>&amp;</b>&amp;</a></feedback>|";
	char *in = malloc(200000);
	struct limits limits;
	struct told told;
	struct buf out;
	size_t i, len;
	int shift;

	limits_init(&limits);
	buf_init(&out, 1 << 20);
	ck_assert_ptr_nonnull(in);
	(void)memset(in, ' ', 200000);
	(void)memcpy(in, "<feedback><a>", 13);
	for (i = 0; i < sizeof around / sizeof around[0]; i++)
		for (shift = -60; shift <= 4; shift++) {
			len = (size_t)((long)around[i] + shift);
			(void)memset(in + 13, ' ', 200000 - 13);
			(void)memcpy(in + len, tail, sizeof tail - 1);
			(void)memcpy(in + len + sizeof tail - 1, "</a></feedback>", 15);
			mend_all(&out, &told, in, len + sizeof tail - 1 + 15, &limits);
			ck_assert_str_eq(told.text, "stray-markup mismatched-tags");
			ck_assert_uint_eq(out.len, len + sizeof mended - 1);
			ck_assert_mem_eq(out.data + len, mended, sizeof mended - 1);
		}
	buf_free(&out);
	free(in);
}
END_TEST

START_TEST(depth)
{
	char in[600] = "&<feedback>";
	struct limits limits;
	struct told told;
	struct buf out;
	size_t i;

	limits_init(&limits);
	limits.xml_depth = 8;
	buf_init(&out, 1 << 20);
	for (i = 0; i < 7; i++)
		(void)memcpy(in + 11 + 3 * i, "<a>", 3);
	mend_all(&out, &told, in, strlen(in), &limits);
	ck_assert_mem_eq(out.data, "+<feedback><a><a><a><a><a><a><a>~", 33);
	(void)memcpy(in + 11 + 3 * i, "<a>", 3);
	mend_all(&out, &told, in, strlen(in), &limits);
	ck_assert(buf_add(&out, "", 1));
	ck_assert_str_eq((const char *)out.data, "!more than 8 nested elements (limit xml-depth)");
	buf_free(&out);
}
END_TEST

/* A file full of beginnings without an end takes no quadratic time: the time limit of this test is its check.
 */
START_TEST(beginnings)
{
	static const char *const begin[] = {"<!--", "<![CDATA[", "<?a ", "<a b='", "&#1", "</", "<a "};
	enum { TIMES = 200000 };
	size_t n = strlen(begin[_i]), i;
	char *in = malloc(n * TIMES + 10);
	struct limits limits;
	struct told told;
	struct buf out;

	limits_init(&limits);
	ck_assert_ptr_nonnull(in);
	(void)memcpy(in, "<feedback>", 10);
	for (i = 0; i < TIMES; i++)
		(void)memcpy(in + 10 + i * n, begin[_i], n);
	buf_init(&out, n * TIMES * 6 + 100);
	mend_all(&out, &told, in, n * TIMES + 10, &limits);
	ck_assert_uint_ge(out.len, n * TIMES);
	ck_assert_int_eq(out.data[out.len - 1], '~');
	buf_free(&out);
	free(in);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("mend");
	TCase *tests = tcase_create("mend");

	tcase_add_loop_test(tests, table, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tests, borders);
	tcase_add_test(tests, depth);
	tcase_add_loop_test(tests, beginnings, 0, 7);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
