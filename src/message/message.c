/*
 * message: one mail. The lines are counted first (prescan.c), then the MIME library finds the parts (mime.c),
 * and each part is decoded while it is read (part.c). Where the header is wrong about the boundary, the body
 * tells it.
 */
#include "message/message.h"

#include "base/mem.h"
#include "message/mime.h"
#include "message/prescan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_BYTES = 1000 };

struct message {
	struct source source;
	struct mime *mime; /* its header */
	struct mime *body; /* its parts, when they were found only by a second look */
	struct stream *part;
};

/* No part, or one that is not said to be anything, while the text has a boundary in it. */
static bool
is_misread(const struct mime *mime, const struct prescan *scan)
{
	const struct leaf *leaf = mime_leaf(mime, 0);

	return scan->boundary[0] != '\0' &&
	       (leaf == NULL || (leaf->type == NULL && mime_leaf(mime, 1) == NULL));
}

/* Reads the body again under a header that names the boundary that it uses. */
static enum status
read_again(struct message *message, struct prescan *scan, const struct limits *limits, struct err *err)
{
	struct source *source = &message->source;
	enum status status;
	int len;

	len = snprintf(source->prefix, sizeof source->prefix,
	    "Content-Type: multipart/mixed; boundary=\"%s\"\n\n", scan->boundary);
	source->prefix_len = (size_t)len;
	source->skip += scan->body;
	status = prescan(scan, source, limits, err);
	if (status == OK)
		status = mime_parse(&message->body, source, limits, err);
	return status;
}

enum status
message_open(struct message **message, struct stream *from, const struct limits *limits, struct err *err)
{
	struct message *self = mem_zero(1, sizeof *self);
	struct prescan scan;
	enum status status;

	source_init(&self->source, from);
	status = prescan(&scan, &self->source, limits, err);
	if (status == OK) {
		self->source.skip = scan.start;
		scan.body -= scan.start;
		status = mime_parse(&self->mime, &self->source, limits, err);
	}
	if (status == OK && is_misread(self->mime, &scan))
		status = read_again(self, &scan, limits, err);
	if (status != OK) {
		message_close(self);
		self = NULL;
	} else
		self->part = part_stream();
	*message = self;
	return status;
}

struct str
message_header(struct message *message, const char *name)
{
	struct str value = mime_header(message->mime, name);

	if (value.len > HEADER_BYTES) {
		value.len = HEADER_BYTES;
		while (value.len > 0 && ((unsigned char)value.data[value.len] & 0xc0) == 0x80)
			value.len--;
	}
	return value;
}

bool
message_field(struct message *message, size_t i, struct str *name, struct str *value)
{
	return mime_field(message->mime, i, name, value);
}

enum status
message_part(struct message *message, size_t i, struct part *part, struct err *err)
{
	const struct mime *mime = message->body != NULL ? message->body : message->mime;
	const struct leaf *leaf = mime_leaf(mime, i);

	if (leaf == NULL)
		return SKIP;
	part_set(message->part, &message->source, leaf->start, leaf->end, leaf->transfer);
	if (message->source.status != OK) {
		*err = message->source.err;
		return message->source.status;
	}
	part->stream = message->part;
	part->type = str_of(leaf->type);
	part->filename = str_of(leaf->filename);
	part->number = leaf->number;
	part->depth = leaf->depth;
	part->mail = leaf->mail;
	return OK;
}

void
message_close(struct message *message)
{
	if (message == NULL)
		return;
	stream_close(message->part);
	mime_free(message->body);
	mime_free(message->mime);
	free(message);
}
