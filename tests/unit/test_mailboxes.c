/* [mailbox NAME]: the account that a section makes, and every mistake that only its settings together make.
 */
#include "cli/mailboxes.h"
#include "unit/drain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/dmarcq-mailboxes-XXXXXX";

static void
setup(void)
{
	int fd;

	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	(void)close(fd);
	ck_assert_int_eq(setenv("HOME", "/away", 1), 0);
}

static void
teardown(void)
{
	(void)unlink(path);
}

static void
load(struct config *config, const char *text)
{
	FILE *file = fopen(path, "w");
	struct err err;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	config_init(config, config_sections);
	ck_assert_int_eq(config_read(config, path, &err), OK);
	mailboxes_check(config);
}

static void
expect_mistakes(const struct config *config, const char *expected)
{
	static char text[8192];
	size_t used = 0, i;

	text[0] = '\0';
	for (i = 0; i < config->mistake_count; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%zu: %s\n",
		    config->mistakes[i].line, config->mistakes[i].text);
	ck_assert_str_eq(text, expected);
}

#define BOX "[mailbox m]\nurl = imaps://d@mail.example.com\n"

static const struct {
	const char *text, *mistakes;
} files[] = {
    {BOX, ""},
    {"[mailbox m]\nurl = pop3s://mail.example.com\nuser = d\nafter = delete\ntimeout = 5\n", ""},
    {BOX "password-file = ~/p\nafter = archive:Done\ninvalid-folder = Bad\nsearch = SINCE 1-Jan-2026\n", ""},
    {"[mailbox]\nurl = x\n", "1: [mailbox]: a name is missing: [mailbox NAME]\n"},
    {"[mailbox a/b]\nurl = imaps://d@h.example\n[mailbox -x]\nurl = imaps://d@h.example\n",
	"1: [mailbox a/b] a name has no / and does not begin with -\n"
	"3: [mailbox -x] a name has no / and does not begin with -\n"},
    {"[kpi]\n[mailbox m]\n", "2: [mailbox m] url: missing: where is this mailbox?\n"},
    {"[mailbox m]\nurl =\n", "2: [mailbox m] url: nothing stands behind the =\n"},
    {"[mailbox m]\nurl = http://d@mail.example.com\n",
	"2: [mailbox m] url: not the URL of a mailbox: it begins with imaps, imap, pop3s or pop3 and ://\n"},
    {"[mailbox m]\nurl = imaps://d:hunter2@mail.example.com\n",
	"2: [mailbox m] url: no password in a URL: others can see it; put it into a file "
	"(--password-file)\n"},
    {"[mailbox m]\nurl = imaps://mail.example.com\n",
	"1: [mailbox m] user: missing, and the url names none\n"},
    {BOX "user = e\n", "3: [mailbox m] user: the url names one already\n"},
    {BOX "user = a\rLOGOUT\n", "3: [mailbox m] user: a control character stands in it\n"},
    {BOX "password-file = /p\npassword-command = c\n",
	"4: [mailbox m] password-command: two ways to log in, the other one is password-file\n"},
    {BOX "oauth2-token-command = c\npassword-file = /p\ncredential = c\n",
	"4: [mailbox m] password-file: two ways to log in, the other one is oauth2-token-command\n"
	"5: [mailbox m] credential: two ways to log in, the other one is password-file\n"},
    {BOX "password-file = p\n",
	"3: [mailbox m] password-file: neither an absolute path nor one that begins with ~/: \"p\"\n"},
    {BOX "credential = ../x\n", "3: [mailbox m] credential: not the name of a credential: ../x\n"},
    {BOX "after = move\n", "3: [mailbox m] after: none of archive:FOLDER, seen, delete, leave: move\n"},
    {BOX "after = archive:\n",
	"3: [mailbox m] after: none of archive:FOLDER, seen, delete, leave: archive:\n"},
    {BOX "after = archive:inbox\ninvalid-folder = INBOX\n",
	"3: [mailbox m] after: the archive is the folder itself: inbox\n"
	"4: [mailbox m] invalid-folder: the same as the folder: INBOX\n"},
    {BOX "folder = R\nafter = archive:R\n", "4: [mailbox m] after: the archive is the folder itself: R\n"},
    {"[mailbox m]\nurl = imaps://d@h.example/INBOX\nfolder = R\n",
	"3: [mailbox m] folder: the url names one already\n"},
    {BOX "search = SUBJECT {5}\n", "3: [mailbox m] search: only ASCII without {: SUBJECT {5}\n"},
    {BOX "batch = 0\ntimeout = x\nmax-message = 1\n",
	"3: [mailbox m] batch: not a whole number of mails from 1 to 500: \"0\"\n"
	"4: [mailbox m] timeout: not a whole number of seconds from 1 to 3600: \"x\"\n"
	"5: [mailbox m] max-message: not a whole number of bytes from 1024 to 1099511627776: \"1\"\n"},
    {"[mailbox m]\nurl = pop3s://d@h.example\nafter = archive:Done\nfolder = R\nsearch = ALL\n"
     "invalid-folder = B\n",
	"3: [mailbox m] after: POP3 can only delete or leave: archive:Done\n"
	"4: [mailbox m] folder: POP3 knows no such thing, only IMAP does\n"
	"5: [mailbox m] search: POP3 knows no such thing, only IMAP does\n"
	"6: [mailbox m] invalid-folder: POP3 knows no such thing, only IMAP does\n"},
    /* All of a file, in the order of its lines, whoever noticed them. */
    {"[mailbox a]\nafter = x\npasword-file = /p\n[kpi]\nforwarded = x\n[mailbox b]\nurl = "
     "imaps://h.example\n",
	"1: [mailbox a] url: missing: where is this mailbox?\n"
	"2: [mailbox a] after: none of archive:FOLDER, seen, delete, leave: x\n"
	"3: [mailbox a] pasword-file: no such setting; did you mean password-file?\n"
	"5: [kpi] forwarded: not a percentage from 0 to 100, nor none: \"x\"\n"
	"6: [mailbox b] user: missing, and the url names none\n"},
};

START_TEST(mistakes)
{
	struct config config;

	load(&config, files[_i].text);
	expect_mistakes(&config, files[_i].mistakes);
	config_free(&config);
}
END_TEST

static const char all[] =
    "[mailbox first]\nurl = imap://mail.example.com:1143?insecure=1\nuser = d@example.com\n"
    "password-command = pass show d\nca-file = ~/ca.pem\nfolder = Reports/DMARC 2026\n"
    "after = archive:Done/2026\ninvalid-folder = Bad\nsearch = UNSEEN\nbatch = 7\n"
    "timeout = 8\nmax-message = 2048\n"
    "[kpi]\n[mailbox second one]\nurl = pop3s://e@h.example\noauth2-token-command = t\n";

START_TEST(accounts)
{
	struct account account;
	struct config config;
	struct arena arena;

	arena_init(&arena);
	load(&config, all);
	expect_mistakes(&config, "");
	ck_assert_str_eq(config_name(&config, "mailbox", 0), "first");
	ck_assert_str_eq(config_name(&config, "mailbox", 1), "second one");
	ck_assert_ptr_null(config_name(&config, "mailbox", 2));
	ck_assert_ptr_null(config_name(&config, "kpi", 0));
	ck_assert(mailbox_find(&account, &arena, &config, "first"));
	ck_assert_str_eq(account.name, "first");
	ck_assert_str_eq(account.url, "imap://d@example.com@mail.example.com:1143/Reports/DMARC%202026");
	ck_assert_str_eq(account.user, "d@example.com");
	ck_assert_int_eq(account.security, ACCOUNT_CLEAR);
	ck_assert_str_eq(account.folder, "Reports/DMARC 2026");
	ck_assert_str_eq(account.password_command, "pass show d");
	ck_assert_ptr_null(account.password_file);
	ck_assert_str_eq(account.ca_file, "/away/ca.pem");
	ck_assert_int_eq(account.after, AFTER_ARCHIVE);
	ck_assert_str_eq(account.archive, "Done/2026");
	ck_assert_str_eq(account.invalid_folder, "Bad");
	ck_assert_str_eq(account.search, "UNSEEN");
	ck_assert_uint_eq(account.batch, 7);
	ck_assert_uint_eq(account.timeout, 8);
	ck_assert_uint_eq(account.max_message, 2048);
	ck_assert(mailbox_find(&account, &arena, &config, "second one"));
	ck_assert_int_eq(account.protocol, ACCOUNT_POP3);
	ck_assert_str_eq(account.token_command, "t");
	ck_assert_int_eq(account.after, AFTER_LEAVE);
	ck_assert_uint_eq(account.batch, ACCOUNT_BATCH);
	ck_assert_uint_eq(account.timeout, ACCOUNT_TIMEOUT);
	ck_assert_uint_eq(account.max_message, ACCOUNT_MAX_MESSAGE);
	ck_assert(!mailbox_find(&account, &arena, &config, "third"));
	arena_free(&arena);
	config_free(&config);
}
END_TEST

static const struct {
	const char *text, *what, *where;
} urls[] = {
    {"imaps://mail.example.com/INBOX", "it names no user: SCHEME://USER@HOST/FOLDER",
	"imaps://mail.example.com/INBOX"},
    {"imaps://d:hunter2@mail.example.com/",
	"no password in a URL: others can see it; put it into a file (--password-file)",
	"imaps://...@mail.example.com/"},
    {"imaps://d:hun@ter2@mail.example.com:70000/?x@y",
	"behind the : stands no port from 1 to 65535 (and a password can't stand in a URL)",
	"imaps://...@mail.example.com:70000/?x@y"},
    {"imaps://d:hun/ter2@mail.example.com/",
	"behind the : stands no port from 1 to 65535 (and a password can't stand in a URL)",
	"imaps://...@mail.example.com/"},
    {"imaps://d:12#hunter2@mail.example.com/", "neither # nor ; can stand in the URL of a mailbox",
	"imaps://...@mail.example.com/"},
};

/* A password that somebody wrote into a URL is in no message. */
START_TEST(bad_urls)
{
	struct context context = {.given_count = 0};
	struct account account;
	struct arena arena;
	struct err err;

	arena_init(&arena);
	ck_assert_int_eq(mailbox_of_url(&account, &arena, &context, urls[_i].text, &err), FATAL);
	ck_assert_int_eq((int)err.exit_code, EXIT_CODE_USAGE);
	ck_assert_str_eq(err.what, urls[_i].what);
	ck_assert_str_eq(err.where, urls[_i].where);
	arena_free(&arena);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("mailboxes");
	TCase *tests = tcase_create("mailboxes");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, mistakes, 0, sizeof files / sizeof files[0]);
	tcase_add_test(tests, accounts);
	tcase_add_loop_test(tests, bad_urls, 0, sizeof urls / sizeof urls[0]);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
