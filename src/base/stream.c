/* stream: the common part of all streams, and the two that need no library: memory and file. */
#include "base/stream.h"

#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct memory_stream {
	struct stream stream;
	const unsigned char *bytes;
	size_t len;
	bool done;
};

struct file_stream {
	struct stream stream;
	int fd;
	off_t at;
	unsigned char chunk[STREAM_CHUNK];
};

enum status
stream_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	if (stream->has_peeked) {
		stream->has_peeked = false;
		*data = stream->peeked;
		*len = stream->peeked_len;
		return OK;
	}
	return stream->class->next(stream, data, len, err);
}

enum status
stream_peek(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	enum status status;

	if (!stream->has_peeked) {
		status = stream->class->next(stream, &stream->peeked, &stream->peeked_len, err);
		if (status != OK)
			return status;
		stream->has_peeked = true;
	}
	*data = stream->peeked;
	*len = stream->peeked_len;
	return OK;
}

enum status
stream_rewind(struct stream *stream, struct err *err)
{
	stream->has_peeked = false;
	stream->truncated = false;
	return stream->class->rewind(stream, err);
}

void
stream_close(struct stream *stream)
{
	if (stream != NULL)
		stream->class->close(stream);
}

static enum status
memory_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	struct memory_stream *memory = (struct memory_stream *)stream;

	(void)err;
	*data = memory->bytes;
	*len = memory->done ? 0 : memory->len;
	memory->done = true;
	return OK;
}

static enum status
memory_rewind(struct stream *stream, struct err *err)
{
	(void)err;
	((struct memory_stream *)stream)->done = false;
	return OK;
}

static void
memory_close(struct stream *stream)
{
	free(stream);
}

static const struct stream_class memory_class = {"memory", memory_next, memory_rewind, memory_close};

struct stream *
stream_memory(const void *bytes, size_t len)
{
	struct memory_stream *memory = mem_zero(1, sizeof *memory);

	memory->stream.class = &memory_class;
	memory->bytes = bytes;
	memory->len = len;
	return &memory->stream;
}

static enum status
file_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	struct file_stream *file = (struct file_stream *)stream;
	size_t got = 0;
	ssize_t n;

	while (got < sizeof file->chunk) {
		n = pread(file->fd, file->chunk + got, sizeof file->chunk - got, file->at + (off_t)got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, BAD, "cannot read: %s", strerror(errno));
		if (n == 0)
			break;
		got += (size_t)n;
	}
	file->at += (off_t)got;
	*data = file->chunk;
	*len = got;
	return OK;
}

static enum status
file_rewind(struct stream *stream, struct err *err)
{
	(void)err;
	((struct file_stream *)stream)->at = 0;
	return OK;
}

static void
file_close(struct stream *stream)
{
	free(stream);
}

static const struct stream_class file_class = {"file", file_next, file_rewind, file_close};

struct stream *
stream_file(int fd)
{
	struct file_stream *file = mem_alloc(sizeof *file);

	memset(&file->stream, 0, sizeof file->stream);
	file->stream.class = &file_class;
	file->fd = fd;
	file->at = 0;
	return &file->stream;
}
