/* question_failures: failure reports, a line each or grouped, and everything of one. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column failures[] = {
    {"id", "ID", CELL_TEXT, 0, 0},
    {"at", "At (UTC)", CELL_TIME, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 10},
    {"source_ip", "Source IP", CELL_TEXT, 0, 0},
    {"source", "Source", CELL_TEXT, 1, 12},
    {"header_from", "Header from", CELL_TEXT, 3, 10},
    {"type", "Type", CELL_TEXT, 4, 0},
    {"auth_failure", "Failed", CELL_TEXT, 0, 0},
    {"spf", "SPF", CELL_TEXT, 2, 12},
    {"dkim", "DKIM", CELL_TEXT, 2, 12},
    {"delivery_result", "Delivery", CELL_TEXT, 1, 0},
    {"incidents", "Incidents", CELL_INTEGER, 4, 0},
    {"reporter", "Reporter", CELL_TEXT, 3, 10},
    {"authenticity", "Authenticity", CELL_TEXT, 4 + COLUMN_WIDE, 0},
};

static const struct column groups[] = {
    {"source", "Group", CELL_TEXT, 0, 12},
    {"reports", "Reports", CELL_INTEGER, 0, 0},
    {"incidents", "Incidents", CELL_INTEGER, 1, 0},
    {"addresses", "Addresses", CELL_INTEGER, 0, 0},
    {"domains", "Domains", CELL_INTEGER, 0, 0},
    {"reporters", "Reporters", CELL_INTEGER, 0, 0},
    {"first_day", "First day", CELL_DAY, 0, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
    {"authenticated", "Authenticated", CELL_INTEGER, 5 + COLUMN_WIDE, 0},
};

static const struct column show_failure[] = {
    {"id", "ID", CELL_TEXT, 0, 0},
    {"type", "Type", CELL_TEXT, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"arrived", "Mail arrived (UTC)", CELL_TIME, 0, 0},
    {"sent", "Report sent (UTC)", CELL_TIME, 0, 0},
    {"source_ip", "Source IP", CELL_TEXT, 0, 0},
    {"source_port", "Source port", CELL_INTEGER, 0, 0},
    {"source", "Source", CELL_TEXT, 0, 0},
    {"header_from", "Header from", CELL_TEXT, 0, 0},
    {"from", "From", CELL_TEXT, 0, 0},
    {"mail_from", "Original mail from", CELL_TEXT, 0, 0},
    {"envelope_id", "Original envelope ID", CELL_TEXT, 0, 0},
    {"message_id", "Message-ID", CELL_TEXT, 0, 0},
    {"subject", "Subject", CELL_TEXT, 0, 0},
    {"auth_failure", "Failed", CELL_TEXT, 0, 0},
    {"delivery_result", "Delivery", CELL_TEXT, 0, 0},
    {"dkim_aligned", "DKIM aligned", CELL_TEXT, 0, 0},
    {"spf_aligned", "SPF aligned", CELL_TEXT, 0, 0},
    {"identity_alignment", "Identity-Alignment", CELL_TEXT, 0, 0},
    {"dkim_domain", "DKIM d=", CELL_TEXT, 0, 0},
    {"dkim_identity", "DKIM i=", CELL_TEXT, 0, 0},
    {"dkim_selector", "DKIM s=", CELL_TEXT, 0, 0},
    {"incidents", "Incidents", CELL_INTEGER, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    {"reporting_mta", "Reporting MTA", CELL_TEXT, 0, 0},
    {"user_agent", "User agent", CELL_TEXT, 0, 0},
    {"version", "Version", CELL_TEXT, 0, 0},
    {"form", "Form", CELL_TEXT, 0, 0},
    {"has_message", "Message came along", CELL_FLAG, 0, 0},
    {"personal", "Personal data kept", CELL_FLAG, 0, 0},
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0},
    {"original_bytes", "Bytes", CELL_BYTES, 0, 0},
    {"original_kept", "Bytes kept", CELL_FLAG, 0, 0},
    {"authenticity", "Authenticity", CELL_TEXT, 0, 0},
    {"evidence", "Evidence", CELL_TEXT, 0, 0},
};

static const struct column fields[] = {
    {"field", "Field", CELL_TEXT, 0, 0},
    {"text", "Value", CELL_TEXT, 0, 30},
};

static const struct column results[] = {
    {"of", "Of", CELL_TEXT, 0, 0},
    {"method", "Method", CELL_TEXT, 0, 0},
    {"result", "Result", CELL_TEXT, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 10},
    {"selector", "Selector", CELL_TEXT, 1, 0},
    {"identity", "Identity", CELL_TEXT, 2, 16},
    {"reason", "Reason", CELL_TEXT, 1, 16},
};

static const struct column arrivals[] = {
    {"at", "At (UTC)", CELL_TIME, 0, 0},
    {"kind", "As", CELL_TEXT, 0, 0},
    {"where", "Where", CELL_TEXT, 4, 0},
    {"mail_from", "Mail from", CELL_TEXT, 1, 20},
    {"mail_date", "Mail of", CELL_TEXT, 2, 20},
    {"mail_subject", "Subject", CELL_TEXT, 2, 20},
    {"mail_message_id", "Message-ID", CELL_TEXT, 2, 20},
    {"original_sha256", "SHA-256", CELL_TEXT, 3, 64},
};

const struct question_about about_failures = {
    .domains = "query/failures_domains.sql",
    .span = "query/failures_span.sql",
    .in_window = "query/failures_in_window.sql",
    .what = "failure reports",
    .list = "failures",
    .left_out = "query/failures_left_out.sql",
};

static const struct question_section failures_sections[] = {
    SECTION("failures", NULL, SHAPE_ROWS, true, failures, "failures"),
};
static const struct question_section groups_sections[] = {
    SECTION("groups", NULL, SHAPE_ROWS, true, groups, "failures_by"),
};
static const struct question_section show_sections[] = {
    SECTION("failure", "Failure report", SHAPE_OBJECT, true, show_failure, "show_failure"),
    SECTION("results", "Authentication results", SHAPE_LIST, true, results, "show_failure_results"),
    SECTION("fields", "Other fields", SHAPE_LIST, true, fields, "show_failure_texts"),
    SECTION("arrivals", "Arrivals", SHAPE_LIST, true, arrivals, "show_failure_arrivals"),
};

#define TAKES (TAKES_DOMAIN | TAKES_WINDOW | TAKES_NUMBER | TAKES_ADDRESS | TAKES_ONLY)

const struct question question_failures = {
    .name = "failures",
    .summary = "a line per failure report",
    .about = &about_failures,
    .takes = TAKES,
    .nothing = "no failure report is so",
    .sections = failures_sections,
    .count = COUNT(failures_sections),
};

const struct question question_failures_by = {
    .name = "failures-by",
    .summary = "failure reports by what they have in common",
    .about = &about_failures,
    .takes = TAKES | TAKES_BY,
    .nothing = "no failure report is so",
    .sections = groups_sections,
    .count = COUNT(groups_sections),
};

const struct question question_show_failure = {
    .name = "show failure",
    .summary = "everything of one failure report",
    .takes = TAKES_ID,
    .original = ORIGINAL_OF_FAILURE,
    .sections = show_sections,
    .count = COUNT(show_sections),
};
