/* cmd_export: every record of a window for auditors and other programs. */
#include "cli/question.h"
#include "cli/target.h"
#include "query/query.h"
#include "store/store.h"

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
	if (status == OK)
		status = tell_pruned(context, &ask, err);
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
