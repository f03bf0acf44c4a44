/* outbox: reports and records as entries of parcels. */
#include "ingest/outbox.h"

#include <stdio.h>

void
outbox_flush_full(struct outbox *outbox)
{
	if (outbox->parcel->arena.used < PARCEL_BYTES)
		return;
	outbox->parcel = outbox->hand_on(outbox->data, outbox->parcel);
	outbox->begin = NULL;
	outbox->records = NULL;
}

struct entry *
outbox_add(struct outbox *outbox, enum entry_type type)
{
	outbox_flush_full(outbox);
	outbox->records = NULL;
	return parcel_add(outbox->parcel, type);
}

struct str
outbox_text(struct outbox *outbox, struct str text)
{
	return arena_str(&outbox->parcel->arena, text);
}

static struct arena *
on_arena(void *data)
{
	struct outbox *outbox = data;

	outbox_flush_full(outbox);
	return &outbox->parcel->arena;
}

/* Where the number-th document of the stream is; the first one is where the stream is. */
static struct str
document_place(struct outbox *outbox, uint64_t number)
{
	char text[600];

	if (number == 1)
		return outbox_text(outbox, outbox->place);
	(void)snprintf(text, sizeof text, "%.*s%sdocument %llu", (int)outbox->place.len,
	    outbox->place.data == NULL ? "" : outbox->place.data, outbox->place.data == NULL ? "" : ": ",
	    (unsigned long long)number);
	return outbox_text(outbox, str_of(text));
}

static void
on_begin(void *data)
{
	struct outbox *outbox = data;
	struct entry *entry = outbox_add(outbox, ENTRY_REPORT_BEGIN);

	entry->u.report_begin.place = document_place(outbox, ++outbox->documents);
	outbox->begin = entry;
}

static void
on_record(void *data, struct record *record)
{
	struct outbox *outbox = data;

	if (outbox->records == NULL) {
		outbox->records = parcel_add(outbox->parcel, ENTRY_RECORDS);
		outbox->records->u.records.first = record;
	} else
		outbox->last->next = record;
	outbox->last = record;
}

static void
close_report(struct outbox *outbox, struct entry *end)
{
	if (outbox->begin != NULL)
		outbox->begin->u.report_begin.end = end;
	outbox->begin = NULL;
	outbox->records = NULL;
}

/* The report was put into the current parcel just before, so this entry goes there too. */
static void
on_end(void *data, struct report *report)
{
	struct outbox *outbox = data;
	struct entry *end = parcel_add(outbox->parcel, ENTRY_REPORT_END);

	if (outbox->known != NULL)
		outbox->known(outbox->known_data, &report->repairs, &outbox->parcel->arena);
	end->u.report = report;
	close_report(outbox, end);
}

static void
on_abort(void *data)
{
	struct outbox *outbox = data;

	outbox->documents--;
	close_report(outbox, parcel_add(outbox->parcel, ENTRY_REPORT_ABORT));
}

struct sink
outbox_sink(struct outbox *outbox)
{
	struct sink sink = {outbox, on_arena, on_begin, on_record, on_end, on_abort};

	return sink;
}

struct arena *
outbox_arena(struct outbox *outbox)
{
	return on_arena(outbox);
}

void
outbox_tls(struct outbox *outbox, struct tls_report *report, uint64_t number)
{
	struct entry *entry = parcel_add(outbox->parcel, ENTRY_TLS);

	outbox->records = NULL;
	entry->u.tls.report = report;
	entry->u.tls.place = document_place(outbox, number);
}
