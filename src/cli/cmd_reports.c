/* cmd_reports: a line per report. */
#include "cli/question.h"

static const struct option reports_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    {
	.name = "only",
	.metavar = "all|counted|conflict|pruned|incomplete|repaired|authenticated|unverified|forged",
	.help = "only reports that are so; authenticated goes with another one",
	.repeatable = true,
    },
    OPTION_SORT,
    OPTION_SCREEN,
    OPTION_FORMAT,
    OPTION_END,
};

static enum status
reports_run(struct context *context, struct err *err)
{
	return question_run(context, "reports", 0, err);
}

const struct command cmd_reports = {
    .name = "reports",
    .summary = "lists the reports: domain, reporter, period, records, messages, what is odd",
    .arguments = "",
    .options = reports_options,
    .needs = NEEDS_READ,
    .run = reports_run,
};
