/*
 * letter: the rules of letter.h. What a mail says of itself counts before what its sender or subject look
 * like; another language of "out of office" is a word in the list.
 */
#include "parse/letter.h"

#include "report/value.h"

#include <string.h>

enum { FIELD_BYTES = 300 };

static bool
contains(struct str text, const char *const *words)
{
	size_t i;

	for (i = 0; text.data != NULL && words[i] != NULL; i++)
		if (text_find_nocase(text.data, text.len, words[i]) >= 0)
			return true;
	return false;
}

enum letter_kind
letter_kind(const struct letter *letter)
{
	static const char *const feedback[] = {
	    "report-type=feedback-report", "report-type=\"feedback-report", NULL};
	static const char *const replied[] = {"auto-replied", NULL};
	static const char *const reply[] = {"auto_reply", "auto-reply", "autoreply", NULL};
	static const char *const away[] = {"out of office", "out of the office", "automatic reply",
	    "auto-reply", "autoreply", "automatische antwort", "abwesenheit", "r\xc3\xa9ponse automatique",
	    "respuesta autom\xc3\xa1tica", "risposta automatica", "automatisch antwoord", NULL};
	static const char *const daemon[] = {"mailer-daemon@", "mailerdaemon@", "mail-daemon@", NULL};
	static const char *const failed[] = {"undeliver", "delivery status notification", "delivery failure",
	    "delivery has failed", "mail delivery failed", "returned mail", "failure notice", NULL};

	/* RFC 5965 s. 2: it calls itself one; with its fields it would be a report (parse/feedback.h). */
	if (contains(letter->type, feedback))
		return LETTER_ABUSE;
	if (letter->delivery_status || letter->failed_recipients.data != NULL ||
	    contains(letter->from, daemon))
		return LETTER_BOUNCE;
	if (contains(letter->auto_submitted, replied) || contains(letter->precedence, reply) ||
	    letter->auto_reply.data != NULL || contains(letter->subject, away))
		return LETTER_REPLY;
	return contains(letter->subject, failed) ? LETTER_BOUNCE : LETTER_OTHER;
}

/* The next line, which *rest moves behind. */
static struct str
next_line(struct str *rest)
{
	const char *end = memchr(rest->data, '\n', rest->len);
	size_t len = end != NULL ? (size_t)(end - rest->data) : rest->len;
	struct str line = {rest->data, len};

	rest->data += end != NULL ? len + 1 : len;
	rest->len -= end != NULL ? len + 1 : len;
	return str_trim(line);
}

/* Whether a line is this field; its value. */
static bool
is_field(struct str *value, struct str line, const char *name)
{
	const char *colon = line.len > 0 ? memchr(line.data, ':', line.len) : NULL;
	struct str before;

	if (colon == NULL)
		return false;
	before = str_trim((struct str){line.data, (size_t)(colon - line.data)});
	if (!text_same_nocase(before.data, before.len, name))
		return false;
	*value = str_trim((struct str){colon + 1, line.len - (size_t)(colon + 1 - line.data)});
	if (value->len > FIELD_BYTES)
		value->len = FIELD_BYTES;
	return value->len > 0;
}

/* "123456", "123456 bytes". */
static void
read_size(struct lost *lost, struct str value)
{
	size_t digits = 0;

	while (digits < value.len && text_is_digit(value.data[digits]))
		digits++;
	lost->has_size = text_u64(&lost->size, value.data, digits) && lost->size <= INT64_MAX;
}

/* "<id>" as "id". */
static struct str
without_brackets(struct str value)
{
	if (value.len > 2 && value.data[0] == '<' && value.data[value.len - 1] == '>') {
		value.data++;
		value.len -= 2;
	}
	return value;
}

static bool
read_field(struct lost *lost, struct str line, struct arena *arena)
{
	struct str value;

	if (is_field(&value, line, "Report-Domain") && lost->domain.data == NULL)
		(void)value_domain(&lost->domain, value, arena);
	else if (is_field(&value, line, "Submitter") && lost->submitter.data == NULL)
		(void)value_domain(&lost->submitter, value, arena);
	else if (is_field(&value, line, "Report-ID") && lost->report_id.data == NULL)
		lost->report_id = arena_str(arena, without_brackets(value));
	else if (is_field(&value, line, "Report-Date") && lost->date.data == NULL)
		lost->date = arena_str(arena, value);
	else if (is_field(&value, line, "Submitting-URI") && lost->uri.data == NULL)
		lost->uri = arena_str(arena, value);
	else if (is_field(&value, line, "Report-Size") && !lost->has_size)
		read_size(lost, value);
	else
		return false;
	return true;
}

bool
letter_lost(struct lost *lost, struct str text, struct arena *arena)
{
	size_t fields = 0;

	memset(lost, 0, sizeof *lost);
	while (text.len > 0)
		fields += read_field(lost, next_line(&text), arena);
	return lost->domain.data != NULL && fields > 1;
}
