/* Answers of IMAP servers taken apart, in pieces of any size; sets of UIDs; names of folders. */
#include "mailbox/imap.h"
#include "mailbox/imap_read.h"
#include "mailbox/uids.h"
#include "unit/drain.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct feed {
	const char *text;
	size_t len, at, piece;
};

static enum status
more(void *data, unsigned char *to, size_t size, size_t *len, struct err *err)
{
	struct feed *feed = data;

	*len = feed->len - feed->at < feed->piece ? feed->len - feed->at : feed->piece;
	*len = *len < size ? *len : size;
	if (*len == 0)
		return err_stop(err, EXIT_CODE_TEMPORARY, "the end");
	memcpy(to, feed->text + feed->at, *len);
	feed->at += *len;
	return OK;
}

static struct imap_reader reader;
static struct feed feed;
static struct err failure;

static void
begin(const char *text, size_t piece)
{
	feed = (struct feed){text, strlen(text), 0, piece};
	imap_reader_init(&reader, more, &feed, 100);
}

/* Tokens as a line: 'atom "string" {literal} ( ) .' and what it ends with. */
static const char *
tokens(const char *text, size_t piece)
{
	static char out[1000];
	const unsigned char *bytes;
	enum imap_token token;
	size_t len, at = 0;

	begin(text, piece);
	out[0] = '\0';
	while (imap_read(&reader, &token, &failure) == OK) {
		static const char *const before[] = {"", "\"", "{", "(", ")", "."};
		static const char *const behind[] = {" ", "\" ", "} ", " ", " ", " "};

		at += (size_t)snprintf(out + at, sizeof out - at, "%s", before[token]);
		if (token == IMAP_ATOM || token == IMAP_STRING)
			at += (size_t)snprintf(
			    out + at, sizeof out - at, "%.*s", (int)reader.text.len, reader.text.data);
		for (len = 1; token == IMAP_LITERAL && len > 0;) {
			if (imap_read_literal(&reader, &bytes, &len, &failure) != OK)
				return out;
			at += (size_t)snprintf(
			    out + at, sizeof out - at, "%.*s", (int)len, len > 0 ? (const char *)bytes : "");
		}
		at += (size_t)snprintf(out + at, sizeof out - at, "%s", behind[token]);
	}
	(void)snprintf(out + at, sizeof out - at, "%s",
	    failure.status == TEMP    ? ""
	    : failure.status == LIMIT ? "LIMIT"
				      : "BAD");
	return out;
}

static const struct {
	const char *in, *out;
} answers[] = {
    {"* 5 EXISTS\r\n", "* 5 EXISTS . "},
    {"* 5 EXISTS\nd1 OK\n", "* 5 EXISTS . d1 OK . "},
    {"* FLAGS (\\Seen a[b ]c)\r\n", "* FLAGS ( \\Seen a[b ]c ) . "},
    {"* LIST () \"/\" \"a \\\"b\\\\\"\r\n", "* LIST ( ) \"/\" \"a \"b\\\" . "},
    {"x \"\" NIL\r\n", "x \"\" NIL . "},
    {"* 1 FETCH (UID 7 BODY[] {5}\r\na)\r\n\" FLAGS ())\r\n",
	"* 1 FETCH ( UID 7 BODY[] {a)\r\n\"} FLAGS ( ) ) . "},
    {"* 1 FETCH (BODY[HEADER.FIELDS (A B)]<0> {0}\r\n)\r\n",
	"* 1 FETCH ( BODY[HEADER.FIELDS (A B)]<0> {} ) . "},
    {"a {3+}\r\nxyz\r\n", "a {xyz} . "},
    {"a  b\r\n", "a b . "},
    {"((a)(b))\r\n", "( ( a ) ( b ) ) . "},
    {"(\"a\"\"b\")\r\n", "( \"a\" BAD"},
    {"({3}\r\nxyzw)\r\n", "( {xyz} BAD"},
    {"a {100}\r\n", "a {"},
    {"a {101}\r\n", "a LIMIT"},
    {"a {99999999999999999999}\r\n", "a BAD"},
    {"a {-1}\r\n", "a BAD"},
    {"a {}\r\n", "a BAD"},
    {"a {1 }\r\n", "a BAD"},
    {"a {1}x\r\n", "a BAD"},
    {"a {1", "a "},
    {"a \"b\r\n", "a BAD"},
    {"a \"b", "a "},
    {"a\rb\r\n", "a BAD"},
    {"a\tb\r\n", "BAD"},
    {"BODY[a\r\n", "BAD"},
    {"\r\n", ". "},
    {"", ""},
};

START_TEST(reads)
{
	size_t piece;

	for (piece = 1; piece < 40; piece++)
		ck_assert_str_eq(tokens(answers[_i].in, piece), answers[_i].out);
}
END_TEST

/* A line has an end; the next one counts anew. A literal does not count. */
START_TEST(long_lines)
{
	static char text[3 * IMAP_LINE + 10];
	enum imap_token token;
	int i;

	(void)memset(text, 'x', sizeof text - 1);
	for (i = 0; i < 2; i++)
		memcpy(text + (i + 1) * (IMAP_LINE - 2) + i * 2, "\r\n", 2);
	begin(text, 7000);
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(imap_read(&reader, &token, &failure), OK);
		ck_assert_uint_eq(reader.text.len, IMAP_TEXT);
		ck_assert_int_eq(imap_read(&reader, &token, &failure), OK);
		ck_assert_int_eq(token, IMAP_END);
	}
	ck_assert_int_eq(imap_read(&reader, &token, &failure), LIMIT);
	ck_assert_str_eq(failure.what, "the server sent a line of more than 65536 bytes");
	begin(text, 7000);
	reader.line_max = 10;
	ck_assert_int_eq(imap_read_text(&reader, &failure), LIMIT);
}
END_TEST

/* Text for people means nothing; what is nested is read past. */
START_TEST(past)
{
	enum imap_token token;

	begin("* OK [X \"] {5} \"(( text \r\n* X ((a {4}\r\n))\r\n (b)) \"c\")\r\nd1 OK\r\n", 3);
	ck_assert_int_eq(imap_read(&reader, &token, &failure), OK);
	ck_assert_int_eq(imap_read_text(&reader, &failure), OK);
	ck_assert(str_eq(reader.text, "OK [X \"] {5} \"(( text "));
	ck_assert_int_eq(imap_read(&reader, &token, &failure), OK);
	ck_assert_int_eq(imap_read_past(&reader, &failure), OK);
	ck_assert_int_eq(imap_read(&reader, &token, &failure), OK);
	ck_assert(str_eq(reader.text, "d1"));
	ck_assert_int_eq(imap_read_past(&reader, &failure), OK);
	ck_assert(!imap_has_input(&reader));
}
END_TEST

static const char *
ranges(const struct uids *uids)
{
	static char out[200];
	size_t i, at = 0;

	out[0] = '\0';
	for (i = 0; i < uids->count; i++)
		at += (size_t)snprintf(
		    out + at, sizeof out - at, "%u-%u ", uids->ranges[i].first, uids->ranges[i].last);
	return out;
}

static void
take(void *to, uint32_t first, uint32_t last)
{
	uids_add(to, first, last);
}

static const struct {
	const char *in, *out;
	enum status status;
} sets[] = {
    {" 1:3,7 rest", "1-3 7-7 ", OK},
    {"9:5,1\r\n", "1-1 5-9 ", OK},
    {"4294967295\r\n", "4294967295-4294967295 ", OK},
    {"4294967296\r\n", "", BAD},
    {"1,\r\n", "1-1 ", BAD},
    {"1:x\r\n", "", BAD},
    {"1:*\r\n", "", BAD},
    {"1;2\r\n", "1-1 ", BAD},
    {"\r\n", "", BAD},
};

START_TEST(sets_of_numbers)
{
	struct uids uids;
	size_t piece;

	for (piece = 1; piece < 12; piece++) {
		uids_init(&uids);
		begin(sets[_i].in, piece);
		ck_assert_int_eq(imap_read_set(&reader, take, &uids, &failure), sets[_i].status);
		uids_sort(&uids);
		ck_assert_str_eq(ranges(&uids), sets[_i].out);
		uids_free(&uids);
	}
}
END_TEST

static void
fill(struct uids *uids, const char *text)
{
	uids_init(uids);
	begin(text, 100);
	ck_assert_int_eq(imap_read_set(&reader, take, uids, &failure), OK);
	uids_sort(uids);
}

static const struct {
	const char *a, *b, *without, *common;
} pairs[] = {
    {"1:10\n", "3:4\n", "1-2 5-10 ", "3-4 "},
    {"1:10\n", "1:10\n", "", "1-10 "},
    {"1:10\n", "11:20\n", "1-10 ", ""},
    {"5,7,9\n", "1:6,9:12\n", "7-7 ", "5-5 9-9 "},
    {"1:4294967295\n", "2:4294967295\n", "1-1 ", "2-4294967295 "},
    {"4294967290:4294967295\n", "4294967295\n", "4294967290-4294967294 ", "4294967295-4294967295 "},
    {"1:3,8:9\n", "2:8\n", "1-1 9-9 ", "2-3 8-8 "},
    {"3,1,2,2\n", "9\n", "1-3 ", ""},
};

START_TEST(two_sets)
{
	struct uids a, b, to;
	struct uids_at at = {0};
	uint64_t count = 0;
	uint32_t uid;

	fill(&a, pairs[_i].a);
	fill(&b, pairs[_i].b);
	uids_init(&to);
	uids_without(&to, &a, &b);
	ck_assert_str_eq(ranges(&to), pairs[_i].without);
	for (; uids_count(&to) < 1000 && (uid = uids_next(&to, &at)) != 0; count++)
		ck_assert(uids_has(&a, uid) && !uids_has(&b, uid));
	ck_assert_uint_eq(count, uids_count(&to));
	uids_clear(&to);
	uids_common(&to, &a, &b);
	ck_assert_str_eq(ranges(&to), pairs[_i].common);
	uids_free(&a);
	uids_free(&b);
	uids_free(&to);
}
END_TEST

START_TEST(order)
{
	uint32_t list[] = {7, 3, 7, 4294967295, 1, 3};

	ck_assert_uint_eq(uids_order(list, 6), 4);
	ck_assert_uint_eq(list[0] * 100 + list[1] * 10 + list[2], 137);
	ck_assert_uint_eq(list[3], 4294967295);
	ck_assert_uint_eq(uids_order(NULL, 0), 0);
}
END_TEST

START_TEST(set_text)
{
	static const uint32_t uids[] = {1, 2, 3, 7, 9, 10, 4294967295};
	struct buf text;

	buf_init(&text, 100);
	ck_assert(uids_write(&text, uids, 7));
	ck_assert(buf_add(&text, "", 1));
	ck_assert_str_eq((const char *)text.data, "1:3,7,9:10,4294967295");
	buf_free(&text);
	buf_init(&text, 10);
	ck_assert(!uids_write(&text, uids, 7));
	buf_free(&text);
}
END_TEST

static const struct {
	const char *in, *out;
} names[] = {
    {"INBOX", "INBOX"},
    {"a&b", "a&-b"},
    {"Ungültig & kaputt", "Ung&APw-ltig &- kaputt"},
    {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
    {"\xf0\x9f\x93\xa7", "&2D3c5w-"},
    {"ä&ö", "&AOQ-&-&APY-"},
    {"", NULL},
    {"a\r\nb", NULL},
    {"\xff", NULL},
};

START_TEST(folder_names)
{
	char to[IMAP_FOLDER];

	ck_assert_int_eq(imap_encode_name(to, names[_i].in), names[_i].out != NULL);
	if (names[_i].out != NULL)
		ck_assert_str_eq(to, names[_i].out);
}
END_TEST

START_TEST(long_names)
{
	char name[2 * IMAP_FOLDER], to[IMAP_FOLDER];
	size_t i;

	for (i = 0; i + 2 < sizeof name; i += 2)
		memcpy(name + i, "ü", 3);
	ck_assert(!imap_encode_name(to, name));
	(void)memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	ck_assert(!imap_encode_name(to, name));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("imap_read");
	TCase *tests = tcase_create("imap_read");

	tcase_add_loop_test(tests, reads, 0, sizeof answers / sizeof answers[0]);
	tcase_add_test(tests, long_lines);
	tcase_add_test(tests, past);
	tcase_add_loop_test(tests, sets_of_numbers, 0, sizeof sets / sizeof sets[0]);
	tcase_add_loop_test(tests, two_sets, 0, sizeof pairs / sizeof pairs[0]);
	tcase_add_test(tests, order);
	tcase_add_test(tests, set_text);
	tcase_add_loop_test(tests, folder_names, 0, sizeof names / sizeof names[0]);
	tcase_add_test(tests, long_names);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
