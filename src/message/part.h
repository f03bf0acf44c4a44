/* part: the decoded bytes of one part of a mail. Inside of message only. */
#ifndef DMARCQ_MESSAGE_PART_H
#define DMARCQ_MESSAGE_PART_H

#include "message/source.h"

enum transfer {
	TRANSFER_PLAIN,
	TRANSFER_BASE64,
	TRANSFER_QUOTED,
	TRANSFER_UU,
};

/* Makes a stream without a part; part_set gives it one, any number of times. */
struct stream *part_stream(void);
/*
 * The part in start..end of the source, encoded as its header says. Where its first bytes show that the
 * header is wrong about base64, they are believed.
 */
void part_set(
    struct stream *stream, struct source *source, uint64_t start, uint64_t end, enum transfer transfer);

#endif
