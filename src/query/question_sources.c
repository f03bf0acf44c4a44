/* question_sources: who sends as a domain, of which class, and what is to be done about it. */
#include "query/catalogue.h"

enum { INVENTORY = 100 /* days: monthly and quarterly senders are among them */ };

/* name, title, type, priority, least width */
static const struct column sources[] = {
    {"source", "Source", CELL_TEXT, 0, 24},
    {"domain", "Domain", CELL_TEXT, COLUMN_SPARSE, 12},
    {"class", "Class", CELL_TEXT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"aligned", "Passes", CELL_PERCENT, 0, 0},
    {"trend", "Trend", CELL_TEXT, COLUMN_SPARSE + COLUMN_WIDE + 2, 0},
    {"first_day", "First day", CELL_DAY, COLUMN_WIDE + 3, 0},
    {"last_day", "Last day", CELL_DAY, COLUMN_WIDE + 1, 0},
    {"decision", "Decision", CELL_TEXT, COLUMN_SPARSE, 0},
    {"recent", "28 days", CELL_INTEGER, COLUMN_WIDE + 4, 0},
    {"addresses", "Addresses", CELL_INTEGER, COLUMN_WIDE + 5, 0},
    {"sources", "Sources", CELL_INTEGER, COLUMN_SPARSE + COLUMN_WIDE + 6, 0},
    {"also", "Also", CELL_TEXT, BELOW, 0},
    {"evidence", "Why", CELL_TEXT, BELOW, 0},
    {"fix", "Fix", CELL_TEXT, BELOW, 0},
};

static const struct question_section sources_sections[] = {
    LONG_SECTION("sources", NULL, SHAPE_ROWS, true, sources, "sources", "source", "sources"),
};

static const char *const gathers[] = {"query/sources_gather.sql", NULL};

const struct question question_sources = {
    .name = "sources",
    .summary = "who sends as a domain",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_NUMBER,
    .screen = SCREEN,
    .days = INVENTORY,
    .nothing = "no mail of that class",
    .tables = "query/sources_tables.sql",
    .gathers = gathers,
    .sections = sources_sections,
    .count = COUNT(sources_sections),
};
