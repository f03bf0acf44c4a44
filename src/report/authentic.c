/* authentic: the rule of authentic.h. */
#include "report/authentic.h"

#include "report/organisation.h"
#include "report/value.h"

#include <string.h>

/* What is said of the From domain. */
struct said {
	bool dmarc_pass, dmarc_fail, pass, fail;
};

/* What stands in front of a character, or all; *rest moves behind it. */
static struct str
cut(struct str *rest, char at)
{
	const char *found = rest->len > 0 ? memchr(rest->data, at, rest->len) : NULL;
	size_t len = found != NULL ? (size_t)(found - rest->data) : rest->len;
	struct str before = {rest->data, len};

	rest->data += found != NULL ? len + 1 : len;
	rest->len -= found != NULL ? len + 1 : len;
	return before;
}

bool
proof_next(struct proof_result *result, struct str *rest)
{
	if (rest->data == NULL || rest->len == 0)
		return false;
	result->domain = cut(rest, ' ');
	result->method = cut(&result->domain, '=');
	result->result = cut(&result->domain, ':');
	return true;
}

static void
hear(struct said *said, const struct proof_result *result)
{
	bool pass = str_eq(result->result, "pass"), fail = str_eq(result->result, "fail");

	if (str_eq(result->method, "dmarc")) {
		said->dmarc_pass = said->dmarc_pass || pass;
		said->dmarc_fail = said->dmarc_fail || fail;
	} else {
		said->pass = said->pass || pass;
		said->fail = said->fail || fail;
	}
}

static bool
is_of(struct str from, struct str name, struct arena *arena)
{
	const char *at = name.len > 0 ? memchr(name.data, '@', name.len) : NULL;
	struct str domain;

	if (name.data == NULL)
		return false;
	if (at != NULL) {
		name.len -= (size_t)(at + 1 - name.data);
		name.data = at + 1;
	}
	return value_domain(&domain, str_trim(name), arena) == FIT_GOOD && domain_same_org(domain, from);
}

enum authentic
authentic_judge(const struct proof *proof, struct str email, struct str org_name, struct arena *arena)
{
	struct str rest = proof->results;
	struct proof_result result;
	struct said said = {0};

	if (proof->from.data == NULL)
		return AUTHENTIC_UNVERIFIED;
	while (proof_next(&result, &rest))
		if (domain_same_org(result.domain, proof->from))
			hear(&said, &result);
	if (!said.dmarc_pass && (said.dmarc_fail || (said.fail && !said.pass)))
		return AUTHENTIC_FORGED;
	if (!said.dmarc_pass && !said.pass)
		return AUTHENTIC_UNVERIFIED;
	return is_of(proof->from, email, arena) || is_of(proof->from, org_name, arena) ? AUTHENTIC_PROVED
										       : AUTHENTIC_UNVERIFIED;
}
