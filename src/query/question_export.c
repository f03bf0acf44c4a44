/* question_export: what is handed over whole: records, the roll-up, reports, rejects, decisions; and the
 * originals behind each. */
#include "query/catalogue.h"

/* Runs of columns that several exports have. */
/* clang-format off */
#define POLICY_COLUMNS \
    {"p", "p", CELL_TEXT, 0, 0}, \
    {"sp", "sp", CELL_TEXT, 0, 0}, \
    {"np", "np", CELL_TEXT, 0, 0}, \
    {"adkim", "adkim", CELL_TEXT, 0, 0}, \
    {"aspf", "aspf", CELL_TEXT, 0, 0}, \
    {"pct", "pct", CELL_TEXT, 0, 0}, \
    {"fo", "fo", CELL_TEXT, 0, 0}, \
    {"testing", "testing", CELL_TEXT, 0, 0}, \
    {"discovery_method", "discovery_method", CELL_TEXT, 0, 0}
#define PROFILE_COLUMNS \
    {"disposition", "Disposition", CELL_TEXT, 0, 0}, \
    {"dmarc", "DMARC", CELL_TEXT, 0, 0}, \
    {"dkim_aligned", "DKIM", CELL_TEXT, 0, 0}, \
    {"spf_aligned", "SPF", CELL_TEXT, 0, 0}, \
    {"header_from", "Header from", CELL_TEXT, 0, 0}, \
    {"envelope_from", "Envelope from", CELL_TEXT, 0, 0}, \
    {"envelope_to", "Envelope to", CELL_TEXT, 0, 0}, \
    {"dkim_results", "DKIM results", CELL_LIST, 0, 0}, \
    {"spf_results", "SPF results", CELL_LIST, 0, 0}, \
    {"reasons", "Reasons", CELL_LIST, 0, 0}
#define ORIGINAL_COLUMNS \
    {"original", "Original", CELL_ID, 0, 0}, \
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0}, \
    {"original_bytes", "Bytes", CELL_BYTES, 0, 0}, \
    {"kept", "Kept", CELL_FLAG, 0, 0}
/* clang-format on */

/* name, title, type, priority, least width */
static const struct column records[] = {
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"org_name", "Organisation", CELL_TEXT, 0, 0},
    {"report_id", "Report ID", CELL_TEXT, 0, 0},
    {"begin", "Begin", CELL_TIME, 0, 0},
    {"end", "End", CELL_TIME, 0, 0},
    {"email", "E-mail", CELL_TEXT, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    POLICY_COLUMNS,
    {"incomplete", "Incomplete", CELL_FLAG, 0, 0},
    {"repairs", "Repairs", CELL_TEXT, 0, 0},
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0},
    {"report", "Report", CELL_ID, 0, 0},
    {"source_ip", "Source IP", CELL_TEXT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    PROFILE_COLUMNS,
};
static const struct question_block records_blocks[] = {
    {0, 20, BLOCK_REPORT},
    {20, 1, BLOCK_IP},
    {22, 10, BLOCK_PROFILE},
};

static const struct column rollup[] = {
    {"day", "Day", CELL_DAY, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    {"source_ip", "Source IP", CELL_TEXT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    PROFILE_COLUMNS,
};
static const struct question_block rollup_blocks[] = {
    {3, 1, BLOCK_IP},
    {5, 10, BLOCK_PROFILE},
};

static const struct column reports[] = {
    {"report", "Report", CELL_ID, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    {"org_name", "Organisation", CELL_TEXT, 0, 0},
    {"email", "E-mail", CELL_TEXT, 0, 0},
    {"contact", "Contact", CELL_TEXT, 0, 0},
    {"report_id", "Report ID", CELL_TEXT, 0, 0},
    {"raw_report_id", "As it came", CELL_TEXT, 0, 0},
    {"begin", "Begin", CELL_TIME, 0, 0},
    {"end", "End", CELL_TIME, 0, 0},
    {"first_day", "First day", CELL_DAY, 0, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
    {"version", "Version", CELL_TEXT, 0, 0},
    {"generator", "Generator", CELL_TEXT, 0, 0},
    {"namespace", "Namespace", CELL_TEXT, 0, 0},
    POLICY_COLUMNS,
    {"records", "Records", CELL_INTEGER, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"incomplete", "Incomplete", CELL_FLAG, 0, 0},
    {"repairs", "Repairs", CELL_TEXT, 0, 0},
    {"state", "State", CELL_TEXT, 0, 0},
    {"arrivals", "Arrivals", CELL_INTEGER, 0, 0},
    {"arrived", "Arrived", CELL_TIME, 0, 0},
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0},
    {"original_bytes", "Bytes", CELL_BYTES, 0, 0},
};

static const struct column rejects[] = {
    {"reject", "Reject", CELL_ID, 0, 0},
    {"at", "At", CELL_TIME, 0, 0},
    {"where", "Where", CELL_TEXT, 0, 0},
    {"status", "Status", CELL_TEXT, 0, 0},
    {"reason", "Reason", CELL_TEXT, 0, 0},
    {"retried", "Retried", CELL_TIME, 0, 0},
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0},
    {"original_bytes", "Bytes", CELL_BYTES, 0, 0},
};

static const struct column decisions[] = {
    {"decision", "Decision", CELL_ID, 0, 0},
    {"at", "At", CELL_TIME, 0, 0},
    {"who", "Who", CELL_TEXT, 0, 0},
    {"source", "Source", CELL_TEXT, 0, 0},
    {"kind", "Kind", CELL_TEXT, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"verdict", "Verdict", CELL_TEXT, 0, 0},
    {"note", "Note", CELL_TEXT, 0, 0},
    {"until", "Until", CELL_DAY, 0, 0},
};

static const struct column failures[] = {
    {"failure", "Failure", CELL_TEXT, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"arrived", "Mail arrived", CELL_TIME, 0, 0},
    {"sent", "Report sent", CELL_TIME, 0, 0},
    {"type", "Type", CELL_TEXT, 0, 0},
    {"source_ip", "Source IP", CELL_TEXT, 0, 0},
    {"source_port", "Source port", CELL_INTEGER, 0, 0},
    {"source", "Source", CELL_TEXT, 0, 0},
    {"header_from", "Header from", CELL_TEXT, 0, 0},
    {"from", "From", CELL_TEXT, 0, 0},
    {"mail_from", "Original mail from", CELL_TEXT, 0, 0},
    {"rcpt_to", "Original recipients", CELL_TEXT, 0, 0},
    {"envelope_id", "Original envelope ID", CELL_TEXT, 0, 0},
    {"message_id", "Message-ID", CELL_TEXT, 0, 0},
    {"subject", "Subject", CELL_TEXT, 0, 0},
    {"auth_failure", "Failed", CELL_TEXT, 0, 0},
    {"delivery_result", "Delivery", CELL_TEXT, 0, 0},
    {"results", "Results", CELL_TEXT, 0, 0},
    {"dkim_aligned", "DKIM aligned", CELL_TEXT, 0, 0},
    {"spf_aligned", "SPF aligned", CELL_TEXT, 0, 0},
    {"identity_alignment", "Identity-Alignment", CELL_TEXT, 0, 0},
    {"dkim_domain", "DKIM d=", CELL_TEXT, 0, 0},
    {"dkim_identity", "DKIM i=", CELL_TEXT, 0, 0},
    {"dkim_selector", "DKIM s=", CELL_TEXT, 0, 0},
    {"spf_dns", "SPF records", CELL_TEXT, 0, 0},
    {"reported_uri", "Reported URIs", CELL_TEXT, 0, 0},
    {"incidents", "Incidents", CELL_INTEGER, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    {"reporting_mta", "Reporting MTA", CELL_TEXT, 0, 0},
    {"user_agent", "User agent", CELL_TEXT, 0, 0},
    {"version", "Version", CELL_TEXT, 0, 0},
    {"form", "Form", CELL_TEXT, 0, 0},
    {"has_message", "Message came along", CELL_FLAG, 0, 0},
    {"personal", "Personal data", CELL_FLAG, 0, 0},
    {"arrivals", "Arrivals", CELL_INTEGER, 0, 0},
    {"imported", "Imported", CELL_TIME, 0, 0},
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0},
    {"original_bytes", "Bytes", CELL_BYTES, 0, 0},
};

static const struct column originals[] = {
    ORIGINAL_COLUMNS,
    {"report", "Report", CELL_ID, 0, 0},
};
static const struct column tls_originals[] = {
    ORIGINAL_COLUMNS,
    {"report", "Report", CELL_TEXT, 0, 0},
};
static const struct column reject_originals[] = {
    ORIGINAL_COLUMNS,
    {"reject", "Reject", CELL_ID, 0, 0},
};
static const struct column decision_originals[] = {
    ORIGINAL_COLUMNS,
    {"decision", "Decision", CELL_ID, 0, 0},
};

static const struct column tls[] = {
    {"report", "Report", CELL_TEXT, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    {"org_name", "Organisation", CELL_TEXT, 0, 0},
    {"contact", "Contact", CELL_TEXT, 0, 0},
    {"report_id", "Report ID", CELL_TEXT, 0, 0},
    {"begin", "Begin", CELL_TIME, 0, 0},
    {"end", "End", CELL_TIME, 0, 0},
    {"repairs", "Repairs", CELL_TEXT, 0, 0},
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0},
    {"row", "Row", CELL_TEXT, 0, 0},
    {"policy", "Policy", CELL_ID, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"policy_type", "Type", CELL_TEXT, 0, 0},
    {"policy_strings", "Policy strings", CELL_TEXT, 0, 0},
    {"mx_hosts", "MX hosts", CELL_TEXT, 0, 0},
    {"successful", "Successful", CELL_INTEGER, 0, 0},
    {"failed", "Failed", CELL_INTEGER, 0, 0},
    {"result_type", "Result type", CELL_TEXT, 0, 0},
    {"failed_sessions", "Failed sessions", CELL_INTEGER, 0, 0},
    {"sending_mta_ip", "Sending IP", CELL_TEXT, 0, 0},
    {"receiving_mx_hostname", "MX host", CELL_TEXT, 0, 0},
    {"receiving_mx_helo", "HELO", CELL_TEXT, 0, 0},
    {"receiving_ip", "Receiving IP", CELL_TEXT, 0, 0},
    {"additional_information", "More", CELL_TEXT, 0, 0},
    {"failure_reason_code", "Reason code", CELL_TEXT, 0, 0},
};

static const struct column failure_originals[] = {
    ORIGINAL_COLUMNS,
    {"failure", "Failure", CELL_TEXT, 0, 0},
};

static const struct column domains[] = {
    {"domain", "Domain", CELL_TEXT, 0, 0},
};
static const struct column database[] = {
    {"created", "Created", CELL_TIME, 0, 0},
    {"created_by", "Created by", CELL_TEXT, 0, 0},
    {"schema", "Schema", CELL_INTEGER, 0, 0},
};

/* clang-format off */
#define BEHIND(originals, sql) \
    [EXPORT_ORIGINALS] = SECTION("originals", NULL, SHAPE_ROWS, false, originals, sql), \
    [EXPORT_DOMAINS] = SECTION("domains", NULL, SHAPE_LIST, false, domains, "export_domains"), \
    [EXPORT_DATABASE] = SECTION("database", NULL, SHAPE_OBJECT, false, database, "export_database")
/* clang-format on */

static const struct question_section records_sections[EXPORT_SECTIONS] = {
    [EXPORT_ROWS] = SECTION_OF_BLOCKS("records", records, "export_records", records_blocks),
    BEHIND(originals, "export_originals"),
};
static const struct question_section rollup_sections[EXPORT_SECTIONS] = {
    [EXPORT_ROWS] = SECTION_OF_BLOCKS("rollup", rollup, "export_rollup", rollup_blocks),
    BEHIND(originals, "export_originals"),
};
static const struct question_section reports_sections[EXPORT_SECTIONS] = {
    [EXPORT_ROWS] = SECTION("reports", NULL, SHAPE_ROWS, false, reports, "export_reports"),
    BEHIND(originals, "export_reports_originals"),
};
static const struct question_section rejects_sections[EXPORT_SECTIONS] = {
    [EXPORT_ROWS] = SECTION("rejects", NULL, SHAPE_ROWS, false, rejects, "export_rejects"),
    BEHIND(reject_originals, "export_rejects_originals"),
};
static const struct question_section decisions_sections[EXPORT_SECTIONS] = {
    [EXPORT_ROWS] = SECTION("decisions", NULL, SHAPE_ROWS, false, decisions, "export_decisions"),
    BEHIND(decision_originals, "export_decisions_originals"),
};
static const struct question_section tls_sections[EXPORT_SECTIONS] = {
    [EXPORT_ROWS] = SECTION("tls", NULL, SHAPE_ROWS, false, tls, "export_tls"),
    BEHIND(tls_originals, "export_tls_originals"),
};

const struct question question_export_records = {
    .name = "export records",
    .summary = "every record of the reports that count",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_ONLY,
    .sections = records_sections,
    .count = EXPORT_SECTIONS,
};

const struct question question_export_rollup = {
    .name = "export rollup",
    .summary = "messages by day, domain, reporter, address and profile",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_ONLY,
    .sections = rollup_sections,
    .count = EXPORT_SECTIONS,
};

const struct question question_export_reports = {
    .name = "export reports",
    .summary = "everything of each report but its records",
    .takes = TAKES_DOMAIN | TAKES_WINDOW,
    .sections = reports_sections,
    .count = EXPORT_SECTIONS,
};

const struct question question_export_rejects = {
    .name = "export rejects",
    .summary = "what could not be read, also what was read since",
    .nothing = "nothing was ever rejected",
    .sections = rejects_sections,
    .count = EXPORT_SECTIONS,
};

const struct question question_export_decisions = {
    .name = "export decisions",
    .summary = "what was decided about sources, also what was replaced since",
    .takes = TAKES_DOMAIN,
    .nothing = "nothing was decided: `dmarcq mark` does that",
    .sections = decisions_sections,
    .count = EXPORT_SECTIONS,
};

const struct question question_export_tls = {
    .name = "export tls",
    .summary = "policies and failures of the TLS reports that count",
    .takes = TAKES_DOMAIN | TAKES_WINDOW,
    .about = &about_tls,
    .sections = tls_sections,
    .count = EXPORT_SECTIONS,
};

static const struct question_section failures_sections[EXPORT_SECTIONS] = {
    [EXPORT_ROWS] = SECTION("failures", NULL, SHAPE_ROWS, false, failures, "export_failures"),
    [EXPORT_ORIGINALS] =
	SECTION("originals", NULL, SHAPE_ROWS, false, failure_originals, "export_failures_originals"),
    [EXPORT_DOMAINS] = SECTION("domains", NULL, SHAPE_LIST, false, domains, "export_failures_domains"),
    [EXPORT_DATABASE] = SECTION("database", NULL, SHAPE_OBJECT, false, database, "export_database"),
};

const struct question question_export_failures = {
    .name = "export failures",
    .summary = "every failure report, also those about abuse and the like",
    .about = &about_failures,
    .takes = TAKES_DOMAIN | TAKES_WINDOW,
    .sections = failures_sections,
    .count = EXPORT_SECTIONS,
};
