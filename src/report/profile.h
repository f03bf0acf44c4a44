/*
 * profile: everything in a record but its address and count, packed into bytes: equal content gives equal
 * bytes, so that the store can keep each combination once.
 */
#ifndef DMARCQ_REPORT_PROFILE_H
#define DMARCQ_REPORT_PROFILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* Single texts of a record; data NULL: missing. */
enum profile_field {
	PROFILE_HEADER_FROM,
	PROFILE_ENVELOPE_FROM, /* empty: null reverse-path (RFC 9990) */
	PROFILE_ENVELOPE_TO,
	PROFILE_DISPOSITION, /* none, pass, quarantine, reject, or the word as it came; missing: unknown */
	PROFILE_DKIM,        /* the DMARC-aligned verdicts of policy_evaluated: pass, fail, ... */
	PROFILE_SPF,
	PROFILE_FIELDS
};

/* Repeated parts of a record. */
enum detail_kind {
	DETAIL_REASON, /* a: type, b: -, c: comment */
	DETAIL_DKIM,   /* a: domain, b: selector, c: human_result */
	DETAIL_SPF,    /* a: domain, b: scope, c: human_result */
	DETAIL_KINDS
};

struct detail {
	enum detail_kind kind;
	struct str a, b, result, c, lang; /* result: DKIM and SPF only; lang: of c */
};

struct profile {
	struct str field[PROFILE_FIELDS];
	struct detail *details; /* in document order: reasons, then DKIM, then SPF */
	size_t count;
};

/* DMARC outcome from the aligned verdicts: pass when one is pass, unknown when one is missing, else fail. */
enum outcome { OUTCOME_FAIL, OUTCOME_PASS, OUTCOME_UNKNOWN };
enum outcome profile_outcome(const struct profile *profile);

/* What the record says of its messages beside the outcome; numbers of the schema (profile.flags). */
enum profile_flag {
	PROFILE_SIGNED = 1,   /* a DKIM result other than none */
	PROFILE_SPF_PASS = 2, /* some SPF result is pass, aligned or not */
	/* The receiver says so: a reason forwarded, trusted_forwarder or mailing_list (RFC 7489 appendix C,
	   RFC 9990 s. 3.1.1.9), or local_policy whose comment has arc=pass (RFC 8617 s. 7.2.2). */
	PROFILE_FORWARDED = 4,
};
unsigned profile_flags(const struct profile *profile);

/* What the receiver did with the messages. */
enum action { ACTION_OTHER, ACTION_QUARANTINE, ACTION_REJECT };
enum action profile_action(const struct profile *profile);

/* Adds the packed form to a buffer; false when the buffer's maximum is reached. */
bool profile_pack(struct buf *to, const struct profile *profile);
/*
 * Reads a packed form; texts point into packed, details are in the arena. False when the bytes are not a
 * packed profile.
 */
bool profile_unpack(struct profile *profile, struct str packed, struct arena *arena);

#endif
