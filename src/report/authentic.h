/*
 * authentic: whether a report came from whom it says that it is from, as far as the mail that carried it
 * proves that. The rule stands in docs/security.md. Pure.
 */
#ifndef DMARCQ_REPORT_AUTHENTIC_H
#define DMARCQ_REPORT_AUTHENTIC_H

#include "base/arena.h"

/* The numbers are stored. */
enum authentic {
	AUTHENTIC_UNVERIFIED = 0, /* nothing says anything, or it says nothing of the reporter */
	AUTHENTIC_PROVED = 1,     /* the mail is proved to be from the reporter's domain */
	AUTHENTIC_FORGED = 2,     /* the mail is proved not to be from where it says */
};

/* What is known of a mail, in the form in which it is stored. */
struct proof {
	struct str from; /* domain of its From; missing: none or several */
	struct str
	    by; /* who says the results: authserv-ids with blanks between; missing: nobody is believed */
	struct str
	    results; /* "dmarc=pass:example.com spf=pass:b.example.com dkim=fail:example.com"; with by */
};

/*
 * Judges a report by the mail that it came in: the From domain has to be proved (DMARC pass, or without a
 * verdict of DMARC an aligned DKIM or SPF pass), and to be of the same organisation as the report's own
 * e-mail address or organisation name. Missing texts say nothing.
 */
enum authentic authentic_judge(
    const struct proof *proof, struct str email, struct str org_name, struct arena *arena);

/* One result: its words, which are a part of *rest, which moves behind it. False at the end. */
struct proof_result {
	struct str method, result, domain;
};
bool proof_next(struct proof_result *result, struct str *rest);

#endif
