/* cmd_top_failures: who sends the mail that fails DMARC, the worst first. */
#include "cli/question.h"

static const struct option top_failures_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_ONLY,
    {
	.name = "by",
	.metavar = "source|ip|subnet|header-from|envelope-from|dkim-domain|spf-domain|reporter|domain",
	.help = "what a row stands for",
    },
    {.name = "number",
	.letter = 'n',
	.metavar = "N",
	.help = "at most N rows; 0: all (default 10)",
	.most = INT32_MAX},
    OPTION_SORT,
    OPTION_FORMAT,
    OPTION_END,
};

static enum status
top_failures_run(struct context *context, struct err *err)
{
	return question_run(context, "top-failures", 0, err);
}

const struct command cmd_top_failures = {
    .name = "top-failures",
    .summary = "ranks the sources of mail that fails DMARC",
    .arguments = "",
    .options = top_failures_options,
    .needs = NEEDS_READ,
    .run = top_failures_run,
};
