/*
 * part: reads a part straight from the mail and decodes it in chunks. Senders forget to say base64 and say it
 * of plain text, so the first bytes have the last word.
 */
#include "message/part.h"

#include "base/mem.h"
#include "base/text.h"

#include <gmime/gmime-encodings.h>
#include <stdlib.h>
#include <string.h>

enum {
	SLACK = 64,   /* a decoder may hold back some bytes and give them later */
	SNIFF = 1024, /* bytes in which a "begin" line is looked for */
};

struct part_reader {
	struct stream stream;
	struct source *source;
	uint64_t start, end, at;
	enum transfer transfer;
	bool ended, whole, delivered; /* chunk holds all there is; a chunk was handed out */
	size_t len;
	GMimeEncoding decoder;
	unsigned char chunk[STREAM_CHUNK + STREAM_CHUNK / 4];
};

/* What lies together at the place at hand, up to the end of the part. */
static size_t
here(struct part_reader *self, const unsigned char **data)
{
	size_t len;

	if (self->at >= self->end)
		return 0;
	len = source_at(self->source, self->at, data);
	return len > self->end - self->at ? (size_t)(self->end - self->at) : len;
}

/* Base64 of gzip, zip, "<?xml", "<feedback" and "Feedback-". */
static bool
looks_base64(const unsigned char *data, size_t len)
{
	static const char *const known[] = {"H4sI", "UEsDB", "PD94bWwg", "PGZlZWRiYWNr", "RmVlZGJhY2st"};
	size_t i;

	for (i = 0; i < sizeof known / sizeof known[0]; i++)
		if (len >= strlen(known[i]) && memcmp(data, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

/* The first field of a failure report; a colon is never base64. */
static bool
is_field(const unsigned char *data, size_t len)
{
	static const char name[] = "feedback-type:";

	return len >= sizeof name - 1 && text_same_nocase((const char *)data, sizeof name - 1, name);
}

static enum transfer
believe(enum transfer said, const unsigned char *data, size_t len)
{
	while (len > 0 && text_is_blank((char)*data)) {
		data++;
		len--;
	}
	if (said == TRANSFER_PLAIN && looks_base64(data, len))
		return TRANSFER_BASE64;
	if (said == TRANSFER_BASE64 && len > 0 && (data[0] == '<' || data[0] == 0x1f || is_field(data, len)))
		return TRANSFER_PLAIN;
	return said;
}

/* The encoded lines begin behind the one that names mode and file. */
static void
skip_begin(struct part_reader *self, const unsigned char *data, size_t len)
{
	const char *text = (const char *)data;
	size_t most = len < SNIFF ? len : SNIFF;
	const unsigned char *end;
	long at = text_find_nocase(text, most, "begin ");

	end = at < 0 ? NULL : memchr(data + at, '\n', len - (size_t)at);
	if (end != NULL)
		self->at = self->start + (uint64_t)(end - data) + 1;
	self->decoder.state |= GMIME_UUDECODE_STATE_BEGIN;
}

static void
begin(struct part_reader *self, enum transfer said)
{
	static const GMimeContentEncoding encodings[] = {
	    [TRANSFER_PLAIN] = GMIME_CONTENT_ENCODING_DEFAULT,
	    [TRANSFER_BASE64] = GMIME_CONTENT_ENCODING_BASE64,
	    [TRANSFER_QUOTED] = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
	    [TRANSFER_UU] = GMIME_CONTENT_ENCODING_UUENCODE,
	};
	const unsigned char *data = NULL;
	size_t len;

	self->at = self->start;
	self->ended = self->whole = self->delivered = false;
	len = here(self, &data);
	self->transfer = len > 0 ? believe(said, data, len) : said;
	g_mime_encoding_init_decode(&self->decoder, encodings[self->transfer]);
	if (self->transfer == TRANSFER_UU && len > 0)
		skip_begin(self, data, len);
}

/* Decodes some more into chunk, or sets ended. */
static void
decode(struct part_reader *self)
{
	size_t room = sizeof self->chunk - self->len - SLACK;
	const unsigned char *data = NULL;
	char *to = (char *)self->chunk + self->len;
	size_t n = here(self, &data);

	if (n > room)
		n = room;
	self->at += n;
	self->ended = n == 0;
	if (self->transfer != TRANSFER_PLAIN && n > 0)
		self->len += g_mime_encoding_step(&self->decoder, (const char *)data, n, to);
	else if (self->transfer != TRANSFER_PLAIN)
		self->len += g_mime_encoding_flush(&self->decoder, "", 0, to);
	else if (n > 0) {
		memcpy(to, data, n);
		self->len += n;
	}
}

static enum status
part_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	struct part_reader *self = (struct part_reader *)stream;

	if (!self->whole) {
		for (self->len = 0; self->len < STREAM_CHUNK && !self->ended;)
			decode(self);
		if (self->source->status != OK) {
			*err = self->source->err;
			return self->source->status;
		}
		self->whole = self->ended && !self->delivered;
	}
	*data = self->chunk;
	*len = self->whole && self->delivered ? 0 : self->len;
	self->delivered = true;
	return OK;
}

/* A small part is still in the chunk, so nothing has to be done twice. */
static enum status
part_rewind(struct stream *stream, struct err *err)
{
	struct part_reader *self = (struct part_reader *)stream;

	(void)err;
	if (self->whole)
		self->delivered = false;
	else
		begin(self, self->transfer);
	return OK;
}

static void
part_close(struct stream *stream)
{
	free(stream);
}

static const struct stream_class part_class = {"mail part", part_next, part_rewind, part_close};

struct stream *
part_stream(void)
{
	struct part_reader *self = mem_alloc(sizeof *self);

	memset(self, 0, offsetof(struct part_reader, chunk));
	self->stream.class = &part_class;
	return &self->stream;
}

void
part_set(struct stream *stream, struct source *source, uint64_t start, uint64_t end, enum transfer transfer)
{
	struct part_reader *self = (struct part_reader *)stream;

	stream->has_peeked = false;
	stream->truncated = false;
	self->source = source;
	self->start = start;
	self->end = end;
	begin(self, transfer);
}
