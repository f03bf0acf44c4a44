/* cmd_failures: failure reports, a line each or grouped. */
#include "cli/question.h"

#include <string.h>

static const struct option failures_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    {.name = "source",
	.metavar = "NETWORK",
	.help = "only mail from this address, or network in CIDR notation"},
    {.name = "type",
	.metavar = "auth-failure|abuse|fraud|not-spam|opt-out|virus|other|all",
	.help = "only reports of this type; only auth-failure is about DMARC"},
    {.name = "by",
	.metavar = "report|source|ip|subnet|domain|header-from|dkim-domain|spf-domain|reporter|type|auth-"
		   "failure|delivery|day",
	.help = "what a row stands for"},
    OPTION_ONLY,
    OPTION_SORT,
    OPTION_NUMBER,
    OPTION_FORMAT,
    OPTION_END,
};

static enum status
failures_run(struct context *context, struct err *err)
{
	const struct question_extra extra = {
	    .sender = context_option(context, "source"), .only = context_option(context, "type")};
	bool grouped = strcmp(context_option(context, "by"), "report") != 0;

	return question_run_extra(context, grouped ? "failures-by" : "failures", &extra, err);
}

const struct command cmd_failures = {
    .name = "failures",
    .summary = "lists or groups failure reports (ruf): single mails that failed, and abuse reports",
    .arguments = "",
    .options = failures_options,
    .needs = NEEDS_READ,
    .run = failures_run,
};
