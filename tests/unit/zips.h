/* zips: zip archives put together byte by byte, so that each can be wrong in its own way. */
#ifndef DMARCQ_TESTS_UNIT_ZIPS_H
#define DMARCQ_TESTS_UNIT_ZIPS_H

#include "unpack/unpack.h"

#include "base/buf.h"

enum { LONG = 400000, STORED = 0, DEFLATED = 8, ENCRYPTED = 1, DESCRIPTOR = 8, KINDS = 6 };

/* How a member is packed, and whether the archive is read in chunks as from a file. */
extern const struct kind {
	unsigned method, flags;
	bool in_chunks;
} zips_kinds[KINDS];

extern const char zips_text[37]; /* of a small member */

extern struct limits zips_limits;
extern struct unpack_budget zips_budget;
extern struct buf zips_packed; /* the archive */
extern struct stream *zips_below;
extern struct zip *zips_zip;
extern size_t zips_count;

/* The fixture: an empty archive, and what frees it. */
void zips_begin(void);
void zips_finish(void);

/* A local header and its data (APPNOTE 4.3.7). */
void zips_add(
    const char *name, const void *bytes, size_t len, unsigned method, unsigned flags, unsigned crc_xor);
/* The end of the central directory, which the reader does not need to find members. */
void zips_end(void);
/* LONG bytes that deflate hardly. */
unsigned char *zips_long(void);

void zips_open(bool in_chunks);
/* The next member must have this name. */
struct stream *zips_next(const char *name);
void zips_expect_end(void);

#endif
