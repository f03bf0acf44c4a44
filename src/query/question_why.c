/* question_why: the whole story of one sender. Its traffic is gathered once, in tables that all sections
 * read. */
#include "query/catalogue.h"

enum { ROWS = 10 /* of each list */ };

/* name, title, type, priority, least width */
static const struct column sender[] = {
    {"sender", "Sender", CELL_TEXT, 0, 0},
    {"kind", "Kind", CELL_TEXT, 0, 0},
    {"service", "Service", CELL_TEXT, 0, 0},
    {"category", "Category", CELL_TEXT, 0, 0},
    {"hint", "To align it", CELL_TEXT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"passed", "Pass", CELL_INTEGER, 0, 0},
    {"failed", "Fail", CELL_INTEGER, 0, 0},
    {"unknown", "Unknown", CELL_INTEGER, 1, 0},
    {"contradicted", "Contradicted", CELL_INTEGER, 1, 0},
    {"pass_percent", "Pass rate", CELL_PERCENT, 0, 0},
    {"first_day", "First day", CELL_DAY, 0, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
    {"addresses", "Addresses", CELL_INTEGER, 0, 0},
    {"domains", "Domains", CELL_INTEGER, 0, 0},
    {"reporters", "Reporters", CELL_INTEGER, 0, 0},
    {"failure_reports", "Failure reports", CELL_INTEGER, 1, 0},
};

static const struct column outcomes[] = {
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"share", "Share", CELL_PERCENT, 0, 0},
    {"dmarc", "DMARC", CELL_TEXT, 0, 0},
    {"header_from", "Header from", CELL_TEXT, 0, 12},
    {"first_day", "First day", CELL_DAY, 1, 0},
    {"last_day", "Last day", CELL_DAY, 1, 0},
    {"spf", "SPF", CELL_LIST, BELOW, 0},
    {"dkim", "DKIM", CELL_LIST, BELOW, 0},
    {"verdict", "Verdict", CELL_TEXT, BELOW, 0},
    {"contradiction", "Contradiction", CELL_TEXT, BELOW, 0},
};

static const struct column domains[] = {
    {"domain", "Domain", CELL_TEXT, 0, 12},
    {"header_from", "Header from", CELL_TEXT, 0, 12},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"passed", "Pass", CELL_INTEGER, 0, 0},
    {"failed", "Fail", CELL_INTEGER, 0, 0},
    {"pass_percent", "Pass rate", CELL_PERCENT, 0, 0},
    {"first_day", "First day", CELL_DAY, 1, 0},
    {"last_day", "Last day", CELL_DAY, 1, 0},
};

static const struct column weeks[] = {
    {"week", "Week of", CELL_DAY, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"passed", "Pass", CELL_INTEGER, 0, 0},
    {"failed", "Fail", CELL_INTEGER, 0, 0},
    {"bar", "pass|fail", CELL_BAR, 2, 14},
};

static const struct column sources[] = {
    {"source", "Source", CELL_TEXT, 0, 16},
    {"category", "Category", CELL_TEXT, 1, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"failed", "Fail", CELL_INTEGER, 0, 0},
};

static const struct column addresses[] = {
    {"ip", "Source IP", CELL_TEXT, 0, 15},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"passed", "Pass", CELL_INTEGER, 0, 0},
    {"failed", "Fail", CELL_INTEGER, 0, 0},
    {"first_day", "First day", CELL_DAY, 0, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
};

static const struct column signatures[] = {
    {"domain", "d=", CELL_TEXT, 0, 12},
    {"selector", "Selector", CELL_TEXT, 0, 8},
    {"result", "Result", CELL_TEXT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
};

static const struct column envelopes[] = {
    {"envelope_from", "Envelope from", CELL_TEXT, 0, 12},
    {"spf_domain", "SPF domain", CELL_TEXT, 0, 12},
    {"scope", "Scope", CELL_TEXT, 0, 0},
    {"result", "Result", CELL_TEXT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
};

static const struct column reporters[] = {
    {"reporter", "Reporter", CELL_TEXT, 0, 12},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"failed", "Fail", CELL_INTEGER, 0, 0},
    {"first_day", "First day", CELL_DAY, 0, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
};

static const struct column failures[] = {
    {"domain", "Domain", CELL_TEXT, 0, 12},
    {"reports", "Reports", CELL_INTEGER, 0, 0},
    {"incidents", "Incidents", CELL_INTEGER, 0, 0},
    {"first_day", "First day", CELL_DAY, 0, 0},
    {"last_day", "Last day", CELL_DAY, 0, 0},
};

static const struct column overrides[] = {
    {"type", "Reason", CELL_TEXT, 0, 0},
    {"comment", "Comment", CELL_TEXT, 1, 20},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"failed", "Fail", CELL_INTEGER, 0, 0},
};

static const struct column dispositions[] = {
    {"disposition", "Disposition", CELL_TEXT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"share", "Share", CELL_PERCENT, 0, 0},
};

static const struct column unnamed[] = {
    {"unnamed", NULL, CELL_TEXT, 0, 0},
};

static const struct question_section why_sections[] = {
    SECTION("sender", "Sender", SHAPE_OBJECT, true, sender, "why_sender"),
    LONG_SECTION("outcomes", "Alignment, step by step (RFC 7489 s. 3.1, RFC 9989 s. 4.4)", SHAPE_ROWS, true,
	outcomes, "why", "outcome", "outcomes"),
    LONG_SECTION("dispositions", "What receivers did with the failing mail", SHAPE_LIST, true, dispositions,
	"why_dispositions", "disposition", "dispositions"),
    LONG_SECTION("overrides", "Reasons that receivers gave", SHAPE_LIST, true, overrides, "why_overrides",
	"reason", "reasons"),
    LONG_SECTION("domains", "Domains", SHAPE_LIST, true, domains, "why_domains", "domain", "domains"),
    SECTION("weeks", "Weeks, from Monday", SHAPE_LIST, true, weeks, "why_weeks"),
    LONG_SECTION(
	"sources", "Sources behind it", SHAPE_LIST, true, sources, "why_sources", "source", "sources"),
    SECTION("unnamed", NULL, SHAPE_NOTE, false, unnamed, "why_unnamed"),
    LONG_SECTION(
	"addresses", "Addresses", SHAPE_LIST, true, addresses, "why_addresses", "address", "addresses"),
    LONG_SECTION("signatures", "DKIM signatures", SHAPE_LIST, true, signatures, "why_signatures", "signature",
	"signatures"),
    LONG_SECTION("envelopes", "Return paths", SHAPE_LIST, true, envelopes, "why_envelopes", "return path",
	"return paths"),
    LONG_SECTION(
	"reporters", "Reporters", SHAPE_LIST, true, reporters, "why_reporters", "reporter", "reporters"),
    LONG_SECTION("failures", "Failure reports (`dmarcq failures` lists them)", SHAPE_LIST, true, failures,
	"why_failures", "domain", "domains"),
};

static const char *const why_gathers[] = {"query/why_ip.sql", "query/why_profile.sql", "query/why_flow.sql",
    "query/why_traffic.sql", "query/why_policy.sql", "query/why_story.sql", "query/why_failure.sql", NULL};

const struct question question_why = {
    .name = "why",
    .summary = "the whole story of one sender",
    .takes = TAKES_DOMAIN | TAKES_WINDOW | TAKES_NUMBER | TAKES_SENDER,
    .screen = ROWS,
    .tables = "query/why_tables.sql",
    .gathers = why_gathers,
    .sections = why_sections,
    .count = COUNT(why_sections),
};
