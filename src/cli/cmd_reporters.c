/* cmd_reporters: who reports, how regularly, and who overrides the policy. */
#include "cli/question.h"

#include <string.h>

static const struct option reporters_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_ONLY,
    {.name = "by",
	.metavar = "reporter|domain",
	.help = "a row for each reporter, or each reporter and domain"},
    OPTION_NUMBER,
    OPTION_SORT,
    OPTION_FORMAT,
    OPTION_END,
};

static enum status
reporters_run(struct context *context, struct err *err)
{
	bool by_domain = strcmp(context_option(context, "by"), "domain") == 0;

	return question_run(context, by_domain ? "reporters-by-domain" : "reporters", 0, err);
}

const struct command cmd_reporters = {
    .name = "reporters",
    .summary = "tells who reports, how regularly, since when not any more, and who overrides the policy",
    .arguments = "",
    .options = reporters_options,
    .needs = NEEDS_READ,
    .run = reporters_run,
};
