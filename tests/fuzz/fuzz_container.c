/*
 * fuzz_container: sniffing, gzip, zlib and zip, one in another down to level 4, under small limits. What came
 * out must stay within them, and a small stream that is read a second time must give as many bytes.
 */
#include "fuzz/fuzz.h"
#include "unpack/unpack.h"

#include <stdlib.h>

enum { LEVELS = 4 };

static void unpack(struct stream *stream, struct unpack_budget *budget, int level);

static enum status
drain(struct stream *stream, uint64_t *total)
{
	const unsigned char *data;
	enum status status;
	struct err err;
	size_t len;

	*total = 0;
	while ((status = stream_next(stream, &data, &len, &err)) == OK && len > 0)
		*total += len;
	return status;
}

/* Reads the stream, again, and what is packed in it. */
static void
inside(struct stream *stream, struct unpack_budget *budget, int level)
{
	uint64_t once, again;
	enum status status;
	struct err err;
	bool truncated;

	status = drain(stream, &once);
	truncated = stream->truncated;
	if (status != OK || stream_rewind(stream, &err) != OK)
		return;
	status = drain(stream, &again);
	if (status != OK || once != again || truncated != stream->truncated)
		abort();
	if (stream_rewind(stream, &err) != OK)
		abort();
	unpack(stream, budget, level + 1);
}

static void
members(struct stream *stream, struct unpack_budget *budget, int level)
{
	struct stream *member;
	enum status status;
	struct zip *zip;
	struct str name;
	struct err err;

	if (zip_open(&zip, stream, budget, &err) != OK)
		return;
	do {
		status = zip_next(zip, &name, &member, &err);
		if (status == OK)
			inside(member, budget, level);
	} while (status == OK || status == BAD);
	zip_close(zip);
}

static void
unpack(struct stream *stream, struct unpack_budget *budget, int level)
{
	const unsigned char *head;
	enum content content;
	struct stream *inner;
	struct err err;
	bool trailing;
	size_t len;

	if (level > LEVELS || stream_peek(stream, &head, &len, &err) != OK)
		return;
	content = content_sniff(head, len);
	if (content == CONTENT_ZIP) {
		members(stream, budget, level);
	} else if (content == CONTENT_GZIP || content == CONTENT_ZLIB) {
		inner = unpack_inflate(stream, content, budget, &trailing);
		inside(inner, budget, level);
		stream_close(inner);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unpack_budget budget;
	struct stream *stream;
	struct limits limits;

	limits_init(&limits);
	limits.unpacked_bytes = 1 << 20;
	limits.unpack_free = 1 << 18;
	limits.members = 100;
	unpack_budget_init(&budget, &limits, size);
	stream = stream_memory(data, size);
	unpack(stream, &budget, 1);
	/* One chunk may have passed a limit before it was noticed. */
	if (budget.unpacked > limits.unpacked_bytes + 2 * STREAM_CHUNK || budget.members > limits.members + 1)
		abort();
	stream_close(stream);
	return 0;
}
