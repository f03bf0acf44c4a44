/*
 * letter: mail that carries no report: what it is, and the one kind that tells of reports, that of a report
 * which was too large to be sent (RFC 7489 s. 7.2.2). Pure.
 */
#ifndef DMARCQ_PARSE_LETTER_H
#define DMARCQ_PARSE_LETTER_H

#include "report/letter.h"

/* What is known of a mail: header fields, missing when there are none (type: Content-Type), and what its
 * parts are. */
struct letter {
	struct str type, from, subject, auto_submitted, precedence, auto_reply, failed_recipients;
	bool delivery_status; /* a part message/delivery-status (RFC 3464) */
};

/* What it is, by what it says of itself, then by sender and subject. Never LETTER_LOST. */
enum letter_kind letter_kind(const struct letter *letter);

/*
 * Reads an error report out of the text of a mail: the fields of RFC 7489 s. 7.2.2 in any order among lines
 * of other text. False: there is no Report-Domain, or not one more of its fields. Texts are in the arena,
 * bounded in length.
 */
bool letter_lost(struct lost *lost, struct str text, struct arena *arena);

#endif
