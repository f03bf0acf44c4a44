/*
 * main: the table of commands, and what is the same for all of them: the command line, the database, the last
 * word and the exit code. A new command is one file with one const struct command, and one line here.
 */
#include "base/mem.h"
#include "cli/options.h"
#include "cli/settings.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct command *const commands[] = {
    &cmd_import,
    &cmd_watch,
    &cmd_rejects,
    &cmd_status,
    &cmd_top_failures,
    &cmd_sources,
    &cmd_kpi,
    &cmd_trend,
    &cmd_policy,
    &cmd_why,
    &cmd_advise,
    &cmd_reporters,
    &cmd_mark,
    &cmd_tls,
    &cmd_reports,
    &cmd_failures,
    &cmd_show,
    &cmd_export,
    &cmd_doctor,
    &cmd_config_check,
    &cmd_config_show,
    &cmd_db_init,
    &cmd_db_check,
    &cmd_db_rebuild,
    &cmd_db_info,
    &cmd_db_backup,
    &cmd_db_prune,
    &cmd_db_vacuum,
    &cmd_help,
    &cmd_complete,
    NULL,
};

static enum status
open_needs(struct context *context, struct err *err)
{
	const struct command *command = context->command;

	if (command->needs == NEEDS_READ)
		return store_open(&context->store, context->db_path, STORE_READ, &context->limits, err);
	if (command->needs == NEEDS_WRITE)
		return store_open(&context->store, context->db_path, STORE_WRITE, &context->limits, err);
	return OK;
}

/* Whether it may be another process that makes it end so, by writing to the database under the answer: what
 * was not found may be there then, and what was damaged is whole. */
static bool
may_be_changed(enum status status, const struct err *err)
{
	return status < TEMP || err->exit_code == EXIT_CODE_DATA || err->exit_code == EXIT_CODE_CONFIG;
}

static enum status
run_with_database(struct context *context, struct err *err)
{
	enum status status = OK;

	if (context->command->needs >= NEEDS_PATH)
		status = settings_read(context, err);
	if (status == OK)
		status = open_needs(context, err);
	if (status == OK)
		status = context->command->run(context, err);
	if (context->store != NULL && may_be_changed(status, err) &&
	    db_unchanged(store_db(context->store), err) != OK)
		status = err->status;
	store_close(context->store);
	settings_free(context);
	return status;
}

/* The place of a usage error begins with the command. */
static enum status
run_command(struct context *context, struct err *err)
{
	enum status status = run_with_database(context, err);

	if (status != OK && err->exit_code == EXIT_CODE_USAGE)
		(void)err_at(err, "%s", context->command->name);
	return status;
}

/* A reader that went away (dmarcq export | head) is no failure: end as every program does then. */
static void
end_if_unread(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	if (poll(&out, 1, 0) != 1 || (out.revents & POLLERR) == 0)
		return;
	(void)signal(SIGPIPE, SIG_DFL);
	(void)raise(SIGPIPE);
}

static enum status
finish_output(enum status status, struct err *err)
{
	bool failed;

	errno = 0;
	failed = fflush(stdout) != 0 || ferror(stdout) != 0;
	if (failed || (status != OK && err->exit_code == EXIT_CODE_IO))
		end_if_unread();
	if (!failed || status != OK)
		return status;
	(void)err_stop(err, EXIT_CODE_IO, "cannot write: %s", errno != 0 ? strerror(errno) : "output error");
	return err_at(err, "standard output");
}

static int
run_line(const char *const *words, size_t count)
{
	struct context context = {.exit_code = EXIT_CODE_OK};
	const struct command *command = NULL;
	struct err err;
	enum status status;
	bool help = false;
	size_t used = 0;

	status = command_find(&command, &used, commands, words, count, &err);
	if (status == OK)
		status = options_parse(&context, &help, command, words + used, count - used, &err);
	if (status == OK && help)
		help_command(stdout, command);
	context.out = stdout;
	if (status == OK && !help)
		status = run_command(&context, &err);
	status = finish_output(status, &err);
	if (status != OK)
		message_print(stderr, &err);
	context_free(&context);
	return (int)(status == OK ? context.exit_code : err.exit_code);
}

static bool
is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* `dmarcq db --help` is `dmarcq help db`. */
static bool
is_help_of_group(const char *const *words, size_t count)
{
	char list[GROUP_TEXT];

	return count == 2 && is_help(words[1]) &&
	       command_group(list, commands, words[0], strlen(words[0]))[0] != '\0';
}

/* A standard stream that is closed must not become the next file that is opened: its use fails instead. */
static void
hold_streams(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int
main(int argc, char **argv)
{
	static const char *const help[] = {"help", "version"};
	const char **words = mem_zero((size_t)argc, sizeof *words);
	size_t count = argc < 1 ? 0 : (size_t)argc - 1, i;
	int code;

	hold_streams();
	/* Widths of characters and names in archives: the same everywhere, whatever the terminal says. */
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		(void)setlocale(LC_CTYPE, "");
	(void)signal(SIGPIPE, SIG_IGN);
	/* A file-size limit is a full disk like any other: an error that says so. */
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)umask(077);
	for (i = 0; i < count; i++)
		words[i] = argv[i + 1];
	if (count == 1 && strcmp(words[0], "--version") == 0)
		code = run_line(help, 2);
	else if (count == 1 && is_help(words[0]))
		code = run_line(help, 1);
	else if (is_help_of_group(words, count))
		code = run_line((const char *const[]){help[0], words[0]}, 2);
	else
		code = run_line(words, count);
	free(words);
	return code;
}
