/*
 * failure: what a failure report says (RFC 6591, RFC 9991), or another report in the abuse reporting format
 * (RFC 5965), whatever form it came in. The parser fills it with cleaned values, the store keeps it.
 */
#ifndef DMARCQ_REPORT_FAILURE_H
#define DMARCQ_REPORT_FAILURE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* How it came; the words are stored. */
enum failure_form {
	FAILURE_ARF,    /* a part for machines */
	FAILURE_INLINE, /* its fields in a text for people */
	FAILURE_WORDS,  /* Exim's and cPanel's text, which has other fields */
};
const char *failure_form_word(enum failure_form form);

/* Texts that stand at most once, in the order in which they are stored; data NULL: missing. */
enum failure_field {
	FAILURE_TYPE, /* lower case: "auth-failure", "abuse" */
	FAILURE_USER_AGENT,
	FAILURE_VERSION,
	FAILURE_MAIL_FROM, /* an address without <>; empty: the null reverse-path */
	FAILURE_ENVELOPE_ID,
	FAILURE_REPORTING_MTA,
	FAILURE_AUTH_FAILURE, /* lower case */
	FAILURE_DELIVERY,     /* lower case */
	FAILURE_ALIGNMENT,    /* Identity-Alignment as it came: RFC 9991 turned its meaning round */
	FAILURE_DKIM_DOMAIN,
	FAILURE_DKIM_IDENTITY,
	FAILURE_DKIM_SELECTOR,
	FAILURE_FROM,       /* of the reported message: the address */
	FAILURE_MESSAGE_ID, /* of the reported message */
	FAILURE_SUBJECT,    /* of the reported message; never stored unless it is asked for */
	FAILURE_REPORTER,   /* the domain of who sent the report, else the reporting MTA */
	FAILURE_FIELDS
};

/* Texts that may stand any number of times, or that few reports have; the words are stored. */
enum failure_list {
	FAILURE_RCPT_TO, /* an address without <> */
	FAILURE_REPORTED_DOMAIN,
	FAILURE_REPORTED_URI,
	FAILURE_SPF_DNS,
	FAILURE_DKIM_SELECTOR_DNS,
	FAILURE_DKIM_ADSP_DNS,
	FAILURE_DKIM_HEADER, /* canonicalised, base64; never stored unless it is asked for */
	FAILURE_DKIM_BODY,
	FAILURE_LISTS
};
const char *failure_list_word(enum failure_list list);

struct failure_text {
	struct failure_text *next;
	enum failure_list list;
	struct str text;
};

/* One result of an Authentication-Results field (RFC 8601). */
struct failure_result {
	struct failure_result *next;
	bool of_message; /* the receiver's field in the reported message; else the report's own */
	struct str method, result, reason;
	struct str domain;   /* checked: d=, the domain of MAIL FROM or HELO, that of From */
	struct str selector; /* s= */
	struct str identity; /* i=, or the address of MAIL FROM */
};

struct failure {
	enum failure_form form;
	struct str field[FAILURE_FIELDS];
	struct failure_text *texts;     /* in document order */
	struct failure_result *results; /* likewise */
	struct str domain;              /* that it is about, as a lower-case A-label; missing: unknown */
	struct str header_from;         /* the domain of From; missing: unknown */
	int64_t arrived;                /* UTC seconds; only if has_arrived */
	bool has_arrived;
	int64_t sent; /* when the mail that brought it was; only if has_sent */
	bool has_sent;
	unsigned char ip[16]; /* network order, IPv4 mapped; only if ip_usable */
	struct str ip_text;   /* canonical, or as it came; missing: not given */
	bool ip_usable;
	uint64_t port;      /* 0: not given */
	uint64_t incidents; /* at least 1 */
	bool has_message;   /* the reported message or its header came along */
	struct str
	    carrier; /* Message-ID of the mail that brought it, where nothing else tells two of them apart */
};

/* Whether it reports an authentication failure, and not abuse or the like. */
bool failure_is_authentication(const struct failure *failure);

#endif
