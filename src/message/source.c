/* source: random access to a mail, cheap as long as it goes forward; a mail in memory is one chunk and never
 * moves. */
#include "message/source.h"

void
source_init(struct source *source, struct stream *from)
{
	source->from = from;
	source->skip = 0;
	source->prefix_len = 0;
	source->chunk = NULL;
	source->chunk_len = 0;
	source->chunk_at = 0;
	source->status = stream_rewind(from, &source->err);
}

/* The chunk that holds the offset, counted in the stream. */
static void
find_chunk(struct source *source, uint64_t offset)
{
	if (offset < source->chunk_at) {
		source->status = stream_rewind(source->from, &source->err);
		source->chunk_at = 0;
		source->chunk_len = 0;
	}
	while (source->status == OK && offset - source->chunk_at >= source->chunk_len) {
		source->chunk_at += source->chunk_len;
		source->status = stream_next(source->from, &source->chunk, &source->chunk_len, &source->err);
		if (source->chunk_len == 0)
			return;
	}
}

size_t
source_at(struct source *source, uint64_t offset, const unsigned char **data)
{
	if (offset < source->prefix_len) {
		*data = (const unsigned char *)source->prefix + offset;
		return source->prefix_len - (size_t)offset;
	}
	offset += source->skip - source->prefix_len;
	if (source->status == OK)
		find_chunk(source, offset);
	if (source->status != OK || source->chunk_len == 0)
		return 0;
	*data = source->chunk + (offset - source->chunk_at);
	return source->chunk_len - (size_t)(offset - source->chunk_at);
}
