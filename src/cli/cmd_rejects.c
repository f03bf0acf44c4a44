/* cmd_rejects: what could not be read: the list, the bytes of one, and another try at all of them. */
#include "cli/options.h"
#include "cli/question.h"
#include "cli/summary.h"
#include "ingest/ingest.h"
#include "query/query.h"
#include "store/store.h"

static const struct option rejects_options[] = {
    {.name = "bytes", .metavar = "ID", .help = "write the bytes of this one", .least = 1, .most = INT64_MAX},
    {.name = "retry", .help = "read all of them again with today's parser; what is readable now is imported"},
    OPTION_NUMBER,
    OPTION_FORMAT,
    OPTION_END,
};

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
	if (status == OK && summary.counts.rejected > 0)
		context->exit_code = EXIT_CODE_FOUND;
	return status;
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
