/*
 * feedback: fields become a failure. A field that is to be read is a line in the table; what is written in
 * other ways than the RFCs give it is in feedback_text.c, what the reported message says in
 * feedback_message.c.
 */
#include "parse/feedback.h"

#include "parse/feedback_parts.h"
#include "report/value.h"

#include <string.h>

/* How a value is read. */
enum kind {
	KIND_TEXT,
	KIND_WORD,    /* in lower case */
	KIND_ADDRESS, /* without <> */
	KIND_DOMAIN,
	KIND_SERVER, /* "dns; name" */
	KIND_LIST,
	KIND_LIST_ADDRESS,
	KIND_LIST_DOMAIN,
	KIND_DATE,
	KIND_IP,
	KIND_PORT,
	KIND_INCIDENTS,
	KIND_RESULTS,
};

static const struct known {
	const char *name;
	enum kind kind;
	int to; /* enum failure_field or enum failure_list */
} known_fields[] = {
    {"feedback-type", KIND_WORD, FAILURE_TYPE},
    {"user-agent", KIND_TEXT, FAILURE_USER_AGENT},
    {"version", KIND_TEXT, FAILURE_VERSION},
    {"original-mail-from", KIND_ADDRESS, FAILURE_MAIL_FROM},
    {"original-envelope-id", KIND_TEXT, FAILURE_ENVELOPE_ID},
    {"reporting-mta", KIND_SERVER, FAILURE_REPORTING_MTA},
    {"auth-failure", KIND_WORD, FAILURE_AUTH_FAILURE},
    {"delivery-result", KIND_WORD, FAILURE_DELIVERY},
    {"identity-alignment", KIND_TEXT, FAILURE_ALIGNMENT},
    {"dkim-domain", KIND_DOMAIN, FAILURE_DKIM_DOMAIN},
    {"dkim-identity", KIND_ADDRESS, FAILURE_DKIM_IDENTITY},
    {"dkim-selector", KIND_TEXT, FAILURE_DKIM_SELECTOR},
    {"original-rcpt-to", KIND_LIST_ADDRESS, FAILURE_RCPT_TO},
    {"reported-domain", KIND_LIST_DOMAIN, FAILURE_REPORTED_DOMAIN},
    {"reported-uri", KIND_LIST, FAILURE_REPORTED_URI},
    {"spf-dns", KIND_LIST, FAILURE_SPF_DNS},
    {"dkim-selector-dns", KIND_LIST, FAILURE_DKIM_SELECTOR_DNS},
    {"dkim-adsp-dns", KIND_LIST, FAILURE_DKIM_ADSP_DNS},
    {"dkim-canonicalized-header", KIND_LIST, FAILURE_DKIM_HEADER},
    {"dkim-canonicalized-body", KIND_LIST, FAILURE_DKIM_BODY},
    {"arrival-date", KIND_DATE, 0},
    {"received-date", KIND_DATE, 0}, /* its name before RFC 5965 was one */
    {"source-ip", KIND_IP, 0},
    {"source-port", KIND_PORT, 0},
    {"incidents", KIND_INCIDENTS, 0},
    {"authentication-results", KIND_RESULTS, 0},
};

static const struct known *
find_known(struct str name)
{
	size_t i;

	for (i = 0; i < sizeof known_fields / sizeof *known_fields; i++)
		if (text_same_nocase(name.data, name.len, known_fields[i].name))
			return &known_fields[i];
	return NULL;
}

bool
feedback_is_field(struct str name)
{
	return find_known(name) != NULL;
}

void
feedback_add_text(struct reading *reading, enum failure_list list, struct str text)
{
	struct failure_text *one;

	if (reading->texts++ >= FEEDBACK_TEXTS)
		return;
	one = arena_zero(reading->arena, sizeof *one);
	one->list = list;
	one->text = text;
	*reading->last_text = one;
	reading->last_text = &one->next;
}

void
feedback_set_date(struct reading *reading, struct str value)
{
	struct failure *failure = reading->failure;

	if (!failure->has_arrived)
		failure->has_arrived = time_parse_mail(&failure->arrived, value.data, value.len) ||
				       time_parse_iso(&failure->arrived, value.data, value.len);
}

/* Some write it in brackets, as in an address literal (RFC 5321 s. 4.1.3). */
void
feedback_set_ip(struct reading *reading, struct str value)
{
	struct failure *failure = reading->failure;
	size_t len;

	if (failure->ip_text.data != NULL)
		return;
	/* A name or comment behind it occurs. */
	for (len = 0; len < value.len && !text_is_blank(value.data[len]) && value.data[len] != '('; len++)
		continue;
	value.len = len;
	if (value.len > 2 && value.data[0] == '[' && value.data[value.len - 1] == ']')
		value = (struct str){value.data + 1, value.len - 2};
	if (value.len > 5 && text_same_nocase(value.data, 5, "ipv6:"))
		value = (struct str){value.data + 5, value.len - 5};
	failure->ip_usable = value_ip(failure->ip, &failure->ip_text, value, reading->arena) != FIT_NONE;
}

static struct str
lower(struct reading *reading, struct str value)
{
	char *copy = arena_alloc(reading->arena, value.len + 1);

	memcpy(copy, value.data, value.len);
	text_lower_all(copy, value.len);
	return (struct str){copy, value.len};
}

static struct str
without_angles(struct str value)
{
	if (value.len > 1 && value.data[0] == '<' && value.data[value.len - 1] == '>')
		return str_trim((struct str){value.data + 1, value.len - 2});
	return value;
}

struct str
feedback_domain(struct reading *reading, struct str value)
{
	struct str domain;

	return value_domain(&domain, value, reading->arena) == FIT_NONE ? str_of(NULL) : domain;
}

/* "dns; mail.example.com" (RFC 3464 s. 2.2.2). */
static struct str
server_of(struct str value)
{
	const char *semicolon = memchr(value.data, ';', value.len);
	size_t skip = semicolon == NULL ? 0 : (size_t)(semicolon - value.data) + 1;

	return str_trim((struct str){value.data + skip, value.len - skip});
}

/* A domain that is none stays as it came. */
static struct str
domain_or_text(struct reading *reading, struct str value)
{
	struct str domain = feedback_domain(reading, value);

	return domain.data != NULL ? domain : value;
}

static void
set_number(uint64_t *to, struct str value, uint64_t most)
{
	uint64_t number;

	if (text_u64(&number, value.data, value.len) && number > 0 && number <= most)
		*to = number;
}

static struct str
value_of(struct reading *reading, enum kind kind, struct str value)
{
	switch (kind) {
	case KIND_WORD:
		return lower(reading, value);
	case KIND_ADDRESS:
	case KIND_LIST_ADDRESS:
		return without_angles(value);
	case KIND_DOMAIN:
	case KIND_LIST_DOMAIN:
		return domain_or_text(reading, value);
	case KIND_SERVER:
		return server_of(value);
	default:
		return value;
	}
}

static void
take_field(struct reading *reading, const struct known *known, struct str value)
{
	struct failure *failure = reading->failure;

	switch (known->kind) {
	case KIND_LIST:
	case KIND_LIST_ADDRESS:
	case KIND_LIST_DOMAIN:
		feedback_add_text(
		    reading, (enum failure_list)known->to, value_of(reading, known->kind, value));
		return;
	case KIND_DATE:
		feedback_set_date(reading, value);
		return;
	case KIND_IP:
		feedback_set_ip(reading, value);
		return;
	case KIND_PORT:
		set_number(&failure->port, value, UINT16_MAX);
		return;
	case KIND_INCIDENTS:
		set_number(&failure->incidents, value, UINT32_MAX);
		return;
	case KIND_RESULTS:
		feedback_results(reading, value, false);
		return;
	default:
		/* One that stands twice counts once; an empty one says something only of an address. */
		if (failure->field[known->to].data == NULL && (value.len > 0 || known->kind == KIND_ADDRESS))
			failure->field[known->to] = value_of(reading, known->kind, value);
	}
}

/* Blank lines between the fields occur, so all of the text is read. */
static void
read_fields(struct reading *reading, struct str text)
{
	const struct known *known;
	struct field field;

	while (text.len > 0)
		while (field_next(&field, &text, reading->arena))
			if ((known = find_known(field.name)) != NULL) {
				reading->fields++;
				take_field(reading, known, field.value);
			}
}

static struct str
first_domain(const struct failure *failure)
{
	const struct failure_text *text;
	struct str none = {NULL, 0};

	for (text = failure->texts; text != NULL; text = text->next)
		if (text->list == FAILURE_REPORTED_DOMAIN && text->text.len > 0)
			return text->text;
	if (failure->header_from.data != NULL)
		return failure->header_from;
	return failure->field[FAILURE_DKIM_DOMAIN].len > 0 ? failure->field[FAILURE_DKIM_DOMAIN] : none;
}

static struct str
result_domain(const struct failure *failure, const char *method)
{
	const struct failure_result *result;

	for (result = failure->results; result != NULL; result = result->next)
		if (str_eq(result->method, method) && result->domain.data != NULL)
			return result->domain;
	return str_of(NULL);
}

/* What follows from the rest. */
static void
finish(struct reading *reading, const struct feedback *feedback)
{
	struct failure *failure = reading->failure;
	struct str *field = failure->field;

	if (failure->header_from.data == NULL)
		failure->header_from = result_domain(failure, "dmarc");
	failure->domain = first_domain(failure);
	if (field[FAILURE_TYPE].data == NULL)
		field[FAILURE_TYPE] =
		    str_of(field[FAILURE_AUTH_FAILURE].data != NULL || failure->results != NULL ||
				   failure->form == FAILURE_WORDS
			       ? "auth-failure"
			       : "unknown");
	if (feedback->sent.data != NULL)
		failure->has_sent = time_parse_mail(&failure->sent, feedback->sent.data, feedback->sent.len);
	if (!failure->has_arrived && field[FAILURE_ENVELOPE_ID].data == NULL &&
	    field[FAILURE_MESSAGE_ID].data == NULL)
		failure->carrier = feedback->message_id;
	if (feedback->sender.data != NULL)
		field[FAILURE_REPORTER] =
		    feedback_address_domain(feedback_address(feedback->sender), reading->arena);
	if (field[FAILURE_REPORTER].data == NULL)
		field[FAILURE_REPORTER] = field[FAILURE_REPORTING_MTA];
}

enum status
feedback_read(struct failure *failure, const struct feedback *feedback, struct arena *arena, struct err *err)
{
	struct reading reading = {.failure = failure, .arena = arena};
	struct text_found found = {{NULL, 0}, {NULL, 0}, false};
	struct str message = feedback->message;

	memset(failure, 0, sizeof *failure);
	failure->incidents = 1;
	reading.last_text = &failure->texts;
	reading.last_result = &failure->results;
	if (feedback->fields.data != NULL)
		read_fields(&reading, feedback->fields);
	if (reading.fields == 0 && feedback->text.data != NULL && feedback_find(&found, feedback->text)) {
		failure->form = found.words ? FAILURE_WORDS : FAILURE_INLINE;
		if (found.words)
			feedback_words(&reading, found.fields);
		else
			read_fields(&reading, found.fields);
		if (message.data == NULL && found.rest.len > 0)
			message = found.rest;
	}
	if (reading.fields == 0)
		return err_set(err, BAD, "no field of a failure report in it (RFC 6591 s. 3.1)");
	failure->has_message = message.data != NULL;
	if (message.data != NULL)
		feedback_message(&reading, message);
	finish(&reading, feedback);
	return OK;
}
