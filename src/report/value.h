/*
 * value: the values of a report as reporters write them, read into the values that they mean. Each reader
 * says whether the value was in the form that the RFCs give it; none of them refuses a report.
 */
#ifndef DMARCQ_REPORT_VALUE_H
#define DMARCQ_REPORT_VALUE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* How well a value fits. */
enum fit {
	FIT_GOOD,
	FIT_CONVERTED, /* another form with the same meaning */
	FIT_NEGATIVE,  /* a number below zero */
	FIT_NONE,      /* no such value */
};

/* Lists of words that an element may hold (RFC 7489 appendix C and RFC 9990 appendix A together). */
enum word_list {
	WORDS_DISPOSITION, /* none pass quarantine reject */
	WORDS_VERDICT,     /* pass fail */
	WORDS_REASON,    /* forwarded sampled_out trusted_forwarder mailing_list local_policy policy_test_mode
			    other */
	WORDS_DKIM,      /* none pass fail policy neutral temperror permerror */
	WORDS_SPF,       /* the same and softfail */
	WORDS_SCOPE,     /* mfrom helo */
	WORDS_POLICY,    /* none quarantine reject */
	WORDS_ALIGNMENT, /* r s */
	WORDS_TESTING,   /* y n */
	WORDS_DISCOVERY, /* psl treewalk */
};

/* A known word in lower case, whatever its letter case was; FIT_NONE: unknown, *out is the word as it came.
 */
enum fit value_word(struct str *out, struct str text, enum word_list list);

/* A count of messages: 0..2^53. FIT_CONVERTED: "3.0", "+3". */
enum fit value_count(uint64_t *out, struct str text);

/* A time: whole seconds, FIT_CONVERTED: seconds with a fraction, milli- or microseconds, ISO 8601. */
enum fit value_time(int64_t *out, struct str text);

/* A date and time with its zone (RFC 3339 s. 5.6). FIT_CONVERTED: without a zone, which is UTC then, or a
 * time as value_time reads it. */
enum fit value_rfc3339(int64_t *out, struct str text);

/*
 * An address (RFC 3986 s. 3.2.2) as 16 bytes, IPv4 mapped, and its canonical text (RFC 5952), IPv4-mapped
 * IPv6 as IPv4. For FIT_NONE ip is zero and *out the text as it came.
 */
enum fit value_ip(unsigned char ip[16], struct str *out, struct str text, struct arena *arena);

/* A domain in lower-case A-labels without the last dot. FIT_NONE: not a domain name; *out is the text in
 * lower case. */
enum fit value_domain(struct str *out, struct str text, struct arena *arena);

/* The domain of "Display <local@domain>", a part of the text; missing when there is none. */
struct str value_email_domain(struct str email);

/* A report id without the <> and blanks that may be around it, a part of the text. */
struct str value_report_id(struct str id);

#endif
