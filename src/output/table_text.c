/* table_text: cells as people read them, and how wide they are. */
#include "output/table.h"

#include "base/buf.h"
#include "output/driver.h"
#include "output/escape.h"

#include <string.h>
#include <wchar.h>

enum { SHOWN_TEXT = 4000 /* bytes of one cell; nobody reads more in a table */ };

static const char *
text_in(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

/* Harmful things in their visible form; what is too long ends where the room ends. */
static const char *
harmless_text(struct arena *arena, struct str from)
{
	char visible[ESCAPE_TEXT];
	const char *result;
	struct escape escape;
	struct buf buf;
	size_t n;

	buf_init(&buf, SHOWN_TEXT * (ESCAPE_TEXT + 1));
	if (from.len > SHOWN_TEXT)
		from.len = SHOWN_TEXT;
	while (from.len > 0) {
		n = escape_harmless(from.data, from.len);
		(void)buf_add(&buf, from.data, n);
		from.data += n;
		from.len -= n;
		if (from.len == 0)
			break;
		escape = escape_read(from.data, from.len);
		(void)buf_add(&buf, visible, escape_text(visible, escape));
		from.data += escape.len;
		from.len -= escape.len;
	}
	result = text_in(arena, (const char *)buf.data, buf.len);
	buf_free(&buf);
	return result;
}

/* 1234567 as 1,234,567. */
static const char *
thousands(struct arena *arena, const char *digits, size_t len)
{
	size_t sign = digits[0] == '-' ? 1 : 0, groups = (len - sign - 1) / 3, i;
	char *text = arena_alloc(arena, len + groups + 1), *to = text;

	for (i = 0; i < len; i++) {
		if (i > sign && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return text;
}

/* One decimal; 100.0% only for all of it and 0.0% only for nothing. */
static const char *
percent_text(struct arena *arena, int64_t number, int64_t whole)
{
	double percent = 100.0 * (double)number / (double)whole;
	int64_t tenths = (int64_t)(percent * 10 + 0.5);
	struct cell cell = {.known = true, .number = 0, .whole = 1000};
	char text[CELL_PLAIN];
	size_t len;

	if (number > 0 && tenths == 0)
		return "<0.1%";
	if (number < whole && tenths >= 1000)
		tenths = 999;
	cell.number = tenths;
	len = cell_plain(text, &cell, CELL_PERCENT);
	if (tenths % 10 == 0) {
		memcpy(text + len, ".0", 2);
		len += 2;
	}
	text[len++] = '%';
	return text_in(arena, text, len);
}

const char *
table_text(struct arena *arena, const struct cell *cell, enum cell_type type)
{
	char plain[CELL_PLAIN];
	size_t len;

	if (!cell->known)
		return TABLE_UNKNOWN;
	switch (type) {
	case CELL_TEXT:
	case CELL_LIST:
		return harmless_text(arena, cell->text);
	case CELL_FLAG:
		return cell->number != 0 ? "yes" : "no";
	case CELL_MARK:
		return cell->number != 0 ? "yes" : "";
	case CELL_PERCENT:
		return percent_text(arena, cell->number, cell->whole);
	case CELL_TIME:
		len = cell_plain(plain, cell, type);
		if (len == 20) {
			plain[10] = ' ';
			len = 16;
		}
		return text_in(arena, plain, len);
	case CELL_DAY:
	case CELL_ID:
		len = cell_plain(plain, cell, type);
		return text_in(arena, plain, len);
	default:
		len = cell_plain(plain, cell, type);
		return thousands(arena, plain, len);
	}
}

/* Width of the character at the beginning; *len gets its bytes. */
static size_t
char_width(const char *text, size_t *len)
{
	uint32_t point;
	int width;

	*len = text_utf8(text, strlen(text), &point);
	if (*len == 0) {
		*len = 1;
		return 1;
	}
	width = wcwidth((wchar_t)point);
	return width < 0 ? 1 : (size_t)width;
}

size_t
table_width(const char *text)
{
	size_t width = 0, len;

	for (; *text != '\0'; text += len)
		width += char_width(text, &len);
	return width;
}

/* Bytes at the beginning that take at most so many columns. */
static size_t
head_bytes(const char *text, size_t width)
{
	size_t bytes = 0, used = 0, len;

	while (text[bytes] != '\0') {
		used += char_width(text + bytes, &len);
		if (used > width)
			break;
		bytes += len;
	}
	return bytes;
}

/* "pass esp.example (not aligned)" without what stands in brackets at its end. */
static const char *
without_note(struct arena *arena, const char *text)
{
	size_t len = strlen(text);
	const char *note = len > 0 && text[len - 1] == ')' ? strstr(text, " (") : NULL;

	return note == NULL || note == text ? text : text_in(arena, text, (size_t)(note - text));
}

const char *
table_cut(struct arena *arena, const char *text, size_t width)
{
	size_t all = table_width(text), head, tail, mark;
	char *cut;

	if (all <= width)
		return text;
	text = without_note(arena, text);
	if ((all = table_width(text)) <= width)
		return text;
	mark = width >= 6 ? 2 : 0;
	head = head_bytes(text, (width - mark) / 2);
	tail = head_bytes(text, all - (width - mark - (width - mark) / 2));
	cut = arena_alloc(arena, head + mark + strlen(text + tail) + 1);
	memcpy(cut, text, head);
	memset(cut + head, '.', mark);
	memcpy(cut + head + mark, text + tail, strlen(text + tail) + 1);
	return cut;
}
