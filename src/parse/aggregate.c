/*
 * aggregate: walks the elements of a document with a stack and files each text where it belongs. What the
 * table of element.c doesn't know is left out and noted. Cleaning of values is in finish.c.
 */
#include "parse/aggregate.h"

#include "base/mem.h"
#include "parse/builder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_VALUE = 80 };

struct aggregate *
aggregate_new(const struct limits *limits, uint64_t seed)
{
	struct aggregate *aggregate = mem_zero(1, sizeof *aggregate);

	aggregate->limits = limits;
	aggregate->seed = seed;
	buf_init(&aggregate->text, (size_t)limits->xml_text_bytes);
	buf_init(&aggregate->lang, (size_t)limits->xml_tag_bytes);
	/* A record's texts each have their limit; this one only keeps the sum from being endless. */
	buf_init(&aggregate->packed, (size_t)limits->xml_text_bytes * 64);
	arena_init(&aggregate->document);
	arena_init(&aggregate->scratch);
	return aggregate;
}

void
aggregate_free(struct aggregate *aggregate)
{
	if (aggregate == NULL)
		return;
	buf_free(&aggregate->text);
	buf_free(&aggregate->lang);
	buf_free(&aggregate->packed);
	arena_free(&aggregate->document);
	arena_free(&aggregate->scratch);
	free(aggregate);
}

void
aggregate_attach(struct aggregate *aggregate, struct xml *xml)
{
	aggregate->xml = xml;
}

void
aggregate_begin(struct aggregate *aggregate, const struct sink *sink)
{
	aggregate->sink = sink;
	aggregate->stack[0] = EL_DOCUMENT;
	aggregate->depth = 1;
	aggregate->skipping = 0;
	aggregate->blanks = 0;
	aggregate->errors = 0;
	aggregate->in_record = false;
	buf_clear(&aggregate->text);
	buf_clear(&aggregate->lang);
	arena_reset(&aggregate->document);
	arena_reset(&aggregate->scratch);
	memset(&aggregate->report, 0, sizeof aggregate->report);
	memset(&aggregate->record, 0, sizeof aggregate->record);
	aggregate->begin = aggregate->end = str_of(NULL);
	aggregate->next_error = &aggregate->report.errors;
	aggregate->is_report = aggregate->has_policy = aggregate->has_metadata = false;
}

/* How much of a value is shown: whole characters only. */
static int
shown_length(struct str value)
{
	uint32_t point;
	size_t i = 0, n;

	for (; i < value.len && (n = text_utf8(value.data + i, value.len - i, &point)) > 0; i += n)
		if (i + n > NOTE_VALUE)
			break;
	return (int)i;
}

void
aggregate_note_at(
    struct aggregate *aggregate, enum repair repair, struct str value, size_t line, size_t column)
{
	struct repairs *repairs = &aggregate->report.repairs;
	char text[NOTE_VALUE + 64];
	int shown;

	if (repairs->times[repair]++ > 0)
		return;
	shown = shown_length(value);
	if (value.data == NULL)
		(void)snprintf(text, sizeof text, "%zu:%zu", line, column);
	else
		(void)snprintf(text, sizeof text, "%zu:%zu: \"%.*s%s\"", line, column, shown, value.data,
		    (size_t)shown < value.len ? "..." : "");
	repairs->first[repair] = arena_str(&aggregate->document, str_of(text));
}

void
aggregate_note(struct aggregate *aggregate, enum repair repair, struct str value)
{
	aggregate_note_at(aggregate, repair, value, xml_line(aggregate->xml), xml_column(aggregate->xml));
}

bool
aggregate_is_report(const struct aggregate *aggregate)
{
	return aggregate->is_report;
}

bool
aggregate_is_hollow(const struct aggregate *aggregate)
{
	return aggregate->is_report && aggregate->report.records == 0 &&
	       aggregate->report.field[REPORT_DOMAIN].data == NULL;
}

static enum element
top(const struct aggregate *aggregate)
{
	return aggregate->stack[aggregate->depth - 1];
}

static void
detail_begin(struct aggregate *aggregate, enum detail_kind kind)
{
	struct raw_record *record = &aggregate->record;
	struct detail *more;

	if (record->listed == record->room) {
		record->room = record->room == 0 ? 8 : record->room * 2;
		more = arena_alloc(&aggregate->scratch, record->room * sizeof *more);
		if (record->listed > 0)
			memcpy(more, record->list, record->listed * sizeof *more);
		record->list = more;
	}
	memset(&record->list[record->listed], 0, sizeof record->list[0]);
	record->list[record->listed++].kind = kind;
	record->details[kind]++;
}

/* A record inside another means that the end tag of the outer one is missing: that one ends here. */
static void
record_begin(struct aggregate *aggregate)
{
	if (aggregate->in_record)
		record_finish(aggregate);
	arena_reset(&aggregate->scratch);
	memset(&aggregate->record, 0, sizeof aggregate->record);
	aggregate->in_record = true;
}

static void
record_end(struct aggregate *aggregate)
{
	if (aggregate->in_record)
		record_finish(aggregate);
	aggregate->in_record = false;
}

/* Opens an element that was found; false when it has to be left out. */
static bool
open_element(struct aggregate *aggregate, enum element element, const struct xml_element *xml)
{
	enum detail_kind kind = element == EL_REASON ? DETAIL_REASON
				: element == EL_DKIM ? DETAIL_DKIM
						     : DETAIL_SPF;
	bool repeated;

	switch (element) {
	case EL_FEEDBACK:
		aggregate->is_report = true;
		aggregate->report.field[REPORT_NAMESPACE] = arena_str(&aggregate->document, xml->namespace);
		aggregate->sink->begin(aggregate->sink->data);
		return true;
	case EL_RECORD:
		record_begin(aggregate);
		return true;
	case EL_METADATA:
	case EL_POLICY:
		repeated = element == EL_POLICY ? aggregate->has_policy : aggregate->has_metadata;
		if (repeated)
			aggregate_note(aggregate, REPAIR_REPEATED, xml->name);
		*(element == EL_POLICY ? &aggregate->has_policy : &aggregate->has_metadata) = true;
		return !repeated;
	case EL_REASON:
	case EL_DKIM:
	case EL_SPF:
		if (aggregate->record.details[kind] < aggregate->limits->xml_results) {
			detail_begin(aggregate, kind);
			return true;
		}
		aggregate_note(aggregate, REPAIR_RESULTS, xml->name);
		return false;
	case EL_EXTENSION:
		aggregate_note(aggregate, REPAIR_EXTENSION, str_of(NULL));
		return false;
	default:
		return true;
	}
}

/* An element that the enclosing one doesn't know may belong further up, when an end tag is missing in
 * between. */
static enum element
find_element(struct aggregate *aggregate, struct str name)
{
	enum element element = element_find(top(aggregate), name);
	size_t i;

	for (i = aggregate->depth - 1; element == EL_UNKNOWN && i > 1; i--)
		if (!element_is_leaf(aggregate->stack[i - 1]) &&
		    (element = element_find(aggregate->stack[i - 1], name)) != EL_UNKNOWN) {
			if (element_is_leaf(element) && aggregate->stack[i - 1] != EL_FEEDBACK)
				return EL_UNKNOWN;
			aggregate_note(aggregate, REPAIR_TAGS, name);
		}
	return element;
}

static void
on_unknown(struct aggregate *aggregate, const struct xml_element *xml)
{
	struct str own = aggregate->report.field[REPORT_NAMESPACE];

	if (aggregate->depth == 1 && text_same_nocase(xml->name.data, xml->name.len, "schema")) {
		aggregate_note(aggregate, REPAIR_SCHEMA, str_of(NULL));
		aggregate->stack[0] = EL_DOCUMENT;
		return;
	}
	if (!aggregate->is_report) {
		xml_stop(aggregate->xml, SKIP, "not a DMARC report: the root element is <%.*s>",
		    xml->name.len > 64 ? 64 : (int)xml->name.len, xml->name.data);
		return;
	}
	aggregate_note(aggregate,
	    xml->namespace.data != NULL && !str_same(xml->namespace, own) ? REPAIR_EXTENSION
									  : REPAIR_UNKNOWN_ELEMENT,
	    xml->name);
	aggregate->skipping = 1;
}

static void
on_start(void *data, const struct xml_element *xml)
{
	struct aggregate *aggregate = data;
	enum element element;

	aggregate->blanks = 0;
	if (aggregate->skipping > 0) {
		aggregate->skipping++;
		return;
	}
	element = find_element(aggregate, xml->name);
	if (element == EL_UNKNOWN) {
		on_unknown(aggregate, xml);
		return;
	}
	if (element_is_misnamed(element, xml->name))
		aggregate_note(aggregate, REPAIR_MISNAMED, xml->name);
	if (!open_element(aggregate, element, xml) || aggregate->depth == STACK) {
		aggregate->skipping = 1;
		return;
	}
	aggregate->stack[aggregate->depth++] = element;
	buf_clear(&aggregate->text);
	buf_clear(&aggregate->lang);
	(void)buf_add(&aggregate->lang, xml->lang.data, xml->lang.len);
}

static void
on_text(void *data, const char *text, size_t len)
{
	struct aggregate *aggregate = data;
	uint64_t most = aggregate->limits->xml_text_bytes;

	if (aggregate->skipping == 0 && element_is_leaf(top(aggregate))) {
		if (buf_add(&aggregate->text, text, len))
			return;
	} else if ((aggregate->blanks += len) <= most)
		return;
	xml_stop(aggregate->xml, LIMIT, "a text of more than %llu bytes (limit xml-text-bytes)",
	    (unsigned long long)most);
}

/* Files a text that may stand once; the first one counts. */
static void
set_once(struct aggregate *aggregate, struct str *field, struct arena *arena, struct str text)
{
	if (field->data != NULL) {
		if (!str_same(*field, text))
			aggregate_note(aggregate, REPAIR_REPEATED, text);
		return;
	}
	*field = arena_str(arena, text);
}

static void
set_report(struct aggregate *aggregate, enum report_field field, struct str text)
{
	if (text.len > 0)
		set_once(aggregate, &aggregate->report.field[field], &aggregate->document, text);
}

static void
add_error(struct aggregate *aggregate, struct str text, struct str lang)
{
	struct report_error *error;

	if (text.len == 0)
		return;
	if (aggregate->errors++ >= aggregate->limits->xml_results) {
		aggregate_note(aggregate, REPAIR_RESULTS, text);
		return;
	}
	error = arena_zero(&aggregate->document, sizeof *error);
	error->text = arena_str(&aggregate->document, text);
	error->lang = arena_str(&aggregate->document, lang);
	*aggregate->next_error = error;
	aggregate->next_error = &error->next;
}

static void
set_detail(struct aggregate *aggregate, enum element element, struct str text, struct str lang)
{
	struct raw_record *record = &aggregate->record;
	struct detail *detail;

	if (record->listed == 0 || text.len == 0)
		return;
	detail = &record->list[record->listed - 1];
	if (element == EL_REASON_TYPE || element == EL_DOMAIN)
		set_once(aggregate, &detail->a, &aggregate->scratch, text);
	else if (element == EL_SELECTOR || element == EL_SCOPE)
		set_once(aggregate, &detail->b, &aggregate->scratch, text);
	else if (element == EL_RESULT)
		set_once(aggregate, &detail->result, &aggregate->scratch, text);
	else {
		if (detail->c.data == NULL)
			detail->lang = arena_str(&aggregate->scratch, lang);
		set_once(aggregate, &detail->c, &aggregate->scratch, text);
	}
}

static void
set_record(struct aggregate *aggregate, struct str *field, struct str text)
{
	set_once(aggregate, field, &aggregate->scratch, text);
}

static void
close_leaf(struct aggregate *aggregate, enum element element, struct str text, struct str lang)
{
	struct raw_record *record = &aggregate->record;

	switch (element) {
	case EL_SOURCE_IP:
		set_record(aggregate, &record->ip, text);
		break;
	case EL_COUNT:
		set_record(aggregate, &record->count, text);
		break;
	case EL_DISPOSITION:
		set_record(aggregate, &record->field[PROFILE_DISPOSITION], text);
		break;
	case EL_EVALUATED_DKIM:
		set_record(aggregate, &record->field[PROFILE_DKIM], text);
		break;
	case EL_EVALUATED_SPF:
		set_record(aggregate, &record->field[PROFILE_SPF], text);
		break;
	case EL_HEADER_FROM:
		set_record(aggregate, &record->field[PROFILE_HEADER_FROM], text);
		break;
	case EL_ENVELOPE_FROM:
		set_record(aggregate, &record->field[PROFILE_ENVELOPE_FROM], text);
		break;
	case EL_ENVELOPE_TO:
		set_record(aggregate, &record->field[PROFILE_ENVELOPE_TO], text);
		break;
	case EL_BEGIN:
		set_once(aggregate, &aggregate->begin, &aggregate->document, text);
		break;
	case EL_END:
		set_once(aggregate, &aggregate->end, &aggregate->document, text);
		break;
	case EL_ERROR:
		add_error(aggregate, text, lang);
		break;
	default:
		set_detail(aggregate, element, text, lang);
		break;
	}
}

/* The texts of a report that are filed as they come. */
static bool
close_report_leaf(struct aggregate *aggregate, enum element element, struct str text, struct str lang)
{
	static const enum report_field field_of[] = {
	    [EL_VERSION] = REPORT_VERSION + 1,
	    [EL_ORG_NAME] = REPORT_ORG_NAME + 1,
	    [EL_EMAIL] = REPORT_EMAIL + 1,
	    [EL_CONTACT] = REPORT_CONTACT + 1,
	    [EL_REPORT_ID] = REPORT_ID + 1,
	    [EL_GENERATOR] = REPORT_GENERATOR + 1,
	    [EL_POLICY_DOMAIN] = REPORT_DOMAIN + 1,
	    [EL_P] = REPORT_P + 1,
	    [EL_SP] = REPORT_SP + 1,
	    [EL_NP] = REPORT_NP + 1,
	    [EL_ADKIM] = REPORT_ADKIM + 1,
	    [EL_ASPF] = REPORT_ASPF + 1,
	    [EL_PCT] = REPORT_PCT + 1,
	    [EL_FO] = REPORT_FO + 1,
	    [EL_TESTING] = REPORT_TESTING + 1,
	    [EL_DISCOVERY] = REPORT_DISCOVERY + 1,
	};

	if (element >= sizeof field_of / sizeof field_of[0] || field_of[element] == 0)
		return false;
	set_report(aggregate, field_of[element] - 1, text);
	if (element == EL_CONTACT && lang.data != NULL)
		set_report(aggregate, REPORT_CONTACT_LANG, lang);
	return true;
}

static void
on_end(void *data)
{
	struct aggregate *aggregate = data;
	enum element element = top(aggregate);
	struct str text = {(const char *)aggregate->text.data, aggregate->text.len};
	struct str lang = {(const char *)aggregate->lang.data, aggregate->lang.len};

	aggregate->blanks = 0;
	if (aggregate->skipping > 0) {
		aggregate->skipping--;
		return;
	}
	if (aggregate->depth == 1)
		return;
	aggregate->depth--;
	if (text.data == NULL)
		text.data = "";
	if (lang.len == 0)
		lang.data = NULL;
	text = str_trim(text);
	if (element == EL_RECORD)
		record_end(aggregate);
	else if (element_is_leaf(element) && !close_report_leaf(aggregate, element, text, lang))
		close_leaf(aggregate, element, text, lang);
	buf_clear(&aggregate->text);
	buf_clear(&aggregate->lang);
}

const struct xml_events aggregate_events = {on_start, on_text, on_end};

void
aggregate_end(struct aggregate *aggregate, bool cut)
{
	struct report *copy;
	struct arena *arena;
	struct report_error *error, **next;
	size_t i;

	report_finish(aggregate, cut);
	arena = aggregate->sink->arena(aggregate->sink->data);
	copy = arena_alloc(arena, sizeof *copy);
	*copy = aggregate->report;
	for (i = 0; i < REPORT_FIELDS; i++)
		copy->field[i] = arena_str(arena, copy->field[i]);
	for (i = 0; i < REPAIRS; i++)
		copy->repairs.first[i] = arena_str(arena, copy->repairs.first[i]);
	copy->org_key = arena_str(arena, copy->org_key);
	copy->id_key = arena_str(arena, copy->id_key);
	for (next = &copy->errors; (error = *next) != NULL; next = &(*next)->next) {
		*next = arena_alloc(arena, sizeof **next);
		(*next)->next = error->next;
		(*next)->text = arena_str(arena, error->text);
		(*next)->lang = arena_str(arena, error->lang);
	}
	aggregate->sink->end(aggregate->sink->data, copy);
	aggregate->is_report = false;
}

void
aggregate_abort(struct aggregate *aggregate)
{
	if (aggregate->is_report)
		aggregate->sink->abort(aggregate->sink->data);
	aggregate->is_report = false;
}
