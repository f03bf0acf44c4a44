/* cmd_rejects: what could not be read: the list, the bytes of one, and another try at all of them. */
#include "cli/options.h"
#include "cli/question.h"
#include "cli/summary.h"
#include "ingest/ingest.h"
#include "query/query.h"
#include "store/store.h"

/* Columns of the question. */
enum { WHERE = 2, REASON = 4, MESSAGES_MAX = 20 };

static const struct option rejects_options[] = {
    {.name = "bytes", .metavar = "ID", .help = "write the bytes of this one", .least = 1, .most = INT64_MAX},
    {.name = "retry", .help = "read all of them again with today's parser; what is readable now is imported"},
    OPTION_NUMBER,
    OPTION_FORMAT,
    OPTION_END,
};

/* Why each is still not readable; the first ones, unless -v asks for all. */
static enum status
tell_reasons(const struct context *context, struct err *err)
{
	const struct ask ask = {0};
	struct answer *answer = NULL;
	const struct section *section;
	const struct cell *cells = NULL;
	uint64_t count = 0;
	char number[NUMBER_TEXT];
	struct err note;
	enum status status =
	    answer_open(&answer, store_db(context->store), question_find("rejects"), &ask, err);

	if (status == OK)
		status = answer_section(&section, answer, 0, err);
	while (status == OK && (status = answer_next(&cells, answer, err)) == OK && cells != NULL) {
		if (count++ >= MESSAGES_MAX && !context->verbose)
			continue;
		(void)err_set(&note, BAD, "%.*s", (int)cells[REASON].text.len, cells[REASON].text.data);
		(void)err_at(&note, "%.*s", (int)cells[WHERE].text.len, cells[WHERE].text.data);
		context_message(context, &note);
	}
	answer_close(answer);
	if (status != OK || count <= MESSAGES_MAX || context->verbose)
		return status;
	(void)err_set(
	    &note, BAD, "... and %s more: dmarcq rejects", number_text(number, count - MESSAGES_MAX));
	context_message(context, &note);
	return OK;
}

static enum status
retry_run(struct context *context, struct err *err)
{
	struct summary summary = {.again = true};
	enum status status;

	summary_begin(&summary);
	status = ingest_retry(context->store, &context->limits, &summary.counts, err);
	summary_end(&summary);
	if (status == OK)
		summary_print(context, &summary);
	if (status != OK || summary.counts.rejected == 0)
		return status;
	context->exit_code = EXIT_CODE_FOUND;
	return tell_reasons(context, err);
}

static enum status
bytes_run(struct context *context, struct err *err)
{
	int64_t original;
	enum status status = query_original(&original, store_db(context->store), ORIGINAL_OF_REJECT,
	    (int64_t)context_number(context, "bytes", 0), err);

	return status == OK ? question_bytes(context, original, err) : status;
}

static enum status
rejects_run(struct context *context, struct err *err)
{
	bool retry = context_has(context, "retry"), bytes = context_has(context, "bytes");
	enum status status;

	if (retry && bytes)
		return err_stop(err, EXIT_CODE_USAGE, "--bytes and --retry exclude each other");
	status = store_open(
	    &context->store, context->db_path, retry ? STORE_WRITE : STORE_READ, &context->limits, err);
	if (status != OK)
		return status;
	if (retry)
		return retry_run(context, err);
	return bytes ? bytes_run(context, err) : question_run(context, "rejects", 0, err);
}

const struct command cmd_rejects = {
    .name = "rejects",
    .summary = "lists what could not be read, with the reason; gives the bytes; tries again",
    .arguments = "",
    .options = rejects_options,
    .needs = NEEDS_PATH,
    .run = rejects_run,
};
