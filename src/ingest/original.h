/* original: the bytes of an original on their way to the store. */
#ifndef DMARCQ_INGEST_ORIGINAL_H
#define DMARCQ_INGEST_ORIGINAL_H

#include "ingest/outbox.h"

/* What came out of an original. */
enum original_held {
	ORIGINAL_READ,     /* reports */
	ORIGINAL_REJECTED, /* nothing but rejects */
	ORIGINAL_MIXED,    /* both */
};

struct original_traits {
	enum original_held held;
	bool keep;     /* bytes of originals are kept */
	bool personal; /* a failure report is in it */
	bool bare;     /* and so no byte of it may be kept */
};

/*
 * Ends the arrival with the SHA-256 of the stream's bytes, read from the first one, and puts the bytes behind
 * it: all of them when originals are kept, and those of a reject; when there is no report in it, up to the
 * limit reject_bytes. LIMIT when a reject had to be cut, or may not be kept; BAD when the bytes can't be read
 * any more.
 */
enum status original_put(struct outbox *outbox, struct stream *stream, const struct limits *limits,
    const struct original_traits *traits, struct err *err);

#endif
