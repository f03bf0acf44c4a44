/* proof: the rules of proof.h. What is stored is the same for every server, whatever form it writes. */
#include "ingest/proof.h"

#include "base/buf.h"
#include "parse/authres.h"
#include "report/organisation.h"
#include "report/value.h"

#include <string.h>

enum {
	RESULTS_BYTES = 1000, /* a mail with more signatures than that is none that proves anything */
	IDS_BYTES = 500,
	IDS = 64, /* that are told apart */
	WORD = 20 /* bytes of a result */
};

struct reading {
	const char *trusted;
	struct arena *arena;
	struct buf by, results;
	size_t received; /* fields so far */
	uint64_t seen;   /* ids that were believed, by their place */
	uint64_t
	    doubts; /* ids with another verdict of DMARC than pass: what a server copies may look like one */
};

/* The next word of a list. */
static bool
next_word(struct str *word, const char **list)
{
	while (text_is_blank(**list))
		++*list;
	*word = (struct str){*list, 0};
	while (**list != '\0' && !text_is_blank(**list)) {
		++*list;
		word->len++;
	}
	return word->len > 0;
}

/* A copy with blanks for comments and, if asked for, quoted strings. */
static struct str
without_comments(struct str text, bool strings_too, struct arena *arena)
{
	struct str copy = arena_str(arena, text);
	char *to = arena_alloc(arena, text.len + 1);
	bool quoted = false;
	size_t depth = 0, i;

	for (i = 0; i < copy.len; i++) {
		char c = copy.data[i];

		if (c == '"' && depth == 0)
			quoted = !quoted;
		depth += !quoted && c == '(';
		to[i] = depth > 0 || (strings_too && (quoted || c == '"')) || text_is_blank(c) ? ' ' : c;
		depth -= depth > 0 && c == ')';
		if (c == '\\' && (quoted || depth > 0) && i + 1 < copy.len)
			to[++i] = ' ';
	}
	copy.data = to;
	return copy;
}

/* The domain of the one address in a From field; missing: none, or several. */
static struct str
address_domain(struct str field, struct arena *arena)
{
	struct str text = str_trim(without_comments(field, true, arena)), missing = {NULL, 0};
	const char *open = text.len > 0 ? memchr(text.data, '<', text.len) : NULL, *close;

	if (text.len == 0 || memchr(text.data, ',', text.len) != NULL ||
	    memchr(text.data, ';', text.len) != NULL)
		return missing;
	if (open == NULL)
		return memchr(text.data, '@', text.len) != NULL ? authres_domain(text, arena) : missing;
	close = text.data + text.len - 1;
	if (*close != '>' || memchr(open + 1, '<', (size_t)(close - open)) != NULL)
		return missing;
	return authres_domain((struct str){open, (size_t)(close - open) + 1}, arena);
}

/* The next word of a text, which moves behind it; a semicolon ends it all. */
static struct str
take_word(struct str *text)
{
	struct str word;

	*text = str_trim(*text);
	word = (struct str){text->data, 0};
	while (word.len < text->len && word.data[word.len] != ' ' && word.data[word.len] != ';')
		word.len++;
	text->data += word.len;
	text->len -= word.len;
	return word;
}

/*
 * The host behind "by" of a Received field (RFC 5321 s. 4.4); missing: it has none. *from: it says whom it is
 * from; what it says there is the sender's.
 */
static struct str
received_by(bool *from, struct str field, struct arena *arena)
{
	struct str text = without_comments(field, true, arena), word = take_word(&text);

	*from = text_same_nocase(word.data, word.len, "from");
	if (*from) {
		(void)take_word(&text);
		word = take_word(&text);
	}
	while (word.len > 0 && !text_same_nocase(word.data, word.len, "by"))
		word = take_word(&text);
	word = word.len > 0 ? take_word(&text) : word;
	return word.len > 0 ? word : (struct str){NULL, 0};
}

/* Names that nobody has on the net (RFC 6761, RFC 8375, and those that are taken for it), and addresses. */
static bool
is_public(struct str host)
{
	static const char *const inside[] = {"arpa", "corp", "home", "internal", "intranet", "invalid", "lan",
	    "local", "localdomain", "localhost", "private"};
	size_t start = host.len, i;

	while (start > 0 && host.data[start - 1] != '.')
		start--;
	if (start == 0 || text_is_digit(host.data[host.len - 1]))
		return false;
	for (i = 0; i < sizeof inside / sizeof *inside; i++)
		if (text_same_nocase(host.data + start, host.len - start, inside[i]))
			return false;
	return true;
}

/* Whether a Received field is of one of the servers, or of nobody who could be named. */
static bool
is_theirs(const struct reading *reading, struct str field)
{
	bool from;
	struct str host = received_by(&from, field, reading->arena), domain, id;
	const char *list = reading->trusted;

	if (host.data == NULL)
		return !from;
	if (value_domain(&domain, host, reading->arena) != FIT_GOOD || !is_public(domain))
		return true;
	while (next_word(&id, &list))
		if (value_domain(&id, id, reading->arena) == FIT_GOOD && domain_same_org(domain, id))
			return true;
	return false;
}

static bool
is_same_id(struct str id, struct str word)
{
	size_t i;

	for (i = 0; i < id.len && i < word.len; i++)
		if (text_lower(id.data[i]) != text_lower(word.data[i]))
			return false;
	return id.len == word.len;
}

/* The place of an id in the list, or -1. */
static int
trusted_at(const struct reading *reading, struct str id)
{
	const char *list = reading->trusted;
	struct str word;
	int at;

	if (id.data == NULL)
		id = str_of("-");
	for (at = 0; at < IDS && next_word(&word, &list); at++)
		if (is_same_id(id, word))
			return at;
	return -1;
}

/* What a result tells of, when it is one that counts. */
static struct str
domain_of(const struct authres_result *result, struct arena *arena)
{
	struct str domain = {NULL, 0};

	if (str_eq(result->method, "dmarc"))
		return authres_domain(authres_property(result, "header", "from"), arena);
	if (str_eq(result->method, "spf"))
		return authres_domain(authres_property(result, "smtp", "mailfrom"), arena);
	if (str_eq(result->method, "dkim")) {
		domain = authres_domain(authres_property(result, "header", "d"), arena);
		if (domain.data == NULL)
			domain = authres_domain(authres_property(result, "header", "i"), arena);
	}
	return domain;
}

static bool
is_word(struct str text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.data[i] < 'a' || text.data[i] > 'z')
			return false;
	return text.len > 0 && text.len <= WORD;
}

static bool
counts(const struct authres_result *result)
{
	return !result->loose && is_word(result->result) &&
	       (str_eq(result->method, "dmarc") || str_eq(result->method, "spf") ||
		   str_eq(result->method, "dkim"));
}

/* All of it, or nothing when it has no room. */
static void
put(struct buf *to, struct str a, const char *between, struct str b, struct str c)
{
	size_t before = to->len;

	if ((before == 0 || buf_add_text(to, " ")) && buf_add(to, a.data, a.len) &&
	    buf_add_text(to, between) && buf_add(to, b.data, b.len) &&
	    (c.data == NULL || (buf_add_text(to, ":") && buf_add(to, c.data, c.len))))
		return;
	to->len = before;
}

static void
believe_method(struct reading *reading, const struct authres *authres, const char *method, bool doubted)
{
	const struct authres_result *result;
	struct str domain;

	for (result = authres->results; result != NULL; result = result->next) {
		if (!counts(result) || !str_eq(result->method, method) ||
		    (doubted && str_eq(result->result, "pass")))
			continue;
		domain = domain_of(result, reading->arena);
		/* Microsoft writes header.d=none. */
		if (domain.data != NULL && memchr(domain.data, '.', domain.len) != NULL)
			put(&reading->results, result->method, "=", result->result, domain);
	}
}

static bool
has_doubt(const struct authres *authres)
{
	const struct authres_result *result;

	for (result = authres->results; result != NULL; result = result->next)
		if (counts(result) && str_eq(result->method, "dmarc") && !str_eq(result->result, "pass"))
			return true;
	return false;
}

/* DMARC first: whatever the number of signatures, its verdict has room. Of a field that was cut nothing is.
 */
static void
believe(struct reading *reading, const struct authres *authres, int at)
{
	struct str none = {NULL, 0};
	uint64_t bit = (uint64_t)1 << at;

	if ((reading->seen & bit) == 0)
		put(&reading->by, authres->id.data != NULL ? authres->id : str_of("-"), "", str_of(""), none);
	reading->seen |= bit;
	if (authres->cut)
		return;
	reading->doubts |= has_doubt(authres) ? bit : 0;
	believe_method(reading, authres, "dmarc", (reading->doubts & bit) != 0);
	believe_method(reading, authres, "spf", false);
	believe_method(reading, authres, "dkim", false);
}

static bool
tells(const struct authres *authres)
{
	const struct authres_result *result;

	for (result = authres->results; result != NULL; result = result->next)
		if (counts(result))
			return true;
	return false;
}

static void
read_results(struct reading *reading, struct str field)
{
	struct authres authres;
	int at;

	if ((!authres_parse(&authres, field, reading->arena) || !tells(&authres)) && !authres.cut)
		return;
	at = trusted_at(reading, authres.id);
	if (at >= 0 && (reading->received == 0 || (reading->seen & (uint64_t)1 << at) == 0))
		believe(reading, &authres, at);
}

static void
read_from(struct proof *proof, struct message *message, struct arena *arena)
{
	struct str name, value;
	size_t i, count = 0;

	for (i = 0; message_field(message, i, &name, &value); i++) {
		if (!text_same_nocase(name.data, name.len, "from"))
			continue;
		proof->from = address_domain(value, arena);
		count++;
	}
	if (count != 1)
		proof->from = (struct str){NULL, 0};
}

static void
read_trace(struct reading *reading, struct message *message)
{
	struct str name, value;
	size_t i;

	for (i = 0; message_field(message, i, &name, &value); i++) {
		if (text_same_nocase(name.data, name.len, "authentication-results"))
			read_results(reading, value);
		else if (text_same_nocase(name.data, name.len, "received")) {
			reading->received++;
			if (!is_theirs(reading, value))
				break;
		}
	}
}

void
proof_read(struct proof *proof, struct message *message, const char *trusted, struct arena *arena)
{
	struct reading reading = {.trusted = trusted, .arena = arena};

	memset(proof, 0, sizeof *proof);
	read_from(proof, message, arena);
	if (trusted == NULL)
		return;
	buf_init(&reading.by, IDS_BYTES);
	buf_init(&reading.results, RESULTS_BYTES);
	/* Twice, because doubts may follow what they are about. */
	read_trace(&reading, message);
	reading.received = reading.seen = reading.by.len = reading.results.len = 0;
	read_trace(&reading, message);
	if (reading.received > 0 && reading.seen != 0) {
		proof->by = arena_str(arena, (struct str){(const char *)reading.by.data, reading.by.len});
		proof->results = arena_str(
		    arena, (struct str){reading.results.len > 0 ? (const char *)reading.results.data : "",
			       reading.results.len});
	}
	buf_free(&reading.by);
	buf_free(&reading.results);
}
