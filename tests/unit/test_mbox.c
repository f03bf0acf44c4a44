/* mbox files: where a mail ends, what is unescaped, what is too big. */
#include "drain.h"
#include "message/message.h"

#include <string.h>

#define FROM "From a@example.com Thu Jan  1 00:00:00 2026\n"

static struct limits limits;

static const struct {
	const char *name, *file;
	const char *mails[4]; /* up to the first NULL */
} cases[] = {
    {"nothing", "", {NULL}},
    {"no separator", "Subject: a\n\nb\n", {NULL}},
    {"one", FROM "Subject: a\n\nb\n", {"Subject: a\n\nb\n"}},
    {"no last line end", FROM "Subject: a\n\nb", {"Subject: a\n\nb"}},
    {"two", FROM "A: 1\n\nb\n\n" FROM "A: 2\n\nc\n", {"A: 1\n\nb\n\n", "A: 2\n\nc\n"}},
    {"CRLF",
	"From a Thu Jan  1 00:00:00 2026\r\nA: 1\r\n\r\nb\r\n\r\nFrom a Thu Jan  1 00:00:00 2026\r\nA: "
	"2\r\n\r\n",
	{"A: 1\r\n\r\nb\r\n\r\n", "A: 2\r\n\r\n"}},
    {"blank lines first", "\n\n" FROM "A: 1\n\n", {"A: 1\n\n"}},
    {"junk first", "junk\n\n" FROM "A: 1\n\n", {"A: 1\n\n"}},
    {"escaped", FROM "A: 1\n\n>From b\n>>From c\n> From d\n>Fromage\n",
	{"A: 1\n\nFrom b\n>From c\n> From d\n>Fromage\n"}},
    {"escaped separator", FROM "A: 1\n\n>" FROM "B: 2\n\n", {"A: 1\n\n" FROM "B: 2\n\n"}},
    {"not unescaped in the header", FROM ">From b\nA: 1\n\nx\n", {">From b\nA: 1\n\nx\n"}},
    {"no empty line before", FROM "A: 1\n\nb\n" FROM "c\n", {"A: 1\n\nb\n" FROM "c\n"}},
    {"a sentence", FROM "A: 1\n\nb\n\nFrom now on\nall is well\n",
	{"A: 1\n\nb\n\nFrom now on\nall is well\n"}},
    {"no date, but a field", "From \nA: 1\n\nb\n\nFrom \nA: 2\n\n", {"A: 1\n\nb\n\n", "A: 2\n\n"}},
    {"escaped at the start", ">From b\nA: 1\n\nx\n", {"A: 1\n\nx\n"}},
    {"empty mail", FROM "\n" FROM "A: 2\n\n", {"\n", "A: 2\n\n"}},
};

static void
expect_mails(struct stream *stream, const char *const *mails, const char *name)
{
	struct stream *mail;
	struct mbox *mbox;
	struct err err;

	ck_assert_int_eq(mbox_open(&mbox, stream, &limits, &err), OK);
	for (; *mails != NULL; mails++) {
		ck_assert_msg(mbox_next(mbox, &mail, &err) == OK, "%s: too few mails", name);
		expect_bytes(mail, *mails, strlen(*mails), name);
		ck_assert_int_eq(stream_rewind(mail, &err), OK);
		expect_bytes(mail, *mails, strlen(*mails), name);
	}
	ck_assert_msg(mbox_next(mbox, &mail, &err) == SKIP, "%s: too many mails", name);
	ck_assert_ptr_null(mail);
	mbox_close(mbox);
}

START_TEST(mails)
{
	struct stream *stream = stream_memory(cases[_i].file, strlen(cases[_i].file));

	limits_init(&limits);
	expect_mails(stream, cases[_i].mails, cases[_i].name);
	stream_close(stream);
}
END_TEST

/* The same mails whatever stands before them, so that each place of the separator falls on the end of a
 * chunk. */
START_TEST(at_chunk_end)
{
	static const char behind[] = "\n" FROM "A: 2\n\n>From c\n";
	struct buf file, first;
	struct spool spool;
	struct stream *stream;
	const char *two[3] = {NULL, "A: 2\n\nFrom c\n", NULL};
	size_t pad = (size_t)(STREAM_CHUNK * (_i % 2 + 1)) - (size_t)_i * 2;

	limits_init(&limits);
	buf_init(&file, 1 << 20);
	buf_init(&first, 1 << 20);
	buf_add_text(&first, "A: 1\n\n");
	while (first.len < pad)
		buf_add_text(&first, "x\n");
	buf_add_text(&first, "\n");
	buf_add_text(&file, FROM);
	buf_add(&file, first.data, first.len);
	buf_add_text(&file, behind + 1);
	buf_add(&first, "", 1);
	two[0] = (const char *)first.data;
	stream = file_like(&spool, file.data, file.len);
	expect_mails(stream, two, "two");
	stream_close(stream);
	spool_free(&spool);
	buf_free(&first);
	buf_free(&file);
}
END_TEST

/* One line of many megabytes, and mails above the limit of memory and of size. */
START_TEST(too_big)
{
	enum { BIG = 3 << 20 };
	struct stream *stream, *mail;
	struct buf file, big;
	struct mbox *mbox;
	struct err err;

	limits_init(&limits);
	limits.spool_memory = 65536;
	limits.mail_bytes = _i == 0 ? BIG + 100 : BIG;
	buf_init(&file, 1 << 28);
	buf_init(&big, 1 << 28);
	buf_add_text(&big, "A: 1\n\n");
	memset(buf_room(&big, BIG), 'x', BIG);
	big.len += BIG;
	buf_add_text(&big, "\n\n");
	buf_add_text(&file, FROM);
	buf_add(&file, big.data, big.len);
	buf_add_text(&file, FROM "A: 2\n\n");
	stream = stream_memory(file.data, file.len);
	ck_assert_int_eq(mbox_open(&mbox, stream, &limits, &err), OK);
	if (_i == 0) {
		ck_assert_int_eq(mbox_next(mbox, &mail, &err), OK);
		expect_bytes(mail, big.data, big.len, "big");
	} else {
		ck_assert_int_eq(mbox_next(mbox, &mail, &err), LIMIT);
		ck_assert_str_eq(err.what, "mail of more than 3145728 bytes (limit mail-bytes)");
		ck_assert_ptr_null(mail);
	}
	ck_assert_int_eq(mbox_next(mbox, &mail, &err), OK);
	expect_bytes(mail, "A: 2\n\n", 6, "behind");
	ck_assert_int_eq(mbox_next(mbox, &mail, &err), SKIP);
	mbox_close(mbox);
	stream_close(stream);
	buf_free(&file);
	buf_free(&big);
}
END_TEST

static enum status
refuse(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	(void)stream;
	(void)data;
	(void)len;
	return err_set(err, LIMIT, "too much");
}

/* A stream that fails says so once and is over then. */
START_TEST(failing)
{
	static const struct stream_class class = {"failing", refuse, NULL, NULL};
	struct stream stream = {.class = &class}, *mail;
	struct mbox *mbox;
	struct err err;

	limits_init(&limits);
	ck_assert_int_eq(mbox_open(&mbox, &stream, &limits, &err), OK);
	ck_assert_int_eq(mbox_next(mbox, &mail, &err), LIMIT);
	ck_assert_str_eq(err.what, "too much");
	ck_assert_int_eq(mbox_next(mbox, &mail, &err), SKIP);
	mbox_close(mbox);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("mbox");
	TCase *tests = tcase_create("mbox");

	tcase_add_loop_test(tests, mails, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(tests, at_chunk_end, 0, 60);
	tcase_add_loop_test(tests, too_big, 0, 2);
	tcase_add_test(tests, failing);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
