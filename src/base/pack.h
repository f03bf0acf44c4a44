/* pack: bytes that this program itself keeps compressed: zlib streams (RFC 1950), made and read as streams.
 */
#ifndef DMARCQ_BASE_PACK_H
#define DMARCQ_BASE_PACK_H

#include "base/stream.h"

/* A zlib stream of the bytes of from, which outlives it. */
struct stream *pack_deflate(struct stream *from);
/* The bytes inside a zlib stream that pack_deflate made. BAD: it is damaged or cut. */
struct stream *pack_inflate(struct stream *from);

#endif
