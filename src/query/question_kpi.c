/* question_kpi: indicators of each domain, judged by the targets of the configuration. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column kpi[] = {
    {"domain", "Domain", CELL_TEXT, 0, 18},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"spf_pass", "SPF pass", CELL_PERCENT, 0, 0},
    {"spf_aligned", "SPF aligned", CELL_PERCENT, 2, 0},
    {"dkim_signed", "DKIM signed", CELL_PERCENT, 0, 0},
    {"dkim_aligned", "DKIM aligned", CELL_PERCENT, 2, 0},
    {"dmarc_pass", "DMARC pass", CELL_PERCENT, 0, 0},
    {"newest_week", "Pass of last 7 days", CELL_PERCENT, 3, 0},
    {"policy_acted", "Policy acted", CELL_PERCENT, 3, 0},
    {"forwarded", "Forwarded", CELL_PERCENT, 3, 0},
    {"days_reported", "Days reported", CELL_PERCENT, 3, 0},
    {"silent_days", "Silent days", CELL_INTEGER, 5, 0},
    {"result", "Targets", CELL_TEXT, 4, 0},
};

static const struct column kpi_targets[] = {
    {"spf_pass", "SPF pass", CELL_PERCENT, 0, 0},
    {"spf_aligned", "SPF aligned", CELL_PERCENT, 0, 0},
    {"dkim_signed", "DKIM signed", CELL_PERCENT, 0, 0},
    {"dkim_aligned", "DKIM aligned", CELL_PERCENT, 0, 0},
    {"dmarc_pass", "DMARC pass", CELL_PERCENT, 0, 0},
    {"newest_week", "Pass of last 7 days", CELL_PERCENT, 0, 0},
    {"policy_acted", "Policy acted", CELL_PERCENT, 0, 0},
    {"forwarded", "Forwarded, at most", CELL_PERCENT, 0, 0},
    {"days_reported", "Days reported", CELL_PERCENT, 0, 0},
    {"silent_days", "Silent days, at most", CELL_INTEGER, 0, 0},
};

static const struct question_section kpi_sections[] = {
    LONG_SECTION("domains", NULL, SHAPE_ROWS, true, kpi, "kpi", "domain", "domains"),
    SECTION("targets", "Targets", SHAPE_OBJECT, true, kpi_targets, "kpi_targets"),
};

static const char *const silence[] = {"query/silence.sql", NULL};

const struct question question_kpi = {
    .name = "kpi",
    .summary = "indicators of each domain beside their targets",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_NUMBER,
    .screen = SCREEN,
    .to_newest = true,
    .tables = "query/silence_tables.sql",
    .gathers = silence,
    .sections = kpi_sections,
    .count = COUNT(kpi_sections),
};
