/*
 * catalogue: the questions. To add one: its columns, its sections and a line in questions[] here, and a file
 * per section in schema/sqlite/query.
 */
#include "query/query.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SECTION(name, title, shape, unfold, columns, sql)                                                    \
	{                                                                                                    \
		{name, title, shape, unfold, columns, COUNT(columns)}, "query/" sql ".sql"                   \
	}

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
};

static const struct column last_import[] = {
    {"started", "Started (UTC)", CELL_TIME, 0, 0},
    {"finished", "Finished (UTC)", CELL_TIME, 0, 0},
    {"files", "Files", CELL_INTEGER, 0, 0},
    {"mails", "Mails", CELL_INTEGER, 1, 0},
    {"reports", "New reports", CELL_INTEGER, 0, 0},
    {"duplicates", "Duplicates", CELL_INTEGER, 1, 0},
    {"conflicts", "Conflicts", CELL_INTEGER, 1, 0},
    {"incomplete", "Incomplete", CELL_INTEGER, 1, 0},
    {"repaired", "Repaired", CELL_INTEGER, 1, 0},
    {"records", "Records", CELL_INTEGER, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"rejected", "Rejected", CELL_INTEGER, 1, 0},
    {"skipped", "Skipped", CELL_INTEGER, 1, 0},
};

static const struct column open_rejects[] = {
    {"open_rejects", "Open rejects", CELL_INTEGER, 0, 0},
};

static const struct question_section status_sections[] = {
    SECTION("domains", NULL, SHAPE_ROWS, true, status_domains, "status"),
    SECTION("last_import", "Last import", SHAPE_OBJECT, true, last_import, "last_import"),
    SECTION("open_rejects", NULL, SHAPE_VALUE, true, open_rejects, "open_rejects"),
};

static const struct column top_failures[] = {
    {"source", "Source", CELL_TEXT, 0, 18},
    {"failing", "Failing", CELL_INTEGER, 0, 0},
    {"share", "Share", CELL_PERCENT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"fail_share", "Fails", CELL_PERCENT, 0, 0},
    {"why", "Why", CELL_TEXT, 5, 0},
    {"why_share", "Holds for", CELL_PERCENT, 5, 0},
    {"spf", "SPF", CELL_TEXT, 4, 24},
    {"dkim", "DKIM", CELL_TEXT, 4, 24},
    {"none", "No action", CELL_INTEGER, 3, 0},
    {"quarantine", "Quarantine", CELL_INTEGER, 3, 0},
    {"reject", "Reject", CELL_INTEGER, 3, 0},
    {"reporters", "Reporters", CELL_INTEGER, 2, 0},
    {"first_day", "First day", CELL_DAY, 1, 0},
    {"last_day", "Last day", CELL_DAY, 1, 0},
};

static const struct question_section top_failures_sections[] = {
    SECTION("sources", NULL, SHAPE_ROWS, true, top_failures, "top_failures"),
};

static const struct column reports[] = {
    {"id", "ID", CELL_ID, 0, 0},
    {"domain", "Domain", CELL_TEXT, 0, 10},
    {"reporter", "Reporter", CELL_TEXT, 0, 10},
    {"report_id", "Report ID", CELL_TEXT, 4, 12},
    {"begin", "Begin (UTC)", CELL_TIME, 0, 0},
    {"end", "End (UTC)", CELL_TIME, 3, 0},
    {"records", "Records", CELL_INTEGER, 2, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"incomplete", "Cut", CELL_FLAG, 1, 0},
    {"repaired", "Repairs", CELL_INTEGER, 1, 0},
    {"state", "State", CELL_TEXT, 0, 0},
};

static const struct question_section reports_sections[] = {
    SECTION("reports", NULL, SHAPE_ROWS, false, reports, "reports"),
};

static const struct column rejects[] = {
    {"id", "ID", CELL_ID, 0, 0},
    {"at", "At (UTC)", CELL_TIME, 1, 0},
    {"where", "Where", CELL_TEXT, 4, 0},
    {"status", "Status", CELL_TEXT, 1, 0},
    {"reason", "Reason", CELL_TEXT, 3, 40},
    {"bytes", "Bytes", CELL_BYTES, 1, 0},
};

static const struct question_section rejects_sections[] = {
    SECTION("rejects", NULL, SHAPE_ROWS, true, rejects, "rejects"),
};

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
    {"sentence", "What", CELL_TEXT, 2, 40},
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
    {"header_from", "Header from", CELL_TEXT, 0, 12},
    {"envelope_from", "Envelope from", CELL_TEXT, 1, 16},
    {"envelope_to", "Envelope to", CELL_TEXT, 3, 16},
    {"dkim_results", "DKIM results", CELL_LIST, 2, 0},
    {"spf_results", "SPF results", CELL_LIST, 2, 0},
    {"reasons", "Reasons", CELL_LIST, 3, 0},
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

static const struct question questions[] = {
    {
	.name = "status",
	.summary = "domains, reporters, coverage and gaps, last import",
	.takes = TAKES_DOMAIN,
	.sections = status_sections,
	.count = COUNT(status_sections),
    },
    {
	.name = "top-failures",
	.summary = "rank the sources of mail that fails DMARC",
	.takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_BY | TAKES_NUMBER,
	.number = 10,
	.nothing = "nothing fails DMARC",
	.sections = top_failures_sections,
	.count = COUNT(top_failures_sections),
    },
    {
	.name = "reports",
	.summary = "a line per report",
	.takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_NUMBER,
	.sections = reports_sections,
	.count = COUNT(reports_sections),
    },
    {
	.name = "show",
	.summary = "everything of one report",
	.takes = TAKES_ID,
	.nothing = "the report has no records",
	.sections = show_sections,
	.count = COUNT(show_sections),
    },
    {
	.name = "rejects",
	.summary = "what could not be read, and why",
	.takes = TAKES_NUMBER,
	.nothing = "nothing is rejected",
	.sections = rejects_sections,
	.count = COUNT(rejects_sections),
    },
};

const struct question *
question_find(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(questions); i++)
		if (strcmp(questions[i].name, name) == 0)
			return &questions[i];
	return NULL;
}
