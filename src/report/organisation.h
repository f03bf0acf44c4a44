/* organisation: whose a domain is, by the public suffix list (https://publicsuffix.org, RFC 7489 s. 3.2). */
#ifndef DMARCQ_REPORT_ORGANISATION_H
#define DMARCQ_REPORT_ORGANISATION_H

#include "base/text.h"

#include <stdbool.h>

/*
 * The organisational domain: the public suffix and one label. It is a part of the text given (lower-case
 * A-labels); all of it when it is a public suffix itself, or no name that the list can answer for.
 */
struct str domain_org(struct str domain);
/* Whether two domains belong to one organisation. A missing or empty one belongs to none. */
bool domain_same_org(struct str a, struct str b);

#endif
