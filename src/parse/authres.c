/*
 * authres: a first pass makes comments and line ends blanks, a second one reads words and pairs
 * ("name=value"), in place. A pair begins a result when it is the first behind a semicolon or names a known
 * method, so that a missing semicolon does no harm; a new method is a word in the list of methods.
 */
#include "parse/authres.h"

#include "report/value.h"

#include <string.h>

/* Methods that are registered (RFC 8601 s. 6.6 and later), and those of large receivers. */
static const char *const methods[] = {"arc", "auth", "bimi", "compauth", "dkim", "dkim-adsp", "dkim-atps",
    "dmarc", "dnswl", "domainkeys", "iprev", "rrvs", "sender-id", "smime", "spf", "tls", "vbr", NULL};

struct reader {
	char *text; /* without comments */
	size_t len, at;
	struct arena *arena;
	struct authres *authres;
	struct authres_result *result; /* the open one; NULL: none yet */
	struct authres_result **next_result;
	struct authres_property **next_property;
	size_t words, results, properties;
	bool begins; /* behind a semicolon, or at the start */
};

/* What is too long ends with the last whole result. */
static struct str
bounded(struct str text, struct authres *authres)
{
	if (text.len <= AUTHRES_BYTES)
		return text;
	authres->cut = true;
	for (text.len = AUTHRES_BYTES; text.len > 0 && text.data[text.len - 1] != ';';)
		text.len--;
	return text;
}

/* A copy with blanks for comments, which may be nested (RFC 5322 s. 3.2.2), and for control characters. */
static char *
without_comments(struct str text, struct arena *arena)
{
	char *to = arena_alloc(arena, text.len + 1);
	bool quoted = false, escaped = false, blank;
	size_t depth = 0, i;

	for (i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (!escaped && depth == 0 && c == '"')
			quoted = !quoted;
		if (!escaped && !quoted && c == '(')
			depth++;
		blank = depth > 0 || (unsigned char)c < ' ' || c == 0x7f || (!quoted && c == ')');
		to[i] = blank ? ' ' : c;
		if (!escaped && depth > 0 && c == ')')
			depth--;
		escaped = !escaped && c == '\\' && (quoted || depth > 0);
	}
	to[text.len] = '\0';
	return to;
}

/* The end of the text is that of a result. */
static char
peek(const struct reader *reader)
{
	return reader->at < reader->len ? reader->text[reader->at] : ';';
}

static void
skip_blanks(struct reader *reader)
{
	while (peek(reader) == ' ')
		reader->at++;
}

static struct str
lower(struct reader *reader, struct str word)
{
	if (word.len > 0)
		text_lower_all(reader->text + (word.data - reader->text), word.len);
	return word;
}

/* Moves the inside of a quoted string to the end of a word. */
static void
take_quoted(struct reader *reader, char *to, size_t *len)
{
	reader->at++;
	while (reader->at < reader->len && reader->text[reader->at] != '"') {
		if (reader->text[reader->at] == '\\' && reader->at + 1 < reader->len)
			reader->at++;
		to[(*len)++] = reader->text[reader->at++];
	}
	if (reader->at < reader->len)
		reader->at++;
}

/* Moves what stands up to a blank, a semicolon or, in a name, a '=' to the end of a word. */
static void
take_word(struct reader *reader, char *to, size_t *len, bool is_name)
{
	while (peek(reader) != ' ' && peek(reader) != ';' && !(is_name && peek(reader) == '=')) {
		if (peek(reader) == '"')
			take_quoted(reader, to, len);
		else
			to[(*len)++] = reader->text[reader->at++];
	}
}

/* "header." and "dkim/" go on behind blanks; a domain with a last dot doesn't. */
static bool
goes_on(const char *word, size_t len)
{
	return len > 0 &&
	       (word[len - 1] == '/' || (word[len - 1] == '.' && memchr(word, '.', len) == &word[len - 1]));
}

/* A word, with what RFC 8601 lets blanks stand around: '.' and '/'. */
static struct str
read_name(struct reader *reader)
{
	char *to = reader->text + reader->at;
	size_t len = 0;

	take_word(reader, to, &len, true);
	skip_blanks(reader);
	while (len > 0 && (peek(reader) == '.' || peek(reader) == '/' || goes_on(to, len)) &&
	       peek(reader) != ';' && peek(reader) != '=') {
		if (peek(reader) == '.' || peek(reader) == '/') {
			to[len++] = reader->text[reader->at++];
			skip_blanks(reader);
		}
		take_word(reader, to, &len, true);
		skip_blanks(reader);
	}
	return (struct str){to, len};
}

static bool
is_method(struct str name)
{
	size_t i;

	for (i = 0; methods[i] != NULL; i++)
		if (text_same_nocase(name.data, name.len, methods[i]))
			return true;
	return false;
}

/* Whether "dkim=" or "header.d=" comes next: a value can begin with neither. */
static bool
pair_is_next(const struct reader *reader)
{
	struct str name = {reader->text + reader->at, 0};
	size_t left = reader->len - reader->at;

	while (name.len < left && name.data[name.len] != ' ' && name.data[name.len] != ';' &&
	       name.data[name.len] != '=' && name.data[name.len] != '"')
		name.len++;
	return name.len < left && name.data[name.len] == '=' &&
	       (is_method(name) || (memchr(name.data, '.', name.len) != NULL && name.data[0] != '.'));
}

/* Behind the '='. Blanks may stand before a value, but where the next pair comes there is none. */
static struct str
read_value(struct reader *reader)
{
	char *to = reader->text + reader->at;
	size_t len = 0;

	if (peek(reader) == ' ') {
		skip_blanks(reader);
		if (pair_is_next(reader))
			return (struct str){to, 0};
	}
	take_word(reader, to, &len, false);
	return (struct str){to, len};
}

/* Cuts a word at a character; what is behind it, or missing. */
static struct str
split(struct str *word, char at)
{
	const char *found = word->len > 0 ? memchr(word->data, at, word->len) : NULL;
	struct str behind = {NULL, 0};

	if (found == NULL)
		return behind;
	behind.data = found + 1;
	behind.len = word->len - (size_t)(found - word->data) - 1;
	word->len = (size_t)(found - word->data);
	return behind;
}

static void
add_result(struct reader *reader, struct str method, struct str version, struct str value)
{
	struct authres_result *result;

	reader->result = NULL;
	if (reader->results++ >= AUTHRES_RESULTS) {
		reader->authres->cut = true;
		return;
	}
	result = arena_zero(reader->arena, sizeof *result);
	result->method = lower(reader, method);
	result->version = version;
	result->result = lower(reader, value);
	result->loose = !reader->begins;
	*reader->next_result = reader->result = result;
	reader->next_result = &result->next;
	reader->next_property = &result->properties;
}

/* Those of no result tell of nothing. */
static void
add_property(struct reader *reader, struct str name, struct str value)
{
	struct authres_property *property;
	struct str behind;

	if (reader->result == NULL)
		return;
	if (reader->properties++ >= AUTHRES_PROPERTIES) {
		reader->authres->cut = true;
		return;
	}
	property = arena_zero(reader->arena, sizeof *property);
	behind = split(&name, '.');
	property->type = behind.data != NULL ? lower(reader, name) : behind;
	property->name = lower(reader, behind.data != NULL ? behind : name);
	property->value = value;
	*reader->next_property = property;
	reader->next_property = &property->next;
}

static void
add_pair(struct reader *reader, struct str name, struct str value)
{
	struct str method = name, version = split(&method, '/');

	if (text_same_nocase(name.data, name.len, "reason")) {
		if (reader->result != NULL && reader->result->reason.data == NULL)
			reader->result->reason = value;
	} else if (method.len > 0 && memchr(name.data, '.', name.len) == NULL &&
		   (reader->begins || is_method(method)))
		add_result(reader, method, version, value);
	else
		add_property(reader, name, value);
}

/* A word that is no pair: the first is the authserv-id, and a number behind it its version. */
static void
add_word(struct reader *reader, struct str word)
{
	uint64_t number;

	if (reader->words == 0)
		reader->authres->id = lower(reader, word);
	else if (reader->words == 1 && !reader->begins && reader->authres->id.data != NULL &&
		 text_u64(&number, word.data, word.len))
		reader->authres->version = word;
	else if (text_same_nocase(word.data, word.len, "none"))
		reader->authres->none = true;
}

static void
read_next(struct reader *reader)
{
	struct str name;

	skip_blanks(reader);
	if (peek(reader) == ';') {
		reader->at++;
		reader->begins = true;
		reader->words += reader->words == 0;
		return;
	}
	name = read_name(reader);
	if (peek(reader) == '=') {
		reader->at++;
		if (name.len > 0)
			add_pair(reader, name, read_value(reader));
	} else if (name.len > 0)
		add_word(reader, name);
	reader->begins = false;
	reader->words++;
}

bool
authres_parse(struct authres *authres, struct str text, struct arena *arena)
{
	struct reader reader = {.arena = arena, .authres = authres, .begins = true};

	memset(authres, 0, sizeof *authres);
	if (text.data == NULL)
		return false;
	text = bounded(text, authres);
	reader.text = without_comments(text, arena);
	reader.len = text.len;
	reader.next_result = &authres->results;
	while (reader.at < reader.len)
		read_next(&reader);
	authres->none = authres->none && authres->results == NULL;
	return authres->results != NULL || authres->none;
}

struct str
authres_property(const struct authres_result *result, const char *type, const char *name)
{
	const struct authres_property *property;

	for (property = result->properties; property != NULL; property = property->next)
		if (str_eq(property->type, type) && str_eq(property->name, name))
			return property->value;
	return (struct str){NULL, 0};
}

struct str
authres_domain(struct str value, struct arena *arena)
{
	struct str domain = {NULL, 0};
	size_t i;

	if (value.data == NULL)
		return domain;
	value = str_trim(value);
	if (value.len > 1 && value.data[0] == '<' && value.data[value.len - 1] == '>') {
		value.data++;
		value.len -= 2;
	}
	for (i = value.len; i > 0 && value.data[i - 1] != '@'; i--)
		continue;
	value.data += i;
	value.len -= i;
	return value_domain(&domain, value, arena) == FIT_GOOD ? domain : (struct str){NULL, 0};
}
