/*
 * report: what an aggregate report says, whatever form it came in (RFC 7489 appendix C, RFC 9990 appendix A).
 * The parser fills these structures with cleaned values, the store keeps them; neither knows the other.
 */
#ifndef DMARCQ_REPORT_REPORT_H
#define DMARCQ_REPORT_REPORT_H

#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum repair {
#define REPAIR(name, code, sentence) REPAIR_##name,
#include "report/repairs.def"
#undef REPAIR
	REPAIRS /* their number */
};

/* The stable code of a repair and its sentence for people. */
const char *repair_code(enum repair repair);
const char *repair_sentence(enum repair repair);

/* How often each repair was made to one report, and the first place and value of each ("18:4: "1O""). */
struct repairs {
	uint64_t times[REPAIRS];
	struct str first[REPAIRS];
};

/* Text fields of report_metadata and policy_published, in the order in which they are stored. */
enum report_field {
	REPORT_ORG_NAME,
	REPORT_EMAIL,
	REPORT_CONTACT,
	REPORT_CONTACT_LANG,
	REPORT_ID,        /* as it came, blanks off */
	REPORT_GENERATOR, /* RFC 9990 */
	REPORT_VERSION,
	REPORT_NAMESPACE, /* of the root element; missing when it had none */
	REPORT_DOMAIN,    /* policy domain: lower-case A-labels without the last dot */
	REPORT_P,
	REPORT_SP, /* missing is missing, not none */
	REPORT_NP,
	REPORT_ADKIM,
	REPORT_ASPF,
	REPORT_PCT,
	REPORT_FO,
	REPORT_TESTING,
	REPORT_DISCOVERY,
	REPORT_FIELDS
};

/* One <error> of the metadata with its language; RFC 7489 allows many. */
struct report_error {
	struct report_error *next;
	struct str text, lang;
};

struct report {
	struct str field[REPORT_FIELDS]; /* data NULL: missing */
	struct str org_key;              /* who reports: org_name lower-cased, or the e-mail's domain */
	struct str id_key;               /* report id without <>, or one derived from the content */
	int64_t begin, end;              /* UTC seconds as reported; only if has_period */
	bool has_period;
	bool incomplete;             /* cut short: complete records only */
	uint64_t records, messages;  /* kept records and the sum of their counts */
	uint64_t content;            /* digest of everything that the report says, records in any order */
	struct report_error *errors; /* in document order */
	struct repairs repairs;
};

/*
 * One record. Everything but address and count is packed into its profile (see profile.h), which repeats
 * endlessly and is stored once. hash is the profile's, keyed per process, for tables in memory only.
 */
struct record {
	struct record *next;
	struct str profile;
	struct hash128 hash;
	struct str ip_text;   /* canonical text of the address, or the unusable text as it came */
	unsigned char ip[16]; /* network order, IPv4 mapped (RFC 4291 s. 2.5.5.2); zero when unusable */
	bool ip_usable;
	uint64_t messages;
};

#endif
