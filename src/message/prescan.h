/* prescan: a look at the lines of a mail before the MIME library gets it. Inside of message only. */
#ifndef DMARCQ_MESSAGE_PRESCAN_H
#define DMARCQ_MESSAGE_PRESCAN_H

#include "base/limits.h"
#include "message/source.h"

struct prescan {
	uint64_t
	    start; /* where the header begins: behind a byte order mark, empty lines, an mbox "From " line */
	uint64_t body;     /* of the line in boundary */
	char boundary[80]; /* of the first line "--X" that a "Content-" field follows: X; else empty */
};

/*
 * LIMIT when the mail is longer, has more header bytes or more lines that may begin parts than allowed; else
 * what the library would need memory and time for is bounded. Other statuses are those of the stream below.
 */
enum status prescan(
    struct prescan *scan, struct source *source, const struct limits *limits, struct err *err);

/* The offset behind an mbox "From " line when one stands at offset: mails are forwarded with it. */
uint64_t skip_postmark(struct source *source, uint64_t offset);

#endif
