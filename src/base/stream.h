/*
 * stream: bytes that are pulled in chunks from wherever they lie: memory, a file, a decompressor, a mail
 * part, a member of an archive. Streams stack: an inflating stream pulls from the stream below it.
 */
#ifndef DMARCQ_BASE_STREAM_H
#define DMARCQ_BASE_STREAM_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STREAM_CHUNK =
	    65536, /* bytes: a chunk is shorter only when the stream ends with it, or longer from memory */
};

struct stream;

struct stream_class {
	const char *name;
	/*
	 * The next chunk, borrowed until the next call. *len 0 means the end. BAD: damaged bytes, with the
	 * reason; LIMIT: more bytes than allowed; FATAL: the system failed.
	 */
	enum status (*next)(struct stream *, const unsigned char **data, size_t *len, struct err *);
	/* Back to the first byte. */
	enum status (*rewind)(struct stream *, struct err *);
	/* Frees the stream, not the one below it. */
	void (*close)(struct stream *);
};

/* Implementations hold this as their first member and fill in class only; the rest starts as zero. */
struct stream {
	const struct stream_class *class;
	const unsigned char *peeked;
	size_t peeked_len;
	bool has_peeked;
	bool truncated; /* the bytes ended before their container said so: what came so far is good */
};

/* The next chunk; see stream_class.next. */
enum status stream_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err);
/* The first chunk without taking it away: at least STREAM_CHUNK bytes or the whole of a shorter stream. */
enum status stream_peek(struct stream *stream, const unsigned char **data, size_t *len, struct err *err);
/* Back to the first byte. */
enum status stream_rewind(struct stream *stream, struct err *err);
/* Closes and frees; NULL is accepted. */
void stream_close(struct stream *stream);

/* A stream over len bytes of memory that the caller keeps alive; one chunk holds all of it. */
struct stream *stream_memory(const void *bytes, size_t len);
/* A stream over a seekable file from its first byte; the descriptor stays the caller's. */
struct stream *stream_file(int fd);

/*
 * Everything that is left in a stream, in memory up to spool_memory bytes, else in a nameless temporary file
 * ($TMPDIR or /tmp) up to max bytes. Afterwards spool_stream gives a stream over it that can be rewound.
 */
struct spool {
	unsigned char *data; /* owned; NULL when the bytes are in the file */
	size_t cap;
	uint64_t len;
	int fd; /* -1 while in memory */
};

void spool_init(struct spool *spool);
enum status spool_fill(
    struct spool *spool, struct stream *from, size_t spool_memory, uint64_t max, struct err *err);
/* Adds bytes by hand; the same limits. */
enum status spool_add(
    struct spool *spool, const void *bytes, size_t len, size_t spool_memory, uint64_t max, struct err *err);
/* A stream over the spool, which must outlive it. */
struct stream *spool_stream(const struct spool *spool);
/* Empties it and keeps its memory for the next use; closes its file. */
void spool_clear(struct spool *spool);
void spool_free(struct spool *spool);

#endif
