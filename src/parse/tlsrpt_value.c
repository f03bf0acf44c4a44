/*
 * tlsrpt_value: the values of a TLS report out of JSON values of whatever type they came in. What doesn't fit
 * is noted and kept as text, or unknown.
 */
#include "parse/tlsrpt_value.h"

#include "report/value.h"

#include <stdio.h>
#include <stdlib.h>

enum { VALUE_TEXT = 80, NUMBER_TEXT = 40 };

/* Larger numbers are not exact in a double. */
static const double whole_most = 9007199254740991.0;

void
reading_note(struct reading *reading, enum repair repair, json_t *value)
{
	char text[JSON_PATH + VALUE_TEXT + 4], *dump;
	int len = snprintf(text, sizeof text, "%s", reading->path.text);

	if (reading->report->repairs.times[repair] > 0) {
		tls_note(reading->report, repair, str_of(NULL));
		return;
	}
	if (value != NULL) {
		dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
		(void)snprintf(
		    text + len, sizeof text - (size_t)len, ": %.*s", VALUE_TEXT, dump == NULL ? "" : dump);
		free(dump);
	}
	tls_note(reading->report, repair, arena_str(reading->arena, str_of(text)));
}

void
reading_refuse(struct reading *reading, uint64_t limit, const char *what, const char *name)
{
	if (reading->status != OK)
		return;
	reading->status = err_set(
	    reading->err, LIMIT, "more than %llu %s (limit %s)", (unsigned long long)limit, what, name);
	(void)err_at(reading->err, "%s", reading->path.text);
}

/* The text of a value; a number or a flag stands for itself, an empty one is missing. */
static struct str
text_of(struct reading *reading, json_t *value)
{
	struct str text = {NULL, 0};
	char *dump;

	if (json_is_string(value)) {
		text = str_trim((struct str){json_string_value(value), json_string_length(value)});
		return text.len == 0 ? str_of(NULL) : arena_str(reading->arena, text);
	}
	reading_note(reading, REPAIR_JSON_TYPE, value);
	if (!json_is_number(value) && !json_is_boolean(value))
		return text;
	dump = json_dumps(value, JSON_ENCODE_ANY);
	text = arena_str(reading->arena, str_of(dump));
	free(dump);
	return text;
}

void
reading_text(struct reading *reading, void *field, json_t *value)
{
	struct str *text = field;

	*text = text_of(reading, value);
}

void
reading_domain(struct reading *reading, void *field, json_t *value)
{
	struct str text = text_of(reading, value), *domain = field;

	*domain = text;
	if (text.data != NULL && value_domain(domain, text, reading->arena) != FIT_GOOD)
		reading_note(reading, REPAIR_BAD_DOMAIN, value);
}

void
reading_ip(struct reading *reading, void *field, json_t *value)
{
	struct tls_ip *ip = field;

	ip->text = text_of(reading, value);
	if (ip->text.data == NULL)
		return;
	ip->usable = value_ip(ip->ip, &ip->text, ip->text, reading->arena) != FIT_NONE;
	if (!ip->usable)
		reading_note(reading, REPAIR_BAD_IP, value);
}

static void
read_word(struct reading *reading, struct str *field, const char *const *words, json_t *value)
{
	struct str text = text_of(reading, value);

	*field = text;
	for (; text.data != NULL && *words != NULL; words++)
		if (text_same_nocase(text.data, text.len, *words)) {
			*field = str_of(*words);
			return;
		}
	if (text.data != NULL)
		reading_note(reading, REPAIR_UNKNOWN_WORD, value);
}

void
reading_type(struct reading *reading, void *field, json_t *value)
{
	static const char *const types[] = {"sts", "tlsa", "no-policy-found", NULL};

	read_word(reading, field, types, value);
}

void
reading_result(struct reading *reading, void *field, json_t *value)
{
	read_word(reading, field, tls_results, value);
}

/* The text of a string without blanks around it, or of a number in digits; "" when it has none. */
static struct str
scalar_text(char to[NUMBER_TEXT], json_t *value)
{
	double real = json_number_value(value);

	to[0] = '\0';
	if (json_is_string(value))
		return str_trim((struct str){json_string_value(value), json_string_length(value)});
	if (json_is_integer(value))
		(void)snprintf(to, NUMBER_TEXT, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value) && real >= -whole_most && real <= whole_most)
		(void)snprintf(to, NUMBER_TEXT, "%.6f", real);
	return str_of(to);
}

void
reading_count(struct reading *reading, void *field, json_t *value)
{
	struct tls_count *count = field;
	char number[NUMBER_TEXT];
	enum fit fit = value_count(&count->sessions, scalar_text(number, value));

	count->known = fit == FIT_GOOD || fit == FIT_CONVERTED;
	if (fit == FIT_NEGATIVE)
		reading_note(reading, REPAIR_NEGATIVE_SESSIONS, value);
	else if (fit == FIT_NONE)
		reading_note(reading, REPAIR_NO_SESSIONS, value);
	else if (!json_is_integer(value) && !reading->as_real)
		reading_note(reading, REPAIR_COUNT_FORM, value);
}

void
reading_list(struct reading *reading, void *field, json_t *value)
{
	json_t *list = json_array();
	struct str *out = field, text;
	size_t i, n = json_is_array(value) ? json_array_size(value) : 1;
	char *dump;

	for (i = 0; i < n; i++) {
		text = text_of(reading, json_is_array(value) ? json_array_get(value, i) : value);
		if (text.data != NULL)
			(void)json_array_append_new(list, json_stringn(text.data, text.len));
	}
	dump = json_array_size(list) == 0 ? NULL : json_dumps(list, JSON_COMPACT);
	*out = arena_str(reading->arena, str_of(dump));
	if (out->len > reading->limits->json_text_bytes)
		reading_refuse(
		    reading, reading->limits->json_text_bytes, "bytes in one list", "json-text-bytes");
	free(dump);
	json_decref(list);
}

/* The lines of a policy belong into an array; the RFC's own example has a host without one. */
void
reading_strings(struct reading *reading, void *field, json_t *value)
{
	if (!json_is_array(value))
		reading_note(reading, REPAIR_JSON_TYPE, value);
	reading_list(reading, field, value);
}

/* Not the name that RFC 8460 gives it. */
void
reading_pattern(struct reading *reading, void *field, json_t *value)
{
	reading_note(reading, REPAIR_MISNAMED, NULL);
	reading_list(reading, field, value);
}

void
reading_time(struct reading *reading, void *field, json_t *value)
{
	struct tls_time *time = field;
	char number[NUMBER_TEXT];
	enum fit fit = value_rfc3339(&time->seconds, scalar_text(number, value));

	time->known = fit != FIT_NONE;
	if (!time->known)
		time->seconds = 0;
	if (fit != FIT_GOOD)
		reading_note(reading, time->known ? REPAIR_TIME_FORM : REPAIR_NO_DATE, value);
}
