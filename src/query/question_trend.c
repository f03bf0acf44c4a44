/* question_trend: how mail and its verdicts develop, by day, week or month. */
#include "query/catalogue.h"

#include <string.h>

enum {
	DAYS_BY_DAY = 31,
	DAYS_BY_WEEK = 26 * 7 /* the longest windows that are shown so, if nobody says how */
};

/* name, title, type, priority, least width */
static const struct column trend[] = {
    {"period", "Period", CELL_DAY, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"passed", "Passing", CELL_INTEGER, 4, 0},
    {"failing", "Failing", CELL_INTEGER, 0, 0},
    {"unknown", "Unknown", CELL_INTEGER, 5, 0},
    {"pass_percent", "Pass", CELL_PERCENT, 0, 0},
    {"no_action", "Not acted", CELL_INTEGER, 3, 0},
    {"quarantine", "Quarantine", CELL_INTEGER, 3, 0},
    {"reject", "Reject", CELL_INTEGER, 3, 0},
    {"reporters", "Reporters", CELL_INTEGER, 0, 0},
    {"days", "Days", CELL_INTEGER, 0, 0},
    {"partial", "Partial", CELL_MARK, 1 + COLUMN_SPARSE, 0},
    {"bar", "pass|fail", CELL_BAR, 2, 14},
};

static const struct question_section trend_sections[] = {
    SECTION("periods", NULL, SHAPE_ROWS, false, trend, "trend"),
};

static const char *
trend_by(const char *asked, const struct window *window)
{
	int64_t days = window->until - window->since + 1;

	if (asked != NULL && strcmp(asked, "auto") != 0)
		return asked;
	return days <= DAYS_BY_DAY ? "day" : days <= DAYS_BY_WEEK ? "week" : "month";
}

const struct question question_trend = {
    .name = "trend",
    .summary = "messages and verdicts by day, week or month",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_BY | TAKES_NUMBER,
    .by = trend_by,
    .sections = trend_sections,
    .count = COUNT(trend_sections),
};
