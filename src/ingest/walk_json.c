/*
 * walk_json: TLS reports. JSON is used for many things, so what holds no name of the format's own and doesn't
 * claim to be a report is left alone; of what does, nothing is lost without a reject.
 */
#include "base/buf.h"
#include "ingest/walking.h"
#include "parse/tlsrpt.h"

#include <stdio.h>
#include <string.h>

static bool
ends_with(struct str text, const char *end)
{
	size_t n = strlen(end);

	return text.data != NULL && text.len >= n && text_same_nocase(text.data + text.len - n, n, end);
}

/* RFC 8460 s. 5.1: "SENDER!DOMAIN!BEGIN!END.json.gz", and any other name that ends so. */
static bool
has_claiming_name(const struct walk *walk)
{
	struct str name = walk->place[0] != '\0' ? str_of(walk->place) : walk->item->info.name;

	return ends_with(name, ".json.gz") ||
	       (ends_with(name, ".json") && memchr(name.data, '!', name.len) != NULL);
}

/* All of the stream; LIMIT when it is longer than a report may be. */
static enum status
read_whole(struct buf *buf, struct stream *stream, const struct limits *limits, struct err *err)
{
	const unsigned char *data;
	enum status status;
	size_t len;

	while ((status = stream_next(stream, &data, &len, err)) == OK && len > 0)
		if (!buf_add(buf, data, len))
			return err_set(err, LIMIT, "more than %llu bytes (limit json-bytes)",
			    (unsigned long long)limits->json_bytes);
	return status;
}

/* A reject of what follows the first document names it. */
static void
reject_document(struct walk *walk, uint64_t number, const struct err *err)
{
	char text[40];
	size_t before = strlen(walk->place);

	(void)snprintf(text, sizeof text, "document %llu", (unsigned long long)number);
	if (number > 1)
		(void)walk_step_in(walk, text, strlen(text));
	walk_reject(walk, err);
	walk_step_out(walk, before);
}

/* The documents, each into the parcel that its entry is in. The status is that of the last one. */
static enum status
walk_documents(struct walk *walk, struct str text, uint64_t *documents, struct err *err)
{
	struct tls_report *report;
	enum status status = OK;
	size_t at = 0;

	while (status == OK && tlsrpt_seek(&at, text)) {
		if (*documents == walk->limits->documents)
			return err_set(err, LIMIT, "more than %llu documents (limit documents)",
			    (unsigned long long)*documents);
		status = tlsrpt_parse(&report, text, &at, walk->limits, outbox_arena(walk->outbox), err);
		if (status == OK) {
			walk_note_packing(walk, &report->repairs);
			outbox_tls(walk->outbox, report, ++*documents);
		}
	}
	return status;
}

static enum held
walk_text(struct walk *walk, struct str text, bool claims)
{
	struct err err = {.status = OK};
	uint64_t documents = 0;
	enum status status;

	walk->outbox->place = walk_inside(walk);
	status = walk_documents(walk, text, &documents, &err);
	if (documents > 0)
		walk->used = walk->found = true;
	if (status == SKIP && claims && documents == 0)
		status = err_set(&err, BAD, "JSON, and no TLS report, whatever its media type says");
	if (status == OK || status == SKIP)
		return documents > 0 ? HELD_FOUND : HELD_OTHER;
	reject_document(walk, documents + 1, &err);
	return HELD_FOUND;
}

enum held
walk_json(struct walk *walk, struct stream *stream)
{
	bool claims = walk->claims_tls || walk->item->claims;
	const unsigned char *head;
	enum held held;
	struct buf buf;
	struct err err;
	size_t len;

	if (stream_peek(stream, &head, &len, &err) != OK)
		return walk_failed(walk, &err);
	if (!claims && !has_claiming_name(walk) && !tlsrpt_is_likely(head, len))
		return HELD_OTHER;
	buf_init(&buf, (size_t)walk->limits->json_bytes);
	if (read_whole(&buf, stream, walk->limits, &err) == OK)
		held = walk_text(walk, (struct str){(const char *)buf.data, buf.len}, claims);
	else
		held = walk_failed(walk, &err);
	buf_free(&buf);
	return held;
}
