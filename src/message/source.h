/* source: any place of a mail, over a stream that only goes forward or back to its start. Inside of message
 * only. */
#ifndef DMARCQ_MESSAGE_SOURCE_H
#define DMARCQ_MESSAGE_SOURCE_H

#include "base/stream.h"

enum { SOURCE_PREFIX = 256 };

/* The bytes of prefix followed by those of the stream from the offset skip on. */
struct source {
	struct stream *from;
	uint64_t skip;
	size_t prefix_len;
	const unsigned char *chunk; /* of the stream, borrowed */
	size_t chunk_len;
	uint64_t chunk_at;
	enum status status; /* of the last source_at; err says why it failed */
	struct err err;
	char prefix[SOURCE_PREFIX];
};

/* The whole stream without a prefix. It outlives the source and is rewound whenever that is needed. */
void source_init(struct source *source, struct stream *from);
/* The bytes at an offset, as many as lie together; 0 at the end and when status says that reading failed. */
size_t source_at(struct source *source, uint64_t offset, const unsigned char **data);

#endif
