/*
 * feedback_text: reports in texts for people. Some write the fields of RFC 5965 there; Exim, and cPanel with
 * it, writes words of its own and no part for machines.
 */
#include "parse/feedback_parts.h"

#include <string.h>

/* The words of Exim; a line of its text is "  Sender Domain: example.com". */
static const char exim_words[] = "claiming to be from you has failed";
static const struct {
	const char *name;
	const char *method; /* of the result that it is; NULL: it is something else */
} exim_lines[] = {
    {"sender domain", NULL},
    {"sender ip address", NULL},
    {"received date", NULL},
    {"spf alignment", "spf-alignment"},
    {"dkim alignment", "dkim-alignment"},
    {"dmarc results", "dmarc-result"},
};
enum { EXIM_DOMAIN, EXIM_IP, EXIM_DATE, EXIM_LINES = sizeof exim_lines / sizeof *exim_lines };

/* Which of Exim's lines a line is, its value in *value; EXIM_LINES: none. */
static size_t
exim_line(struct str *value, struct str line)
{
	const char *colon;
	size_t i, len;

	line = str_trim(line);
	colon = line.len == 0 ? NULL : memchr(line.data, ':', line.len);
	if (colon == NULL)
		return EXIM_LINES;
	len = (size_t)(colon - line.data);
	*value = str_trim((struct str){colon + 1, line.len - len - 1});
	for (i = 0; i < EXIM_LINES; i++)
		if (text_same_nocase(line.data, len, exim_lines[i].name))
			return i;
	return EXIM_LINES;
}

/* Whether a line begins the copy of the message's header. */
static bool
is_mail_field(struct str line)
{
	static const char *const names[] = {"received", "return-path", "envelope-to", "delivery-date", "from",
	    "to", "date", "subject", "message-id", "dkim-signature", "authentication-results", "mime-version",
	    "content-type", "sender", "reply-to", "x-originating-ip", "arc-seal"};
	struct field field;
	size_t i;

	if (!field_of_line(&field, line))
		return false;
	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (text_same_nocase(field.name.data, field.name.len, names[i]))
			return true;
	return false;
}

/* From the first line of a header on; missing: there is none. */
static struct str
header_in(struct str text)
{
	struct str line, rest = text;

	while (line_next(&line, &rest))
		if (is_mail_field(line))
			return (struct str){line.data, (size_t)(rest.data - line.data) + rest.len};
	return (struct str){NULL, 0};
}

static bool
find_exim(struct text_found *found, struct str text)
{
	struct str line, rest = text, value;
	const char *start = NULL, *end = NULL;
	unsigned seen = 0;
	size_t which;

	if (text_find_nocase(text.data, text.len, exim_words) < 0)
		return false;
	while (line_next(&line, &rest)) {
		which = exim_line(&value, line);
		if (which == EXIM_LINES)
			continue;
		seen |= 1U << which;
		start = start == NULL ? line.data : start;
		end = rest.data;
	}
	if ((seen & (1U << EXIM_DOMAIN)) == 0 || (seen & (1U << EXIM_IP)) == 0)
		return false;
	found->words = true;
	found->fields = (struct str){start, (size_t)(end - start)};
	found->rest = header_in((struct str){end, (size_t)(text.data + text.len - end)});
	return true;
}

/* Lines up to an empty one, *rest behind it; false at the end. */
static bool
next_paragraph(struct str *paragraph, struct str *rest)
{
	struct str line;

	paragraph->data = rest->data;
	while (line_next(&line, rest)) {
		if (str_trim(line).len > 0)
			continue;
		paragraph->len = (size_t)(line.data - paragraph->data);
		if (paragraph->len > 0)
			return true;
		paragraph->data = rest->data;
	}
	paragraph->len = (size_t)(rest->data - paragraph->data);
	return paragraph->len > 0;
}

/* One that names the type and holds another field is no sentence that quotes a field. */
static bool
has_fields(struct str paragraph)
{
	struct str line;
	struct field field;
	size_t fields = 0;
	bool type = false;

	while (line_next(&line, &paragraph)) {
		if (!field_of_line(&field, line) || !feedback_is_field(field.name))
			continue;
		fields++;
		type = type || text_same_nocase(field.name.data, field.name.len, "feedback-type");
	}
	return type && fields > 1;
}

bool
feedback_find(struct text_found *found, struct str text)
{
	struct str rest = text;

	*found = (struct text_found){{NULL, 0}, {NULL, 0}, false};
	if (text_find_nocase(text.data, text.len, "feedback-type") >= 0)
		while (next_paragraph(&found->fields, &rest))
			if (has_fields(found->fields)) {
				found->rest = header_in(rest);
				return true;
			}
	return find_exim(found, text);
}

bool
feedback_in_text(struct str text)
{
	struct text_found found;

	return text.len > 0 && feedback_find(&found, text);
}

static void
word_result(struct reading *reading, const char *method, struct str value)
{
	const struct failure_result result = {.method = str_of(method), .result = value};

	feedback_add_result(reading, &result);
}

void
feedback_words(struct reading *reading, struct str lines)
{
	struct str line, value, domain;
	size_t which;

	while (line_next(&line, &lines)) {
		which = exim_line(&value, line);
		if (which == EXIM_LINES)
			continue;
		reading->fields++;
		if (which == EXIM_DOMAIN) {
			domain = feedback_domain(reading, value);
			feedback_add_text(
			    reading, FAILURE_REPORTED_DOMAIN, domain.data != NULL ? domain : value);
		} else if (which == EXIM_IP)
			feedback_set_ip(reading, value);
		else if (which == EXIM_DATE)
			feedback_set_date(reading, value);
		else
			word_result(reading, exim_lines[which].method, value);
	}
	reading->failure->field[FAILURE_AUTH_FAILURE] = str_of("dmarc");
}

enum feedback_part
feedback_part_of(struct str type)
{
	if (type.data == NULL || str_eq(type, "text/plain"))
		return FEEDBACK_TEXT;
	if (text_find_nocase(type.data, type.len, "feedback-report") >= 0)
		return FEEDBACK_FIELDS;
	/* text/rfc822-headers, text/rfc822-header, text/rfc-822-headers, message/rfc822-headers... */
	if (text_find_nocase(type.data, type.len, "rfc822") >= 0 ||
	    text_find_nocase(type.data, type.len, "rfc-822") >= 0)
		return FEEDBACK_MESSAGE;
	return FEEDBACK_OTHER;
}
