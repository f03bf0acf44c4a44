/*
 * csv: RFC 4180: CRLF, a header line, quotes where needed, UTF-8. A text that a spreadsheet would take for a
 * formula gets a ' in front; what a terminal would obey is shown as \xNN. Only the rows of an answer: its
 * other sections have no place.
 */
#include "output/driver.h"
#include "output/escape.h"

#include <string.h>

/* Blank, tab, CR and LF may stand in a quoted cell; other control characters may not. */
static size_t
csv_harmless(const char *text, size_t len)
{
	size_t n = 0;

	for (;;) {
		n += escape_harmless(text + n, len - n);
		if (n == len || (text[n] != '\t' && text[n] != '\r' && text[n] != '\n'))
			return n;
		n++;
	}
}

/* What Excel, LibreOffice and others calculate: = + - @, also in full width, also behind a tab or line end.
 */
static bool
is_formula(const char *text, size_t len)
{
	static const char *const wide[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};
	size_t i;

	switch (len == 0 ? '\0' : text[0]) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r':
	case '\n':
		return true;
	case '\xef':
		for (i = 0; i < 4 && len >= 3; i++)
			if (memcmp(text, wide[i], 3) == 0)
				return true;
		return false;
	default:
		return false;
	}
}

/* Text inside quotes. */
static void
put_quoted(struct output *out, const char *text, size_t len)
{
	const char *quote;
	char visible[ESCAPE_TEXT];
	struct escape escape;
	size_t n;

	while (len > 0) {
		n = csv_harmless(text, len);
		while (n > 0 && (quote = memchr(text, '"', n)) != NULL) {
			output_put(out, text, (size_t)(quote - text) + 1);
			output_byte(out, '"');
			n -= (size_t)(quote - text) + 1;
			len -= (size_t)(quote - text) + 1;
			text = quote + 1;
		}
		output_put(out, text, n);
		text += n;
		len -= n;
		if (len > 0) {
			escape = escape_read(text, len);
			output_put(out, visible, escape_text(visible, escape));
			text += escape.len;
			len -= escape.len;
		}
	}
}

/* Nothing that needs quotes or a second look: letters, digits, most signs and blanks inside. */
static bool
is_bare(const char *text, size_t len)
{
	/* Bit N of word M: the character 64 * M + N may stand so: 20 to 7e but " and ,; none beyond ASCII. */
	static const uint64_t bare[4] = {0xffffeffb00000000U, 0x7fffffffffffffffU, 0, 0};
	size_t i;

	for (i = 0; i < len; i++)
		if ((bare[(unsigned char)text[i] >> 6] >> (text[i] & 63) & 1) == 0)
			return false;
	return len == 0 || (text[0] != ' ' && text[len - 1] != ' ');
}

static void
put_cell_text(struct output *out, struct str text)
{
	bool formula = is_formula(text.data, text.len);

	if (!formula && is_bare(text.data, text.len)) {
		output_put(out, text.data, text.len);
		return;
	}
	output_byte(out, '"');
	if (formula)
		output_byte(out, '\'');
	put_quoted(out, text.data, text.len);
	output_byte(out, '"');
}

static void
csv_section(struct output *out, const struct section *section)
{
	size_t i;

	if (section->shape != SHAPE_ROWS)
		return;
	for (i = 0; i < output_values(section); i++) {
		output_text(out, i == 0 ? "" : ",");
		output_text(out, section->columns[i].name);
	}
	output_text(out, "\r\n");
}

static void
csv_cells(struct output *out, const struct cell *cells, size_t first, size_t count)
{
	const struct column *columns = out->section->columns;
	char plain[CELL_PLAIN];
	size_t i;

	for (i = first; i < first + count; i++) {
		if (i > 0)
			output_byte(out, ',');
		if (!cells[i].known)
			continue;
		if (columns[i].type == CELL_TEXT || columns[i].type == CELL_LIST)
			put_cell_text(out, cells[i].text);
		else
			output_put(out, plain, cell_plain(plain, &cells[i], columns[i].type));
	}
}

static void
csv_row(struct output *out, const struct cell *cells)
{
	if (out->section->shape != SHAPE_ROWS)
		return;
	output_cells(out, cells);
	output_put(out, "\r\n", 2);
}

const struct output_class output_csv = {
    .name = "csv",
    .section = csv_section,
    .row = csv_row,
    .cells = csv_cells,
};
