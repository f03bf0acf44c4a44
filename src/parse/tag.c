/* tag: the shape of markup. A "<" or "&" that does not have it is text. */
#include "parse/tag.h"

#include <string.h>

bool
tag_name_starts(char c)
{
	c = text_lower(c);
	return (c >= 'a' && c <= 'z') || c == '_' || c == ':' || (unsigned char)c >= 0x80;
}

static bool
is_name_char(char c)
{
	return tag_name_starts(c) || text_is_digit(c) || c == '-' || c == '.';
}

size_t
tag_name_length(const char *text, size_t len)
{
	size_t n = 0;

	if (len == 0 || !tag_name_starts(text[0]))
		return 0;
	while (n < len && is_name_char(text[n]))
		n++;
	return n;
}

struct str
tag_local_name(const char *name, size_t len)
{
	struct str str = {name, len};
	size_t i;

	for (i = 0; i < len; i++)
		if (name[i] == ':') {
			str.data = name + i + 1;
			str.len = len - i - 1;
		}
	return str;
}

/* The five names, and the numbers of characters that XML allows. */
size_t
tag_reference_length(const char *text, size_t len)
{
	static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
	bool hex = len > 3 && text[1] == '#' && text[2] == 'x';
	size_t i, start = hex ? 3 : 2;
	uint32_t value = 0;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (len >= strlen(names[i]) && memcmp(text, names[i], strlen(names[i])) == 0)
			return strlen(names[i]);
	if (len < 4 || text[1] != '#')
		return 0;
	for (i = start; i < len && i < start + 7 && text[i] != ';'; i++) {
		if (!text_is_digit(text[i]) &&
		    !(hex && text_lower(text[i]) >= 'a' && text_lower(text[i]) <= 'f'))
			return 0;
		value = value * (hex ? 16 : 10) +
			(uint32_t)(text_is_digit(text[i]) ? text[i] - '0' : text_lower(text[i]) - 'a' + 10);
	}
	if (i == start || i >= len || text[i] != ';' || value < 0x20 || (value >= 0xd800 && value < 0xe000) ||
	    value > 0x10ffff || value == 0xfffe || value == 0xffff)
		return 0;
	return i + 1;
}

/* Reads "name", "name=value", "name = 'value'"; false when it is none of these. */
static bool
read_attribute(struct tag *tag, const char *text, size_t len, size_t *at)
{
	size_t n = tag_name_length(text + *at, len - *at), start = *at;
	struct str value = {"", 0};
	const char *end;

	if (n == 0)
		return false;
	*at += n;
	while (*at < len && text_is_blank(text[*at]))
		(*at)++;
	if (*at >= len || text[*at] != '=')
		return false;
	do
		(*at)++;
	while (*at < len && text_is_blank(text[*at]));
	if (*at >= len || (text[*at] != '"' && text[*at] != '\''))
		return false;
	value.data = text + *at + 1;
	end = memchr(value.data, text[*at], len - *at - 1);
	if (end == NULL || memchr(value.data, '<', (size_t)(end - value.data)) != NULL)
		return false;
	value.len = (size_t)(end - value.data);
	*at += value.len + 2;
	if (text_same_nocase(text + start, n, "lang") || text_same_nocase(text + start, n, "xml:lang"))
		tag->lang = value;
	else if (text_same_nocase(text + start, n, "xmlns"))
		tag->space = value;
	return true;
}

bool
tag_read(struct tag *tag, const char *text, size_t len)
{
	struct str local;
	size_t at;

	memset(tag, 0, sizeof *tag);
	tag->name = tag_name_length(text + 1, len - 1);
	if (tag->name == 0 || tag->name >= TAG_NAME_ROOM)
		return false;
	local = tag_local_name(text + 1, tag->name);
	if (tag_name_length(local.data, local.len) == 0)
		return false;
	for (at = tag->name + 1; at < len;) {
		if (text[at] == '>') {
			tag->end = at + 1;
			return true;
		}
		if (text[at] == '/' && at + 1 < len && text[at + 1] == '>') {
			tag->empty = true;
			tag->end = at + 2;
			return true;
		}
		if (text_is_blank(text[at])) {
			at++;
			continue;
		}
		if (!text_is_blank(text[at - 1]) && text[at - 1] != '"' && text[at - 1] != '\'')
			return false;
		if (!read_attribute(tag, text, len, &at))
			return false;
	}
	return false;
}

void
tag_put_escaped(struct buf *to, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '<')
			(void)buf_add_text(to, "&lt;");
		else if (text[i] == '&')
			(void)buf_add_text(to, "&amp;");
		else if (text[i] == '"')
			(void)buf_add_text(to, "&quot;");
		else if (text[i] == '>')
			(void)buf_add_text(to, "&gt;");
		else
			(void)buf_add(to, text + i, 1);
	}
}

void
tag_put_attribute(struct buf *to, const char *name, struct str value)
{
	if (value.data == NULL)
		return;
	(void)buf_add_text(to, " ");
	(void)buf_add_text(to, name);
	(void)buf_add_text(to, "=\"");
	tag_put_escaped(to, value.data, value.len);
	(void)buf_add_text(to, "\"");
}
