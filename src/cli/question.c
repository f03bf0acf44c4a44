/* question: what the commands that ask have in common. */
#include "cli/question.h"

#include "query/query.h"
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LEAST_WIDTH = 20, MOST_WIDTH = 10000 };

/* $COLUMNS, else the terminal's own; 0: no terminal, no bound. */
static size_t
terminal_width(FILE *to)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t width;

	if (columns != NULL && text_i64(&width, columns, strlen(columns), LEAST_WIDTH, MOST_WIDTH))
		return (size_t)width;
	if (isatty(fileno(to)) && ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col >= LEAST_WIDTH)
		return size.ws_col;
	return 0;
}

/* On a terminal that can, unless it is not wanted (https://no-color.org). */
static bool
wants_colour(FILE *to)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(to)) && (no == NULL || no[0] == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

struct output_options
question_output(const struct context *context)
{
	struct output_options options = {
	    .to = context->out,
	    .name = "standard output",
	    .width = terminal_width(context->out),
	    .colour = wants_colour(context->out),
	};

	return options;
}

enum status
question_id(int64_t *id, const char *text, struct err *err)
{
	if (text_i64(id, text, strlen(text), 1, INT64_MAX))
		return OK;
	return err_stop(err, EXIT_CODE_USAGE, "not an id: \"%s\"", text);
}

static enum status
write_bytes(void *data, const void *bytes, size_t len, struct err *err)
{
	if (len == 0 || fwrite(bytes, 1, len, data) == len)
		return OK;
	(void)err_stop(err, EXIT_CODE_IO, "cannot write: %s", strerror(errno));
	return err_at(err, "standard output");
}

enum status
question_bytes(struct context *context, int64_t original, struct err *err)
{
	return store_original(context->store, original, write_bytes, context->out, err);
}

static enum status
write_section(
    uint64_t *rows, struct output *out, struct answer *answer, const struct section *section, struct err *err)
{
	const struct cell *cells;
	enum status status = output_section(out, section, err);

	while (status == OK && (status = answer_next(&cells, answer, err)) == OK && cells != NULL) {
		status = output_row(out, cells, err);
		*rows += section->shape == SHAPE_ROWS;
	}
	return status;
}

static enum status
write_answer(uint64_t *rows, struct output *out, struct answer *answer, const struct question *question,
    struct err *err)
{
	struct window window = answer_window(answer);
	bool has_window = (question->takes & (TAKES_DOMAIN | TAKES_WINDOW)) != 0;
	enum status status = output_begin(out, question->name, has_window ? &window : NULL, err);
	const struct section *section;
	size_t i;

	for (i = 0; status == OK && i < question->count; i++) {
		status = answer_section(&section, answer, i, err);
		if (status == OK)
			status = write_section(rows, out, answer, section, err);
	}
	return status == OK ? output_end(out, err) : status;
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

enum status
question_run(struct context *context, const char *name, int64_t id, struct err *err)
{
	const struct question *question = question_find(name);
	struct output_options options = question_output(context);
	struct ask ask = {
	    .domain = context_option(context, "domain"),
	    .since = context_option(context, "since"),
	    .until = context_option(context, "until"),
	    .by = context_option(context, "by"),
	    .number = (int64_t)context_number(context, "number", question->number),
	    .id = id,
	};
	struct answer *answer = NULL;
	struct output *out = NULL;
	uint64_t rows = 0;
	enum status status;

	status = output_open(&out, context_option(context, "format"), &options, err);
	if (status == OK)
		status = answer_open(&answer, store_db(context->store), question, &ask, err);
	if (status == OK)
		status = write_answer(&rows, out, answer, question, err);
	if (status == OK && rows == 0)
		status = tell_empty(context, answer, err);
	answer_close(answer);
	output_close(out);
	return status;
}
