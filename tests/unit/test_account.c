/* Accounts: what a URL of a mailbox says, how it is written again, and what is refused in it. */
#include "mailbox/account.h"
#include "unit/drain.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *text, *url, *user, *host, *folder;
	enum account_protocol protocol;
	enum account_security security;
	uint16_t port;
} good[] = {
    {"imaps://dmarc@mail.example.com/INBOX", "imaps://dmarc@mail.example.com/INBOX", "dmarc",
	"mail.example.com", "INBOX", ACCOUNT_IMAP, ACCOUNT_TLS, 993},
    {"imaps://mail.example.com", "imaps://mail.example.com/INBOX", NULL, "mail.example.com", "INBOX",
	ACCOUNT_IMAP, ACCOUNT_TLS, 993},
    {"IMAP://dmarc@mail.example.com:1143/", "imap://dmarc@mail.example.com:1143/INBOX", "dmarc",
	"mail.example.com", "INBOX", ACCOUNT_IMAP, ACCOUNT_STARTTLS, 1143},
    {"imap://dmarc@192.0.2.1/Reports/DMARC%202026?insecure=1", "imap://dmarc@192.0.2.1/Reports/DMARC%202026",
	"dmarc", "192.0.2.1", "Reports/DMARC 2026", ACCOUNT_IMAP, ACCOUNT_CLEAR, 143},
    {"imaps://dmarc@example.com@mail.example.com/INBOX", "imaps://dmarc@example.com@mail.example.com/INBOX",
	"dmarc@example.com", "mail.example.com", "INBOX", ACCOUNT_IMAP, ACCOUNT_TLS, 993},
    {"imaps://dmarc%40example.com@mail.example.com/INBOX", "imaps://dmarc@example.com@mail.example.com/INBOX",
	"dmarc@example.com", "mail.example.com", "INBOX", ACCOUNT_IMAP, ACCOUNT_TLS, 993},
    {"pop3s://dmarc@mail.example.com", "pop3s://dmarc@mail.example.com", "dmarc", "mail.example.com", NULL,
	ACCOUNT_POP3, ACCOUNT_TLS, 995},
    {"pop3://dmarc@mail.example.com:110/", "pop3://dmarc@mail.example.com", "dmarc", "mail.example.com", NULL,
	ACCOUNT_POP3, ACCOUNT_STARTTLS, 110},
    {"imaps://d@[2001:db8::1]:994/%C3%9Cber", "imaps://d@[2001:db8::1]:994/%C3%9Cber", "d", "[2001:db8::1]",
	"\xc3\x9c"
	"ber",
	ACCOUNT_IMAP, ACCOUNT_TLS, 994},
};

static void
same(const char *got, const char *expected)
{
	if (expected == NULL)
		ck_assert_ptr_null(got);
	else
		ck_assert_pstr_eq(got, expected);
}

START_TEST(reads)
{
	struct account account;
	struct arena arena;
	struct err err = {.what = ""};

	arena_init(&arena);
	ck_assert(account_is_url(good[_i].text));
	ck_assert_msg(
	    account_from_url(&account, &arena, good[_i].text, &err) == OK, "%s: %s", good[_i].text, err.what);
	same(account.url, good[_i].url);
	same(account.user, good[_i].user);
	same(account.host, good[_i].host);
	same(account.folder, good[_i].folder);
	ck_assert_int_eq(account.protocol, good[_i].protocol);
	ck_assert_int_eq(account.security, good[_i].security);
	ck_assert_uint_eq(account.port, good[_i].port);
	ck_assert_int_eq(account.after, AFTER_LEAVE);
	ck_assert_uint_eq(account.timeout, ACCOUNT_TIMEOUT);
	arena_free(&arena);
}
END_TEST

static const struct {
	const char *text, *what;
} bad[] = {
    {"/var/mail/dmarc", "not the URL of a mailbox: it begins with imaps, imap, pop3s or pop3 and ://"},
    {"imapx://mail.example.com",
	"not the URL of a mailbox: it begins with imaps, imap, pop3s or pop3 and ://"},
    {"imaps://dmarc:secret@mail.example.com/INBOX",
	"no password in a URL: others can see it; put it into a file (--password-file)"},
    {"imaps://dmarc@mail.example.com/INBOX#x", "neither # nor ; can stand in the URL of a mailbox"},
    {"imaps://dmarc@mail.example.com/INBOX?insecure=1",
	"insecure=1 contradicts the scheme, whose connections are always encrypted"},
    {"imap://dmarc@mail.example.com/INBOX?insecure=yes", "behind ? only insecure=1 can stand"},
    {"imaps://dmarc@mail.example.com:0/INBOX", "the port must be a number from 1 to 65535"},
    {"imaps://dmarc@mail.example.com:70000/INBOX",
	"behind the : stands no port from 1 to 65535 (and a password can't stand in a URL)"},
    {"pop3s://dmarc@mail.example.com/INBOX", "POP3 knows no folders"},
    {"imaps://", "not a URL: SCHEME://USER@HOST/FOLDER"},
    {"imaps://dmarc@mail.example.com/a%0d%0ab", "there are control characters in it"},
};

START_TEST(refuses)
{
	struct account account;
	struct arena arena;
	struct err err = {.what = ""};

	arena_init(&arena);
	ck_assert_int_eq(account_from_url(&account, &arena, bad[_i].text, &err), FATAL);
	ck_assert_int_eq(err.exit_code, EXIT_CODE_USAGE);
	ck_assert_str_eq(err.what, bad[_i].what);
	arena_free(&arena);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("account");
	TCase *tests = tcase_create("account");

	tcase_add_loop_test(tests, reads, 0, sizeof good / sizeof good[0]);
	tcase_add_loop_test(tests, refuses, 0, sizeof bad / sizeof bad[0]);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
