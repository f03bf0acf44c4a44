/* escape: the one place that knows which characters are dangerous to look at (Unicode TR 36, "Trojan
 * Source"). */
#include "output/escape.h"

#include <stdio.h>

static bool
is_harmless(uint32_t c)
{
	if (c < 0xa0)
		return c >= 0x20 && c < 0x7f;
	if (c == 0xad || c == 0x61c || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb))
		return false; /* soft hyphen, Arabic letter mark, byte order mark, annotations */
	if (c >= 0x200b && c <= 0x206f)
		return (c >= 0x2010 && c <= 0x2027) ||
		       (c >= 0x202f && c <= 0x205f); /* dashes, quotes, blanks */
	return c < 0xe0000 || c > 0xe007f;           /* tags */
}

size_t
escape_harmless(const char *text, size_t len)
{
	size_t i = 0, n;
	uint32_t c;

	while (i < len) {
		if (text[i] >= 0x20 && text[i] < 0x7f) {
			i++;
			continue;
		}
		n = text_utf8(text + i, len - i, &c);
		if (n == 0 || !is_harmless(c))
			break;
		i += n;
	}
	return i;
}

struct escape
escape_read(const char *text, size_t len)
{
	struct escape escape = {.len = 1};

	escape.len = text_utf8(text, len, &escape.value);
	escape.character = escape.len > 0;
	if (!escape.character) {
		escape.len = 1;
		escape.value = (unsigned char)text[0];
	}
	return escape;
}

size_t
escape_text(char to[ESCAPE_TEXT], struct escape escape)
{
	unsigned value = (unsigned)escape.value;
	int n;

	if (!escape.character || value < 0x80)
		n = snprintf(to, ESCAPE_TEXT, "\\x%02x", value & 0xff);
	else if (value < 0x10000)
		n = snprintf(to, ESCAPE_TEXT, "\\u%04x", value & 0xffff);
	else
		n = snprintf(to, ESCAPE_TEXT, "\\U%08x", value);
	return (size_t)n;
}
