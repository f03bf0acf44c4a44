/* question_show_tls: everything of one TLS report. */
#include "query/catalogue.h"

/* name, title, type, priority, least width */
static const struct column report[] = {
    {"id", "ID", CELL_TEXT, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    {"org_name", "Organisation", CELL_TEXT, 0, 0},
    {"contact", "Contact", CELL_TEXT, 0, 0},
    {"report_id", "Report ID", CELL_TEXT, 0, 0},
    {"raw_report_id", "Raw ID", CELL_TEXT, 0, 0},
    {"begin", "Begin (UTC)", CELL_TIME, 0, 0},
    {"end", "End (UTC)", CELL_TIME, 0, 0},
    {"policies", "Policies", CELL_INTEGER, 0, 0},
    {"state", "State", CELL_TEXT, 0, 0},
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0},
    {"original_bytes", "Bytes", CELL_BYTES, 0, 0},
    {"authenticity", "Authenticity", CELL_TEXT, 0, 0},
    {"evidence", "Evidence", CELL_TEXT, 0, 0},
};

static const struct column policies[] = {
    {"policy", "Policy", CELL_ID, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 12},
    {"type", "Type", CELL_TEXT, 0, 0},
    {"successful", "Successful", CELL_INTEGER, 0, 0},
    {"failed", "Failed", CELL_INTEGER, 0, 0},
    {"detailed", "By details", CELL_INTEGER, 1, 0},
    {"mx_hosts", "MX hosts", CELL_TEXT, 2 + COLUMN_SPARSE, 0},
    {"strings", "As the sender saw it", CELL_TEXT, 3 + COLUMN_SPARSE, 0},
};

static const struct column repairs[] = {
    {"code", "Code", CELL_TEXT, 0, 0},
    {"times", "Times", CELL_INTEGER, 0, 0},
    {"sentence", "What", CELL_TEXT, 2, 0},
    {"first", "First at", CELL_TEXT, 1, 16},
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

static const struct column conflicts[] = {
    {"id", "ID", CELL_TEXT, 0, 0},
    {"state", "State", CELL_TEXT, 0, 0},
    {"policies", "Policies", CELL_INTEGER, 0, 0},
    {"at", "Arrived (UTC)", CELL_TIME, 1, 0},
};

static const struct column failures[] = {
    {"policy", "Policy", CELL_ID, 0, 0},
    {"result_type", "Result type", CELL_TEXT, 0, 0},
    {"sessions", "Sessions", CELL_INTEGER, 0, 0},
    {"receiving_mx_hostname", "MX host", CELL_TEXT, 0, 12},
    {"sending_mta_ip", "Sending IP", CELL_TEXT, 1, 15},
    {"receiving_ip", "Receiving IP", CELL_TEXT, 2, 15},
    {"receiving_mx_helo", "HELO", CELL_TEXT, 3 + COLUMN_SPARSE, 0},
    {"failure_reason_code", "Reason code", CELL_TEXT, 3 + COLUMN_SPARSE, 0},
    {"additional_information", "More", CELL_TEXT, 4 + COLUMN_SPARSE, 0},
    {"meaning", "Means", CELL_TEXT, 5 + COLUMN_SPARSE, 0},
    {"advice", "To do", CELL_TEXT, 5 + COLUMN_SPARSE, 0},
};

static const struct question_section sections[] = {
    SECTION("report", "TLS report", SHAPE_OBJECT, true, report, "show_tls"),
    SECTION("policies", "Policies", SHAPE_LIST, true, policies, "show_tls_policies"),
    SECTION("repairs", "Repairs", SHAPE_LIST, true, repairs, "show_tls_repairs"),
    SECTION("arrivals", "Arrivals", SHAPE_LIST, true, arrivals, "show_tls_arrivals"),
    SECTION("conflicts", "Conflicts with", SHAPE_LIST, true, conflicts, "show_tls_conflicts"),
    SECTION("failures", "Failures", SHAPE_ROWS, true, failures, "show_tls_failures"),
};

const struct question question_show_tls = {
    .name = "show tls",
    .summary = "everything of one TLS report",
    .takes = TAKES_ID,
    .original = ORIGINAL_OF_TLS,
    .sections = sections,
    .count = COUNT(sections),
};
