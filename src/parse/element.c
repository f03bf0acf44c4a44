/* element: RFC 7489 appendix C and RFC 9990 appendix A as one table; a name seen in the wild is one more
 * line. */
#include "parse/element.h"

#include <stddef.h>
#include <string.h>

struct rule {
	const char *name;
	enum element element;
	unsigned char len;
};

static const struct rule document[] = {{"feedback", EL_FEEDBACK, 8}, {NULL, EL_UNKNOWN, 0}};
static const struct rule feedback[] = {{"record", EL_RECORD, 6}, {"version", EL_VERSION, 7},
    {"report_metadata", EL_METADATA, 15}, {"policy_published", EL_POLICY, 16}, {"extension", EL_EXTENSION, 9},
    {"extensions", EL_EXTENSION, 10}, {NULL, EL_UNKNOWN, 0}};
static const struct rule metadata[] = {{"org_name", EL_ORG_NAME, 8}, {"email", EL_EMAIL, 5},
    {"extra_contact_info", EL_CONTACT, 18}, {"report_id", EL_REPORT_ID, 9}, {"date_range", EL_DATE_RANGE, 10},
    {"error", EL_ERROR, 5}, {"generator", EL_GENERATOR, 9}, {NULL, EL_UNKNOWN, 0}};
static const struct rule date_range[] = {{"begin", EL_BEGIN, 5}, {"end", EL_END, 3}, {NULL, EL_UNKNOWN, 0}};
static const struct rule policy[] = {{"domain", EL_POLICY_DOMAIN, 6}, {"adkim", EL_ADKIM, 5},
    {"aspf", EL_ASPF, 4}, {"p", EL_P, 1}, {"sp", EL_SP, 2}, {"np", EL_NP, 2}, {"pct", EL_PCT, 3},
    {"fo", EL_FO, 2}, {"testing", EL_TESTING, 7}, {"discovery_method", EL_DISCOVERY, 16},
    {NULL, EL_UNKNOWN, 0}};
static const struct rule record[] = {{"row", EL_ROW, 3}, {"identifiers", EL_IDENTIFIERS, 11},
    {"auth_results", EL_RESULTS, 12}, {"identities", EL_IDENTIFIERS, 10}, {"extension", EL_EXTENSION, 9},
    {"extensions", EL_EXTENSION, 10}, {NULL, EL_UNKNOWN, 0}};
static const struct rule row[] = {{"source_ip", EL_SOURCE_IP, 9}, {"count", EL_COUNT, 5},
    {"policy_evaluated", EL_EVALUATED, 16}, {NULL, EL_UNKNOWN, 0}};
static const struct rule evaluated[] = {{"disposition", EL_DISPOSITION, 11}, {"dkim", EL_EVALUATED_DKIM, 4},
    {"spf", EL_EVALUATED_SPF, 3}, {"reason", EL_REASON, 6}, {NULL, EL_UNKNOWN, 0}};
static const struct rule reason[] = {
    {"type", EL_REASON_TYPE, 4}, {"comment", EL_REASON_COMMENT, 7}, {NULL, EL_UNKNOWN, 0}};
static const struct rule identifiers[] = {{"header_from", EL_HEADER_FROM, 11},
    {"envelope_from", EL_ENVELOPE_FROM, 13}, {"envelope_to", EL_ENVELOPE_TO, 11}, {NULL, EL_UNKNOWN, 0}};
static const struct rule results[] = {{"dkim", EL_DKIM, 4}, {"spf", EL_SPF, 3}, {NULL, EL_UNKNOWN, 0}};
static const struct rule dkim[] = {{"domain", EL_DOMAIN, 6}, {"result", EL_RESULT, 6},
    {"selector", EL_SELECTOR, 8}, {"human_result", EL_HUMAN, 12}, {NULL, EL_UNKNOWN, 0}};
static const struct rule spf[] = {{"domain", EL_DOMAIN, 6}, {"result", EL_RESULT, 6}, {"scope", EL_SCOPE, 5},
    {"human_result", EL_HUMAN, 12}, {NULL, EL_UNKNOWN, 0}};

static const struct rule *
rules_of(enum element parent)
{
	static const struct rule *const table[] = {
	    [EL_DOCUMENT] = document,
	    [EL_FEEDBACK] = feedback,
	    [EL_METADATA] = metadata,
	    [EL_DATE_RANGE] = date_range,
	    [EL_POLICY] = policy,
	    [EL_RECORD] = record,
	    [EL_ROW] = row,
	    [EL_EVALUATED] = evaluated,
	    [EL_REASON] = reason,
	    [EL_IDENTIFIERS] = identifiers,
	    [EL_RESULTS] = results,
	    [EL_DKIM] = dkim,
	    [EL_SPF] = spf,
	};

	return parent < sizeof table / sizeof table[0] ? table[parent] : NULL;
}

enum element
element_find(enum element parent, struct str name)
{
	const struct rule *rules = rules_of(parent), *rule;

	if (rules == NULL)
		return EL_UNKNOWN;
	for (rule = rules; rule->name != NULL; rule++)
		if (rule->len == name.len && memcmp(rule->name, name.data, name.len) == 0)
			return rule->element;
	for (rule = rules; rule->name != NULL; rule++)
		if (rule->len == name.len && text_same_nocase(name.data, name.len, rule->name))
			return rule->element;
	return EL_UNKNOWN;
}

bool
element_is_leaf(enum element element)
{
	return rules_of(element) == NULL;
}

bool
element_is_misnamed(enum element element, struct str name)
{
	return element == EL_IDENTIFIERS && text_same_nocase(name.data, name.len, "identities");
}
