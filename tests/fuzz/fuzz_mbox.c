/* fuzz_mbox: the mails of an mbox. They hold no more bytes than the file, and a file read again has as many
 * mails. */
#include "fuzz/fuzz.h"
#include "message/message.h"

#include <stdlib.h>

static uint64_t
drain(struct stream *stream)
{
	const unsigned char *data;
	uint64_t total = 0;
	struct err err;
	size_t len;

	while (stream_next(stream, &data, &len, &err) == OK && len > 0)
		total += len;
	return total;
}

/* The number of mails and their bytes in one number. */
static uint64_t
read_mbox(struct stream *stream, const struct limits *limits, size_t size)
{
	uint64_t mails = 0, bytes = 0;
	struct stream *mail;
	enum status status;
	struct mbox *mbox;
	struct err err;

	if (mbox_open(&mbox, stream, limits, &err) != OK)
		abort();
	while ((status = mbox_next(mbox, &mail, &err)) == OK || status == LIMIT) {
		if (status == OK)
			bytes += drain(mail);
		mails++;
	}
	if (status != SKIP || bytes > size || mails > size / 5 + 1)
		abort();
	mbox_close(mbox);
	return mails * 1000003 + bytes;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream *stream;
	struct limits limits;
	struct err err;
	uint64_t once;

	limits_init(&limits);
	limits.mail_bytes = 8192;
	limits.spool_memory = 2048;
	stream = stream_memory(data, size);
	once = read_mbox(stream, &limits, size);
	if (stream_rewind(stream, &err) != OK || read_mbox(stream, &limits, size) != once)
		abort();
	stream_close(stream);
	return 0;
}
