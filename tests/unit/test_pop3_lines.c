/* Lines of POP3: answers, lists, and mails with dots in front, in pieces of any size. */
#include "mailbox/pop3_lines.h"
#include "unit/drain.h"

#include <string.h>

static const struct {
	const char *in;
	bool ok;
	const char *text;
} answers[] = {
    {"+OK", true, ""},
    {"+OK ready ", true, "ready"},
    {"-ERR no such message", false, "no such message"},
    {"-ERR", false, ""},
    {"* BYE", false, "* BYE"},
    {"", false, ""},
};

START_TEST(answer)
{
	struct str text;

	ck_assert_int_eq(pop3_is_ok(&text, answers[_i].in, strlen(answers[_i].in)), answers[_i].ok);
	ck_assert(str_eq(text, answers[_i].text));
}
END_TEST

static const struct {
	const char *in;
	bool good;
	uint64_t number, size;
} sizes[] = {
    {"1 120", true, 1, 120},
    {"18446744073709551615 0", true, UINT64_MAX, 0},
    {"2  200 and more", true, 2, 200},
    {"0 120", false, 0, 0},
    {"1", false, 0, 0},
    {"1 ", false, 0, 0},
    {"1 x", false, 0, 0},
    {"1 12x", false, 0, 0},
    {"-1 12", false, 0, 0},
    {"1 18446744073709551616", false, 0, 0},
    {"18446744073709551616 1", false, 0, 0},
    {"", false, 0, 0},
};

START_TEST(size)
{
	uint64_t number, bytes;

	ck_assert_int_eq(pop3_read_size(&number, &bytes, sizes[_i].in, strlen(sizes[_i].in)), sizes[_i].good);
	if (sizes[_i].good) {
		ck_assert_uint_eq(number, sizes[_i].number);
		ck_assert_uint_eq(bytes, sizes[_i].size);
	}
}
END_TEST

#define SEVENTY "1234567890123456789012345678901234567890123456789012345678901234567890"

static const struct {
	const char *in, *uid;
} uids[] = {
    {"7 whqtswO00WBw418f9t5JxYwZ", "whqtswO00WBw418f9t5JxYwZ"},
    {"7 !~", "!~"},
    {"7 " SEVENTY, SEVENTY},
    {"7 " SEVENTY "1", NULL},
    {"7", NULL},
    {"7 ", NULL},
    {"7 a b", NULL},
    {"7 \x7f", NULL},
    {"7 \xc3\xa4", NULL},
    {"0 a", NULL},
    {"a", NULL},
};

START_TEST(uid)
{
	struct str text;
	uint64_t number;

	ck_assert_int_eq(
	    pop3_read_uid(&number, &text, uids[_i].in, strlen(uids[_i].in)), uids[_i].uid != NULL);
	if (uids[_i].uid != NULL) {
		ck_assert_uint_eq(number, 7);
		ck_assert(str_eq(text, uids[_i].uid));
	}
}
END_TEST

/* rest: how much of in stands behind the mail; -1: the mail does not end. */
static const struct {
	const char *in, *out;
	int rest;
} mails[] = {
    {".\r\n", "", 0},
    {"a\r\n.\r\n", "a\r\n", 0},
    {"a\r\n.\r\n+OK next", "a\r\n", 8},
    {"..\r\n.\r\n", ".\r\n", 0},
    {"a\r\n..b\r\n...\r\n.\r\n", "a\r\n.b\r\n..\r\n", 0},
    {"a.\r\n.\r\n", "a.\r\n", 0},
    {"\r\n\r\n.\r\n", "\r\n\r\n", 0},
    /* A bare line feed or CR ends no line: the mail can't end itself. */
    {"a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", 0},
    {"a\n.\nb\r\n.\r\n", "a\n.\nb\r\n", 0},
    {"a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n", 0},
    {"a\r\r\n.\r\n", "a\r\r\n", 0},
    {".\n.\r\n.\r\n", "\n.\r\n", 0},
    {".\rb\r\n.\r\n", "\rb\r\n", 0},
    {".\r\r\n.\r\n", "\r\r\n", 0},
    {"a\r\n.b\r\n.\r\n", "a\r\nb\r\n", 0},
    {"a\r\n", "a\r\n", -1},
    {"a\r\n.", "a\r\n", -1},
    {"a\r\n.\r", "a\r\n", -1},
};

START_TEST(whole_mails)
{
	const char *in = mails[_i].in;
	size_t len = strlen(in), piece, at, taken, got, n;
	unsigned char out[256];
	struct unstuff state;

	for (piece = 1; piece <= len; piece++) {
		state.state = STUFF_LINE;
		for (at = 0, got = 0; at < len && state.state != STUFF_END; at += taken) {
			n = len - at < piece ? len - at : piece;
			taken = unstuff(&state, out + got, &n, (const unsigned char *)in + at, n);
			got += n;
		}
		ck_assert_uint_eq(got, strlen(mails[_i].out));
		ck_assert_mem_eq(out, mails[_i].out, got);
		ck_assert_int_eq(state.state == STUFF_END, mails[_i].rest >= 0);
		if (mails[_i].rest >= 0)
			ck_assert_uint_eq(len - at, (size_t)mails[_i].rest);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pop3 lines");
	TCase *tests = tcase_create("lines");

	tcase_add_loop_test(tests, answer, 0, sizeof answers / sizeof answers[0]);
	tcase_add_loop_test(tests, size, 0, sizeof sizes / sizeof sizes[0]);
	tcase_add_loop_test(tests, uid, 0, sizeof uids / sizeof uids[0]);
	tcase_add_loop_test(tests, whole_mails, 0, sizeof mails / sizeof mails[0]);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
