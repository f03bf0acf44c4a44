/* cmd_db_info: what the database holds and what it takes. */
#include "cli/question.h"

static const struct option info_options[] = {OPTION_FORMAT, OPTION_END};

static enum status
info_run(struct context *context, struct err *err)
{
	return question_run(context, "db info", 0, err);
}

const struct command cmd_db_info = {
    .name = "db info",
    .summary = "tells what the database holds, from when to when, and what it takes table by table",
    .arguments = "",
    .options = info_options,
    .needs = NEEDS_READ,
    .run = info_run,
};
