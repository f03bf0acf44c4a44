/* text: small exact readers. Every number that comes from outside passes text_u64 or text_i64. */
#include "base/text.h"

#include <string.h>

struct str
str_of(const char *text)
{
	struct str str = {text, text == NULL ? 0 : strlen(text)};

	return str;
}

bool
str_eq(struct str str, const char *text)
{
	return str.data != NULL && strlen(text) == str.len && memcmp(str.data, text, str.len) == 0;
}

bool
str_same(struct str a, struct str b)
{
	if (a.data == NULL || b.data == NULL)
		return a.data == b.data;
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

struct str
str_trim(struct str str)
{
	while (str.len > 0 && text_is_blank(str.data[0])) {
		str.data++;
		str.len--;
	}
	while (str.len > 0 && text_is_blank(str.data[str.len - 1]))
		str.len--;
	return str;
}

bool
str_has_time(struct str str)
{
	size_t i;

	for (i = 2; i + 2 < str.len; i++)
		if (str.data[i] == ':' && text_is_digit(str.data[i - 1]) && text_is_digit(str.data[i + 1]) &&
		    text_is_digit(str.data[i + 2]))
			return true;
	return false;
}

bool
text_u64(uint64_t *out, const char *text, size_t len)
{
	uint64_t value = 0, digit;
	size_t i;

	if (len == 0)
		return false;
	for (i = 0; i < len; i++) {
		if (!text_is_digit(text[i]))
			return false;
		digit = (uint64_t)(text[i] - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

bool
text_i64(int64_t *out, const char *text, size_t len, int64_t least, int64_t most)
{
	bool minus = len > 0 && text[0] == '-';
	size_t skip = len > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
	uint64_t value;
	int64_t result;

	/* A missing text has no place to count from. */
	if (len == 0 || !text_u64(&value, text + skip, len - skip) || value > (uint64_t)INT64_MAX)
		return false;
	result = minus ? -(int64_t)value : (int64_t)value;
	if (result < least || result > most)
		return false;
	*out = result;
	return true;
}

char
text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool
text_is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

void
text_lower_all(char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = text_lower(text[i]);
}

bool
text_same_nocase(const char *a, size_t a_len, const char *b)
{
	size_t i;

	for (i = 0; i < a_len; i++)
		if (b[i] == '\0' || text_lower(a[i]) != text_lower(b[i]))
			return false;
	return b[a_len] == '\0';
}

long
text_find_nocase(const char *text, size_t len, const char *needle)
{
	size_t n = strlen(needle), i, k;

	for (i = 0; i + n <= len; i++) {
		for (k = 0; k < n && text_lower(text[i + k]) == text_lower(needle[k]); k++)
			continue;
		if (k == n)
			return (long)i;
	}
	return -1;
}

size_t
text_utf8(const char *text, size_t len, uint32_t *point)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *s = (const unsigned char *)text;
	uint32_t value;
	size_t n, i;

	if (len == 0)
		return 0;
	if (s[0] < 0x80) {
		*point = s[0];
		return 1;
	}
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || n > len)
		return 0;
	value = s[0] & (0x7fU >> n);
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3fU);
	}
	if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*point = value;
	return n;
}

size_t
text_utf8_put(char *to, uint32_t point)
{
	unsigned char *out = (unsigned char *)to;

	if (point < 0x80) {
		out[0] = (unsigned char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (unsigned char)(0xc0 | point >> 6);
		out[1] = (unsigned char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (unsigned char)(0xe0 | point >> 12);
		out[1] = (unsigned char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (unsigned char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (unsigned char)(0xf0 | point >> 18);
	out[1] = (unsigned char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (unsigned char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (unsigned char)(0x80 | (point & 0x3f));
	return 4;
}
