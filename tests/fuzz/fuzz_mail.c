/*
 * fuzz_mail: one mail: structure, headers, decoded parts. Reading a part a second time must give the same
 * bytes, and so must reading the mail from a file, where no chunk holds all of it.
 */
#include "base/digest.h"
#include "fuzz/fuzz.h"
#include "message/message.h"

#include <stdlib.h>

/* Hash and length of what a stream gives, or its status where it fails. */
static uint64_t
drain(struct stream *stream, uint64_t *total)
{
	const unsigned char *data;
	uint64_t hash = 0;
	struct err err;
	size_t len;

	*total = 0;
	while (stream_next(stream, &data, &len, &err) == OK) {
		if (len == 0)
			return hash;
		/* Chunks may be cut differently, so the hash goes byte by byte. */
		for (size_t i = 0; i < len; i++)
			hash = hash * 1099511628211u + data[i];
		*total += len;
	}
	return hash;
}

/* A fingerprint of the whole mail. */
static uint64_t
read_mail(struct stream *stream, const struct limits *limits)
{
	uint64_t hash = 0, once, again, len, len_again;
	struct message *message;
	struct part part;
	struct err err;
	size_t i;

	if (message_open(&message, stream, limits, &err) != OK)
		return (uint64_t)err.status;
	if (message_header(message, "Subject").len > 1000)
		abort();
	for (i = 0; message_part(message, i, &part, &err) == OK; i++) {
		once = drain(part.stream, &len);
		if (stream_rewind(part.stream, &err) != OK)
			abort();
		again = drain(part.stream, &len_again);
		if (once != again || len != len_again)
			abort();
		hash = hash * 31 + once + part.number + part.type.len + part.filename.len + part.depth +
		       part.mail;
	}
	message_close(message);
	return hash;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct limits limits;
	struct stream *memory, *file;
	struct spool spool;
	struct err err;

	limits_init(&limits);
	limits.mail_header_bytes = 65536;
	memory = stream_memory(data, size);
	spool_init(&spool);
	if (spool_fill(&spool, memory, 0, UINT64_MAX, &err) != OK || stream_rewind(memory, &err) != OK)
		abort();
	file = spool_stream(&spool);
	if (read_mail(memory, &limits) != read_mail(file, &limits))
		abort();
	stream_close(file);
	stream_close(memory);
	spool_free(&spool);
	return 0;
}
