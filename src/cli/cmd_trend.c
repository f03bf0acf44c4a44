/* cmd_trend: how mail and its verdicts develop. */
#include "cli/question.h"

static const struct option trend_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_ONLY,
    {
	.name = "by",
	.metavar = "auto|day|week|month",
	.help = "what a row stands for; auto: days up to 31 of them, weeks up to 26, else months",
    },
    {
	.name = "number",
	.letter = 'n',
	.metavar = "N",
	.help = "only the newest N rows",
	.most = INT32_MAX,
    },
    OPTION_SORT,
    OPTION_FORMAT,
    OPTION_END,
};

static enum status
trend_run(struct context *context, struct err *err)
{
	return question_run(context, "trend", 0, err);
}

const struct command cmd_trend = {
    .name = "trend",
    .summary = "messages, verdicts and what receivers did by day, week or month",
    .arguments = "",
    .options = trend_options,
    .needs = NEEDS_READ,
    .run = trend_run,
};
