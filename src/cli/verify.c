/*
 * verify: FILE and FILE.originals.csv against their manifest and against what the database says today, and
 * the originals behind them against their digests. What is not the same is a line on standard output.
 */
#include "base/mem.h"
#include "cli/difference.h"
#include "cli/options.h"
#include "cli/summary.h"
#include "store/store.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct checking {
	struct context *context;
	const char *path;
	const char *place; /* of what is looked at, for findings */
	struct manifest manifest;
	struct answer *answer;
	uint64_t findings, originals;
};

static void
found(void *data, const char *text)
{
	struct checking *checking = data;
	char line[1024];

	(void)snprintf(line, sizeof line, "%s: %s", checking->place, text);
	line_print(checking->context->out, line);
	checking->findings++;
}

static void found_words(struct checking *checking, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void
found_words(struct checking *checking, const char *format, ...)
{
	char text[400];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(text, sizeof text, format, list);
	va_end(list);
	found(checking, text);
}

static enum status
cannot_read(const char *path, struct err *err)
{
	int code = errno;

	(void)err_stop(err, code == EACCES || code == EPERM ? EXIT_CODE_PERMISSION : EXIT_CODE_IO,
	    "cannot read: %s", strerror(code));
	return err_at(err, "%s", path);
}

/* The file, read beside the same export from the database. */
struct twin {
	FILE *file;
	struct sha256 *digest;
	uint64_t bytes;
	bool differs;
	char buffer[65536];
};

static size_t
twin_read(struct twin *twin, size_t len)
{
	size_t n = fread(twin->buffer, 1, len < sizeof twin->buffer ? len : sizeof twin->buffer, twin->file);

	sha256_add(twin->digest, twin->buffer, n);
	twin->bytes += n;
	return n;
}

static int
twin_put(void *data, const char *bytes, size_t len)
{
	struct twin *twin = data;
	size_t n;

	for (; len > 0; bytes += n, len -= n) {
		n = twin_read(twin, len);
		twin->differs = n == 0 || memcmp(twin->buffer, bytes, n) != 0;
		if (twin->differs)
			return ECANCELED;
	}
	return 0;
}

/* Whether the file is byte by byte what the database gives today; its size and SHA-256, and the totals if so.
 */
static enum status
compare_bytes(struct manifest_file *is, struct twin *twin, struct checking *checking, const char *form,
    enum export_section part, struct err *err)
{
	const struct output_options options = {.put = twin_put, .data = twin};
	unsigned char digest[SHA256_BYTES];
	struct output *out = NULL;
	enum status status = output_open(&out, form, &options, err);

	if (status == OK)
		status = output_begin(out, "export", NULL, err);
	if (status == OK)
		status = export_write(is, out, checking->answer, part, err);
	output_close(out);
	if (twin->differs)
		status = OK; /* the writing stopped there */
	while (status == OK && twin_read(twin, sizeof twin->buffer) > 0)
		twin->differs = true;
	sha256_end(twin->digest, digest);
	sha256_text(is->sha256, digest);
	is->bytes = twin->bytes;
	return status;
}

static void
check_total(struct checking *checking, const char *what, uint64_t is, uint64_t said)
{
	char number[2][NUMBER_TEXT];

	if (is != said)
		found_words(checking, "%s: %s, and %s in the manifest", what, number_text(number[0], is),
		    number_text(number[1], said));
}

static void
check_totals(struct checking *checking, const struct manifest_file *is, const struct manifest_file *said)
{
	check_total(checking, "bytes", is->bytes, said->bytes);
	if (strcmp(is->sha256, said->sha256) != 0)
		found_words(checking, "SHA-256: %s, and %s in the manifest", is->sha256, said->sha256);
	check_total(checking, "rows", is->rows, said->rows);
	if (is->has_messages || said->has_messages)
		check_total(checking, "messages", is->messages, said->messages);
}

static enum status
find_difference(struct manifest_file *is, struct checking *checking, FILE *file, const char *form,
    enum export_section part, struct err *err)
{
	struct difference difference = {
	    .file = file,
	    .form = form,
	    .answer = checking->answer,
	    .part = part,
	    .tell = found,
	    .data = checking,
	};
	char number[NUMBER_TEXT];
	enum status status;

	rewind(file);
	status = difference_find(&difference, err);
	is->rows = difference.totals.rows;
	is->messages = difference.totals.messages;
	if (difference.untold > 0)
		found_words(checking, "and %s more", number_text(number, difference.untold));
	if (status == BAD) {
		found(checking, err->what);
		status = OK;
	}
	return status;
}

static enum status
check_file(struct checking *checking, const char *path, const struct manifest_file *said, const char *form,
    enum export_section part, struct err *err)
{
	struct twin *twin = mem_zero(1, sizeof *twin);
	struct manifest_file is = {0};
	enum status status;

	checking->place = path;
	twin->file = fopen(path, "r");
	if (twin->file == NULL) {
		free(twin);
		return cannot_read(path, err);
	}
	twin->digest = sha256_begin();
	status = compare_bytes(&is, twin, checking, form, part, err);
	if (status == OK && twin->differs)
		status = find_difference(&is, checking, twin->file, form, part, err);
	if (status == OK && ferror(twin->file))
		status = cannot_read(path, err);
	if (status == OK)
		check_totals(checking, &is, said);
	(void)fclose(twin->file);
	free(twin);
	return status;
}

static enum status
add_bytes(void *data, const void *bytes, size_t len, struct err *err)
{
	(void)err;
	sha256_add(data, bytes, len);
	return OK;
}

static enum status
check_original(struct checking *checking, int64_t id, struct str expected, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	char text[SHA256_TEXT];
	struct sha256 *sha256 = sha256_begin();
	enum status status = store_original(checking->context->store, id, add_bytes, sha256, err);

	sha256_end(sha256, digest);
	sha256_text(text, digest);
	checking->originals++;
	if (status == FATAL || status == TEMP)
		return status;
	if (status != OK)
		found_words(checking, "original %.*s: %s", (int)expected.len, expected.data, err->what);
	else if (!str_eq(expected, text))
		found_words(checking, "original %.*s: its bytes are not those that arrived",
		    (int)expected.len, expected.data);
	return OK;
}

static enum status
check_originals(struct checking *checking, struct err *err)
{
	/* Those of failure reports are not meant to be kept. */
	bool all = strcmp(checking->manifest.what, "failures") != 0;
	const struct section *section;
	const struct cell *cells;
	enum status status = answer_section(&section, checking->answer, EXPORT_ORIGINALS, err);
	size_t kept = status == OK ? export_column(section, "kept") : 0;
	int64_t last = 0;

	checking->place = "database";
	while (status == OK && (status = answer_next(&cells, checking->answer, err)) == OK && cells != NULL) {
		if (cells[0].number != last && (all || cells[kept].number != 0))
			status = check_original(checking, cells[0].number, cells[1].text, err);
		last = cells[0].number;
	}
	return status;
}

static enum status
check_all(struct checking *checking, struct err *err)
{
	const struct manifest *manifest = &checking->manifest;
	size_t size = strlen(checking->path) + sizeof ORIGINALS_SUFFIX;
	char *originals = mem_alloc(size);
	enum status status;

	(void)snprintf(originals, size, "%s%s", checking->path, ORIGINALS_SUFFIX);
	status = check_file(checking, checking->path, &manifest->file, manifest->form, EXPORT_ROWS, err);
	if (status == OK)
		status = check_file(checking, originals, &manifest->originals, "csv", EXPORT_ORIGINALS, err);
	free(originals);
	return status == OK ? check_originals(checking, err) : status;
}

static void
tell_same(const struct checking *checking)
{
	const struct manifest_file *file = &checking->manifest.file;
	char text[1024], number[3][NUMBER_TEXT], messages[NUMBER_TEXT + 16] = "";

	if (file->has_messages)
		(void)snprintf(
		    messages, sizeof messages, "%s messages, ", number_text(number[1], file->messages));
	(void)snprintf(text, sizeof text,
	    "%s: the same as its manifest and the database: %s rows, %s%s originals", checking->path,
	    number_text(number[0], file->rows), messages, number_text(number[2], checking->originals));
	line_print(checking->context->out, text);
}

/* What the command line would be told is wrong with the manifest. */
static enum status
open_answer(struct checking *checking, const struct question *question, struct err *err)
{
	enum status status = answer_open(
	    &checking->answer, store_db(checking->context->store), question, &checking->manifest.ask, err);

	if (status == OK || err->exit_code != EXIT_CODE_USAGE)
		return status;
	err->exit_code = EXIT_CODE_DATA;
	return err_at(err, "%s" MANIFEST_SUFFIX, checking->path);
}

enum status
verify_run(struct context *context, const char *path, struct err *err)
{
	struct checking checking = {.context = context, .path = path};
	const struct question *question;
	enum status status = manifest_read(&checking.manifest, path, err);

	question = status == OK ? export_question(checking.manifest.what) : NULL;
	if (status == OK && question == NULL)
		status = err_stop(err, EXIT_CODE_DATA,
		    "%s" MANIFEST_SUFFIX ": not a manifest of an export: \"%s\"", path,
		    checking.manifest.what);
	if (status == OK)
		status = open_answer(&checking, question, err);
	if (status == OK)
		status = check_all(&checking, err);
	if (status == OK && checking.findings == 0 && !context->quiet)
		tell_same(&checking);
	if (checking.findings > 0)
		context->exit_code = EXIT_CODE_FOUND;
	answer_close(checking.answer);
	manifest_free(&checking.manifest);
	return status;
}
