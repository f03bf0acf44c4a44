/* expected: what a published policy asks receivers to do with mail that fails. Pure: a policy in, words out.
 */
#ifndef DMARCQ_ANALYSIS_EXPECTED_H
#define DMARCQ_ANALYSIS_EXPECTED_H

#include "base/text.h"

#include <stddef.h>

enum { EXPECTED_TEXT = 128 };

/* The values of the policy's tags as reported; data NULL: missing. */
struct expected_tags {
	struct str p, sp, pct, testing;
};

/*
 * "reject", "quarantine; subdomains: none", "quarantine 50%": the action for mail of the policy
 * domain, and of its subdomains where sp asks for another. Under t=y the next milder one (RFC 9989 s. 4.7);
 * mail that pct leaves out gets the next milder one too (RFC 7489 s. 6.6.4). The length; 0: p is no policy.
 */
size_t expected_words(char to[EXPECTED_TEXT], const struct expected_tags *tags);

#endif
