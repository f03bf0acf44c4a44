/* pack: originals that are not compressed themselves are kept as one zlib stream, made as they are read. */
#include "base/pack.h"

#include "base/mem.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

/* The fastest level: XML shrinks to a tenth with it, and imports wait for nothing else. */
enum { LEVEL = 1 };

struct deflating {
	struct stream stream;
	struct stream *from;
	z_stream z;
	bool in_end, out_end;
	unsigned char out[STREAM_CHUNK];
};

static enum status
deflating_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	struct deflating *self = (struct deflating *)stream;
	const unsigned char *in;
	enum status status;
	size_t in_len;

	self->z.next_out = self->out;
	self->z.avail_out = sizeof self->out;
	while (self->z.avail_out > 0 && !self->out_end) {
		if (self->z.avail_in == 0 && !self->in_end) {
			status = stream_next(self->from, &in, &in_len, err);
			if (status != OK)
				return status;
			self->in_end = in_len == 0;
			self->z.next_in = in;
			self->z.avail_in = (uInt)in_len;
		}
		self->out_end = deflate(&self->z, self->in_end ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END;
	}
	*data = self->out;
	*len = sizeof self->out - self->z.avail_out;
	return OK;
}

static enum status
deflating_rewind(struct stream *stream, struct err *err)
{
	struct deflating *self = (struct deflating *)stream;

	self->in_end = self->out_end = false;
	self->z.avail_in = 0;
	(void)deflateReset(&self->z);
	return stream_rewind(self->from, err);
}

static void
deflating_close(struct stream *stream)
{
	struct deflating *self = (struct deflating *)stream;

	(void)deflateEnd(&self->z);
	free(self);
}

struct stream *
pack_deflate(struct stream *from)
{
	static const struct stream_class class = {
	    "deflate", deflating_next, deflating_rewind, deflating_close};
	struct deflating *self = mem_alloc(sizeof *self);

	memset(self, 0, offsetof(struct deflating, out));
	self->stream.class = &class;
	self->from = from;
	if (deflateInit(&self->z, LEVEL) != Z_OK)
		abort();
	return &self->stream;
}

struct inflating {
	struct stream stream;
	struct stream *from;
	z_stream z;
	bool end;
	unsigned char out[STREAM_CHUNK];
};

static enum status
inflating_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	struct inflating *self = (struct inflating *)stream;
	const unsigned char *in;
	enum status status;
	size_t in_len;
	int code;

	self->z.next_out = self->out;
	self->z.avail_out = sizeof self->out;
	while (self->z.avail_out > 0 && !self->end) {
		if (self->z.avail_in == 0) {
			status = stream_next(self->from, &in, &in_len, err);
			if (status != OK)
				return status;
			if (in_len == 0)
				return err_set(err, BAD, "the kept bytes end too early");
			self->z.next_in = in;
			self->z.avail_in = (uInt)in_len;
		}
		code = inflate(&self->z, Z_NO_FLUSH);
		self->end = code == Z_STREAM_END;
		if (code != Z_OK && code != Z_STREAM_END)
			return err_set(err, BAD, "the kept bytes are damaged: %s",
			    self->z.msg == NULL ? "?" : self->z.msg);
	}
	*data = self->out;
	*len = sizeof self->out - self->z.avail_out;
	return OK;
}

static enum status
inflating_rewind(struct stream *stream, struct err *err)
{
	struct inflating *self = (struct inflating *)stream;

	self->end = false;
	self->z.avail_in = 0;
	(void)inflateReset(&self->z);
	return stream_rewind(self->from, err);
}

static void
inflating_close(struct stream *stream)
{
	struct inflating *self = (struct inflating *)stream;

	(void)inflateEnd(&self->z);
	free(self);
}

struct stream *
pack_inflate(struct stream *from)
{
	static const struct stream_class class = {
	    "inflate", inflating_next, inflating_rewind, inflating_close};
	struct inflating *self = mem_alloc(sizeof *self);

	memset(self, 0, offsetof(struct inflating, out));
	self->stream.class = &class;
	self->from = from;
	if (inflateInit(&self->z) != Z_OK)
		abort();
	return &self->stream;
}
