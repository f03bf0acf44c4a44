/* question_status: how things stand: domains, last import, open rejects. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column status_domains[] = {
    {"domain", "Domain", CELL_TEXT, 0, 20},
    {"reports", "Reports", CELL_INTEGER, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"pass_percent", "Pass", CELL_PERCENT, 0, 0},
    {"reporters", "Reporters", CELL_INTEGER, 2, 0},
    {"first_day", "First day", CELL_DAY, 3, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
    {"missing_days", "Gap days", CELL_INTEGER, 1, 0},
    {"policy", "Policy last seen", CELL_TEXT, 4, 24},
    {"authenticated", "Authenticated", CELL_INTEGER, 5, 0},
    {"forged", "Forged?", CELL_INTEGER, 5, 0},
};

static const struct column last_import[] = {
    {"started", "Started (UTC)", CELL_TIME, 0, 0},
    {"finished", "Finished (UTC)", CELL_TIME, 0, 0},
    {"state", "State", CELL_TEXT, 0, 0},
    {"failed_sources", "Failed sources", CELL_INTEGER, 1, 0},
    {"files", "Files", CELL_INTEGER, 0, 0},
    {"mails", "Mails", CELL_INTEGER, 1, 0},
    {"reports", "New reports", CELL_INTEGER, 0, 0},
    {"duplicates", "Duplicates", CELL_INTEGER, 1, 0},
    {"conflicts", "Conflicts", CELL_INTEGER, 1, 0},
    {"incomplete", "Incomplete", CELL_INTEGER, 1, 0},
    {"repaired", "Repaired", CELL_INTEGER, 1, 0},
    {"records", "Records", CELL_INTEGER, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"tls_reports", "TLS reports", CELL_INTEGER, 1, 0},
    {"rejected", "Rejected", CELL_INTEGER, 1, 0},
    {"skipped", "Skipped", CELL_INTEGER, 1, 0},
    {"bounces", "Bounces", CELL_INTEGER, 1, 0},
    {"automatic_replies", "Automatic replies", CELL_INTEGER, 1, 0},
    {"abuse_reports", "Abuse reports", CELL_INTEGER, 1, 0},
    {"lost_reports", "Error reports", CELL_INTEGER, 1, 0},
    {"other_mails", "Other mails", CELL_INTEGER, 1, 0},
    {"failures", "Failure reports", CELL_INTEGER, 1, 0},
    {"feedback", "Abuse reports and the like", CELL_INTEGER, 1, 0},
};

static const struct column open_rejects[] = {
    {"open_rejects", "Open rejects", CELL_INTEGER, 0, 0},
};

static const struct column lost_reports[] = {
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    {"reports", "Reports", CELL_INTEGER, 0, 0},
    {"first_told", "First told (UTC)", CELL_TIME, 2, 0},
    {"last_told", "Last told (UTC)", CELL_TIME, 1, 0},
    {"largest", "Largest", CELL_BYTES, 0, 0},
};

static const struct column tls[] = {
    {"reports", "Reports", CELL_INTEGER, 0, 0},
    {"sessions", "Sessions", CELL_INTEGER, 0, 0},
    {"failed", "Failed", CELL_INTEGER, 0, 0},
    {"fail_share", "Share failed", CELL_PERCENT, 0, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
    {"authenticated", "Authenticated", CELL_INTEGER, 1, 0},
    {"forged", "Forged?", CELL_INTEGER, 1, 0},
};

static const struct column silent[] = {
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
    {"silent_days", "Silent days", CELL_INTEGER, 0, 0},
};

static const struct question_section status_sections[] = {
    LONG_SECTION("domains", NULL, SHAPE_ROWS, true, status_domains, "status", "domain", "domains"),
    LONG_SECTION("silent", "No reports any more: is rua= published, and does its mailbox take mail?",
	SHAPE_LIST, true, silent, "status_silent", "domain", "domains"),
    SECTION("tls", "TLS reports", SHAPE_OBJECT, true, tls, "status_tls"),
    SECTION("last_import", "Last import", SHAPE_OBJECT, true, last_import, "last_import"),
    LONG_SECTION(
	"lost_reports", "Lost: too large to be sent", SHAPE_LIST, true, lost_reports, "lost", "row", "rows"),
    SECTION("open_rejects", NULL, SHAPE_VALUE, true, open_rejects, "open_rejects"),
};

static const char *const silence[] = {"query/silence.sql", NULL};

const struct question question_status = {
    .name = "status",
    .summary = "domains, reporters, coverage and gaps, last import",
    .takes = TAKES_DOMAIN | TAKES_NUMBER,
    .screen = SCREEN,
    .to_newest = true,
    .tables = "query/silence_tables.sql",
    .gathers = silence,
    .sections = status_sections,
    .count = COUNT(status_sections),
};
