/* question_reports: a line per report. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column reports[] = {
    {"id", "ID", CELL_ID, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 20},
    {"reporter", "Reporter", CELL_TEXT, 0, 10},
    {"report_id", "Report ID", CELL_TEXT, 4, 12},
    {"begin", "Begin (UTC)", CELL_TIME, 0, 0},
    {"end", "End (UTC)", CELL_TIME, 3, 0},
    {"records", "Records", CELL_INTEGER, 2, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"incomplete", "Cut", CELL_FLAG, 1, 0},
    {"repaired", "Repairs", CELL_INTEGER, 1, 0},
    {"state", "State", CELL_TEXT, 0, 0},
    {"authenticity", "Authenticity", CELL_TEXT, 3, 0},
};

static const struct column more[] = {
    {"more", NULL, CELL_TEXT, 0, 0},
};

static const struct question_section reports_sections[] = {
    SECTION("reports", NULL, SHAPE_ROWS, false, reports, "reports"),
    SECTION("more", NULL, SHAPE_NOTE, false, more, "reports_more"),
};

const struct question question_reports = {
    .name = "reports",
    .summary = "a line per report",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_NUMBER,
    .screen = SCREEN,
    .sections = reports_sections,
    .count = COUNT(reports_sections),
};
