/* question_tls: what fails between senders and the MX hosts, ranked, and everything of one TLS report. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column groups[] = {
    {"source", "Result type", CELL_TEXT, 0, 20},
    {"failed", "Failed", CELL_INTEGER, 0, 0},
    {"share", "Share", CELL_PERCENT, 0, 0},
    {"sessions", "Sessions", CELL_INTEGER, 0, 0},
    {"fail_share", "Fails", CELL_PERCENT, 0, 0},
    {"result_type", "Most often", CELL_TEXT, 2 + COLUMN_SPARSE, 0},
    {"meaning", "Means", CELL_TEXT, 6 + COLUMN_SPARSE, 0},
    {"advice", "To do", CELL_TEXT, 6 + COLUMN_SPARSE, 0},
    {"mx_hosts", "MX hosts", CELL_INTEGER, 4 + COLUMN_SPARSE, 0},
    {"reporters", "Reporters", CELL_INTEGER, 3 + COLUMN_SPARSE, 0},
    {"first_day", "First day", CELL_DAY, 5, 0},
    {"last_day", "Last day", CELL_DAY, 1, 0},
};

static const struct column totals[] = {
    {"reports", "TLS reports", CELL_INTEGER, 0, 0},
    {"policies", "Policies", CELL_INTEGER, 0, 0},
    {"sessions", "Sessions", CELL_INTEGER, 0, 0},
    {"failed", "Failed", CELL_INTEGER, 0, 0},
    {"fail_share", "Share failed", CELL_PERCENT, 0, 0},
    {"detailed", "Failed by details", CELL_INTEGER, 0, 0},
    {"differing", "Policies whose details add up to another number", CELL_INTEGER, 1, 0},
    {"unknown", "Policies that leave a number out", CELL_INTEGER, 1, 0},
    {"authenticated", "Authenticated", CELL_INTEGER, 1, 0},
    {"forged", "Forged?", CELL_INTEGER, 1, 0},
};

static const struct question_section tls_sections[] = {
    SECTION("groups", NULL, SHAPE_ROWS, true, groups, "tls"),
    SECTION("totals", "In all", SHAPE_OBJECT, true, totals, "tls_totals"),
};

static const char *const tls_gathers[] = {"query/tls_gather.sql", "query/tls_gather_failed.sql", NULL};

const struct question_about about_tls = {
    .domains = "query/tls_domains.sql",
    .span = "query/tls_span.sql",
    .in_window = "query/tls_in_window.sql",
    .what = "TLS reports",
    .list = "show",
    .left_out = "query/tls_left_out.sql",
};

const struct question question_tls = {
    .name = "tls",
    .summary = "rank what fails between senders and the MX hosts",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_BY | TAKES_NUMBER,
    .number = 10,
    .about = &about_tls,
    .nothing = "no session failed",
    .tables = "query/tls_tables.sql",
    .gathers = tls_gathers,
    .sections = tls_sections,
    .count = COUNT(tls_sections),
};
