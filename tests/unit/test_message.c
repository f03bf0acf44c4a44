/* Mails: which parts are found, how they are named and decoded, and what is refused. */
#include "drain.h"
#include "message/message.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "<feedback>\n" in base64. */
#define BASE64   "PGZlZWRiYWNrPgo="
#define FEEDBACK "<feedback>\n"
#define HEADER   "From: a@example.net\nSubject: x\nMIME-Version: 1.0\n"
#define MIXED    HEADER "Content-Type: multipart/mixed; boundary=\"b\"\n\n"
#define GZIP64   "Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n"

struct expected {
	const char *type, *filename, *bytes; /* bytes NULL: no part */
};

static const struct {
	const char *name, *mail;
	struct expected parts[4];
} cases[] = {
    {"plain", HEADER "\nhello\n", {{NULL, NULL, "hello\n"}}},
    {"multipart",
	MIXED "preface\n--b\nContent-Type: Text/Plain\n\nhello\n--b\n" GZIP64
	      "Content-Disposition: attachment; filename=a.gz\n\n" BASE64 "\n--b--\nepilogue\n",
	{{"text/plain", NULL, "hello"}, {"application/gzip", "a.gz", FEEDBACK}}},
    {"no final boundary", MIXED "--b\n" GZIP64 "\n" BASE64 "\n", {{"application/gzip", NULL, FEEDBACK}}},
    {"cut in the base64", MIXED "--b\n" GZIP64 "\nPGZlZWRi", {{"application/gzip", NULL, "<feedb"}}},
    {"whole body",
	HEADER "Content-Type: application/zip; name=\"a.zip\"\nContent-Transfer-Encoding: base64\n\n" BASE64,
	{{"application/zip", "a.zip", FEEDBACK}}},
    {"upper case", HEADER "Content-Transfer-Encoding: BASE64\n\n" BASE64, {{NULL, NULL, FEEDBACK}}},
    {"bad characters in base64", HEADER GZIP64 "\nPGZl!!ZWRi\x80YWN\n*rPgo=\n",
	{{"application/gzip", NULL, FEEDBACK}}},
    {"blank before colon", HEADER "Content-Type : text/xml\nContent-Transfer-Encoding : base64\n\n" BASE64,
	{{"text/xml", NULL, FEEDBACK}}},
    {"no MIME-Version", "Subject: x\n" GZIP64 "\n" BASE64, {{"application/gzip", NULL, FEEDBACK}}},
    {"base64 that nobody speaks of", HEADER "Content-Type: application/xml\n\nPGZlZWRiYWNrPgo=\n",
	{{"application/xml", NULL, FEEDBACK}}},
    {"base64 that is none", HEADER "Content-Transfer-Encoding: base64\n\n" FEEDBACK,
	{{NULL, NULL, FEEDBACK}}},
    {"quoted-printable", HEADER "Content-Transfer-Encoding: quoted-printable\n\n<feed=\nback=3E=\n\n",
	{{NULL, NULL, "<feedback>\n"}}},
    {"uuencode", HEADER "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a.txt\n#0V%T\n`\nend\n",
	{{NULL, NULL, "Cat"}}},
    {"RFC 2231 in pieces",
	HEADER "Content-Disposition: attachment; filename*0*=utf-8''a%20b; filename*1=\".xml\"\n\nx",
	{{NULL, "a b.xml", "x"}}},
    {"RFC 2047 in a name", HEADER "Content-Type: text/xml; name=\"=?utf-8?B?YS54bWw=?=\"\n\nx",
	{{"text/xml", "a.xml", "x"}}},
    {"name of the disposition first",
	HEADER "Content-Type: text/xml; name=b\nContent-Disposition: inline; filename=a\n\nx",
	{{"text/xml", "a", "x"}}},
    {"mail in a mail",
	MIXED "--b\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/mixed; "
	      "boundary=c\n\n--c\n\n1\n--c\n"
	      "\n2\n--c--\n--b\n\n3\n--b--\n",
	{{NULL, NULL, "1"}, {NULL, NULL, "2"}, {NULL, NULL, "3"}}},
    {"digest", HEADER "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: inner\n\n1\n--b--\n",
	{{NULL, NULL, "1"}}},
    {"mail in a mail in base64",
	HEADER "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" BASE64,
	{{"message/rfc822", NULL, FEEDBACK}}},
    {"mail in a mail with a from line",
	"Content-Type: message/rfc822\n\nFrom a Thu Jan  1 00:00:00 2026\nContent-Type: text/html\n\n1",
	{{"text/html", NULL, "1"}}},
    {"mail in a mail that is only a from line", "Content-Type: message/rfc822\n\nFrom a",
	{{NULL, NULL, NULL}}},
    {"from line", "From a@example.net Thu Jan  1 00:00:00 2026\n>From b\nSubject: x\n\nhello",
	{{NULL, NULL, "hello"}}},
    {"line of blanks and mark", "\xef\xbb\xbf   \nSubject: x\n\nhello", {{NULL, NULL, "hello"}}},
    {"no boundary given", HEADER "Content-Type: multipart/mixed\n\n--b\n" GZIP64 "\n" BASE64 "\n--b--\n",
	{{"application/gzip", NULL, FEEDBACK}}},
    {"other boundary given",
	HEADER "Content-Type: multipart/mixed; boundary=c\n\n--b\n" GZIP64 "\n" BASE64 "\n--b--\n",
	{{"application/gzip", NULL, FEEDBACK}}},
    {"ContentType", HEADER "ContentType: multipart/mixed; boundary=b\n\n--b\n" GZIP64 "\n" BASE64 "\n--b--\n",
	{{"application/gzip", NULL, FEEDBACK}}},
    {"text with dashes", HEADER "\n-- \nsignature\n-----\nmore",
	{{NULL, NULL, "-- \nsignature\n-----\nmore"}}},
    {"empty part", MIXED "--b\nContent-Type: text/plain\n\n--b--\n", {{"text/plain", NULL, ""}}},
    {"no parts", MIXED "--b--\n", {{NULL, NULL, NULL}}},
};

static struct limits limits;

static void
expect_text(struct str got, const char *want, const char *name)
{
	if (want == NULL)
		ck_assert_msg(got.data == NULL, "%s: a text that should be missing", name);
	else
		ck_assert_msg(
		    str_eq(got, want), "%s: \"%.*s\", not \"%s\"", name, (int)got.len, got.data, want);
}

/* The next part that is no mail itself. */
static enum status
next_leaf(struct message *message, size_t *i, struct part *part, struct err *err)
{
	enum status status;

	do
		status = message_part(message, (*i)++, part, err);
	while (status == OK && part->mail);
	return status;
}

static void
expect_parts(struct stream *stream, const struct expected *parts, const char *name)
{
	struct message *message;
	struct part part;
	struct err err;
	size_t i, at = 0;

	ck_assert_msg(message_open(&message, stream, &limits, &err) == OK, "%s: %s", name, err.what);
	for (i = 0; i < 4 && parts[i].bytes != NULL; i++) {
		ck_assert_msg(next_leaf(message, &at, &part, &err) == OK, "%s: no part %zu", name, i + 1);
		ck_assert_uint_eq(part.number, i + 1);
		expect_text(part.type, parts[i].type, name);
		expect_text(part.filename, parts[i].filename, name);
		expect_bytes(part.stream, parts[i].bytes, strlen(parts[i].bytes), name);
		ck_assert_int_eq(stream_rewind(part.stream, &err), OK);
		expect_bytes(part.stream, parts[i].bytes, strlen(parts[i].bytes), name);
	}
	ck_assert_msg(next_leaf(message, &at, &part, &err) == SKIP, "%s: too many parts", name);
	message_close(message);
}

/* Line ends of the wire. */
static void
with_crlf(struct buf *to, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			buf_add_text(to, "\r");
		buf_add(to, text, 1);
	}
}

START_TEST(parts)
{
	struct stream *stream = stream_memory(cases[_i].mail, strlen(cases[_i].mail));

	limits_init(&limits);
	expect_parts(stream, cases[_i].parts, cases[_i].name);
	stream_close(stream);
}
END_TEST

START_TEST(crlf)
{
	struct expected part[4] = {{"application/gzip", "a.gz", FEEDBACK}};
	struct stream *stream;
	struct buf mail;

	limits_init(&limits);
	buf_init(&mail, 100000);
	with_crlf(&mail,
	    MIXED "--b\n" GZIP64 "Content-Disposition: attachment;\n filename=a.gz\n\n" BASE64 "\n--b--\n");
	stream = stream_memory(mail.data, mail.len);
	expect_parts(stream, part, "CRLF");
	stream_close(stream);
	buf_free(&mail);
}
END_TEST

/* A part of several chunks, from memory and from a file, read twice and behind another part. */
START_TEST(long_part)
{
	struct buf mail, want;
	struct message *message;
	struct stream *stream;
	struct spool spool;
	struct part part;
	struct err err;
	int i;

	limits_init(&limits);
	buf_init(&mail, 1 << 24);
	buf_init(&want, 1 << 24);
	buf_add_text(&mail, MIXED "--b\n\nfirst\n--b\n");
	buf_add_text(&mail, _i < 2 ? GZIP64 "\n" : "\n");
	for (i = 0; i < 40000; i++) {
		buf_add_text(&mail, _i < 2 ? "MDEyMzQ1Njc4OTAxMjM0\n" : "012345678901234");
		buf_add_text(&want, "012345678901234");
	}
	buf_add_text(&mail, "\n--b--\n");
	spool_init(&spool);
	stream = _i % 2 == 0 ? stream_memory(mail.data, mail.len) : file_like(&spool, mail.data, mail.len);
	ck_assert_int_eq(message_open(&message, stream, &limits, &err), OK);
	ck_assert_int_eq(message_part(message, 0, &part, &err), OK);
	expect_bytes(part.stream, "first", 5, "first");
	ck_assert_int_eq(message_part(message, 1, &part, &err), OK);
	if (_i < 2)
		expect_bytes(part.stream, want.data, want.len, "once");
	ck_assert_int_eq(stream_rewind(part.stream, &err), OK);
	expect_bytes(part.stream, want.data, want.len, "again");
	ck_assert_int_eq(message_part(message, 2, &part, &err), SKIP);
	message_close(message);
	stream_close(stream);
	spool_free(&spool);
	buf_free(&mail);
	buf_free(&want);
}
END_TEST

START_TEST(headers)
{
	static const char start[] = "Subject: =?utf-8?Q?gr=C3=BC=C3=9Fe?=\n folded\nX-Long: ";
	struct message *message;
	struct stream *stream;
	struct buf mail;
	struct str value;
	struct err err;
	int i;

	limits_init(&limits);
	buf_init(&mail, 100000);
	buf_add_text(&mail, start);
	buf_add_text(&mail, "x");
	for (i = 0; i < 1000; i++)
		buf_add_text(&mail, "\xc3\xbc");
	buf_add_text(&mail, "\nMessage-ID: <1@example.net>\n\nbody\n");
	stream = stream_memory(mail.data, mail.len);
	ck_assert_int_eq(message_open(&message, stream, &limits, &err), OK);
	expect_text(message_header(message, "subject"),
	    "gr\xc3\xbc\xc3\x9f"
	    "e folded",
	    "subject");
	expect_text(message_header(message, "Message-ID"), "<1@example.net>", "id");
	expect_text(message_header(message, "To"), NULL, "to");
	value = message_header(message, "X-Long");
	/* One byte and whole characters of two: 1000 would cut one in half. */
	ck_assert_uint_eq(value.len, 999);
	message_close(message);
	stream_close(stream);
	buf_free(&mail);
}
END_TEST

/* start, count times repeated, end. */
static const struct {
	const char *name, *start, *repeated;
	int count;
	const char *what; /* NULL: accepted */
} hostile[] = {
    {"parts", MIXED, "--b\n\n", 100000, "more than 200 parts (limit mail-parts)"},
    {"parts below the first bound", MIXED, "--b\n\n", 201, "more than 200 parts (limit mail-parts)"},
    {"parts allowed", MIXED, "--b\n\n", 200, NULL},
    {"header fields", "", "X: y\n", 1000000, "more than 1048576 header bytes (limit mail-header-bytes)"},
    {"one header field", "X: ", "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", 100000,
	"more than 1048576 header bytes (limit mail-header-bytes)"},
    {"header fields of a part", MIXED "--b\n", "X: y\n", 1000000,
	"more than 1048576 header bytes (limit mail-header-bytes)"},
    {"header fields of a mail inside", MIXED "--b\nContent-Type: message/rfc822\n\n", "X: y\n", 1000000,
	"more than 1048576 header bytes (limit mail-header-bytes)"},
    {"header fields in a digest", HEADER "Content-Type: multipart/digest; boundary=b\n\n--b\n\n", "X: y\n",
	1000000, "more than 1048576 header bytes (limit mail-header-bytes)"},
    {"comment in the type", HEADER "Content-Type: message (multipart ) /rfc822\n\n", "X: y\n", 1000000,
	"more than 1048576 header bytes (limit mail-header-bytes)"},
    {"preface", MIXED, "preface ", 1000000, "more than 1048576 header bytes (limit mail-header-bytes)"},
    {"epilogue", MIXED "--b\n\nx\n--b--\n", "epilogue\n", 1000000,
	"more than 1048576 header bytes (limit mail-header-bytes)"},
    {"parameters", "Content-Type: a/b", ";\n a=b", 10000,
	"a header field of more than 16384 bytes (limit mail-field-bytes)"},
    {"parameters of many fields", "", "Content-Type: a/b; a=b; c=d; e=f\n", 10000,
	"more than 1048576 header bytes (limit mail-header-bytes)"},
    {"nested groups of a mail inside", "Content-Type: message/rfc822\n\nTo: ", "a:", 400000, NULL},
    {"addresses of a mail inside", "Content-Type: message/rfc822\n\nTo: a", ",\n a", 200000, NULL},
    {"nested groups", "To: ", "a:", 400000, NULL},
    {"nested mails", "", "Content-Type: message/rfc822\n\n", 200,
	"nested more than 16 levels deep (limit mail-depth)"},
    {"a long body", HEADER "\n", "0123456789\n", 1000000, NULL},
    {"a body full of dashes", HEADER "\n", "------\n", 1000000, NULL},
    {"a long line", HEADER "\n", "0123456789", 1000000, NULL},
    {"too long a mail", HEADER "\n", "0123456789\n", 2000000,
	"mail of more than 20000000 bytes (limit mail-bytes)"},
};

START_TEST(refused)
{
	struct message *message;
	struct stream *stream;
	enum status status;
	struct buf mail;
	struct err err;
	int i;

	limits_init(&limits);
	limits.mail_bytes = 20000000;
	buf_init(&mail, 1 << 28);
	buf_add_text(&mail, hostile[_i].start);
	for (i = 0; i < hostile[_i].count; i++)
		buf_add_text(&mail, hostile[_i].repeated);
	stream = stream_memory(mail.data, mail.len);
	status = message_open(&message, stream, &limits, &err);
	if (hostile[_i].what == NULL)
		ck_assert_msg(status == OK, "%s: refused: %s", hostile[_i].name, err.what);
	else {
		ck_assert_msg(status == LIMIT, "%s: %d", hostile[_i].name, (int)status);
		ck_assert_str_eq(err.what, hostile[_i].what);
		ck_assert_ptr_null(message);
	}
	message_close(message);
	stream_close(stream);
	buf_free(&mail);
}
END_TEST

START_TEST(nested_multiparts)
{
	char line[100];
	struct message *message;
	struct stream *stream;
	struct buf mail;
	struct err err;
	int i, levels = _i == 0 ? 16 : 17;

	limits_init(&limits);
	buf_init(&mail, 1 << 20);
	for (i = 0; i < levels; i++) {
		(void)snprintf(
		    line, sizeof line, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
		buf_add_text(&mail, line);
	}
	buf_add_text(&mail, "\ninside\n");
	stream = stream_memory(mail.data, mail.len);
	ck_assert_int_eq(message_open(&message, stream, &limits, &err), _i == 0 ? OK : LIMIT);
	message_close(message);
	stream_close(stream);
	buf_free(&mail);
}
END_TEST

static enum status
refuse(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	(void)stream;
	(void)data;
	(void)len;
	return err_set(err, BAD, "cannot read: x");
}

static enum status
accept_rewind(struct stream *stream, struct err *err)
{
	(void)stream;
	(void)err;
	return OK;
}

START_TEST(failing)
{
	static const struct stream_class class = {"failing", refuse, accept_rewind, NULL};
	struct stream stream = {.class = &class};
	struct message *message;
	struct err err;

	limits_init(&limits);
	ck_assert_int_eq(message_open(&message, &stream, &limits, &err), BAD);
	ck_assert_str_eq(err.what, "cannot read: x");
	ck_assert_ptr_null(message);
}
END_TEST

/* Each thread counts its parts; the library is shared by all. */
static void *
read_many(void *result)
{
	static const char mail[] = MIXED "--b\n\n1\n--b\n" GZIP64 "\n" BASE64 "\n--b--\n";
	struct stream *stream = stream_memory(mail, strlen(mail));
	struct message *message;
	const unsigned char *data;
	struct part part;
	struct err err;
	size_t *bytes = result, len, n;
	int i;

	for (i = 0; i < 2000; i++) {
		if (message_open(&message, stream, &limits, &err) != OK)
			break;
		for (n = 0; message_part(message, n, &part, &err) == OK; n++)
			if (stream_next(part.stream, &data, &len, &err) == OK)
				*bytes += len;
		message_close(message);
	}
	stream_close(stream);
	return NULL;
}

START_TEST(two_threads)
{
	pthread_t threads[2];
	size_t bytes[2] = {0, 0};
	int i;

	limits_init(&limits);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, read_many, &bytes[i]), 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_uint_eq(bytes[0], 2000 * 12);
	ck_assert_uint_eq(bytes[1], 2000 * 12);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("message");
	TCase *tests = tcase_create("message");

	tcase_add_loop_test(tests, parts, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tests, crlf);
	tcase_add_loop_test(tests, long_part, 0, 4);
	tcase_add_test(tests, headers);
	tcase_add_loop_test(tests, refused, 0, sizeof hostile / sizeof hostile[0]);
	tcase_add_loop_test(tests, nested_multiparts, 0, 2);
	tcase_add_test(tests, failing);
	tcase_add_test(tests, two_threads);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
