/* letter: mail that carries no report, as it is counted; and reports that were lost. */
#ifndef DMARCQ_REPORT_LETTER_H
#define DMARCQ_REPORT_LETTER_H

#include "base/arena.h"

#include <stdbool.h>

enum letter_kind {
	LETTER_OTHER,  /* people write, newsletters */
	LETTER_BOUNCE, /* something could not be delivered, or only later */
	LETTER_REPLY,  /* out of office and the like */
	LETTER_ABUSE,  /* a report of abuse without its fields */
	LETTER_LOST,   /* a report could not be sent */
	LETTER_KINDS
};

/* A report that was too large for every address that wants it. Missing texts are missing. */
struct lost {
	struct str domain;    /* lower-case A-labels, or as it came */
	struct str submitter; /* who has the report, lower case */
	struct str report_id; /* without <> */
	struct str date, uri; /* as they came */
	uint64_t size;        /* bytes; only if has_size */
	bool has_size;
};

#endif
