/*
 * cmd_export: everything of a window for auditors and other programs. With -o three files are written: FILE,
 * the originals behind it, and the manifest of both; they get their names when all three are on the disk, the
 * manifest last.
 */
#include "base/arena.h"
#include "cli/export.h"
#include "cli/question.h"
#include "cli/stop.h"
#include "cli/target.h"
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct option export_options[] = {
    {.name = "what", .metavar = EXPORT_WORDS, .help = "what to export"},
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    {.name = "only",
	.metavar = "all|failing|passing|unknown|authenticated",
	.help = "only messages with this DMARC result, or of authenticated reports; both may be given",
	.repeatable = true},
    {.name = "format", .metavar = "csv|jsonl", .help = "form of the rows"},
    {
	.name = "output",
	.letter = 'o',
	.metavar = "FILE",
	.help = "write FILE and its manifest, which are replaced only when all is written",
    },
    {.name = "redact", .help = "leave out what stands before the @ of e-mail addresses"},
    {.name = "redact-ip", .help = "leave out the last 8 bits of IPv4 and the last 64 of IPv6 addresses"},
    {.name = "verify", .metavar = "FILE", .help = "compare FILE with its manifest and the database instead"},
    OPTION_END,
};

const struct question *
export_question(const char *what)
{
	char name[32];

	if (strlen(what) > 16)
		return NULL;
	(void)snprintf(name, sizeof name, "export %s", what);
	return question_find(name);
}

size_t
export_column(const struct section *section, const char *name)
{
	size_t i;

	for (i = 0; i < section->count && strcmp(section->columns[i].name, name) != 0; i++)
		continue;
	return i;
}

static enum status
stopped(struct err *err)
{
	return err_stop(err, EXIT_CODE_TEMPORARY, "stopped by request: nothing was changed");
}

static bool
knows(void *out, size_t column, int64_t key)
{
	return output_knows(out, column, key);
}

/* What one row adds to the totals. */
static void
add_row(struct manifest_file *totals, const struct section *section, const struct cell *cells,
    enum export_section part, size_t messages, int64_t *original)
{
	totals->rows++;
	if (messages < section->count)
		totals->messages += (uint64_t)cells[messages].number;
	if (part != EXPORT_ORIGINALS || cells[0].number == *original)
		return;
	*original = cells[0].number;
	totals->originals++;
	totals->kept += cells[export_column(section, "kept")].number != 0;
}

enum status
export_write(struct manifest_file *totals, struct output *out, struct answer *answer,
    enum export_section part, struct err *err)
{
	const struct section *section;
	const struct cell *cells;
	enum status status = answer_section(&section, answer, part, err);
	size_t messages = status == OK ? export_column(section, "messages") : 0;
	int64_t original = 0;

	if (status != OK)
		return status;
	*totals = (struct manifest_file){.has_messages = messages < section->count};
	status = output_section(out, section, err);
	answer_knows(answer, knows, out);
	while (status == OK && (status = answer_next(&cells, answer, err)) == OK && cells != NULL) {
		add_row(totals, section, cells, part, messages, &original);
		status = stop_wanted() ? stopped(err) : output_row(out, cells, err);
	}
	return status == OK ? output_end(out, err) : status;
}

/* One section into a place of its own. */
static enum status
write_part(struct manifest_file *totals, const struct output_options *options, const char *form,
    struct answer *answer, enum export_section part, struct err *err)
{
	struct output *out = NULL;
	enum status status = output_open(&out, form, options, err);

	if (status == OK)
		status = output_begin(out, "export", NULL, err);
	if (status == OK)
		status = export_write(totals, out, answer, part, err);
	output_close(out);
	return status;
}

static enum status
write_target(struct manifest_file *file, struct target *target, const char *form, struct answer *answer,
    enum export_section part, struct err *err)
{
	const struct output_options options = {.put = target_put, .data = target, .name = target->path};
	enum status status = write_part(file, &options, form, answer, part, err);

	file->bytes = target->bytes;
	return status == OK ? target_finish(file->sha256, target, err) : status;
}

/* Which domains and which database. */
static enum status
describe(struct manifest *manifest, struct arena *arena, struct answer *answer, struct err *err)
{
	const struct section *section;
	const struct cell *cells;
	enum status status = answer_section(&section, answer, EXPORT_DOMAINS, err);

	while (status == OK && (status = answer_next(&cells, answer, err)) == OK && cells != NULL)
		manifest_domain(manifest, cells[0].text);
	if (status == OK)
		status = answer_section(&section, answer, EXPORT_DATABASE, err);
	if (status == OK)
		status = answer_next(&cells, answer, err);
	if (status == OK && cells != NULL) {
		manifest->created = cells[0].number;
		manifest->created_by = arena_str(arena, cells[1].text).data;
		manifest->schema = cells[2].number;
	}
	manifest->window = answer_window(answer);
	manifest->made = (int64_t)time(NULL);
	return status;
}

static enum status
write_manifest(struct target *target, struct manifest *manifest, struct answer *answer, struct err *err)
{
	char sha256[SHA256_TEXT], *text;
	struct arena arena;
	enum status status;
	int code;

	arena_init(&arena);
	status = describe(manifest, &arena, answer, err);
	text = status == OK ? manifest_text(manifest) : NULL;
	if (status == OK && text == NULL)
		status = target_failed(target, ENOMEM, err);
	else if (text != NULL && ((code = target_put(target, text, strlen(text))) != 0 ||
				     (code = target_put(target, "\n", 1)) != 0))
		status = target_failed(target, code, err);
	free(text);
	arena_free(&arena);
	return status == OK ? target_finish(sha256, target, err) : status;
}

/* FILE, FILE.originals.csv and FILE.manifest.json, from an answer out of db. */
static enum status
write_files(
    struct manifest *manifest, struct answer *answer, struct db *db, const char *path, struct err *err)
{
	enum { ROWS, ORIGINALS, MANIFEST, FILES };
	static const char *const suffix[FILES] = {"", ORIGINALS_SUFFIX, MANIFEST_SUFFIX};
	struct target target[FILES] = {{0}};
	enum status status = OK;
	int i;

	/* What has no name yet is never left behind. */
	stop_catch_all();
	db_stop(db, stop_wanted);
	for (i = 0; status == OK && i < FILES; i++)
		status = target_open(&target[i], path, suffix[i], err);
	if (status == OK)
		status =
		    write_target(&manifest->file, &target[ROWS], manifest->form, answer, EXPORT_ROWS, err);
	if (status == OK)
		status = write_target(
		    &manifest->originals, &target[ORIGINALS], "csv", answer, EXPORT_ORIGINALS, err);
	if (status == OK)
		status = write_manifest(&target[MANIFEST], manifest, answer, err);
	if (status == OK)
		status = db_unchanged(db, err);
	if (status == OK && stop_wanted())
		status = stopped(err);
	/* From here on it is done: the files belong together. */
	for (i = 0; status == OK && i < FILES; i++)
		status = target_name(&target[i], err);
	for (i = 0; i < FILES; i++)
		target_close(&target[i]);
	return status;
}

static enum status
tell_empty(const struct context *context, struct answer *answer, struct err *err)
{
	char text[EMPTY_TEXT];
	struct err note;
	enum status status = answer_empty(text, answer, err);

	if (status != OK || text[0] == '\0')
		return status;
	(void)err_set(&note, SKIP, "%s", text);
	context_message(context, &note);
	return OK;
}

/* Records that are gone are missing from what was written; an auditor must know. */
static enum status
tell_pruned(const struct context *context, const struct ask *ask, struct err *err)
{
	uint64_t reports, records;
	struct err note;
	enum status status = query_pruned(&reports, &records, store_db(context->store), ask, err);

	if (status != OK || reports == 0)
		return status;
	(void)err_set(&note, SKIP, "left out: %llu records of %llu reports that were pruned",
	    (unsigned long long)records, (unsigned long long)reports);
	context_message(context, &note);
	return OK;
}

static enum status
write_export(struct context *context, struct manifest *manifest, struct err *err)
{
	const struct question *question = export_question(manifest->what);
	const char *path = context_option(context, "output");
	struct output_options options = {.to = context->out, .name = "standard output"};
	struct answer *answer = NULL;
	enum status status = answer_open(&answer, store_db(context->store), question, &manifest->ask, err);

	manifest->has_domains = (question->takes & TAKES_DOMAIN) != 0;
	manifest->has_window = (question->takes & TAKES_WINDOW) != 0;
	if (status == OK && path == NULL)
		status = write_part(&manifest->file, &options, manifest->form, answer, EXPORT_ROWS, err);
	else if (status == OK)
		status = write_files(manifest, answer, store_db(context->store), path, err);
	if (status == OK && manifest->file.rows == 0)
		status = tell_empty(context, answer, err);
	answer_close(answer);
	if (status == OK && strcmp(manifest->what, "records") == 0)
		status = tell_pruned(context, &manifest->ask, err);
	return status;
}

/* Filters that this export does not have are an error and not left unsaid. */
static enum status
check_filters(const struct context *context, const struct question *question, struct err *err)
{
	static const struct {
		const char *option;
		unsigned takes;
	} filters[] = {{"domain", TAKES_DOMAIN}, {"include-subdomains", TAKES_DOMAIN},
	    {"since", TAKES_WINDOW}, {"until", TAKES_WINDOW}};
	unsigned only;
	const char *word;
	size_t i;

	for (i = 0; i < sizeof filters / sizeof *filters; i++)
		if (context_has(context, filters[i].option) && (question->takes & filters[i].takes) == 0)
			return err_stop(err, EXIT_CODE_USAGE, "--%s: does not go with --what %s",
			    filters[i].option, context_option(context, "what"));
	for (i = 0; context_has(context, "only") && (word = context_each(context, "only", i)) != NULL; i++) {
		only = strcmp(word, "authenticated") == 0 ? TAKES_WINDOW : TAKES_ONLY;
		if ((question->takes & only) == 0)
			return err_stop(err, EXIT_CODE_USAGE, "--only %s: does not go with --what %s", word,
			    context_option(context, "what"));
	}
	return OK;
}

/* --verify takes everything from the manifest. */
static enum status
check_alone(const struct context *context, struct err *err)
{
	const struct option *option;

	for (option = export_options; option->name != NULL; option++)
		if (strcmp(option->name, "verify") != 0 && context_has(context, option->name))
			return err_stop(err, EXIT_CODE_USAGE,
			    "--%s: does not go with --verify, which finds it in the manifest", option->name);
	return OK;
}

static enum status
export_run(struct context *context, struct err *err)
{
	struct manifest manifest = {
	    .what = context_option(context, "what"),
	    .form = context_option(context, "format"),
	};
	const char *file = context_option(context, "verify");
	enum status status;

	if (file != NULL) {
		status = check_alone(context, err);
		return status == OK ? verify_run(context, file, err) : status;
	}
	status = check_filters(context, export_question(manifest.what), err);
	if (status == OK) {
		status = question_ask(&manifest.ask, context, err);
		manifest.ask.redact = context_has(context, "redact");
		manifest.ask.redact_ip = context_has(context, "redact-ip");
		if (status == OK)
			status = write_export(context, &manifest, err);
		question_ask_free(&manifest.ask);
	}
	manifest_free(&manifest);
	return status;
}

const struct command cmd_export = {
    .name = "export",
    .summary = "writes records, roll-up, reports, rejects, decisions or TLS reports as CSV or JSON lines; "
	       "checks what "
	       "was written",
    .arguments = "",
    .options = export_options,
    .needs = NEEDS_READ,
    .run = export_run,
};
