/* question_policy: the published policies as reporters saw them, and what became of mail under each. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column policy[] = {
    {"domain", "Domain", CELL_TEXT, 0, 12},
    {"p", "p", CELL_TEXT, 0, 0},
    {"sp", "sp", CELL_TEXT, 4 + COLUMN_SPARSE, 0},
    {"np", "np", CELL_TEXT, 4 + COLUMN_SPARSE, 0},
    {"adkim", "adkim", CELL_TEXT, 6 + COLUMN_SPARSE, 0},
    {"aspf", "aspf", CELL_TEXT, 6 + COLUMN_SPARSE, 0},
    {"pct", "pct", CELL_TEXT, 4 + COLUMN_SPARSE, 0},
    {"fo", "fo", CELL_TEXT, 6 + COLUMN_SPARSE, 0},
    {"testing", "t", CELL_TEXT, 4 + COLUMN_SPARSE, 0},
    {"discovery_method", "Found by", CELL_TEXT, 8 + COLUMN_SPARSE, 0},
    {"reporter", "Reporter", CELL_TEXT, COLUMN_SPARSE, 12},
    {"first_day", "First day", CELL_DAY, 0, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
    {"next_day", "Next from", CELL_DAY, 2 + COLUMN_SPARSE, 0},
    {"late_reporters", "Late", CELL_INTEGER, 3 + COLUMN_SPARSE, 0},
    {"late_days", "Days late", CELL_INTEGER, 3 + COLUMN_SPARSE, 0},
    {"reports", "Reports", CELL_INTEGER, 5, 0},
    {"reporters", "Reporters", CELL_INTEGER, 5 + COLUMN_SPARSE, 0},
    {"messages", "Messages", CELL_INTEGER, 5, 0},
    {"failing", "Failing", CELL_INTEGER, 0, 0},
    {"quarantine", "Quarantine", CELL_INTEGER, 7, 0},
    {"reject", "Reject", CELL_INTEGER, 7, 0},
    {"acted_percent", "Acted", CELL_PERCENT, 0, 0},
    {"expected", "Expected", CELL_TEXT, 1, 0},
};

static const struct question_section policy_sections[] = {
    LONG_SECTION("policies", NULL, SHAPE_ROWS, true, policy, "policy", "row", "rows"),
};

const struct question question_policy = {
    .name = "policy",
    .summary = "published policies as reporters saw them, and what they did",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_BY | TAKES_NUMBER,
    .screen = SCREEN,
    .sections = policy_sections,
    .count = COUNT(policy_sections),
};
