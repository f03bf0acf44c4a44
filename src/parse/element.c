/* element: RFC 7489 appendix C and RFC 9990 appendix A as one table; a name seen in the wild is one more line. */
#include "parse/element.h"

#include <stddef.h>
#include <string.h>

struct rule {
	const char *name;
	enum element element;
};

static const struct rule document[] = {{"feedback", EL_FEEDBACK}, {NULL, EL_UNKNOWN}};
static const struct rule feedback[] = {{"record", EL_RECORD}, {"version", EL_VERSION}, {"report_metadata", EL_METADATA},
    {"policy_published", EL_POLICY}, {"extension", EL_EXTENSION}, {"extensions", EL_EXTENSION}, {NULL, EL_UNKNOWN}};
static const struct rule metadata[] = {{"org_name", EL_ORG_NAME}, {"email", EL_EMAIL}, {"extra_contact_info", EL_CONTACT},
    {"report_id", EL_REPORT_ID}, {"date_range", EL_DATE_RANGE}, {"error", EL_ERROR}, {"generator", EL_GENERATOR},
    {NULL, EL_UNKNOWN}};
static const struct rule date_range[] = {{"begin", EL_BEGIN}, {"end", EL_END}, {NULL, EL_UNKNOWN}};
static const struct rule policy[] = {{"domain", EL_POLICY_DOMAIN}, {"adkim", EL_ADKIM}, {"aspf", EL_ASPF}, {"p", EL_P},
    {"sp", EL_SP}, {"np", EL_NP}, {"pct", EL_PCT}, {"fo", EL_FO}, {"testing", EL_TESTING},
    {"discovery_method", EL_DISCOVERY}, {NULL, EL_UNKNOWN}};
static const struct rule record[] = {{"row", EL_ROW}, {"identifiers", EL_IDENTIFIERS}, {"auth_results", EL_RESULTS},
    {"identities", EL_IDENTIFIERS}, {"extension", EL_EXTENSION}, {"extensions", EL_EXTENSION}, {NULL, EL_UNKNOWN}};
static const struct rule row[] = {{"source_ip", EL_SOURCE_IP}, {"count", EL_COUNT}, {"policy_evaluated", EL_EVALUATED},
    {NULL, EL_UNKNOWN}};
static const struct rule evaluated[] = {{"disposition", EL_DISPOSITION}, {"dkim", EL_EVALUATED_DKIM},
    {"spf", EL_EVALUATED_SPF}, {"reason", EL_REASON}, {NULL, EL_UNKNOWN}};
static const struct rule reason[] = {{"type", EL_REASON_TYPE}, {"comment", EL_REASON_COMMENT}, {NULL, EL_UNKNOWN}};
static const struct rule identifiers[] = {{"header_from", EL_HEADER_FROM}, {"envelope_from", EL_ENVELOPE_FROM},
    {"envelope_to", EL_ENVELOPE_TO}, {NULL, EL_UNKNOWN}};
static const struct rule results[] = {{"dkim", EL_DKIM}, {"spf", EL_SPF}, {NULL, EL_UNKNOWN}};
static const struct rule dkim[] = {{"domain", EL_DOMAIN}, {"result", EL_RESULT}, {"selector", EL_SELECTOR},
    {"human_result", EL_HUMAN}, {NULL, EL_UNKNOWN}};
static const struct rule spf[] = {{"domain", EL_DOMAIN}, {"result", EL_RESULT}, {"scope", EL_SCOPE},
    {"human_result", EL_HUMAN}, {NULL, EL_UNKNOWN}};

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
		if (strncmp(rule->name, name.data, name.len) == 0 && rule->name[name.len] == '\0')
			return rule->element;
	for (rule = rules; rule->name != NULL; rule++)
		if (text_same_nocase(name.data, name.len, rule->name))
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
