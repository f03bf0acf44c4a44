/* reading: a sink that gives each record and report memory of its own, so that a sanitizer sees a text that
 * was left in memory of another. */
#include "unit/reading.h"

#include "report/profile.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is open. */
struct reader {
	struct reading_result *result;
	struct arena arena;
	bool open;
	uint64_t records, messages;
	size_t records_len; /* of the text before this document */
};

static struct arena *
on_arena(void *data)
{
	struct reader *reader = data;

	arena_free(&reader->arena);
	return &reader->arena;
}

static void
on_begin(void *data)
{
	struct reader *reader = data;

	ck_assert(!reader->open);
	reader->open = true;
	reader->records = reader->messages = 0;
	reader->records_len = reader->result->records.len;
	reader->result->begun++;
}

static void
add(struct buf *buf, const char *before, struct str text, const char *behind)
{
	if (text.data != NULL)
		ck_assert(buf_add_text(buf, before) && buf_add(buf, text.data, text.len) &&
			  buf_add_text(buf, behind));
}

static void
add_details(struct buf *buf, const struct profile *profile)
{
	static const char *const kind[] = {" reason(", " dkim(", " spf("};
	size_t i;

	for (i = 0; i < profile->count; i++) {
		ck_assert(buf_add_text(buf, kind[profile->details[i].kind]));
		add(buf, "", profile->details[i].a, "");
		add(buf, "/", profile->details[i].b, "");
		add(buf, "=", profile->details[i].result, "");
		add(buf, " '", profile->details[i].c, "'");
		add(buf, "@", profile->details[i].lang, "");
		ck_assert(buf_add_text(buf, ")"));
	}
}

static void
on_record(void *data, struct record *record)
{
	static const char *const field[] = {" from=", " mfrom=", " to=", " d=", " dkim=", " spf="};
	struct reader *reader = data;
	struct buf *buf = &reader->result->records;
	struct profile profile;
	struct arena arena;
	char count[40];
	size_t i;

	ck_assert(reader->open);
	reader->records++;
	reader->messages += record->messages;
	arena_init(&arena);
	ck_assert(profile_unpack(&profile, record->profile, &arena));
	(void)snprintf(count, sizeof count, "%llu ", (unsigned long long)record->messages);
	ck_assert(buf_add_text(buf, count));
	add(buf, record->ip_usable ? "" : "(", record->ip_text, record->ip_usable ? "" : ")");
	for (i = 0; i < PROFILE_FIELDS; i++)
		add(buf, field[i], profile.field[i], "");
	add_details(buf, &profile);
	ck_assert(buf_add_text(buf, "\n"));
	arena_free(&arena);
}

static void
add_repairs(struct reading_result *result, const struct report *report)
{
	size_t start = result->repairs.len;
	char text[80];
	int i;

	if (result->documents > 0)
		ck_assert(buf_add_text(&result->repairs, "|"));
	start = result->repairs.len;
	for (i = 0; i < REPAIRS; i++) {
		ck_assert_int_eq(report->repairs.times[i] > 0, report->repairs.first[i].data != NULL);
		if (report->repairs.times[i] == 0)
			continue;
		(void)snprintf(text, sizeof text, "%s%s*%llu", result->repairs.len > start ? " " : "",
		    repair_code((enum repair)i), (unsigned long long)report->repairs.times[i]);
		ck_assert(buf_add_text(&result->repairs, text));
	}
}

static void
keep(struct reading_result *result, const struct report *report)
{
	struct report *copy = &result->report[result->documents];
	struct report_error *error, **next = &copy->errors;
	size_t i;

	*copy = *report;
	for (i = 0; i < REPORT_FIELDS; i++)
		copy->field[i] = arena_str(&result->arena, copy->field[i]);
	for (i = 0; i < REPAIRS; i++)
		copy->repairs.first[i] = arena_str(&result->arena, copy->repairs.first[i]);
	copy->org_key = arena_str(&result->arena, copy->org_key);
	copy->id_key = arena_str(&result->arena, copy->id_key);
	for (error = report->errors; error != NULL; error = error->next) {
		*next = arena_alloc(&result->arena, sizeof **next);
		(*next)->text = arena_str(&result->arena, error->text);
		(*next)->lang = arena_str(&result->arena, error->lang);
		(*next)->next = NULL;
		next = &(*next)->next;
	}
}

static void
on_end(void *data, struct report *report)
{
	struct reader *reader = data;
	struct reading_result *result = reader->result;

	ck_assert(reader->open);
	reader->open = false;
	ck_assert_uint_eq(report->records, reader->records);
	ck_assert_uint_eq(report->messages, reader->messages);
	result->record_count += reader->records;
	result->messages += reader->messages;
	add_repairs(result, report);
	if (result->documents < READING_DOCUMENTS)
		keep(result, report);
	result->documents++;
}

static void
on_abort(void *data)
{
	struct reader *reader = data;

	ck_assert(reader->open);
	reader->open = false;
	reader->result->records.len = reader->records_len;
	reader->result->aborted++;
}

void
reading_init(struct reading_result *result)
{
	(void)memset(result, 0, sizeof *result);
	arena_init(&result->arena);
	buf_init(&result->records, 1 << 24);
	buf_init(&result->repairs, 1 << 20);
}

void
reading_free(struct reading_result *result)
{
	arena_free(&result->arena);
	buf_free(&result->records);
	buf_free(&result->repairs);
}

void
reading_stream(struct reading_result *result, struct parser *parser, struct stream *stream)
{
	struct reader reader = {.result = result};
	struct sink sink = {&reader, on_arena, on_begin, on_record, on_end, on_abort};

	reading_free(result);
	reading_init(result);
	arena_init(&reader.arena);
	result->status = parser_read(parser, stream, &sink, &result->err);
	ck_assert(!reader.open);
	ck_assert_uint_eq(result->begun, result->documents + result->aborted);
	if (result->status != OK)
		ck_assert_int_eq(result->status, result->err.status);
	arena_free(&reader.arena);
	/* So that both can be compared as texts. */
	ck_assert(buf_add(&result->records, "", 1) && buf_add(&result->repairs, "", 1));
}

void
reading_bytes(struct reading_result *result, const void *bytes, size_t len, const struct limits *limits)
{
	struct parser *parser = parser_new(limits, 1);
	struct stream *stream = stream_memory(bytes, len);

	reading_stream(result, parser, stream);
	stream_close(stream);
	parser_free(parser);
}

const char *
reading_field(const struct reading_result *result, enum report_field field)
{
	ck_assert_uint_gt(result->documents, 0);
	return result->report[0].field[field].data == NULL ? "-" : result->report[0].field[field].data;
}

const char *
reading_repair(const struct reading_result *result, enum repair repair)
{
	ck_assert_uint_gt(result->documents, 0);
	return result->report[0].repairs.first[repair].data == NULL
		   ? "-"
		   : result->report[0].repairs.first[repair].data;
}

char *
text_replaced(const char *text, const char *changes)
{
	char *out = malloc(100000), *next = malloc(100000), *hit;
	char old[600], new[4000];
	const char *change = changes;
	size_t n, m;

	ck_assert_ptr_nonnull(out);
	ck_assert_ptr_nonnull(next);
	(void)snprintf(out, 100000, "%s", text);
	while (*change != '\0') {
		n = strcspn(change, "\n");
		m = strcspn(change + n + 1, "\n");
		(void)snprintf(old, sizeof old, "%.*s", (int)n, change);
		(void)snprintf(new, sizeof new, "%.*s", (int)m, change + n + 1);
		hit = strstr(out, old);
		ck_assert_msg(hit != NULL, "there is no \"%s\"", old);
		(void)snprintf(next, 100000, "%.*s%s%s", (int)(hit - out), out, new, hit + n);
		(void)snprintf(out, 100000, "%s", next);
		change += n + 1 + m;
		change += *change == '\n';
	}
	free(next);
	return out;
}

char *
text_many(const char *before, const char *part, size_t times, const char *behind)
{
	size_t n = strlen(part), len = strlen(before), i;
	char *out = malloc(len + n * times + strlen(behind) + 1);

	ck_assert_ptr_nonnull(out);
	(void)memcpy(out, before, len);
	for (i = 0; i < times; i++)
		(void)memcpy(out + len + i * n, part, n);
	(void)memcpy(out + len + n * times, behind, strlen(behind) + 1);
	return out;
}
