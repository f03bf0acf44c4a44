/* original: the kept bytes of an original as a stream, chunk by chunk out of the database. */
#include "store/store.h"

#include "base/mem.h"
#include "base/pack.h"
#include "store/writer.h"

#include <stdlib.h>

struct chunks {
	struct stream stream;
	struct stmt *stmt;
	int64_t original;
};

static enum status
chunks_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	struct chunks *chunks = (struct chunks *)stream;
	enum status status;
	struct str bytes;
	bool row;

	*len = 0;
	status = stmt_step(chunks->stmt, &row, err);
	if (status != OK || !row)
		return status;
	bytes = stmt_bytes(chunks->stmt, 0);
	*data = (const unsigned char *)bytes.data;
	*len = bytes.len;
	return OK;
}

static enum status
chunks_rewind(struct stream *stream, struct err *err)
{
	struct chunks *chunks = (struct chunks *)stream;

	(void)err;
	stmt_reset(chunks->stmt);
	stmt_bind_i64(chunks->stmt, 1, chunks->original * CHUNKS_PER_ORIGINAL);
	stmt_bind_i64(chunks->stmt, 2, (chunks->original + 1) * CHUNKS_PER_ORIGINAL);
	return OK;
}

static void
chunks_close(struct stream *stream)
{
	stmt_free(((struct chunks *)stream)->stmt);
	free(stream);
}

struct kept {
	struct stream stream;
	struct stream *chunks, *inflated;
};

static enum status
kept_next(struct stream *stream, const unsigned char **data, size_t *len, struct err *err)
{
	return stream_next(((struct kept *)stream)->inflated, data, len, err);
}

static enum status
kept_rewind(struct stream *stream, struct err *err)
{
	return stream_rewind(((struct kept *)stream)->inflated, err);
}

static void
kept_close(struct stream *stream)
{
	struct kept *kept = (struct kept *)stream;

	stream_close(kept->inflated);
	stream_close(kept->chunks);
	free(kept);
}

static struct stream *
inflated(struct stream *chunks)
{
	static const struct stream_class class = {"kept", kept_next, kept_rewind, kept_close};
	struct kept *kept = mem_zero(1, sizeof *kept);

	kept->stream.class = &class;
	kept->chunks = chunks;
	kept->inflated = pack_inflate(chunks);
	return &kept->stream;
}

static enum status
find(struct store *store, int64_t original, uint64_t *size, uint64_t *kept, bool *deflated, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status;
	bool row = false;

	status = stmt_prepare(
	    &stmt, store->db, "SELECT size, size - missing, deflated FROM original WHERE id = ?1", err);
	if (status == OK) {
		stmt_bind_i64(stmt, 1, original);
		status = stmt_step(stmt, &row, err);
	}
	if (status == OK && row) {
		*size = (uint64_t)stmt_i64(stmt, 0);
		*kept = (uint64_t)stmt_i64(stmt, 1);
		*deflated = stmt_i64(stmt, 2) != 0;
	} else if (status == OK)
		status = err_set(err, BAD, "there is no original %lld", (long long)original);
	stmt_free(stmt);
	return status;
}

enum status
store_original_open(struct stream **stream, struct store *store, int64_t original, uint64_t *size,
    uint64_t *kept, struct err *err)
{
	static const struct stream_class class = {"chunks", chunks_next, chunks_rewind, chunks_close};
	struct chunks *chunks;
	bool deflated = false;
	enum status status = find(store, original, size, kept, &deflated, err);

	*stream = NULL;
	if (status != OK)
		return status;
	if (*kept == 0 && *size > 0)
		return err_set(err, BAD, "the bytes of original %lld were not kept", (long long)original);
	chunks = mem_zero(1, sizeof *chunks);
	chunks->stream.class = &class;
	chunks->original = original;
	status = stmt_prepare(&chunks->stmt, store->db,
	    "SELECT data FROM original_chunk WHERE id >= ?1 AND id < ?2 ORDER BY id", err);
	if (status != OK) {
		free(chunks);
		return status;
	}
	(void)chunks_rewind(&chunks->stream, err);
	*stream = deflated ? inflated(&chunks->stream) : &chunks->stream;
	return OK;
}

enum status
store_original(struct store *store, int64_t original,
    enum status (*write)(void *data, const void *bytes, size_t len, struct err *err), void *data,
    struct err *err)
{
	const unsigned char *bytes;
	struct stream *stream;
	uint64_t size, kept;
	enum status status = store_original_open(&stream, store, original, &size, &kept, err);
	size_t len;

	if (status != OK)
		return status;
	while ((status = stream_next(stream, &bytes, &len, err)) == OK && len > 0) {
		status = write(data, bytes, len, err);
		if (status != OK)
			break;
	}
	stream_close(stream);
	if (status == OK && kept < size)
		return err_set(err, BAD, "only the first %llu of %llu bytes were kept (limit reject-bytes)",
		    (unsigned long long)kept, (unsigned long long)size);
	return status;
}
