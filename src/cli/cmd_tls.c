/* cmd_tls: what fails between senders and the MX hosts. */
#include "cli/question.h"

static const struct option tls_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    {
	.name = "by",
	.metavar = "result-type|mx|reporter|policy|report",
	.help = "what a row stands for",
    },
    {.name = "number",
	.letter = 'n',
	.metavar = "N",
	.help = "at most N rows; 0: all (default 10)",
	.most = INT32_MAX},
    OPTION_ONLY,
    OPTION_SORT,
    OPTION_FORMAT,
    OPTION_END,
};

static enum status
tls_run(struct context *context, struct err *err)
{
	return question_run(context, "tls", 0, err);
}

const struct command cmd_tls = {
    .name = "tls",
    .summary = "ranks what fails between senders and the MX hosts, from SMTP TLS reports",
    .arguments = "",
    .options = tls_options,
    .needs = NEEDS_READ,
    .run = tls_run,
};
