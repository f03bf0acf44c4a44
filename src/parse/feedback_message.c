/* feedback_message: the header of the reported message, and results of authentication. */
#include "parse/authres.h"
#include "parse/feedback_parts.h"

#include <string.h>

void
feedback_add_result(struct reading *reading, const struct failure_result *result)
{
	struct failure_result *one;

	if (reading->results++ >= FEEDBACK_RESULTS)
		return;
	one = arena_alloc(reading->arena, sizeof *one);
	*one = *result;
	one->next = NULL;
	*reading->last_result = one;
	reading->last_result = &one->next;
}

/* The first of the properties that is there and not empty. */
static struct str
property(const struct authres_result *result, const char *const names[][2])
{
	struct str value = {NULL, 0};

	for (; (*names)[0] != NULL && value.len == 0; names++)
		value = authres_property(result, (*names)[0], (*names)[1]);
	return value.len == 0 ? str_of(NULL) : value;
}

static void
add_authres(struct reading *reading, const struct authres_result *from, bool of_message)
{
	static const char *const domains[][2] = {{"header", "d"}, {"header", "i"}, {"header", "from"},
	    {"smtp", "mailfrom"}, {"smtp", "mail"}, {"smtp", "helo"}, {NULL, NULL}};
	static const char *const identities[][2] = {
	    {"header", "i"}, {"smtp", "mailfrom"}, {"smtp", "mail"}, {NULL, NULL}};
	struct failure_result result = {.of_message = of_message,
	    .method = from->method,
	    .result = from->result,
	    .reason = from->reason,
	    .selector = authres_property(from, "header", "s"),
	    .identity = property(from, identities)};
	struct str domain = property(from, domains);

	if (domain.data != NULL)
		result.domain = authres_domain(domain, reading->arena);
	feedback_add_result(reading, &result);
}

/* What has no semicolon in front may be somebody's text in the result before it. */
static void
add_results(struct reading *reading, const struct authres *authres, bool of_message)
{
	const struct authres_result *result;

	for (result = authres->results; result != NULL; result = result->next)
		if (!result->loose)
			add_authres(reading, result, of_message);
}

void
feedback_results(struct reading *reading, struct str value, bool of_message)
{
	struct authres authres;

	if (!authres_parse(&authres, value, reading->arena))
		return;
	if (!of_message && reading->receiver.data == NULL)
		reading->receiver = authres.id;
	add_results(reading, &authres, of_message);
}

/* Where a quoted string or comment that begins here ends. */
static size_t
skip_quoted(struct str value, size_t at)
{
	char end = value.data[at] == '"' ? '"' : ')';
	int depth = 0;

	for (at++; at < value.len; at++)
		if (value.data[at] == '\\')
			at++;
		else if (end == ')' && value.data[at] == '(')
			depth++;
		else if (value.data[at] == end && depth-- == 0)
			return at + 1;
	return value.len;
}

/* "Name <user@example.com>", "user@example.com (Name)", "user@example.com, ...": the first address. */
struct str
feedback_address(struct str value)
{
	size_t at = 0, start;
	bool has_at = false;

	while (at < value.len && value.data[at] != '<') {
		if (value.data[at] == '(' || value.data[at] == '"') {
			at = skip_quoted(value, at);
			continue;
		}
		for (start = at, has_at = false; at < value.len && strchr(" \t,<(\"", value.data[at]) == NULL;
		     at++)
			has_at = has_at || value.data[at] == '@';
		if (has_at)
			return (struct str){value.data + start, at - start};
		at +=
		    at < value.len && value.data[at] != '<' && value.data[at] != '(' && value.data[at] != '"';
	}
	for (start = ++at; at < value.len && value.data[at] != '>'; at++)
		continue;
	return start < value.len ? str_trim((struct str){value.data + start, at - start}) : str_of(NULL);
}

struct str
feedback_address_domain(struct str address, struct arena *arena)
{
	return address.data == NULL || memchr(address.data, '@', address.len) == NULL
		   ? str_of(NULL)
		   : authres_domain(address, arena);
}

/* Whether the last receiver wrote a field that stands here. */
static bool
is_receivers(const struct reading *reading, const struct authres *authres, bool received)
{
	return !received || (authres->id.data != NULL && str_same(authres->id, reading->receiver));
}

static void
message_results(struct reading *reading, struct str value, bool received)
{
	struct authres authres;

	if (authres_parse(&authres, value, reading->arena) && is_receivers(reading, &authres, received))
		add_results(reading, &authres, true);
}

static void
set_once(struct str *to, struct str value)
{
	if (to->data == NULL && value.len > 0)
		*to = value;
}

void
feedback_message(struct reading *reading, struct str message)
{
	struct failure *failure = reading->failure;
	bool received = false, has_received = text_find_nocase(message.data, message.len, "received:") >= 0;
	struct field field;

	while (message.len > 0 && text_is_blank(*message.data)) {
		message.data++;
		message.len--;
	}
	while (field_next(&field, &message, reading->arena)) {
		if (text_same_nocase(field.name.data, field.name.len, "received"))
			received = true;
		else if (text_same_nocase(field.name.data, field.name.len, "authentication-results"))
			message_results(reading, field.value, received || !has_received);
		else if (text_same_nocase(field.name.data, field.name.len, "from"))
			set_once(&failure->field[FAILURE_FROM], feedback_address(field.value));
		else if (text_same_nocase(field.name.data, field.name.len, "message-id"))
			set_once(&failure->field[FAILURE_MESSAGE_ID], field.value);
		else if (text_same_nocase(field.name.data, field.name.len, "subject"))
			set_once(&failure->field[FAILURE_SUBJECT], field.value);
	}
	failure->header_from = feedback_address_domain(failure->field[FAILURE_FROM], reading->arena);
}
