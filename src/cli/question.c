/* question: what the commands that ask have in common. */
#include "cli/question.h"

#include "base/mem.h"
#include "cli/summary.h"
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LEAST_WIDTH = 20, MOST_WIDTH = 10000, MORE_TEXT = 128 };

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

/* What the locale says of the terminal. main sets one for characters, so only the environment knows. */
static bool
has_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *value = NULL;
	size_t i;

	for (i = 0; (value == NULL || value[0] == '\0') && i < sizeof names / sizeof *names; i++)
		value = getenv(names[i]);
	return value != NULL && (text_find_nocase(value, strlen(value), "utf-8") >= 0 ||
				    text_find_nocase(value, strlen(value), "utf8") >= 0);
}

struct output_options
question_output(const struct context *context)
{
	struct output_options options = {
	    .to = context->out,
	    .name = "standard output",
	    .width = terminal_width(context->out),
	    .colour = wants_colour(context->out),
	    .utf8 = has_utf8(),
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

/* The rows of the answer itself: how many there were, and who else looks at them; and what -n allows. */
struct rows {
	uint64_t count;
	uint64_t most; /* of a section that is cut here; 0: all */
	const struct question_extra *extra;
};

static void
rows_take(struct rows *rows, const struct section *section, const struct cell *cells)
{
	if (section->shape != SHAPE_ROWS)
		return;
	rows->count++;
	if (rows->extra != NULL && rows->extra->row != NULL)
		rows->extra->row(rows->extra->data, section, cells);
}

/* A sentence below the table. */
static enum status
write_note(struct output *out, const char *text, struct err *err)
{
	static const struct column column = {"more", NULL, CELL_TEXT, 0, 0};
	static const struct section note = {"more", NULL, SHAPE_NOTE, false, &column, 1};
	struct cell cell = {.known = true, .text = str_of(text)};
	enum status status = output_section(out, &note, err);

	return status == OK ? output_row(out, &cell, err) : status;
}

/* "80 more domains: -n 0 shows all" */
static enum status
write_more(struct output *out, const struct question_section *asked, uint64_t more, struct err *err)
{
	char number[NUMBER_TEXT], text[MORE_TEXT];

	(void)snprintf(text, sizeof text, "%s more %s: -n 0 shows all", number_text(number, more),
	    more == 1 ? asked->one : asked->many);
	return write_note(out, text, err);
}

static enum status
write_notes(struct output *out, struct answer *answer, struct err *err)
{
	char text[EMPTY_TEXT];
	enum status status = answer_left_out(text, answer, err);

	if (status == OK && text[0] != '\0')
		status = write_note(out, text, err);
	if (status == OK)
		status = answer_ahead(text, answer, err);
	return status == OK && text[0] != '\0' ? write_note(out, text, err) : status;
}

/* A row that stands there however few are wanted, and is none of them. */
static bool
stays(const struct rows *rows, const struct section *section, const struct cell *cells)
{
	return section->shape == SHAPE_ROWS && rows->extra != NULL && rows->extra->stays != NULL &&
	       rows->extra->stays(cells);
}

static enum status
write_section(struct rows *rows, struct output *out, struct answer *answer, const struct section *section,
    const struct question_section *asked, struct err *err)
{
	uint64_t most = asked->many == NULL ? 0 : rows->most, count = 0;
	const struct cell *cells;
	enum status status = output_section(out, section, err);

	while (status == OK && (status = answer_next(&cells, answer, err)) == OK && cells != NULL) {
		if (stays(rows, section, cells) || most == 0 || count++ < most)
			status = output_row(out, cells, err);
		rows_take(rows, section, cells);
	}
	return status == OK && count > most ? write_more(out, asked, count - most, err) : status;
}

static enum status
write_answer(struct rows *rows, struct output *out, struct answer *answer, const struct question *question,
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
			status = write_section(rows, out, answer, section, &question->sections[i], err);
	}
	if (status == OK)
		status = write_notes(out, answer, err);
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

/* The values of --domain, NULL behind the last; NULL when there is none. */
static const char **
asked_domains(const struct context *context)
{
	const char **domains;
	size_t count = 0;

	while (context_each(context, "domain", count) != NULL)
		count++;
	if (count == 0)
		return NULL;
	domains = mem_zero(count + 1, sizeof *domains);
	while (count-- > 0)
		domains[count] = context_each(context, "domain", count);
	return domains;
}

/* --only names what reports say, or that they have to be authenticated, or both. */
static enum status
asked_only(struct ask *ask, const struct context *context, struct err *err)
{
	const char *word;
	size_t i;

	for (i = 0; (word = context_each(context, "only", i)) != NULL; i++) {
		if (strcmp(word, "authenticated") == 0)
			ask->authentic = true;
		else if (ask->only != NULL && strcmp(ask->only, word) != 0)
			return err_stop(
			    err, EXIT_CODE_USAGE, "--only: %s and %s exclude each other", ask->only, word);
		else
			ask->only = word;
	}
	if (ask->only == NULL && ask->authentic)
		ask->only = "all";
	return OK;
}

enum status
question_ask(struct ask *ask, const struct context *context, struct err *err)
{
	*ask = (struct ask){
	    .domains = asked_domains(context),
	    .subdomains = context_has(context, "include-subdomains"),
	    .since = context_option(context, "since"),
	    .until = context_option(context, "until"),
	    .by = context_option(context, "by"),
	    .sort = context_option(context, "sort"),
	};
	if (ask->subdomains && ask->domains == NULL)
		return err_stop(
		    err, EXIT_CODE_USAGE, "--include-subdomains: the subdomains of which --domain?");
	return asked_only(ask, context, err);
}

void
question_ask_free(struct ask *ask)
{
	union {
		const char *const *in;
		void *out;
	} owned = {.in = ask->domains};

	free(owned.out);
}

static int64_t
asked_number(const struct context *context, const struct question *question)
{
	bool table = strcmp(context_option(context, "format"), "table") == 0;

	return (int64_t)context_number(
	    context, "number", table && question->screen > 0 ? question->screen : question->number);
}

static enum status
ask_and_write(struct context *context, const struct question *question, const struct ask *ask,
    const struct question_extra *extra, struct err *err)
{
	struct output_options options = question_output(context);
	struct answer *answer = NULL;
	struct output *out = NULL;
	struct rows rows = {.most = (uint64_t)ask->number, .extra = extra};
	enum status status = output_open(&out, context_option(context, "format"), &options, err);

	if (status == OK)
		status = answer_open(&answer, store_db(context->store), question, ask, err);
	if (status == OK)
		status = write_answer(&rows, out, answer, question, err);
	if (status == OK && rows.count == 0)
		status = tell_empty(context, answer, err);
	answer_close(answer);
	output_close(out);
	return status;
}

enum status
question_run(struct context *context, const char *name, int64_t id, struct err *err)
{
	const struct question *question = question_find(name);
	struct ask ask;
	enum status status = question_ask(&ask, context, err);

	ask.number = asked_number(context, question);
	ask.id = id;
	ask.sender = (question->takes & TAKES_SENDER) != 0 ? context->args[0] : NULL;
	if (status == OK)
		status = ask_and_write(context, question, &ask, NULL, err);
	question_ask_free(&ask);
	return status;
}

enum status
question_run_extra(
    struct context *context, const char *name, const struct question_extra *extra, struct err *err)
{
	const struct question *question = question_find(name);
	struct ask ask;
	enum status status = question_ask(&ask, context, err);

	ask.number = asked_number(context, question);
	ask.parked = extra->parked;
	ask.numbers = extra->numbers;
	ask.number_count = extra->number_count;
	ask.sender = extra->sender;
	ask.only = extra->only != NULL ? extra->only : ask.only;
	if (status == OK)
		status = ask_and_write(context, question, &ask, extra, err);
	question_ask_free(&ask);
	return status;
}
