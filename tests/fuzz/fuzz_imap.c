/*
 * fuzz_imap: what a server says, as the dialogue reads it. The first byte says in what pieces the rest comes;
 * what is understood does not depend on them.
 */
#include "fuzz/fuzz.h"
#include "mailbox/imap_dialogue.h"

#include <stdlib.h>
#include <string.h>

enum { LITERAL_MAX = 1000000 };

struct feed {
	const uint8_t *data;
	size_t size, piece;
};

static enum status
more(void *data, unsigned char *to, size_t size, size_t *len, struct err *err)
{
	struct feed *feed = data;

	*len = feed->size < feed->piece ? feed->size : feed->piece;
	*len = *len < size ? *len : size;
	if (*len == 0)
		return err_stop(err, EXIT_CODE_TEMPORARY, "the end");
	memcpy(to, feed->data, *len);
	feed->data += *len;
	feed->size -= *len;
	return OK;
}

/* All that was understood, as numbers. */
struct seen {
	uint64_t answers, sum, bytes, found;
	enum status status;
	struct imap_folder folder;
	unsigned capabilities;
};

static void
note(struct seen *seen, const struct imap_answer *answer)
{
	seen->answers++;
	seen->sum = seen->sum * 31 + (uint64_t)answer->kind + answer->tag + answer->uid + answer->size;
	if (answer->kind == IMAP_HAS && answer->uid == 0)
		abort();
	if (answer->has_body)
		seen->bytes += answer->body->len;
}

static void
read_all(struct seen *seen, const uint8_t *data, size_t size, size_t piece)
{
	struct imap *imap = calloc(1, sizeof *imap);
	struct feed feed = {data, size, piece};
	struct imap_answer answer;
	struct uids found;
	struct err err;
	size_t i;

	if (imap == NULL)
		abort();
	memset(seen, 0, sizeof *seen);
	uids_init(&found);
	spool_init(&imap->body);
	imap_reader_init(&imap->reader, more, &feed, LITERAL_MAX);
	imap->tag = 100;
	imap->spool_memory = LITERAL_MAX;
	imap->found = &found;
	while ((seen->status = imap_answer(imap, &answer, &err)) == OK)
		note(seen, &answer);
	if (seen->status != LIMIT && seen->status != TEMP)
		abort();
	uids_sort(&found);
	for (i = 1; i < found.count; i++)
		if (found.ranges[i].first <= found.ranges[i - 1].last ||
		    found.ranges[i].last < found.ranges[i].first)
			abort();
	seen->found = uids_count(&found);
	seen->folder = imap->folder;
	seen->capabilities = imap->capabilities;
	if (seen->bytes > size)
		abort();
	uids_free(&found);
	spool_free(&imap->body);
	free(imap);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen once, again;

	if (size == 0)
		return 0;
	read_all(&once, data + 1, size - 1, (size_t)data[0] + 1);
	read_all(&again, data + 1, size - 1, size);
	if (once.answers != again.answers || once.sum != again.sum || once.bytes != again.bytes ||
	    once.found != again.found || once.status != again.status ||
	    once.capabilities != again.capabilities ||
	    memcmp(&once.folder, &again.folder, sizeof once.folder) != 0)
		abort();
	return 0;
}
