/* cmd_db_prune: takes away what is older than a length of time. */
#include "cli/numbers.h"
#include "store/prune.h"

#include <string.h>

static const struct option prune_options[] = {
    {.name = "keep", .metavar = "LENGTH", .help = "how much stays, up to the newest report: 400d, 57w"},
    {.name = "keep-rollup", .help = "the daily totals of what goes stay: rankings and trends are as before"},
    {.name = "personal",
	.help = "only what failure reports say of people goes, of any age; it needs no --keep"},
    {.name = "originals", .help = "only the bytes of the reports as they arrived go"},
    {.name = "dry-run", .help = "only tell what would go"},
    OPTION_FORMAT,
    OPTION_END,
};

/* name, title, type, priority, least width */
static const struct column columns[] = {
    {"before", "Before", CELL_DAY, 0, 0},
    {"reports", "Reports", CELL_INTEGER, 0, 0},
    {"records", "Records", CELL_INTEGER, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"rejects", "Rejects", CELL_INTEGER, 0, 0},
    {"originals", "Originals", CELL_INTEGER, 0, 0},
    {"bytes", "Bytes", CELL_BYTES, 0, 0},
    {"tls_reports", "TLS", CELL_INTEGER, 0, 0},
    {"failures", "Failure reports", CELL_INTEGER, 0, 0},
    {"conflicts", "In conflict", CELL_INTEGER, 1, 0},
};

static enum status
read_keep(uint64_t *days, const struct context *context, struct err *err)
{
	const char *keep = context_option(context, "keep");
	int64_t length;

	if (keep == NULL)
		return err_stop(err, EXIT_CODE_USAGE, "how much stays? --keep 400d");
	if (!days_parse(&length, keep))
		return err_stop(
		    err, EXIT_CODE_USAGE, "--keep: not a length of time: \"%s\": write 400d or 57w", keep);
	if ((uint64_t)length < context->limits.keep_days)
		return err_stop(err, EXIT_CODE_USAGE, "--keep: %s is less than %llu days (limit keep-days)",
		    keep, (unsigned long long)context->limits.keep_days);
	*days = (uint64_t)length;
	return OK;
}

static enum status
write_pruned(struct context *context, const struct pruned *pruned, struct err *err)
{
	static const struct section section = {
	    "db prune", NULL, SHAPE_ROWS, true, columns, sizeof columns / sizeof *columns};
	const uint64_t numbers[] = {pruned->reports, pruned->records, pruned->messages, pruned->rejects,
	    pruned->originals, pruned->bytes, pruned->tls_reports, pruned->failures, pruned->conflicts};
	struct cell cells[sizeof columns / sizeof *columns] = {
	    {.known = pruned->known, .number = pruned->before}};
	size_t i;

	for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
		cells[i + 1] = (struct cell){.known = true, .number = (int64_t)numbers[i]};
	return numbers_write(context, &section, cells, err);
}

/* What of the options goes together. */
static enum status
check_options(const struct context *context, struct err *err)
{
	static const char *const others[] = {"keep", "keep-rollup", "originals"};
	size_t i;

	if (context_has(context, "keep-rollup") && context_has(context, "originals"))
		return err_stop(err, EXIT_CODE_USAGE, "--keep-rollup and --originals exclude each other");
	for (i = 0; i < sizeof others / sizeof *others; i++)
		if (context_has(context, "personal") && context_has(context, others[i]))
			return err_stop(
			    err, EXIT_CODE_USAGE, "--personal and --%s exclude each other", others[i]);
	return OK;
}

static enum status
prune(struct pruned *pruned, const struct context *context, uint64_t days, struct err *err)
{
	bool dry = context_has(context, "dry-run");
	enum prune_what what = context_has(context, "originals")     ? PRUNE_ORIGINALS
			       : context_has(context, "keep-rollup") ? PRUNE_RECORDS
								     : PRUNE_ALL;

	if (context_has(context, "personal"))
		return (dry ? store_personal_plan : store_personal)(pruned, context->store, err);
	return (dry ? store_prune_plan : store_prune)(pruned, context->store, what, days, err);
}

static enum status
prune_run(struct context *context, struct err *err)
{
	bool dry = context_has(context, "dry-run");
	struct pruned pruned;
	uint64_t days = 0;
	struct err note;
	enum status status = check_options(context, err);

	if (status == OK && !context_has(context, "personal"))
		status = read_keep(&days, context, err);
	if (status == OK)
		status = store_open(
		    &context->store, context->db_path, dry ? STORE_READ : STORE_WRITE, &context->limits, err);
	if (status == OK)
		status = prune(&pruned, context, days, err);
	if (status == OK)
		status = write_pruned(context, &pruned, err);
	if (status != OK || !dry)
		return status;
	(void)err_set(&note, SKIP, "this would go; nothing was changed");
	context_message(context, &note);
	return OK;
}

const struct command cmd_db_prune = {
    .name = "db prune",
    .summary = "takes away what is older than a length of time before the newest report",
    .arguments = "",
    .options = prune_options,
    .needs = NEEDS_PATH,
    .run = prune_run,
};
