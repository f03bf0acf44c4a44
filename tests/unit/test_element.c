/* The table of elements: what each is in its parent, and nowhere else. */
#include "parse/element.h"
#include "unit/drain.h"

#include <ctype.h>
#include <string.h>

static const struct {
	enum element parent;
	const char *name;
	enum element element;
} known[] = {
    {EL_DOCUMENT, "feedback", EL_FEEDBACK},
    {EL_FEEDBACK, "version", EL_VERSION},
    {EL_FEEDBACK, "report_metadata", EL_METADATA},
    {EL_FEEDBACK, "policy_published", EL_POLICY},
    {EL_FEEDBACK, "extension", EL_EXTENSION},
    {EL_FEEDBACK, "extensions", EL_EXTENSION},
    {EL_FEEDBACK, "record", EL_RECORD},
    {EL_METADATA, "org_name", EL_ORG_NAME},
    {EL_METADATA, "email", EL_EMAIL},
    {EL_METADATA, "extra_contact_info", EL_CONTACT},
    {EL_METADATA, "report_id", EL_REPORT_ID},
    {EL_METADATA, "date_range", EL_DATE_RANGE},
    {EL_METADATA, "error", EL_ERROR},
    {EL_METADATA, "generator", EL_GENERATOR},
    {EL_DATE_RANGE, "begin", EL_BEGIN},
    {EL_DATE_RANGE, "end", EL_END},
    {EL_POLICY, "domain", EL_POLICY_DOMAIN},
    {EL_POLICY, "p", EL_P},
    {EL_POLICY, "sp", EL_SP},
    {EL_POLICY, "np", EL_NP},
    {EL_POLICY, "adkim", EL_ADKIM},
    {EL_POLICY, "aspf", EL_ASPF},
    {EL_POLICY, "pct", EL_PCT},
    {EL_POLICY, "fo", EL_FO},
    {EL_POLICY, "testing", EL_TESTING},
    {EL_POLICY, "discovery_method", EL_DISCOVERY},
    {EL_RECORD, "row", EL_ROW},
    {EL_RECORD, "identifiers", EL_IDENTIFIERS},
    {EL_RECORD, "identities", EL_IDENTIFIERS},
    {EL_RECORD, "auth_results", EL_RESULTS},
    {EL_RECORD, "extension", EL_EXTENSION},
    {EL_RECORD, "extensions", EL_EXTENSION},
    {EL_ROW, "source_ip", EL_SOURCE_IP},
    {EL_ROW, "count", EL_COUNT},
    {EL_ROW, "policy_evaluated", EL_EVALUATED},
    {EL_EVALUATED, "disposition", EL_DISPOSITION},
    {EL_EVALUATED, "dkim", EL_EVALUATED_DKIM},
    {EL_EVALUATED, "spf", EL_EVALUATED_SPF},
    {EL_EVALUATED, "reason", EL_REASON},
    {EL_REASON, "type", EL_REASON_TYPE},
    {EL_REASON, "comment", EL_REASON_COMMENT},
    {EL_IDENTIFIERS, "envelope_to", EL_ENVELOPE_TO},
    {EL_IDENTIFIERS, "envelope_from", EL_ENVELOPE_FROM},
    {EL_IDENTIFIERS, "header_from", EL_HEADER_FROM},
    {EL_RESULTS, "dkim", EL_DKIM},
    {EL_RESULTS, "spf", EL_SPF},
    {EL_DKIM, "domain", EL_DOMAIN},
    {EL_DKIM, "selector", EL_SELECTOR},
    {EL_DKIM, "result", EL_RESULT},
    {EL_DKIM, "human_result", EL_HUMAN},
    {EL_SPF, "domain", EL_DOMAIN},
    {EL_SPF, "scope", EL_SCOPE},
    {EL_SPF, "result", EL_RESULT},
    {EL_SPF, "human_result", EL_HUMAN},
};

enum { KNOWN = sizeof known / sizeof known[0] };

START_TEST(in_any_case)
{
	struct str name = str_of(known[_i].name);
	char text[32];
	size_t i;

	ck_assert_int_eq(element_find(known[_i].parent, name), known[_i].element);
	for (i = 0; i < name.len; i++)
		text[i] = i % 2 == 0 ? (char)toupper(name.data[i]) : name.data[i];
	name.data = text;
	ck_assert_int_eq(element_find(known[_i].parent, name), known[_i].element);
	text[name.len++] = 'x';
	ck_assert_int_eq(element_find(known[_i].parent, name), EL_UNKNOWN);
}
END_TEST

/* A name is an element only in the parents that the table gives it. */
START_TEST(nowhere_else)
{
	enum element expected;
	int parent, i;

	for (parent = EL_UNKNOWN; parent <= EL_HUMAN; parent++) {
		expected = EL_UNKNOWN;
		for (i = 0; i < KNOWN; i++)
			if (known[i].parent == (enum element)parent &&
			    strcmp(known[i].name, known[_i].name) == 0)
				expected = known[i].element;
		ck_assert_int_eq(element_find((enum element)parent, str_of(known[_i].name)), expected);
	}
}
END_TEST

START_TEST(leaves)
{
	bool has_children = false;
	int i;

	for (i = 0; i < KNOWN; i++)
		has_children = has_children || known[i].parent == (enum element)_i;
	ck_assert_int_eq(element_is_leaf((enum element)_i), !has_children);
}
END_TEST

START_TEST(misnamed)
{
	ck_assert(element_is_misnamed(EL_IDENTIFIERS, str_of("identities")));
	ck_assert(element_is_misnamed(EL_IDENTIFIERS, str_of("Identities")));
	ck_assert(!element_is_misnamed(EL_IDENTIFIERS, str_of("identifiers")));
	ck_assert(!element_is_misnamed(EL_ROW, str_of("row")));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("element");
	TCase *tests = tcase_create("element");

	tcase_add_loop_test(tests, in_any_case, 0, KNOWN);
	tcase_add_loop_test(tests, nowhere_else, 0, KNOWN);
	tcase_add_loop_test(tests, leaves, EL_DOCUMENT, EL_HUMAN + 1);
	tcase_add_test(tests, misnamed);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
