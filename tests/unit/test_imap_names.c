/* Names of folders in modified UTF-7 (RFC 3501 section 5.1.3), to and fro. */
#include "mailbox/imap.h"
#include "unit/drain.h"

#include <string.h>

static const struct {
	const char *utf8, *utf7;
} names[] = {
    {"INBOX", "INBOX"},
    {"R&D", "R&-D"},
    {"\xc3\x9c"
     "ber",
	"&ANw-ber"},
    {"~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
	"~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
    {"\xf0\x9f\x93\xac mail", "&2D3c7A- mail"},
    {"a\xc3\xa4", "a&AOQ-"},
};

START_TEST(goes_to_and_fro)
{
	char name[IMAP_FOLDER];

	ck_assert(imap_encode_name(name, names[_i].utf8));
	ck_assert_str_eq(name, names[_i].utf7);
	imap_decode_name(name, names[_i].utf7);
	ck_assert_str_eq(name, names[_i].utf8);
}
END_TEST

/* What is no modified UTF-7 stays as it is. */
static const char *const others[] = {
    "\xc3\x9c mail", "AT&T", "&", "&ANw", "&ANw ber", "&2D0-", "&3Ow-", "&2D0A3A-", "&A-", "&AAA-", ""};

START_TEST(leaves_others)
{
	char name[IMAP_FOLDER];

	imap_decode_name(name, others[_i]);
	ck_assert_str_eq(name, others[_i]);
}
END_TEST

START_TEST(has_its_bounds)
{
	char name[IMAP_FOLDER], sent[4 * IMAP_FOLDER];
	size_t i;

	memset(sent, 'a', sizeof sent - 1);
	sent[sizeof sent - 1] = '\0';
	imap_decode_name(name, sent);
	ck_assert_uint_eq(strlen(name), IMAP_FOLDER - 1);
	ck_assert(!imap_encode_name(name, sent));
	for (i = 0; i + 8 < sizeof sent; i += 5)
		memcpy(sent + i, "&AOQ-", 5);
	imap_decode_name(name, sent);
	ck_assert_uint_lt(strlen(name), IMAP_FOLDER);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

int
main(void)
{
	Suite *suite = suite_create("imap names");
	TCase *tests = tcase_create("utf-7");

	tcase_add_loop_test(tests, goes_to_and_fro, 0, COUNT(names));
	tcase_add_loop_test(tests, leaves_others, 0, COUNT(others));
	tcase_add_test(tests, has_its_bounds);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
