/* cmd_why: the whole story of one sender. */
#include "cli/question.h"

static const struct option why_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    {.name = "only",
	.metavar = "all|failing|passing|unknown|authenticated",
	.help = "only mail that fares so, or that authenticated reports tell of; both may be given",
	.repeatable = true},
    {.name = "number",
	.letter = 'n',
	.metavar = "N",
	.help = "at most N rows of each list; 0: all (default: tables 10, else all)",
	.most = INT32_MAX},
    OPTION_SORT,
    OPTION_FORMAT,
    OPTION_END,
};

static enum status
why_run(struct context *context, struct err *err)
{
	return question_run(context, "why", 0, err);
}

const struct command cmd_why = {
    .name = "why",
    .summary = "tells the whole story of one sender: an address, a network or a source",
    .arguments = "IP|CIDR|SOURCE",
    .least_args = 1,
    .most_args = 1,
    .options = why_options,
    .needs = NEEDS_READ,
    .run = why_run,
};
