/* unpack: streams of unpacked bytes over streams of packed ones. Bytes decide what a thing is, never a name.
 */
#ifndef DMARCQ_UNPACK_UNPACK_H
#define DMARCQ_UNPACK_UNPACK_H

#include "base/limits.h"
#include "base/stream.h"
#include "base/text.h"

/* What the first bytes of a thing say that it is. */
enum content {
	CONTENT_EMPTY,
	CONTENT_XML, /* text with an element in it, any encoding; also with junk or blanks before it */
	CONTENT_GZIP,
	CONTENT_ZLIB,
	CONTENT_ZIP,
	CONTENT_MAIL,
	CONTENT_MBOX,
	CONTENT_JSON,
	CONTENT_OTHER,
};
/* head: the first bytes, as stream_peek gives them. */
enum content content_sniff(const unsigned char *head, size_t len);
const char *content_word(enum content content); /* "gzip", ... for messages */

/* What one input has unpacked to so far, shared by all levels of one input, so that nesting cannot pass the
 * limits. */
struct unpack_budget {
	const struct limits *limits;
	uint64_t packed;   /* bytes of the input as it arrived */
	uint64_t unpacked; /* bytes that came out, all levels together */
	uint64_t members;
};
void unpack_budget_init(struct unpack_budget *budget, const struct limits *limits, uint64_t packed);

/*
 * The bytes inside a gzip file (RFC 1952, all members one behind the other) or a zlib stream (RFC 1950);
 * checks length and CRC. Data cut short ends the stream with truncated set and what came so far is good; junk
 * behind the last member ends it with *trailing set. BAD: damaged, "incorrect data check"; LIMIT: too much.
 * from and budget outlive it.
 */
struct stream *unpack_inflate(
    struct stream *from, enum content content, struct unpack_budget *budget, bool *trailing);

/*
 * The members of a zip archive one by one. Names are for messages only, never paths. The member's stream
 * lives until the next zip_next or zip_close and can be rewound.
 */
struct zip;
enum status zip_open(struct zip **zip, struct stream *from, struct unpack_budget *budget, struct err *err);
/* SKIP at the end. BAD: this member is damaged or encrypted (name is set), the next may be good; LIMIT: stop.
 */
enum status zip_next(struct zip *zip, struct str *name, struct stream **member, struct err *err);
void zip_close(struct zip *zip);

#endif
