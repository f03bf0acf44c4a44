/*
 * tls: what an SMTP TLS report says (RFC 8460 s. 4.4), whatever form it came in. The parser fills these
 * structures with cleaned values, the store keeps them; neither knows the other.
 */
#ifndef DMARCQ_REPORT_TLS_H
#define DMARCQ_REPORT_TLS_H

#include "report/report.h"

/* A number of sessions: 0..2^53; one that is missing or unusable is unknown and not zero. */
struct tls_count {
	bool known;
	uint64_t sessions;
};

/* An address: canonical text, or as it came when it is none; data NULL: missing. */
struct tls_ip {
	struct str text;
	unsigned char ip[16]; /* network order, IPv4 mapped; zero when unusable */
	bool usable;
};

/* One of the failure-details. Texts with data NULL are missing. */
struct tls_failure {
	struct tls_failure *next;
	struct str result; /* certificate-expired, ...; one that RFC 8460 doesn't know as it came */
	struct tls_ip sending, receiving;
	struct str mx, helo; /* of the receiving host */
	struct str info;     /* additional-information */
	struct str reason;   /* failure-reason-code */
	struct tls_count count;
};

struct tls_policy {
	struct tls_policy *next;
	struct str type;              /* sts, tlsa, no-policy-found */
	struct str domain;            /* lower-case A-labels without the last dot; missing: NULL */
	struct str strings, mx_hosts; /* JSON arrays of texts; missing or empty: NULL */
	struct tls_count ok, failed;  /* of the summary; what the failures add up to may differ */
	struct tls_failure *failures; /* in document order */
};

struct tls_report {
	struct str org, contact, raw_id; /* as they came; data NULL: missing */
	struct str org_key;              /* who reports: org lower-cased, or the domain of contact */
	struct str id_key;               /* report id without <>, or one derived from the content */
	struct str domain;               /* of the first policy that names one; "" when none does */
	int64_t begin, end;              /* UTC seconds as reported; only if has_period */
	bool has_period;
	struct tls_policy *policies; /* in document order */
	uint64_t policy_count;
	uint64_t content; /* digest of everything that the report says, 48 bits */
	struct repairs repairs;
};

/* The result types of RFC 8460 s. 4.3, NULL behind the last. */
extern const char *const tls_results[];

/* Fills in what follows from the rest: keys, domain, period, digest, and their repairs. Texts are the
 * arena's. */
void tls_report_finish(struct tls_report *report, struct arena *arena);
/* Counts a repair; place and value ("policies[0].summary: -1") are kept of the first of its kind. */
void tls_note(struct tls_report *report, enum repair repair, struct str first);

#endif
