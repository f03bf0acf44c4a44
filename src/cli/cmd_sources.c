/* cmd_sources: who sends as a domain. Whether spoofing is one row is decided here, since it depends on the
 * format. */
#include "analysis/classify.h"
#include "cli/question.h"

#include <string.h>

enum { TABLE_ROWS = 20, SOURCES = 11 /* the column */ };

static const struct option sources_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_ONLY,
    {
	.name = "class",
	.metavar =
	    "all|full|dkim-only|spf-only|forwarded|list|service|tenant|unknown|broken|temporary|spoofed|"
	    "inconsistent|untold",
	.help = "only mail of this class",
    },
    OPTION_SCREEN,
    OPTION_SORT,
    OPTION_FORMAT,
    OPTION_END,
};

/* The row of all that only spoof. */
static bool
is_folded(const struct cell *cells)
{
	return cells[SOURCES].known;
}

static enum status
sources_run(struct context *context, struct err *err)
{
	const char *class = context_option(context, "class");
	bool any = strcmp(class, "all") == 0;
	bool table = strcmp(context_option(context, "format"), "table") == 0;
	bool all = context_number(context, "number", table ? TABLE_ROWS : 0) == 0;
	struct ask_number numbers[] = {
	    {":class", 0, false},
	    {":fold", !all && any, true},
	    {":brief", table, true},
	};
	const struct question_extra extra = {
	    .numbers = numbers, .number_count = sizeof numbers / sizeof *numbers, .stays = is_folded};

	while (!any && strcmp(mail_class_word((enum mail_class)numbers[0].value), class) != 0)
		numbers[0].value++;
	numbers[0].known = !any;
	return question_run_extra(context, "sources", &extra, err);
}

const struct command cmd_sources = {
    .name = "sources",
    .summary = "tells who sends as a domain, and what to do about it",
    .arguments = "",
    .options = sources_options,
    .needs = NEEDS_READ,
    .run = sources_run,
};
