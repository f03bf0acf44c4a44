/*
 * personal: addresses without the people behind them (RFC 6590): what stands before the @ becomes a keyed
 * hash, the same for the same local part, so that mail of one person can be counted and the person can't be
 * told.
 */
#ifndef DMARCQ_REPORT_PERSONAL_H
#define DMARCQ_REPORT_PERSONAL_H

#include "base/arena.h"
#include "report/failure.h"

enum { PERSONAL_KEY_BYTES = 32 };

struct personal {
	unsigned char key[PERSONAL_KEY_BYTES];
};

/* An address with its local part hashed; one without an @ is all local part. Empty and missing ones stay. */
struct str personal_address(const struct personal *personal, struct str address, struct arena *arena);
/* A text with the local part of every address in it hashed. */
struct str personal_text(const struct personal *personal, struct str text, struct arena *arena);
/*
 * A way to something ("part 2: x.eml"), or a name in one: each name with a blank or an @ in it may tell of a
 * person or be a subject, and becomes a hash. The same text as before when there is none.
 */
struct str personal_place(const struct personal *personal, struct str place, struct arena *arena);
/* "https://example.com/..." without what is behind the host; "mailto:" with the local part hashed. */
struct str personal_uri(const struct personal *personal, struct str uri, struct arena *arena);

/* A failure as it may be stored: its addresses hashed; subject and what was signed of header and body gone.
 */
void personal_strip(const struct personal *personal, struct failure *failure, struct arena *arena);

/* A number of 63 bits that stands for all that a failure says, under the key. */
int64_t personal_digest(const struct personal *personal, const struct failure *failure);

#endif
