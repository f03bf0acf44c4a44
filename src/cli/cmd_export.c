/* cmd_export: every record of a window for auditors and other programs. */
#include "base/mem.h"
#include "cli/question.h"
#include "query/query.h"
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option export_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    {.name = "format", .metavar = "csv|jsonl", .help = "form of the records"},
    {
	.name = "output",
	.letter = 'o',
	.metavar = "FILE",
	.help = "write FILE, which is replaced only when all is written",
    },
    OPTION_END,
};

/* A file that gets its name when it is complete. */
struct target {
	const char *path; /* NULL: standard output */
	char *temporary;
	FILE *file;
};

static const char *
target_name(const struct target *target)
{
	return target->path == NULL ? "standard output" : target->path;
}

static enum status
target_failed(const struct target *target, struct err *err)
{
	int code = errno;

	(void)err_stop(err, code == EACCES || code == EPERM ? EXIT_CODE_PERMISSION : EXIT_CODE_IO,
	    "cannot write: %s", strerror(code));
	return err_at(err, "%s", target_name(target));
}

static enum status
target_open(struct target *target, const char *path, FILE *out, struct err *err)
{
	static const char suffix[] = ".XXXXXX";
	size_t len;
	int fd;

	*target = (struct target){.path = path, .file = out};
	if (path == NULL)
		return OK;
	len = strlen(path);
	target->temporary = mem_alloc(len + sizeof suffix);
	memcpy(target->temporary, path, len);
	memcpy(target->temporary + len, suffix, sizeof suffix);
	if ((fd = mkstemp(target->temporary)) >= 0 && (target->file = fdopen(fd, "w")) != NULL)
		return OK;
	(void)target_failed(target, err);
	if (fd >= 0) {
		(void)close(fd);
		(void)unlink(target->temporary);
	}
	free(target->temporary);
	return err->status;
}

/* Gives the file its name when all went well, else takes it away. */
static enum status
target_close(struct target *target, enum status status, struct err *err)
{
	if (target->path == NULL)
		return status;
	if (status == OK && (fflush(target->file) != 0 || fsync(fileno(target->file)) != 0))
		status = target_failed(target, err);
	if (fclose(target->file) != 0 && status == OK)
		status = target_failed(target, err);
	if (status == OK && rename(target->temporary, target->path) != 0)
		status = target_failed(target, err);
	if (status != OK)
		(void)unlink(target->temporary);
	free(target->temporary);
	return status;
}

static enum status
write_records(uint64_t *rows, struct output *out, struct exporter *exporter, struct err *err)
{
	const struct cell *cells;
	enum status status = output_begin(out, "export", NULL, err);

	if (status == OK)
		status = output_section(out, export_section(), err);
	while (status == OK && (status = export_next(&cells, exporter, err)) == OK && cells != NULL) {
		status = output_row(out, cells, err);
		++*rows;
	}
	return status == OK ? output_end(out, err) : status;
}

static enum status
tell_empty(const struct context *context, struct exporter *exporter, struct err *err)
{
	char text[EMPTY_TEXT];
	struct err note;
	enum status status = export_empty(text, exporter, err);

	if (status != OK || text[0] == '\0')
		return status;
	(void)err_set(&note, SKIP, "%s", text);
	context_message(context, &note);
	return OK;
}

static enum status
export_to(struct target *target, struct context *context, struct err *err)
{
	struct output_options options = {.to = target->file, .name = target_name(target)};
	struct exporter *exporter = NULL;
	struct output *out = NULL;
	struct ask ask;
	uint64_t rows = 0;
	enum status status = question_ask(&ask, context, err);

	if (status == OK)
		status = output_open(&out, context_option(context, "format"), &options, err);

	if (status == OK)
		status = export_open(&exporter, store_db(context->store), &ask, err);
	if (status == OK)
		status = write_records(&rows, out, exporter, err);
	if (status == OK && rows == 0)
		status = tell_empty(context, exporter, err);
	export_close(exporter);
	output_close(out);
	question_ask_free(&ask);
	return status;
}

static enum status
export_run(struct context *context, struct err *err)
{
	struct target target;
	enum status status = target_open(&target, context_option(context, "output"), context->out, err);

	if (status == OK)
		status = target_close(&target, export_to(&target, context, err), err);
	return status;
}

const struct command cmd_export = {
    .name = "export",
    .summary = "writes every record as CSV or JSON lines",
    .arguments = "",
    .options = export_options,
    .needs = NEEDS_READ,
    .run = export_run,
};
