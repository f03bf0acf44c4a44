/*
 * alignment: DMARC's identifier alignment worked out again from what a record lists, step by step and in
 * words (RFC 7489 s. 3.1.1 DKIM, s. 3.1.2 SPF; RFC 9989 s. 4.4). The organisation of a domain is that of the
 * public suffix list, so this checks the reporter's verdict and doesn't replace it. Pure: a profile in, words
 * out.
 *
 * DKIM: each signature's d= is compared with header_from. SPF: the domain of the return path is, which a
 * result of scope mfrom or without a scope checked; one of scope helo counts only where the return path is
 * empty, or is not told and nothing else was checked. Strict: the names are equal. Relaxed: their
 * organisations are.
 */
#ifndef DMARCQ_ANALYSIS_ALIGNMENT_H
#define DMARCQ_ANALYSIS_ALIGNMENT_H

#include "report/profile.h"

enum relation {
	RELATION_UNKNOWN /* a name is missing */,
	RELATION_OTHER,
	RELATION_ORGANISATION,
	RELATION_SAME
};

/* What became of one DKIM or SPF result. */
struct check {
	const struct detail *detail;
	enum relation relation; /* of its domain to header_from */
	bool counts;            /* DMARC looks at it */
	bool passes;
	bool aligned; /* by the mode; says nothing about passing */
};

/* Checks a result of the profile; strict: adkim=s or aspf=s, whichever is its own. */
struct check alignment_check(const struct profile *profile, const struct detail *detail, bool strict);

/*
 * The results of one kind (DETAIL_DKIM, DETAIL_SPF) in the order in which they are told: the first that
 * passes and is aligned, then as they stand in the report. The i-th; false behind the last.
 */
bool alignment_at(
    struct check *check, const struct profile *profile, enum detail_kind kind, bool strict, size_t i);

/* What the policy asks for; missing ones are relaxed. */
struct modes {
	bool adkim_strict, aspf_strict;
};

enum { ALIGNMENT_TEXT = 2000 };
/*
 * "pass for d=sendgrid.net s=smtpapi: not aligned, another organisation; ..."; its length. "no signature" or
 * "no result" when there is none.
 */
size_t alignment_words(
    char to[ALIGNMENT_TEXT], const struct profile *profile, enum detail_kind kind, bool strict);
/* What DMARC made of it, by the reporter's word: "passes by DKIM alone (d=example.com)", "fails, since ..."
 * (why.h). */
size_t alignment_verdict(char to[ALIGNMENT_TEXT], const struct profile *profile, struct modes modes);
/*
 * Where the reporter's verdicts are not what its own results give: "the reporter says dkim=fail, but
 * d=example.com passes and is aligned". 0: nowhere.
 */
size_t alignment_contradiction(char to[ALIGNMENT_TEXT], const struct profile *profile, struct modes modes);

#endif
