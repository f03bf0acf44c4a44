/*
 * feed: hands chunks of a stream to libarchive and remembers where they lie, so that reading can go on behind
 * a member that broke libarchive's reader, without starting again.
 */
#include "unpack/feed.h"

#include <string.h>

enum { SIGNATURE = 4 };

static const unsigned char local_header[SIGNATURE] = {'P', 'K', 3, 4};

void
feed_init(struct feed *feed, struct stream *from)
{
	memset(feed, 0, sizeof *feed);
	feed->from = from;
	feed->err.status = OK;
}

/* The next chunk into data; len 0 at the end. */
static enum status
pull(struct feed *feed)
{
	enum status status = stream_next(feed->from, &feed->chunk, &feed->chunk_len, &feed->err);

	if (status != OK) {
		feed->err.status = status;
		feed->chunk_len = 0;
	}
	feed->data = feed->chunk;
	feed->len = feed->chunk_len;
	feed->end += feed->chunk_len;
	feed->ended = status == OK && feed->len == 0;
	return status;
}

enum status
feed_next(struct feed *feed, const unsigned char **data, size_t *len)
{
	enum status status = OK;

	if (feed->signature) {
		feed->signature = false;
		*data = local_header;
		*len = SIGNATURE;
		return OK;
	}
	if (feed->len == 0)
		status = pull(feed);
	*data = feed->data;
	*len = feed->len;
	feed->len = 0;
	return status;
}

enum status
feed_seek(struct feed *feed, uint64_t place)
{
	enum status status;

	feed_init(feed, feed->from);
	status = stream_rewind(feed->from, &feed->err);
	while (status == OK && feed->end < place && !feed->ended)
		status = pull(feed);
	feed->err.status = status;
	if (status == OK && !feed->ended && feed->end > place) {
		feed->len = (size_t)(feed->end - place);
		feed->data = feed->chunk + (feed->chunk_len - feed->len);
	} else
		feed->len = 0;
	return status;
}

enum status
feed_find(struct feed *feed, uint64_t *place)
{
	uint64_t start = feed->end - feed->chunk_len;
	enum status status;
	uint32_t last = 0; /* four bytes: a signature may lie across two chunks */
	size_t i = *place > start ? (size_t)(*place - start) : 0;

	for (;;) {
		for (; i < feed->chunk_len; i++) {
			last = last << 8 | feed->chunk[i];
			if (last != 0x504b0304)
				continue;
			feed->signature = true;
			feed->data = feed->chunk + i + 1;
			feed->len = feed->chunk_len - i - 1;
			*place = feed->end - feed->len - SIGNATURE;
			return OK;
		}
		status = pull(feed);
		if (status != OK || feed->ended)
			return status == OK ? SKIP : status;
		i = 0;
	}
}
