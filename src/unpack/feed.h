/* feed: the packed bytes of a zip archive for libarchive, from any place of it. Inside of unpack only. */
#ifndef DMARCQ_UNPACK_FEED_H
#define DMARCQ_UNPACK_FEED_H

#include "base/stream.h"

struct feed {
	struct stream *from;
	struct err err;            /* status not OK: reading failed */
	const unsigned char *data; /* pulled and not handed on yet */
	size_t len;
	const unsigned char *chunk; /* the last one pulled, whole */
	size_t chunk_len;
	uint64_t end;   /* bytes pulled so far: where chunk ends */
	bool signature; /* a signature that was found goes before data */
	bool ended;
};

/* Starts at the place where from stands; from outlives it. */
void feed_init(struct feed *feed, struct stream *from);
/* The next bytes, borrowed until the next call; *len 0 at the end. A failure is kept in feed->err too. */
enum status feed_next(struct feed *feed, const unsigned char **data, size_t *len);
/* Starts again at this byte. */
enum status feed_seek(struct feed *feed, uint64_t place);
/*
 * Goes on at the first local header (APPNOTE 4.3.7) at or behind *place and sets *place to it; SKIP when
 * there is none. Reads forward only: a place before the last chunk means the start of that chunk.
 */
enum status feed_find(struct feed *feed, uint64_t *place);

#endif
