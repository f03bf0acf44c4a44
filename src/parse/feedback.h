/*
 * feedback: failure reports (RFC 6591, RFC 9991) and other reports in the abuse reporting format (RFC 5965),
 * as they come in the wild. Pure: the texts of a mail's parts in, a failure out.
 */
#ifndef DMARCQ_PARSE_FEEDBACK_H
#define DMARCQ_PARSE_FEEDBACK_H

#include "base/err.h"
#include "report/failure.h"

/* What a part of a mail is to a failure report, by its media type, in lower case or missing. */
enum feedback_part {
	FEEDBACK_OTHER,
	FEEDBACK_FIELDS,  /* message/feedback-report and the like */
	FEEDBACK_TEXT,    /* for people; it may hold the fields */
	FEEDBACK_MESSAGE, /* the reported message, or its header */
};
enum feedback_part feedback_part_of(struct str type);

/* Whether a text for people is a failure report by itself: it has the fields, or is the text of Exim. */
bool feedback_in_text(struct str text);

/* The texts of a mail's parts, decoded; data NULL: there is no such part. */
struct feedback {
	struct str fields;
	struct str text;
	struct str message;    /* at least its header */
	struct str sender;     /* From of the mail that carries the report */
	struct str sent;       /* its Date */
	struct str message_id; /* its Message-ID */
};

/* The first address in the value of a From field; missing: there is none. */
struct str feedback_address(struct str value);

/*
 * Reads them. BAD: not one field of a report is in it. Texts are borrowed from the parts or in the arena. The
 * reported message's own Authentication-Results are believed only where its last receiver wrote them: above
 * the first Received field, or under the name that the report's own field has.
 */
enum status feedback_read(
    struct failure *failure, const struct feedback *feedback, struct arena *arena, struct err *err);

#endif
