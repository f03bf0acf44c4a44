/* question_reporters: who reports, how regularly, and who doesn't do what the policy asks for; for each
 * reporter, or each reporter and domain. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
#define HABIT                                                                                                \
	{"reports", "Reports", CELL_INTEGER, 1, 0}, {"messages", "Messages", CELL_INTEGER, 0, 0},            \
	    {"first_day", "First day", CELL_DAY, 3, 0}, {"last_day", "Last day", CELL_DAY, 0, 0},            \
	    {"habit", "Habit", CELL_TEXT, 0, 0}, {"missing_days", "Missing", CELL_INTEGER, 0, 0},            \
	    {"silent_days", "Silent days", CELL_INTEGER, 5, 0}, {"silence", "Silence", CELL_TEXT, 4, 0},     \
	    {"asked", "Policy asked", CELL_INTEGER, 2, 0},                                                   \
	    {"let_through", "Let through", CELL_INTEGER, 2, 0},                                              \
	{                                                                                                    \
		"let_through_percent", "Share let through", CELL_PERCENT, 2, 0                               \
	}

static const struct column by_reporter[] = {
    {"reporter", "Reporter", CELL_TEXT, 0, 12},
    {"domains", "Domains", CELL_INTEGER, 1, 0},
    HABIT,
};

static const struct column by_domain[] = {
    {"reporter", "Reporter", CELL_TEXT, 0, 12},
    {"domain", "Domain", CELL_TEXT, 0, 12},
    HABIT,
};

static const struct column reasons[] = {
    {"reporter", "Reporter", CELL_TEXT, 0, 12},
    {"domain", "Domain", CELL_TEXT, 0, 12},
    {"reason", "Reason", CELL_TEXT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
};

#define LET_THROUGH                                                                                          \
	SECTION("reasons", "Why they let through what the policy asked to stop", SHAPE_LIST, true, reasons,  \
	    "reporters_reasons")

static const struct question_section reporter_sections[] = {
    SECTION("reporters", NULL, SHAPE_ROWS, true, by_reporter, "reporters"),
    LET_THROUGH,
};

static const struct question_section domain_sections[] = {
    SECTION("reporters", NULL, SHAPE_ROWS, true, by_domain, "reporters"),
    LET_THROUGH,
};

static const char *const reporters_gathers[] = {"query/reporters_asked.sql", NULL};

const struct question question_reporters = {
    .name = "reporters",
    .summary = "who reports, how regularly, and who overrides the policy",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_NUMBER,
    .to_newest = true,
    .tables = "query/reporters_tables.sql",
    .gathers = reporters_gathers,
    .sections = reporter_sections,
    .count = COUNT(reporter_sections),
};

const struct question question_reporters_by_domain = {
    .name = "reporters-by-domain",
    .summary = "the same for each reporter and domain",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_NUMBER,
    .to_newest = true,
    .tables = "query/reporters_tables.sql",
    .gathers = reporters_gathers,
    .sections = domain_sections,
    .count = COUNT(domain_sections),
};
