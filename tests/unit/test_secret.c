/* Secrets: where each comes from, what is refused, and that a command can't hold the program up. */
#include "mailbox/command.h"
#include "mailbox/secret.h"
#include "unit/drain.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/dmarcq-secret-XXXXXX";
static char file[sizeof folder + 32];

static void
setup(void)
{
	memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(file, sizeof file, "%s/dmarcq-password", folder);
	ck_assert_int_eq(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	ck_assert_int_eq(unsetenv("DMARCQ_PASSWORD"), 0);
}

static void
teardown(void)
{
	(void)unlink(file);
	(void)rmdir(folder);
}

static void
make_file(const void *bytes, size_t len, mode_t mode)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	(void)close(fd);
}

static void
gives(const struct account *account, const char *text, bool is_token)
{
	struct secret secret;
	struct err err = {.what = ""};

	ck_assert_msg(secret_get(&secret, account, &err) == OK, "%s: %s", err.where, err.what);
	ck_assert_str_eq(secret.text, text);
	ck_assert_int_eq(secret.is_token, is_token);
	secret_free(&secret);
	ck_assert_ptr_null(secret.text);
}

static void
fails(const struct account *account, enum exit_code exit_code, const char *where, const char *what)
{
	struct secret secret;
	struct err err;

	ck_assert_int_eq(secret_get(&secret, account, &err), exit_code == EXIT_CODE_TEMPORARY ? TEMP : FATAL);
	ck_assert_int_eq((int)err.exit_code, (int)exit_code);
	ck_assert_str_eq(err.where, where);
	ck_assert_str_eq(err.what, what);
	ck_assert_ptr_null(secret.text);
	secret_free(&secret);
}

static const struct {
	const char *bytes;
	size_t len;
	const char *text, *what;
} lines[] = {
    {"secret", 6, "secret", NULL},
    {"secret\n", 7, "secret", NULL},
    {"secret\r\nand a note\n", 19, "secret", NULL},
    {" two words \n", 12, " two words ", NULL},
    {"p\xc3\xa4ss#;\"'\n", 11, "p\xc3\xa4ss#;\"'", NULL},
    {"", 0, NULL, "the first line is empty"},
    {"\nsecret\n", 8, NULL, "the first line is empty"},
    {"se\0cret\n", 8, NULL, "a NUL byte stands in the first line"},
};

START_TEST(first_lines)
{
	struct account account = {.password_file = file};

	make_file(lines[_i].bytes, lines[_i].len, 0600);
	if (lines[_i].text != NULL)
		gives(&account, lines[_i].text, false);
	else
		fails(&account, EXIT_CODE_CONFIG, file, lines[_i].what);
}
END_TEST

START_TEST(long_lines)
{
	static char text[SECRET_BYTES + 2];
	struct account account = {.password_file = file};

	memset(text, 'x', sizeof text);
	make_file(text, SECRET_BYTES + 2, 0600);
	fails(&account, EXIT_CODE_CONFIG, file, "the first line is longer than 16384 bytes");
	make_file(text, SECRET_BYTES, 0600);
	text[SECRET_BYTES] = '\0';
	gives(&account, text, false);
}
END_TEST

START_TEST(modes)
{
	struct account account = {.password_file = file};

	make_file("x\n", 2, 0640);
	gives(&account, "x", false);
	make_file("x\n", 2, 0644);
	fails(&account, EXIT_CODE_PERMISSION, file,
	    "mode 0644: everybody may read it; chmod o-rwx, then change the password");
	make_file("x\n", 2, 0602);
	fails(&account, EXIT_CODE_PERMISSION, file,
	    "mode 0602: everybody may write it; chmod o-rwx, then change the password");
	(void)unlink(file);
	fails(&account, EXIT_CODE_CONFIG, file, "No such file or directory");
	account.password_file = folder;
	fails(&account, EXIT_CODE_CONFIG, folder, "Is a directory");
}
END_TEST

static const struct {
	const char *command, *text;
	enum exit_code exit_code;
	const char *what;
} commands[] = {
    {"echo secret", "secret", 0, NULL},
    {"printf 'a b\\nc'", "a b", 0, NULL},
    {"cat; echo empty", "empty", 0, NULL},
    {"kill -0 $$ && echo $0", "sh", 0, NULL},
    {"echo first; head -c 1000000 /dev/zero", "first", 0, NULL},
    {"true", NULL, EXIT_CODE_CONFIG, "the first line is empty"},
    {"echo secret; exit 3", NULL, EXIT_CODE_CONFIG, "the command ended with 3"},
    {"exit 75", NULL, EXIT_CODE_TEMPORARY, "the command ended with 75"},
    {"kill -TERM $$", NULL, EXIT_CODE_CONFIG, "the command was ended by signal 15"},
    {"/nowhere/there/is/none 2>/dev/null", NULL, EXIT_CODE_CONFIG, "the command ended with 127"},
};

START_TEST(command_lines)
{
	struct account password = {.password_command = commands[_i].command};
	struct account token = {.token_command = commands[_i].command};

	if (commands[_i].text != NULL) {
		gives(&password, commands[_i].text, false);
		gives(&token, commands[_i].text, true);
		return;
	}
	fails(&password, commands[_i].exit_code, "password-command", commands[_i].what);
	fails(&token, commands[_i].exit_code, "oauth2-token-command", commands[_i].what);
}
END_TEST

/* It gets no open file of the program, and is stopped by its default signals. */
START_TEST(command_is_alone)
{
	char to[64], command[64];
	struct err err;
	size_t len;
	int fd = dup(STDOUT_FILENO);

	ck_assert_int_gt(fd, STDERR_FILENO);
	(void)snprintf(command, sizeof command, "test -e /proc/self/fd/%d && echo open || echo closed", fd);
	ck_assert_int_eq(command_output(to, sizeof to, &len, command, 60, &err), OK);
	(void)close(fd);
	ck_assert_uint_eq(len, 7);
	ck_assert_mem_eq(to, "closed\n", 7);
	(void)signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(command_output(to, sizeof to, &len, "kill -PIPE $$; echo alive", 60, &err), FATAL);
	ck_assert_str_eq(err.what, "the command was ended by signal 13");
}
END_TEST

/* The time is over at once: no test waits for it. What the command began is ended too. */
START_TEST(command_is_late)
{
	char to[64];
	struct err err;
	size_t len;

	ck_assert_int_eq(command_output(to, sizeof to, &len, "sleep 1000 & sleep 1000", 0, &err), TEMP);
	ck_assert_str_eq(err.what, "the command took longer than 0 seconds");
	ck_assert_int_eq((int)err.exit_code, EXIT_CODE_TEMPORARY);
}
END_TEST

START_TEST(credentials)
{
	struct account account = {.credential = "dmarcq-password"}, nothing = {.name = NULL};

	fails(&account, EXIT_CODE_CONFIG, "",
	    "credential dmarcq-password: only systemd hands it out, to a unit with "
	    "LoadCredential=dmarcq-password:FILE");
	ck_assert_int_eq(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	fails(&account, EXIT_CODE_CONFIG, file, "No such file or directory");
	make_file("credential\n", 11, 0400);
	gives(&account, "credential", false);
	/* Without anything that the account names, it is found by this name, before the environment. */
	ck_assert_int_eq(setenv("DMARCQ_PASSWORD", "environment", 1), 0);
	gives(&nothing, "credential", false);
	account.credential = NULL;
	account.password_command = "echo command";
	gives(&account, "command", false);
}
END_TEST

START_TEST(environment)
{
	struct account account = {.name = NULL};

	fails(&account, EXIT_CODE_CONFIG, "",
	    "no password: neither password-file, password-command, credential nor oauth2-token-command is "
	    "set, and $DMARCQ_PASSWORD is empty");
	ck_assert_int_eq(setenv("DMARCQ_PASSWORD", "environment", 1), 0);
	gives(&account, "environment", false);
	ck_assert_int_eq(setenv("DMARCQ_PASSWORD", "\nx", 1), 0);
	fails(&account, EXIT_CODE_CONFIG, "$DMARCQ_PASSWORD", "the first line is empty");
	/* What the account names is not passed over when it fails. */
	account.password_file = file;
	fails(&account, EXIT_CODE_CONFIG, file, "No such file or directory");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("secret");
	TCase *tests = tcase_create("secret");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, first_lines, 0, sizeof lines / sizeof lines[0]);
	tcase_add_test(tests, long_lines);
	tcase_add_test(tests, modes);
	tcase_add_loop_test(tests, command_lines, 0, sizeof commands / sizeof commands[0]);
	tcase_add_test(tests, command_is_alone);
	tcase_add_test(tests, command_is_late);
	tcase_add_test(tests, credentials);
	tcase_add_test(tests, environment);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
