/* redact: looks for addresses in text from anyone, so it takes too much rather than too little. */
#include "query/redact.h"

#include "analysis/sources.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "report/value.h"

#include <stdlib.h>
#include <string.h>

enum {
	ADDRESS_TEXT = 46,    /* of an IP address, with a NUL */
	MOST_TEXT = 67108864, /* a list of 100 results of 64 KiB with networks for addresses */
};

struct redact {
	bool local_parts, host_bits;
	struct arena arena; /* of one row */
	struct buf text;
};

struct redact *
redact_new(bool local_parts, bool host_bits)
{
	struct redact *redact = mem_zero(1, sizeof *redact);

	redact->local_parts = local_parts;
	redact->host_bits = host_bits;
	arena_init(&redact->arena);
	buf_init(&redact->text, MOST_TEXT);
	return redact;
}

void
redact_begin(struct redact *redact)
{
	arena_reset(&redact->arena);
}

/* Anything that is not a blank or a bracket may stand in a local part (RFC 5322 s. 3.2.3, RFC 6531). */
static bool
is_local(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f && strchr("<>()[],;:\"@", c) == NULL;
}

/* Where the local part begins that ends at text[end], an @. */
static size_t
local_begin(const char *text, size_t end)
{
	size_t at = end;

	if (at > 0 && text[at - 1] == '"') {
		for (at--; at > 0 && text[at - 1] != '"'; at--)
			continue;
		return at > 0 ? at - 1 : 0;
	}
	while (at > 0 && is_local(text[at - 1]))
		at--;
	return at;
}

static struct str
without_local_parts(struct redact *redact, struct str text)
{
	struct buf *to = &redact->text;
	size_t done = 0, i, from;

	if (text.len == 0 || memchr(text.data, '@', text.len) == NULL)
		return text;
	buf_clear(to);
	for (i = 0; i < text.len; i++) {
		if (text.data[i] != '@')
			continue;
		from = local_begin(text.data, i);
		from = from < done ? done : from;
		(void)buf_add(to, text.data + done, from - done);
		if (from < i)
			(void)buf_add_text(to, "*");
		done = i;
	}
	(void)buf_add(to, text.data + done, text.len - done);
	return arena_str(&redact->arena, (struct str){(const char *)to->data, to->len});
}

static bool
is_hex(char c)
{
	return text_is_digit(c) || (text_lower(c) >= 'a' && text_lower(c) <= 'f');
}

static bool
is_word(char c)
{
	return text_is_digit(c) || (text_lower(c) >= 'a' && text_lower(c) <= 'z');
}

/* Whether text is an address; its network then. */
static bool
network_of(char to[SUBNET_TEXT], struct redact *redact, struct str text)
{
	unsigned char ip[16];
	struct str canonical;

	if (value_ip(ip, &canonical, text, &redact->arena) != FIT_GOOD)
		return false;
	(void)source_subnet(to, ip);
	return true;
}

/* The length of the longest address at the beginning; 0: there is none. */
static size_t
address_at(char to[SUBNET_TEXT], struct redact *redact, const char *text, size_t len)
{
	size_t n = 0, signs = 0;

	while (n < len && n < ADDRESS_TEXT - 1 && (is_hex(text[n]) || text[n] == ':' || text[n] == '.')) {
		signs += text[n] == ':' || text[n] == '.';
		n++;
	}
	for (; signs >= 2 && n >= 2; n--)
		if ((n == len || !is_word(text[n])) && network_of(to, redact, (struct str){text, n}))
			return n;
	return 0;
}

static struct str
without_host_bits(struct redact *redact, struct str text)
{
	struct buf *to = &redact->text;
	char network[SUBNET_TEXT];
	size_t done = 0, i, n;

	buf_clear(to);
	for (i = 0; i < text.len; i++) {
		if ((!is_hex(text.data[i]) && text.data[i] != ':') || (i > 0 && is_word(text.data[i - 1])))
			continue;
		n = address_at(network, redact, text.data + i, text.len - i);
		if (n == 0)
			continue;
		(void)buf_add(to, text.data + done, i - done);
		(void)buf_add_text(to, network);
		done = i + n;
		i = done - 1;
	}
	if (done == 0)
		return text;
	(void)buf_add(to, text.data + done, text.len - done);
	return arena_str(&redact->arena, (struct str){(const char *)to->data, to->len});
}

static struct str
redact_text(struct redact *redact, struct str text)
{
	if (redact->local_parts)
		text = without_local_parts(redact, text);
	return redact->host_bits ? without_host_bits(redact, text) : text;
}

static const struct list *
redact_list(struct redact *redact, const struct list *list)
{
	struct list *copy = arena_alloc(&redact->arena, sizeof *copy);
	size_t count = list->count * list->key_count, i;
	struct str *values = arena_alloc(&redact->arena, (count + 1) * sizeof *values);

	for (i = 0; i < count; i++)
		values[i] = redact_text(redact, list->values[i]);
	*copy = *list;
	copy->values = values;
	return copy;
}

/* Names of things in the database, which an address may look like. */
static bool
stays(const struct column *column)
{
	return strcmp(column->name, "report_id") == 0 || strcmp(column->name, "raw_report_id") == 0 ||
	       strcmp(column->name, "original_sha256") == 0;
}

void
redact_cells(struct redact *redact, struct cell *cells, const struct column *columns, size_t count)
{
	char network[SUBNET_TEXT];
	size_t i;

	for (i = 0; i < count; i++) {
		if (!cells[i].known || stays(&columns[i]) ||
		    (columns[i].type != CELL_TEXT && columns[i].type != CELL_LIST))
			continue;
		if (redact->host_bits && strcmp(columns[i].name, "source_ip") == 0)
			cells[i].known = network_of(network, redact, cells[i].text);
		cells[i].text = redact_text(redact, cells[i].text);
		if (columns[i].type == CELL_LIST)
			cells[i].list = redact_list(redact, cells[i].list);
	}
}

void
redact_free(struct redact *redact)
{
	if (redact == NULL)
		return;
	arena_free(&redact->arena);
	buf_free(&redact->text);
	free(redact);
}
