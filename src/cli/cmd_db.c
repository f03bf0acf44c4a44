/* cmd_db: looking after the database itself: init, check, rebuild. */
#include "cli/options.h"
#include "cli/summary.h"
#include "cli/ticker.h"
#include "ingest/ingest.h"
#include "store/store.h"

static const struct option no_options[] = {OPTION_END};

static enum status
init_run(struct context *context, struct err *err)
{
	enum status status =
	    store_open(&context->store, context->db_path, STORE_IMPORT, &context->limits, err);

	if (status == OK && !context->quiet) {
		line_print(context->out, context->db_path);
	}
	return status;
}

struct checking {
	FILE *out;
	struct ticker *ticker;
};

static void
print_finding(void *data, const char *text)
{
	const struct checking *checking = data;

	ticker_clear(checking->ticker);
	line_print(checking->out, text);
}

static enum status
check_run(struct context *context, struct err *err)
{
	struct checking checking = {
	    context->out, ticker_begin(stderr, !context->quiet, "checking the database")};
	uint64_t findings = 0;
	enum status status = store_check(&findings, context->store, print_finding, &checking, err);

	ticker_end(checking.ticker);
	if (status != OK)
		return status;
	if (findings > 0)
		context->exit_code = EXIT_CODE_FOUND;
	else if (!context->quiet)
		(void)fputs("no problems found\n", context->out);
	return OK;
}

static enum status
rebuild_run(struct context *context, struct err *err)
{
	struct ticker *ticker = ticker_begin(stderr, !context->quiet, "reading the originals again");
	struct summary summary = {0};
	enum status status;

	summary_begin(&summary);
	status = ingest_rebuild(context->store, &context->limits, &summary.counts, err);
	summary_end(&summary);
	ticker_end(ticker);
	if (status == OK && summary.counts.rejected > 0)
		context->exit_code = EXIT_CODE_FOUND;
	if (status == OK && !context->quiet)
		summary_people(context->out, &summary);
	return status;
}

const struct command cmd_db_init = {
    .name = "db init",
    .summary = "makes an empty database, or brings one up to date",
    .arguments = "",
    .options = no_options,
    .needs = NEEDS_PATH,
    .run = init_run,
};

const struct command cmd_db_check = {
    .name = "db check",
    .summary = "proves the database: integrity, conservation of counts, digests of originals",
    .arguments = "",
    .options = no_options,
    .needs = NEEDS_READ,
    .run = check_run,
};

const struct command cmd_db_rebuild = {
    .name = "db rebuild",
    .summary = "makes the derived tables again from the originals",
    .arguments = "",
    .options = no_options,
    .needs = NEEDS_WRITE,
    .run = rebuild_run,
};
