/* question_top_failures: the sources of mail that fails, ranked. */
#include "query/catalogue.h"

enum { WHOLE_ADDRESS = 39 /* no IPv6 address is cut */ };

/* name, title, type, priority, least width */
static const struct column top_failures[] = {
    {"source", "Source", CELL_TEXT, 0, WHOLE_ADDRESS},
    {"failing", "Failing", CELL_INTEGER, 0, 0},
    {"share", "Share", CELL_PERCENT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"fail_share", "Fails", CELL_PERCENT, 0, 0},
    {"why", "Why", CELL_TEXT, 5, 0},
    {"why_share", "Holds for", CELL_PERCENT, 5, 0},
    {"spf", "SPF", CELL_TEXT, 4, 24},
    {"dkim", "DKIM", CELL_TEXT, 4, 24},
    {"none", "No action", CELL_INTEGER, 3, 0},
    {"quarantine", "Quarantine", CELL_INTEGER, 3, 0},
    {"reject", "Reject", CELL_INTEGER, 3, 0},
    {"reporters", "Reporters", CELL_INTEGER, 2, 0},
    {"domains", "Domains", CELL_INTEGER, 6 + COLUMN_SPARSE + COLUMN_WIDE, 0},
    {"first_day", "First day", CELL_DAY, 1, 0},
    {"last_day", "Last day", CELL_DAY, 1, 0},
    {"failure_reports", "Failure reports", CELL_INTEGER, 6, 0},
};

static const struct column more[] = {
    {"more", NULL, CELL_TEXT, 0, 0},
};

static const struct question_section top_failures_sections[] = {
    SECTION("sources", NULL, SHAPE_ROWS, true, top_failures, "top_failures"),
    SECTION("more", NULL, SHAPE_NOTE, false, more, "top_failures_more"),
};

const struct question question_top_failures = {
    .name = "top-failures",
    .summary = "rank the sources of mail that fails DMARC",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_BY | TAKES_NUMBER,
    .number = 10,
    .nothing = "nothing fails DMARC",
    .sections = top_failures_sections,
    .count = COUNT(top_failures_sections),
};
