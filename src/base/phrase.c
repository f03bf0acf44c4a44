/* phrase: see phrase.h. */
#include "base/phrase.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct phrase
phrase_in(char *to, size_t size)
{
	to[0] = '\0';
	return (struct phrase){to, 0, size};
}

void
phrase_add(struct phrase *phrase, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(phrase->to + phrase->len, phrase->size - phrase->len, format, args);
	va_end(args);
	if (len > 0)
		phrase->len += (size_t)len;
	if (phrase->len >= phrase->size)
		phrase->len = phrase->size - 1;
}

static void
add_bytes(struct phrase *phrase, const char *bytes, size_t len)
{
	size_t room = phrase->size - phrase->len - 1;

	len = len < room ? len : room;
	memcpy(phrase->to + phrase->len, bytes, len);
	phrase->len += len;
	phrase->to[phrase->len] = '\0';
}

void
phrase_text(struct phrase *phrase, const char *text)
{
	add_bytes(phrase, text, strlen(text));
}

void
phrase_str(struct phrase *phrase, struct str text, size_t most)
{
	size_t len = text.data == NULL ? 0 : strnlen(text.data, text.len > most ? most : text.len);

	while (len < text.len && len > 0 && ((unsigned char)text.data[len] & 0xc0) == 0x80)
		len--;
	if (len > 0)
		add_bytes(phrase, text.data, len);
}
