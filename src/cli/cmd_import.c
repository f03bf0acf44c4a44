/* cmd_import: reads reports from wherever they lie into the database. */
#include "base/words.h"
#include "cli/mailboxes.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "cli/stop.h"
#include "cli/summary.h"
#include "ingest/ingest.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MESSAGES_MAX = 20, JOBS_MAX = 64 };

struct import {
	struct context *context;
	struct sources sources;
	struct ingest *ingest;
	struct progress progress;
	struct summary summary;
	uint64_t messages; /* told or, beyond MESSAGES_MAX, only counted */
	bool hindered;     /* something stood in the way that has nothing to do with what was read */
};

static void
on_progress(void *data, const struct counts *counts, uint64_t done, uint64_t total)
{
	progress_show(&((struct import *)data)->progress, counts, done, total);
}

/* A word that is no file: mostly another command was meant, or a mailbox of the configuration. */
static void
suggest(const struct import *import, struct err *err)
{
	const char *word = err->where, *command = command_nearest(commands, word), *best = command, *name;
	struct err said = *err;
	size_t i;

	if (strcmp(err->what, strerror(ENOENT)) != 0 || strchr(word, '/') != NULL)
		return;
	for (i = 0; (name = config_name(import->context->config, "mailbox", i)) != NULL; i++)
		word_nearest(&best, word, name);
	if (best == NULL && strchr(word, '.') == NULL)
		(void)snprintf(err->what, sizeof err->what,
		    "%.300s, and no mailbox of that name in the configuration", said.what);
	else if (best != NULL)
		(void)snprintf(err->what, sizeof err->what, "%.300s; did you mean %s%.100s%s?", said.what,
		    best == command ? "`dmarcq " : "the mailbox ", best, best == command ? "`" : "");
}

static void
on_message(void *data, const struct err *err)
{
	struct import *import = data;
	struct err named = *err;

	sources_name(&import->sources, NULL, &named);
	suggest(import, &named);
	import->hindered = import->hindered || err->status >= TEMP;
	if (import->messages++ >= MESSAGES_MAX && !import->context->verbose)
		return;
	progress_clear(&import->progress);
	context_message(import->context, &named);
}

static void
tell_hidden_messages(const struct import *import)
{
	struct err err;
	char number[NUMBER_TEXT];

	if (import->messages <= MESSAGES_MAX || import->context->verbose)
		return;
	/* The next run tells all but rejects again: their files are known then. */
	(void)err_set(&err, BAD, "... and %s more: %s", number_text(number, import->messages - MESSAGES_MAX),
	    import->summary.counts.rejected > 0 ? "dmarcq rejects" : "-v tells all");
	context_message(import->context, &err);
}

static enum status
check_target(const char *folder, struct err *err)
{
	struct stat st;

	if (folder == NULL)
		return OK;
	if (stat(folder, &st) != 0)
		(void)err_stop(err, EXIT_CODE_USAGE, "%s: %s", folder, strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		(void)err_stop(err, EXIT_CODE_USAGE, "%s: not a folder", folder);
	else if (access(folder, W_OK | X_OK) != 0)
		(void)err_stop(err, EXIT_CODE_PERMISSION, "%s: %s", folder, strerror(errno));
	else
		return OK;
	return err_at(err, "--move-to");
}

static enum status
fill_options(struct ingest_options *options, const struct context *context, struct err *err)
{
	bool erase = context_has(context, "delete");

	options->jobs = (unsigned)context_number(context, "jobs", 0);
	options->keep_originals = !context_has(context, "no-originals");
	options->move_to = context_option(context, "move-to");
	options->settle = options->move_to != NULL ? SETTLE_MOVE : erase ? SETTLE_DELETE : SETTLE_LEAVE;
	options->limits = &context->limits;
	if (options->move_to != NULL && erase)
		return err_stop(err, EXIT_CODE_USAGE, "--delete and --move-to exclude each other");
	return check_target(options->move_to, err);
}

/* Mails of a mailbox are none of the files that these move or delete. */
static enum status
check_settling(const struct ingest_options *options, const struct sources *sources, struct err *err)
{
	size_t i;

	for (i = 0; i < sources->count && options->settle != SETTLE_LEAVE; i++) {
		if (sources->accounts[i] == NULL)
			continue;
		(void)err_stop(err, EXIT_CODE_USAGE,
		    "it is for files: what happens to the mails of a mailbox says `after` in its [mailbox "
		    "NAME]");
		return err_at(err, options->settle == SETTLE_MOVE ? "--move-to" : "--delete");
	}
	return OK;
}

/* A mail server delivers one message to standard input: it must not bounce a report that can't be read. */
static bool
is_delivery(const struct context *context)
{
	return context->arg_count == 1 && strcmp(context->args[0], "-") == 0;
}

static enum exit_code
import_exit_code(const struct import *import)
{
	const struct counts *counts = &import->summary.counts;

	if (is_delivery(import->context))
		return import->hindered ? EXIT_CODE_TEMPORARY : EXIT_CODE_OK;
	if (counts->failed_sources > 0)
		return ingest_failure(import->ingest);
	if (counts->rejected == 0)
		return EXIT_CODE_OK;
	if (counts->reports + counts->duplicates + counts->conflicts + counts->tls_reports + counts->skipped +
		counts->unchanged + counts->failures + counts->feedback ==
	    0)
		return EXIT_CODE_DATA;
	return EXIT_CODE_FOUND;
}

/* A person before a terminal: mostly a pipe was forgotten. */
static void
tell_waiting(const struct import *import)
{
	struct err note;
	size_t i;

	for (i = 0; i < import->sources.count; i++) {
		if (strcmp(import->sources.texts[i], "-") != 0 || !isatty(STDIN_FILENO))
			continue;
		(void)err_set(&note, SKIP,
		    "waiting for a report from this terminal: Ctrl-D on a new line ends it, Ctrl-C stops");
		(void)err_at(&note, "standard input");
		context_message(import->context, &note);
	}
}

static enum status
import_all(struct import *import, struct err *err)
{
	struct context *context = import->context;
	struct counts *counts = &import->summary.counts;
	enum status status;

	status = store_open_until(
	    &context->store, context->db_path, STORE_IMPORT, &context->limits, stop_wanted, err);
	if (status != OK)
		return status;
	tell_waiting(import);
	progress_begin(&import->progress, stderr, !context->quiet);
	status = ingest_run(import->ingest, context->store, counts, err);
	progress_clear(&import->progress);
	summary_end(&import->summary);
	tell_hidden_messages(import);
	if (status == OK || stop_wanted())
		summary_print(context, &import->summary);
	if (status == OK)
		context->exit_code = import_exit_code(import);
	return status;
}

static enum status
import_run(struct context *context, struct err *err)
{
	struct import import = {.context = context};
	struct ingest_options options = {
	    .stop = stop_wanted, .progress = on_progress, .message = on_message, .data = &import};
	struct sources *sources = &import.sources;
	enum status status;

	summary_begin(&import.summary);
	status = fill_options(&options, context, err);
	if (status != OK)
		return status;
	stop_catch();
	status = settings_read(context, err);
	if (status == OK)
		status = sources_choose(sources, context, SOURCES_ANY, err);
	if (status == OK)
		status = check_settling(&options, sources, err);
	options.sources = sources->texts;
	options.accounts = sources->accounts;
	options.source_count = sources->count;
	if (status == OK)
		options.trusted = settings_trusted(context);
	if (status == OK)
		options.keep_personal =
		    config_find(context->config, "dmarcq", NULL, "keep-personal-data")->number != 0;
	/* Before the database: nothing to read makes none. */
	if (status == OK && (status = ingest_open(&import.ingest, &options, err)) != OK)
		suggest(&import, err);
	if (status == OK)
		status = import_all(&import, err);
	ingest_close(import.ingest);
	sources_free(sources);
	/* Whatever stands in the way now, the mail server is to try again. */
	if (status != OK && is_delivery(context))
		err->exit_code = EXIT_CODE_TEMPORARY;
	return status;
}

static const struct option options[] = {
    {.name = "jobs",
	.letter = 'j',
	.metavar = "N",
	.help = "reading threads (default: one per processor)",
	.least = 1,
	.most = JOBS_MAX},
    {.name = "no-originals", .help = "does not keep the bytes of the reports as they arrived"},
    {.name = "move-to", .metavar = "DIR", .help = "moves each file there when what was in it is stored"},
    {.name = "delete", .help = "deletes each file when what was in it is stored"},
    {.name = "password-file", .metavar = "FILE", .help = "of a URL: the password is its first line"},
    {.name = "ca-file", .metavar = "FILE", .help = "of a URL: the certificates to trust, PEM"},
    OPTION_FORMAT,
    OPTION_END,
};

const struct command cmd_import = {
    .name = "import",
    .summary = "reads reports: files, folders, Maildir, mbox, mailboxes on servers, or - for standard input",
    .arguments = "[SOURCE...]",
    .most_args = SIZE_MAX,
    .options = options,
    .needs = NEEDS_CONFIG,
    .run = import_run,
};
