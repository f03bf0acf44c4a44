/* question_show: everything of one report. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column show_report[] = {
    {"id", "ID", CELL_ID, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    {"org_name", "Organisation", CELL_TEXT, 0, 0},
    {"email", "E-mail", CELL_TEXT, 0, 0},
    {"contact", "Contact", CELL_TEXT, 0, 0},
    {"contact_lang", "Language", CELL_TEXT, 0, 0},
    {"report_id", "Report ID", CELL_TEXT, 0, 0},
    {"raw_report_id", "Raw ID", CELL_TEXT, 0, 0},
    {"begin", "Begin (UTC)", CELL_TIME, 0, 0},
    {"end", "End (UTC)", CELL_TIME, 0, 0},
    {"version", "Version", CELL_TEXT, 0, 0},
    {"generator", "Generator", CELL_TEXT, 0, 0},
    {"namespace", "Namespace", CELL_TEXT, 0, 0},
    {"records", "Records", CELL_INTEGER, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"incomplete", "Incomplete", CELL_FLAG, 0, 0},
    {"state", "State", CELL_TEXT, 0, 0},
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0},
    {"original_bytes", "Bytes", CELL_BYTES, 0, 0},
    {"authenticity", "Authenticity", CELL_TEXT, 0, 0},
    {"evidence", "Evidence", CELL_TEXT, 0, 0},
};

static const struct column show_policy[] = {
    {"domain", "domain", CELL_TEXT, 0, 0},
    {"p", "p", CELL_TEXT, 0, 0},
    {"sp", "sp", CELL_TEXT, 0, 0},
    {"np", "np", CELL_TEXT, 0, 0},
    {"adkim", "adkim", CELL_TEXT, 0, 0},
    {"aspf", "aspf", CELL_TEXT, 0, 0},
    {"pct", "pct", CELL_TEXT, 0, 0},
    {"fo", "fo", CELL_TEXT, 0, 0},
    {"testing", "testing", CELL_TEXT, 0, 0},
    {"discovery_method", "discovery_method", CELL_TEXT, 0, 0},
};

static const struct column show_errors[] = {
    {"text", "Error", CELL_TEXT, 0, 30},
    {"lang", "Language", CELL_TEXT, 1, 0},
};

static const struct column show_repairs[] = {
    {"code", "Code", CELL_TEXT, 0, 0},
    {"times", "Times", CELL_INTEGER, 0, 0},
    {"sentence", "What", CELL_TEXT, 2, 0},
    {"first", "First at", CELL_TEXT, 1, 16},
};

static const struct column show_arrivals[] = {
    {"at", "At (UTC)", CELL_TIME, 0, 0},
    {"kind", "As", CELL_TEXT, 0, 0},
    {"where", "Where", CELL_TEXT, 4, 0},
    {"mail_from", "Mail from", CELL_TEXT, 1, 20},
    {"mail_date", "Mail of", CELL_TEXT, 2, 20},
    {"mail_subject", "Subject", CELL_TEXT, 2, 20},
    {"mail_message_id", "Message-ID", CELL_TEXT, 2, 20},
    {"original_sha256", "SHA-256", CELL_TEXT, 3, 64},
};

static const struct column show_conflicts[] = {
    {"id", "ID", CELL_ID, 0, 0},
    {"state", "State", CELL_TEXT, 0, 0},
    {"records", "Records", CELL_INTEGER, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"at", "Arrived (UTC)", CELL_TIME, 1, 0},
};

static const struct column show_records[] = {
    {"source_ip", "Source IP", CELL_TEXT, 0, 15},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"disposition", "Disposition", CELL_TEXT, 0, 0},
    {"dkim_aligned", "DKIM", CELL_TEXT, 0, 0},
    {"spf_aligned", "SPF", CELL_TEXT, 0, 0},
    {"header_from", "Header from", CELL_TEXT, 1, 0},
    {"envelope_from", "Envelope from", CELL_TEXT, 2, 0},
    {"envelope_to", "Envelope to", CELL_TEXT, 4, 0},
    {"dkim_results", "DKIM results", CELL_LIST, 3, 0},
    {"spf_results", "SPF results", CELL_LIST, 3, 0},
    {"reasons", "Reasons", CELL_LIST, 4, 0},
};

static const struct question_section show_sections[] = {
    SECTION("report", "Report", SHAPE_OBJECT, true, show_report, "show_report"),
    SECTION("policy", "Policy published", SHAPE_OBJECT, true, show_policy, "show_policy"),
    SECTION("errors", "Errors that the reporter tells of", SHAPE_LIST, true, show_errors, "show_errors"),
    SECTION("repairs", "Repairs", SHAPE_LIST, true, show_repairs, "show_repairs"),
    SECTION("arrivals", "Arrivals", SHAPE_LIST, true, show_arrivals, "show_arrivals"),
    SECTION("conflicts", "Conflicts with", SHAPE_LIST, true, show_conflicts, "show_conflicts"),
    SECTION("records", "Records", SHAPE_ROWS, true, show_records, "show_records"),
};

const struct question question_show = {
    .name = "show",
    .summary = "everything of one report",
    .takes = TAKES_ID,
    .nothing_sql = "query/show_empty.sql",
    .nothing = "the report has no records",
    .sections = show_sections,
    .count = COUNT(show_sections),
};
