/* original: digest and bytes. What is not compressed as it arrives is deflated on the way. */
#include "ingest/original.h"

#include "base/pack.h"
#include "unpack/unpack.h"

static enum status
digest(unsigned char out[SHA256_BYTES], uint64_t *size, bool *packed, struct stream *stream, struct err *err)
{
	const unsigned char *data;
	enum content content;
	struct sha256 *sha;
	enum status status = stream_rewind(stream, err);
	size_t len;

	*size = 0;
	*packed = false;
	if (status != OK)
		return status;
	sha = sha256_begin();
	while ((status = stream_next(stream, &data, &len, err)) == OK && len > 0) {
		if (*size == 0) {
			content = content_sniff(data, len);
			*packed =
			    content == CONTENT_GZIP || content == CONTENT_ZIP || content == CONTENT_ZLIB;
		}
		sha256_add(sha, data, len);
		*size += len;
	}
	sha256_end(sha, out);
	return status;
}

/* The first kept bytes of the stream, deflated when it is not packed; all of it when deflated. */
static enum status
put_bytes(struct outbox *outbox, struct stream *from, uint64_t kept, struct err *err)
{
	const unsigned char *data;
	struct entry *entry;
	enum status status = OK;
	struct str bytes;
	size_t len;

	while (kept > 0 && (status = stream_next(from, &data, &len, err)) == OK && len > 0) {
		bytes.data = (const char *)data;
		bytes.len = len < kept ? len : (size_t)kept;
		kept -= bytes.len;
		entry = outbox_add(outbox, ENTRY_ORIGINAL_DATA);
		entry->u.data.bytes = outbox_text(outbox, bytes);
	}
	return status;
}

/* How many bytes are kept; *cut: a reject's are not all of them. */
static uint64_t
kept_of(bool *cut, uint64_t size, const struct original_traits *traits, const struct limits *limits)
{
	enum original_held held = traits->held;

	*cut = traits->bare ? held != ORIGINAL_READ
			    : size > limits->reject_bytes &&
				  (held == ORIGINAL_REJECTED || (held == ORIGINAL_MIXED && !traits->keep));
	if (traits->bare)
		return 0;
	return *cut ? limits->reject_bytes : traits->keep || held != ORIGINAL_READ ? size : 0;
}

enum status
original_put(struct outbox *outbox, struct stream *stream, const struct limits *limits,
    const struct original_traits *traits, struct err *err)
{
	struct entry *entry = outbox_add(outbox, ENTRY_ARRIVAL_END);
	struct stream *deflating;
	bool packed, cut, deflate;
	enum status status;
	uint64_t size, kept;

	status = digest(entry->u.arrival_end.sha256, &size, &packed, stream, err);
	/* Its rejects and reports are written already: they need their arrival, even one without bytes. */
	entry->u.arrival_end.size = size;
	entry->u.arrival_end.used = true;
	entry->u.arrival_end.personal = traits->personal;
	if (status != OK)
		return status;
	kept = kept_of(&cut, size, traits, limits);
	deflate = !packed && !cut && kept > 0;
	entry->u.arrival_end.kept = kept;
	entry->u.arrival_end.deflated = deflate;
	if (kept == 0)
		return cut ? LIMIT : OK;
	status = stream_rewind(stream, err);
	if (status != OK)
		return status;
	if (!deflate)
		status = put_bytes(outbox, stream, kept, err);
	else {
		deflating = pack_deflate(stream);
		status = put_bytes(outbox, deflating, UINT64_MAX, err);
		stream_close(deflating);
	}
	return status == OK && cut ? LIMIT : status;
}
