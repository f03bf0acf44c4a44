/*
 * organisation: the only place that knows libpsl. The list that is built into the library decides, not a file
 * of the machine, so that the same database gives the same answer elsewhere.
 */
#include "report/organisation.h"

#include <libpsl.h>
#include <string.h>

enum { NAME_MAX_TEXT = 254 /* RFC 1035 s. 2.3.4, with a NUL */ };

/* An address where a domain should be: no top-level domain is a number (RFC 3696 s. 2). */
static bool
is_number(struct str domain)
{
	size_t i = domain.len;

	while (i > 0 && text_is_digit(domain.data[i - 1]))
		i--;
	return i < domain.len && (i == 0 || domain.data[i - 1] == '.');
}

struct str
domain_org(struct str domain)
{
	const psl_ctx_t *psl = psl_builtin();
	char name[NAME_MAX_TEXT];
	const char *org;

	if (psl == NULL || domain.data == NULL || domain.len == 0 || domain.len >= sizeof name ||
	    is_number(domain))
		return domain;
	memcpy(name, domain.data, domain.len);
	name[domain.len] = '\0';
	if (strlen(name) != domain.len || (org = psl_registrable_domain(psl, name)) == NULL)
		return domain;
	domain.data += org - name;
	domain.len -= (size_t)(org - name);
	return domain;
}

/* An organisational domain ends as its domain does: other last labels are those of others. */
static bool
ends_alike(struct str a, struct str b)
{
	size_t least = a.len < b.len ? a.len : b.len, i;

	for (i = 1; i <= least && a.data[a.len - i] == b.data[b.len - i]; i++)
		if (a.data[a.len - i] == '.')
			return true;
	return i > least;
}

bool
domain_same_org(struct str a, struct str b)
{
	if (a.len == 0 || b.len == 0 || !ends_alike(a, b))
		return false;
	return str_same(a, b) || str_same(domain_org(a), domain_org(b));
}
