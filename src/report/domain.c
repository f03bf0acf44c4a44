/* domain: names in the one form in which they can be compared. The only place that knows libidn2. */
#include "report/value.h"

#include <idn2.h>
#include <string.h>

enum { DOMAIN_MAX = 253, LABEL_MAX = 63, TEXT_MAX = 1024 };

/* Letters, digits, hyphens and the underscores of real zones, in labels of 1 to 63 bytes. */
static bool
is_domain(const char *text, size_t len)
{
	size_t i, label = 0;

	if (len == 0 || len > DOMAIN_MAX)
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] == '.') {
			if (label == 0)
				return false;
			label = 0;
			continue;
		}
		if (!(text[i] >= 'a' && text[i] <= 'z') && !text_is_digit(text[i]) && text[i] != '-' &&
		    text[i] != '_')
			return false;
		if (++label > LABEL_MAX)
			return false;
	}
	return label > 0;
}

static bool
is_ascii(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* U-labels to A-labels; false when IDNA refuses the name. */
static bool
to_ascii(struct str *out, struct str text, struct arena *arena)
{
	char copy[TEXT_MAX], *ascii = NULL;
	bool good;

	if (text.len >= sizeof copy)
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	good = idn2_to_ascii_8z(copy, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK &&
	       is_domain(ascii, strlen(ascii));
	if (good)
		*out = arena_str(arena, str_of(ascii));
	idn2_free(ascii);
	return good;
}

enum fit
value_domain(struct str *out, struct str text, struct arena *arena)
{
	char *letters = arena_alloc(arena, text.len + 1);

	memcpy(letters, text.data, text.len);
	text_lower_all(letters, text.len);
	out->data = letters;
	out->len = text.len;
	if (out->len > 1 && letters[out->len - 1] == '.')
		out->len--;
	if (is_domain(out->data, out->len))
		return FIT_GOOD;
	if (!is_ascii(out->data, out->len) && to_ascii(out, *out, arena))
		return FIT_GOOD;
	return FIT_NONE;
}
