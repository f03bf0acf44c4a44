/* cmd_policy: which policies reporters saw, from when to when, and what they did with mail that fails. */
#include "cli/question.h"

static const struct option policy_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_ONLY,
    {
	.name = "by",
	.metavar = "policy|reporter",
	.help = "a row per policy, or per policy and reporter",
    },
    OPTION_SCREEN,
    OPTION_SORT,
    OPTION_FORMAT,
    OPTION_END,
};

static enum status
policy_run(struct context *context, struct err *err)
{
	return question_run(context, "policy", 0, err);
}

const struct command cmd_policy = {
    .name = "policy",
    .summary = "the published policies as reporters saw them, and how much failing mail they acted on",
    .arguments = "",
    .options = policy_options,
    .needs = NEEDS_READ,
    .run = policy_run,
};
