/* cmd_status: how things stand. */
#include "cli/question.h"

static const struct option status_options[] = {
    OPTION_DOMAIN, OPTION_SUBDOMAINS, OPTION_ONLY, OPTION_SCREEN, OPTION_SORT, OPTION_FORMAT, OPTION_END};

static enum status
status_run(struct context *context, struct err *err)
{
	return question_run(context, "status", 0, err);
}

const struct command cmd_status = {
    .name = "status",
    .summary = "domains, reporters, coverage and gaps, last import, open rejects",
    .arguments = "",
    .options = status_options,
    .needs = NEEDS_READ,
    .run = status_run,
};
