/* cmd_show: everything of one report, or the bytes that it came in. */
#include "cli/question.h"

#include "base/text.h"
#include "query/query.h"
#include "store/store.h"

static const struct option show_options[] = {
    {.name = "original", .help = "write the bytes as they arrived instead: the file or the attachment"},
    OPTION_FORMAT,
    OPTION_END,
};

/* A letter in front of an id says what it is of; without one it is an aggregate report's. */
static const struct kind {
	char letter;
	const char *question;
	enum query_original original;
} kinds[] = {
    {'\0', "show", ORIGINAL_OF_REPORT},
    {'T', "show tls", ORIGINAL_OF_TLS},
    {'F', "show failure", ORIGINAL_OF_FAILURE},
};

static enum status
show_run(struct context *context, struct err *err)
{
	const char *text = context->args[0];
	const struct kind *kind = kinds;
	int64_t id, original;
	enum status status;
	size_t i;

	for (i = 1; i < sizeof kinds / sizeof *kinds; i++)
		if (text_lower(text[0]) == text_lower(kinds[i].letter))
			kind = &kinds[i];
	status = question_id(&id, text + (kind->letter != '\0'), err);
	if (status != OK)
		return status;
	if (!context_has(context, "original"))
		return question_run(context, kind->question, id, err);
	if (context_has(context, "format"))
		return err_stop(err, EXIT_CODE_USAGE, "--original gives bytes: --format does not go with it");
	status = query_original(&original, store_db(context->store), kind->original, id, err);
	return status == OK ? question_bytes(context, original, err) : status;
}

const struct command cmd_show = {
    .name = "show",
    .summary = "shows everything of one report: policy, records, repairs, where it came from",
    .arguments = "ID",
    .least_args = 1,
    .most_args = 1,
    .options = show_options,
    .needs = NEEDS_READ,
    .run = show_run,
};
