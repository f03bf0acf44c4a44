/*
 * fuzz_xml: the report reader over any bytes, under small limits. What a report says of its records must be
 * what came before it, every document that began must end once, and the same bytes read again by the same
 * parser must say the same.
 */
#include "fuzz/fuzz.h"
#include "parse/parse.h"
#include "report/profile.h"

#include <stdlib.h>
#include <string.h>

/* What was read, and what is open. */
struct reader {
	const struct limits *limits;
	struct arena arena;
	bool open;
	uint64_t records, messages; /* of the open report */
	uint64_t reports, hash;
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Texts of a report reach messages and the database, so they are UTF-8 without what XML forbids. */
static void
check_text(struct str text)
{
	uint32_t point;
	size_t i, n;

	for (i = 0; i < text.len; i += n) {
		n = text_utf8(text.data + i, text.len - i, &point);
		must(n > 0 && (point >= 0x20 || point == '\t' || point == '\n' || point == '\r'));
	}
}

static struct arena *
on_arena(void *data)
{
	return &((struct reader *)data)->arena;
}

static void
on_begin(void *data)
{
	struct reader *reader = data;

	must(!reader->open);
	reader->open = true;
	reader->records = reader->messages = 0;
}

static void
on_record(void *data, struct record *record)
{
	struct reader *reader = data;
	struct profile profile;
	struct buf again;
	size_t i;

	must(reader->open);
	must(profile_unpack(&profile, record->profile, &reader->arena));
	must(profile.count <= DETAIL_KINDS * reader->limits->xml_results);
	for (i = 0; i < PROFILE_FIELDS; i++)
		check_text(profile.field[i]);
	for (i = 0; i < profile.count; i++) {
		check_text(profile.details[i].a);
		check_text(profile.details[i].b);
		check_text(profile.details[i].result);
		check_text(profile.details[i].c);
		check_text(profile.details[i].lang);
	}
	buf_init(&again, 1 << 20);
	must(profile_pack(&again, &profile));
	must(again.len == record->profile.len && memcmp(again.data, record->profile.data, again.len) == 0);
	buf_free(&again);
	must(record->messages <= 9007199254740992u && record->ip_text.data != NULL);
	reader->records++;
	reader->messages += record->messages;
	reader->hash = hash64(record->profile.data, record->profile.len, reader->hash + record->messages);
	reader->hash = hash64(record->ip, sizeof record->ip, reader->hash + record->ip_usable);
}

static void
on_end(void *data, struct report *report)
{
	struct reader *reader = data;
	struct report_error *error;
	size_t i;

	must(reader->open);
	reader->open = false;
	reader->reports++;
	must(report->records == reader->records && report->messages == reader->messages);
	must(report->records <= reader->limits->records);
	must(report->id_key.len > 0 && report->org_key.data != NULL);
	for (i = 0; i < REPORT_FIELDS; i++) {
		must(report->field[i].data == NULL ||
		     report->field[i].len <= 4 * reader->limits->xml_text_bytes);
		check_text(report->field[i]);
		reader->hash = hash64(report->field[i].data, report->field[i].len, reader->hash);
	}
	for (i = 0; i < REPAIRS; i++) {
		check_text(report->repairs.first[i]);
		must((report->repairs.times[i] > 0) == (report->repairs.first[i].data != NULL));
	}
	must(report->incomplete == (report->repairs.times[REPAIR_CUT] > 0));
	for (error = report->errors; error != NULL; error = error->next) {
		check_text(error->text);
		check_text(error->lang);
	}
	reader->hash ^= report->content + report->incomplete;
}

static void
on_abort(void *data)
{
	struct reader *reader = data;

	must(reader->open);
	reader->open = false;
}

static enum status
read_all(struct reader *reader, struct parser *parser, struct stream *stream)
{
	struct sink sink = {reader, on_arena, on_begin, on_record, on_end, on_abort};
	enum status status;
	struct err err;

	reader->open = false;
	reader->reports = reader->hash = 0;
	arena_reset(&reader->arena);
	status = parser_read(parser, stream, &sink, &err);
	must(!reader->open);
	must(status == OK || status == SKIP || status == BAD || status == LIMIT);
	must(status == OK || (err.status == status && err.what[0] != '\0'));
	must(status != OK || reader->reports > 0);
	must(reader->reports <= reader->limits->documents);
	return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct parser *parser;
	static struct limits limits;
	struct reader once = {.limits = &limits}, again = {.limits = &limits};
	enum status status, status_again;
	struct stream *stream;
	struct err err;

	if (parser == NULL) {
		limits_init(&limits);
		limits.xml_depth = 12;
		limits.xml_tag_bytes = limits.xml_text_bytes = 1024;
		limits.xml_results = 3;
		limits.records = 20;
		limits.documents = 5;
		parser = parser_new(&limits, 1);
	}
	stream = stream_memory(data, size);
	status = read_all(&once, parser, stream);
	must(stream_rewind(stream, &err) == OK);
	status_again = read_all(&again, parser, stream);
	/* Names that are known already are not counted again. */
	if (status != LIMIT)
		must(status == status_again && once.reports == again.reports && once.hash == again.hash);
	arena_free(&once.arena);
	arena_free(&again.arena);
	stream_close(stream);
	return 0;
}
