/*
 * inflate: the bytes inside gzip files and zlib streams, by zlib, which checks length and CRC. A small gzip
 * file is given to libdeflate first, which does the same in half the time and knows only whole ones; whatever
 * it does not like is zlib's. A thread keeps the last few streams that it closed, decompressors and chunk and
 * all: making them anew would cost as much as inflating a small report.
 */
#include "base/mem.h"
#include "unpack/budget.h"

#include <libdeflate.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum {
	KEPT = 4, /* streams kept by a thread: gzip in gzip in gzip is as deep as it was ever seen */
	WINDOW_GZIP = 15 + 16,
	WINDOW_ZLIB = 15,
	GZIP_LEAST = 18, /* bytes: header and trailer (RFC 1952 section 2.3) */
	GZIP_FLAGS = 3,  /* where they stand */
	GZIP_FHCRC = 2,  /* the header has a CRC, which only zlib checks */
};

struct inflate {
	struct stream stream;
	struct stream *from;
	struct unpack_budget *budget;
	bool *trailing;
	z_stream zlib;
	struct libdeflate_decompressor *fast; /* NULL: no memory for it, zlib does all */
	struct inflate *next_kept;
	uint64_t counted; /* bytes that this stream took from the budget */
	size_t len;       /* bytes in chunk */
	unsigned members; /* complete ones */
	bool gzip, ended, cut;
	bool whole, delivered; /* chunk holds all there is; it was handed out */
	unsigned char chunk[STREAM_CHUNK];
};

static pthread_once_t kept_once = PTHREAD_ONCE_INIT;
static pthread_key_t kept_key;
static _Thread_local struct inflate *kept;
static _Thread_local int kept_count;

static void
let_go(struct inflate *self)
{
	(void)inflateEnd(&self->zlib);
	libdeflate_free_decompressor(self->fast);
	free(self);
}

static void
free_kept(void *unused)
{
	struct inflate *self;

	(void)unused;
	while ((self = kept) != NULL) {
		kept = self->next_kept;
		let_go(self);
	}
	kept_count = 0;
}

static void
make_key(void)
{
	if (pthread_key_create(&kept_key, free_kept) != 0)
		abort();
}

static enum status
reset(struct inflate *self, struct err *err)
{
	self->zlib.next_in = NULL;
	self->zlib.avail_in = 0;
	self->counted = 0;
	self->members = 0;
	self->ended = self->cut = self->whole = self->delivered = false;
	if (inflateReset2(&self->zlib, self->gzip ? WINDOW_GZIP : WINDOW_ZLIB) != Z_OK)
		return err_stop(err, EXIT_CODE_MEMORY, "cannot reset the decompressor");
	return OK;
}

/* More packed bytes, or none at the end of them. */
static enum status
refill(struct inflate *self, struct err *err)
{
	const unsigned char *data;
	enum status status;
	size_t len;

	if (self->zlib.avail_in > 0)
		return OK;
	status = stream_next(self->from, &data, &len, err);
	if (status != OK)
		return status;
	if (len > UINT32_MAX)
		return err_set(err, LIMIT, "more than 4294967295 bytes at once");
	self->zlib.next_in = data;
	self->zlib.avail_in = (uInt)len;
	return OK;
}

/* Behind a member: another one, zeros that pad a block, or what doesn't belong here. */
static enum status
behind_member(struct inflate *self, struct err *err)
{
	enum status status;

	self->members++;
	for (;;) {
		status = refill(self, err);
		if (status != OK)
			return status;
		if (self->zlib.avail_in == 0 || self->zlib.next_in[0] != 0)
			break;
		self->zlib.next_in++;
		self->zlib.avail_in--;
	}
	if (self->zlib.avail_in > 0 && self->gzip && self->zlib.next_in[0] == 0x1f) {
		(void)inflateReset(&self->zlib);
		return OK;
	}
	*self->trailing = self->zlib.avail_in > 0;
	self->ended = true;
	return OK;
}

static enum status
damaged(struct inflate *self, struct err *err)
{
	/* Junk that happens to begin like a member: the members before it are whole. */
	if (self->members > 0 && self->zlib.total_out == 0) {
		*self->trailing = true;
		self->ended = true;
		return OK;
	}
	return err_set(err, BAD, "%s: %s", self->gzip ? "gzip" : "zlib",
	    self->zlib.msg != NULL ? self->zlib.msg : "damaged data");
}

/* Whether what lies before us looks like a whole gzip file that fits into the chunk: its last bytes say so.
 */
static bool
looks_small(const struct inflate *self)
{
	const unsigned char *in = self->zlib.next_in, *size = in + self->zlib.avail_in - 4;

	return self->gzip && self->fast != NULL && self->counted == 0 && self->members == 0 &&
	       self->zlib.total_in == 0 && self->zlib.avail_in >= GZIP_LEAST &&
	       (in[GZIP_FLAGS] & GZIP_FHCRC) == 0 &&
	       (size[0] | (uint32_t)size[1] << 8 | (uint32_t)size[2] << 16 | (uint32_t)size[3] << 24) <=
		   sizeof self->chunk;
}

/* The first member at one stroke; false, with nothing changed: zlib is to look at it. */
static bool
inflate_whole(struct inflate *self)
{
	size_t used, made;

	if (libdeflate_gzip_decompress_ex(self->fast, self->zlib.next_in, self->zlib.avail_in, self->chunk,
		sizeof self->chunk, &used, &made) != LIBDEFLATE_SUCCESS)
		return false;
	self->zlib.next_in += used;
	self->zlib.avail_in -= (uInt)used;
	self->zlib.next_out += made;
	self->zlib.avail_out -= (uInt)made;
	return true;
}

static enum status
inflate_some(struct inflate *self, struct err *err)
{
	uInt room = self->zlib.avail_out;
	enum status status = refill(self, err);
	int result;

	if (status != OK)
		return status;
	if (self->zlib.avail_in == 0) {
		self->stream.truncated = self->cut = self->ended = true;
		return OK;
	}
	/* Z_FINISH spares zlib the copy into its window when all of a small file fits into one chunk. */
	result = looks_small(self) && inflate_whole(self) ? Z_STREAM_END : inflate(&self->zlib, Z_FINISH);
	room -= self->zlib.avail_out;
	self->counted += room;
	status = budget_take(self->budget, room, err);
	if (status != OK)
		return status;
	switch (result) {
	case Z_OK:
	case Z_BUF_ERROR:
		return OK;
	case Z_STREAM_END:
		return behind_member(self, err);
	case Z_MEM_ERROR:
		return err_stop(err, EXIT_CODE_MEMORY, "out of memory");
	case Z_NEED_DICT:
		return err_set(err, BAD, "zlib: needs a dictionary that is not here");
	default:
		return damaged(self, err);
	}
}

static enum status
inflate_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	struct inflate *self = (struct inflate *)stream;
	enum status status = OK;

	if (!self->whole) {
		self->zlib.next_out = self->chunk;
		self->zlib.avail_out = sizeof self->chunk;
		while (status == OK && !self->ended && self->zlib.avail_out > 0)
			status = inflate_some(self, err);
		if (status != OK)
			return status;
		self->len = sizeof self->chunk - self->zlib.avail_out;
		self->whole = self->ended && self->counted == self->len;
		self->delivered = false;
	}
	*data = self->chunk;
	*len = self->delivered ? 0 : self->len;
	self->delivered = true;
	return OK;
}

/* A small file is still in the chunk, so nothing has to be done twice. */
static enum status
inflate_rewind(struct stream *stream, struct err *err)
{
	struct inflate *self = (struct inflate *)stream;

	if (self->whole) {
		self->delivered = false;
		stream->truncated = self->cut;
		return OK;
	}
	budget_return(self->budget, self->counted);
	if (reset(self, err) != OK)
		return err->status;
	return stream_rewind(self->from, err);
}

static void
inflate_close(struct stream *stream)
{
	struct inflate *self = (struct inflate *)stream;

	if (kept_count >= KEPT) {
		let_go(self);
		return;
	}
	self->next_kept = kept;
	kept = self;
	kept_count++;
	(void)pthread_setspecific(kept_key, kept);
}

static const struct stream_class inflate_class = {"inflate", inflate_next, inflate_rewind, inflate_close};

static void *
zlib_alloc(void *unused, uInt count, uInt size)
{
	(void)unused;
	return mem_alloc((size_t)count * size);
}

static void
zlib_free(void *unused, void *memory)
{
	(void)unused;
	free(memory);
}

/* A stream of this thread's shelf, or a new one. */
static struct inflate *
take(void)
{
	struct inflate *self = kept;

	if (self != NULL) {
		kept = self->next_kept;
		kept_count--;
		(void)pthread_setspecific(kept_key, kept);
		return self;
	}
	(void)pthread_once(&kept_once, make_key);
	self = mem_alloc(sizeof *self);
	memset(&self->zlib, 0, sizeof self->zlib);
	self->zlib.zalloc = zlib_alloc;
	self->zlib.zfree = zlib_free;
	(void)inflateInit2(&self->zlib, WINDOW_GZIP);
	self->fast = libdeflate_alloc_decompressor();
	return self;
}

struct stream *
unpack_inflate(struct stream *from, enum content content, struct unpack_budget *budget, bool *trailing)
{
	struct inflate *self = take();
	struct err err;

	memset(&self->stream, 0, sizeof self->stream);
	self->stream.class = &inflate_class;
	self->from = from;
	self->budget = budget;
	self->trailing = trailing;
	self->gzip = content == CONTENT_GZIP;
	*trailing = false;
	(void)reset(self, &err);
	return &self->stream;
}
