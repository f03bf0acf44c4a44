/*
 * finish: from texts as they came to values: known words in lower case, domains as A-labels, numbers as
 * numbers. What doesn't fit is kept as text and noted; only a record that can't be counted is dropped.
 */
#include "parse/builder.h"
#include "report/period.h"

#include <stdio.h>
#include <string.h>

static void
clean_word(struct aggregate *aggregate, struct str *text, enum word_list list)
{
	if (text->data == NULL)
		return;
	if (text->len == 0)
		*text = str_of(NULL);
	else if (value_word(text, *text, list) != FIT_GOOD)
		aggregate_note(aggregate, REPAIR_UNKNOWN_WORD, *text);
}

/* Enough to tell a report from another with the same key, and two bytes less than 64 bits in the database. */
static const uint64_t content_mask = 0xffffffffffffULL;

/* A verdict that isn't there is unknown: neither pass nor fail nor none. */
static void
clean_verdict(struct aggregate *aggregate, struct str *text, enum word_list list)
{
	if (text->len == 0)
		aggregate_note(aggregate, REPAIR_NO_VERDICT, str_of(NULL));
	clean_word(aggregate, text, list);
}

static void
clean_domain(struct aggregate *aggregate, struct str *text)
{
	if (text->len > 0 && value_domain(text, *text, &aggregate->scratch) != FIT_GOOD)
		aggregate_note(aggregate, REPAIR_BAD_DOMAIN, *text);
}

static void
clean_detail(struct aggregate *aggregate, struct detail *detail)
{
	if (detail->kind == DETAIL_REASON) {
		clean_word(aggregate, &detail->a, WORDS_REASON);
		return;
	}
	clean_domain(aggregate, &detail->a);
	clean_word(aggregate, &detail->result, detail->kind == DETAIL_DKIM ? WORDS_DKIM : WORDS_SPF);
	if (detail->kind == DETAIL_SPF)
		clean_word(aggregate, &detail->b, WORDS_SCOPE);
}

static bool
is_empty(const struct detail *detail)
{
	return detail->a.data == NULL && detail->b.data == NULL && detail->result.data == NULL &&
	       detail->c.data == NULL;
}

/* Reasons, then DKIM, then SPF, each in document order: reporters differ in the order of the kinds. */
static void
sort_details(struct aggregate *aggregate, struct profile *profile)
{
	struct raw_record *record = &aggregate->record;
	size_t kind, i;

	profile->count = 0;
	profile->details = record->listed == 0
			       ? NULL
			       : arena_alloc(&aggregate->scratch, record->listed * sizeof *profile->details);
	for (kind = 0; kind < DETAIL_KINDS; kind++)
		for (i = 0; i < record->listed; i++) {
			if (record->list[i].kind != kind || is_empty(&record->list[i]))
				continue;
			clean_detail(aggregate, &record->list[i]);
			profile->details[profile->count++] = record->list[i];
		}
}

static bool
count_read(struct aggregate *aggregate, uint64_t *messages)
{
	struct str text = aggregate->record.count;

	switch (value_count(messages, text)) {
	case FIT_GOOD:
		return true;
	case FIT_CONVERTED:
		aggregate_note(aggregate, REPAIR_COUNT_FORM, text);
		return true;
	case FIT_NEGATIVE:
		aggregate_note(aggregate, REPAIR_NEGATIVE_COUNT, text);
		return false;
	default:
		aggregate_note(aggregate, REPAIR_NO_COUNT, text);
		return false;
	}
}

static uint64_t
record_digest(const struct record *record)
{
	uint64_t hash = hash64(record->profile.data, record->profile.len, 0);

	hash = hash64(record->ip_text.data, record->ip_text.len, hash);
	return hash64(&record->messages, sizeof record->messages, hash);
}

/* Packs the record into the sink's memory. */
static void
record_emit(struct aggregate *aggregate, const struct profile *profile, uint64_t messages)
{
	struct report *report = &aggregate->report;
	struct arena *arena = aggregate->sink->arena(aggregate->sink->data);
	struct record *record = arena_alloc(arena, sizeof *record);
	struct str packed;

	buf_clear(&aggregate->packed);
	if (!profile_pack(&aggregate->packed, profile)) {
		xml_stop(aggregate->xml, LIMIT, "a record of more than %llu bytes",
		    (unsigned long long)aggregate->packed.max);
		return;
	}
	packed.data = (const char *)aggregate->packed.data;
	packed.len = aggregate->packed.len;
	record->next = NULL;
	record->profile = arena_str(arena, packed);
	record->hash = hash128(packed.data, packed.len, aggregate->seed);
	record->messages = messages;
	record->ip_usable = value_ip(record->ip, &record->ip_text, aggregate->record.ip, arena) == FIT_GOOD;
	if (!record->ip_usable)
		aggregate_note(aggregate, REPAIR_BAD_IP, aggregate->record.ip);
	record->ip_text = arena_str(arena, record->ip_text.data == NULL ? str_of("") : record->ip_text);
	report->records++;
	report->messages += messages;
	report->content += record_digest(record);
	aggregate->sink->record(aggregate->sink->data, record);
}

void
record_finish(struct aggregate *aggregate)
{
	struct profile profile;
	uint64_t messages;

	if (!count_read(aggregate, &messages))
		return;
	if (aggregate->report.records >= aggregate->limits->records) {
		xml_stop(aggregate->xml, LIMIT, "more than %llu records (limit records)",
		    (unsigned long long)aggregate->limits->records);
		return;
	}
	memcpy(profile.field, aggregate->record.field, sizeof profile.field);
	clean_verdict(aggregate, &profile.field[PROFILE_DISPOSITION], WORDS_DISPOSITION);
	clean_verdict(aggregate, &profile.field[PROFILE_DKIM], WORDS_VERDICT);
	clean_verdict(aggregate, &profile.field[PROFILE_SPF], WORDS_VERDICT);
	clean_domain(aggregate, &profile.field[PROFILE_HEADER_FROM]);
	clean_domain(aggregate, &profile.field[PROFILE_ENVELOPE_FROM]);
	clean_domain(aggregate, &profile.field[PROFILE_ENVELOPE_TO]);
	sort_details(aggregate, &profile);
	record_emit(aggregate, &profile, messages);
}

static bool
time_read(struct aggregate *aggregate, int64_t *seconds, struct str text)
{
	enum fit fit = text.data == NULL ? FIT_NONE : value_time(seconds, text);

	if (fit == FIT_NONE)
		aggregate_note(aggregate, REPAIR_NO_DATE, text);
	else if (fit == FIT_CONVERTED)
		aggregate_note(aggregate, REPAIR_DATE_FORM, text);
	return fit != FIT_NONE;
}

static void
period_finish(struct aggregate *aggregate)
{
	struct report *report = &aggregate->report;
	bool begin = time_read(aggregate, &report->begin, aggregate->begin);
	bool end = time_read(aggregate, &report->end, aggregate->end);
	struct period period;

	report->has_period = begin || end;
	if (!begin)
		report->begin = report->end;
	if (!end)
		report->end = report->begin;
	if (report->has_period && !period_init(&period, report->begin, report->end))
		aggregate_note(aggregate, REPAIR_LONG_PERIOD, aggregate->begin);
	if (report->end < report->begin)
		aggregate_note(aggregate, REPAIR_DATE_ORDER, aggregate->end);
}

static void
org_finish(struct aggregate *aggregate)
{
	struct report *report = &aggregate->report;
	struct str org = report->field[REPORT_ORG_NAME];
	char *letters;

	if (org.data == NULL) {
		org = value_email_domain(report->field[REPORT_EMAIL]);
		aggregate_note(aggregate, REPAIR_NO_ORG, report->field[REPORT_EMAIL]);
	}
	if (org.data == NULL)
		org = str_of("unknown");
	letters = arena_alloc(&aggregate->document, org.len + 1);
	memcpy(letters, org.data, org.len);
	text_lower_all(letters, org.len);
	report->org_key.data = letters;
	report->org_key.len = org.len;
}

static void
id_finish(struct aggregate *aggregate)
{
	struct report *report = &aggregate->report;
	struct str id = value_report_id(report->field[REPORT_ID]);
	char made[32];

	if (id.len == 0) {
		(void)snprintf(made, sizeof made, "content-%016llx", (unsigned long long)report->content);
		id = str_of(made);
		aggregate_note(aggregate, REPAIR_NO_ID, report->field[REPORT_ID]);
	}
	report->id_key = arena_str(&aggregate->document, id);
}

static void
policy_finish(struct aggregate *aggregate)
{
	static const struct {
		enum report_field field;
		enum word_list list;
	} words[] = {{REPORT_P, WORDS_POLICY}, {REPORT_SP, WORDS_POLICY}, {REPORT_NP, WORDS_POLICY},
	    {REPORT_ADKIM, WORDS_ALIGNMENT}, {REPORT_ASPF, WORDS_ALIGNMENT}, {REPORT_TESTING, WORDS_TESTING},
	    {REPORT_DISCOVERY, WORDS_DISCOVERY}};
	struct str *field = aggregate->report.field;
	uint64_t pct;
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		clean_word(aggregate, &field[words[i].field], words[i].list);
	if (field[REPORT_PCT].data != NULL && !text_u64(&pct, field[REPORT_PCT].data, field[REPORT_PCT].len))
		aggregate_note(aggregate, REPAIR_BAD_NUMBER, field[REPORT_PCT]);
	if (field[REPORT_DOMAIN].data == NULL)
		aggregate_note(aggregate, REPAIR_NO_DOMAIN, str_of(NULL));
	else if (value_domain(&field[REPORT_DOMAIN], field[REPORT_DOMAIN], &aggregate->document) != FIT_GOOD)
		aggregate_note(aggregate, REPAIR_BAD_DOMAIN, field[REPORT_DOMAIN]);
}

/* All that the report says, so that a copy in another container or with other blanks is the same. */
static uint64_t
fields_digest(const struct report *report)
{
	const struct report_error *error;
	uint64_t hash = 0;
	size_t i;

	for (i = 0; i < REPORT_FIELDS; i++)
		hash = hash64(
		    report->field[i].data, report->field[i].len, hash + (report->field[i].data != NULL));
	for (error = report->errors; error != NULL; error = error->next)
		hash = hash64(error->text.data, error->text.len, hash);
	hash = hash64(&report->begin, sizeof report->begin, hash);
	return hash64(&report->end, sizeof report->end, hash);
}

void
report_finish(struct aggregate *aggregate, bool cut)
{
	struct report *report = &aggregate->report;

	policy_finish(aggregate);
	period_finish(aggregate);
	org_finish(aggregate);
	report->content = (report->content + fields_digest(report)) & content_mask;
	id_finish(aggregate);
	report->incomplete = cut;
	if (cut)
		aggregate_note(aggregate, REPAIR_CUT, str_of(NULL));
	else if (report->records == 0)
		aggregate_note(aggregate, REPAIR_NO_RECORDS, str_of(NULL));
}
