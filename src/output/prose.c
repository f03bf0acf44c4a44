/* prose: paragraphs of words for a terminal; the words are made harmless as the cells of a table are. */
#include "output/prose.h"

#include "output/driver.h"
#include "output/table.h"

#include <string.h>

static const char *const style_begin[] = {
    [PROSE_PLAIN] = "",
    [PROSE_BOLD] = "\033[1m",
    [PROSE_GOOD] = "\033[32m",
    [PROSE_BAD] = "\033[31m",
    [PROSE_DIM] = "\033[2m",
};

static void
put_blanks(struct prose *prose, size_t count)
{
	for (; count > 0; count--)
		output_byte(prose->out, ' ');
}

void
prose_begin(struct prose *prose, struct output *out, size_t first, size_t indent)
{
	*prose = (struct prose){.out = out, .indent = indent, .used = first};
	put_blanks(prose, first);
}

static void
new_line(struct prose *prose)
{
	output_byte(prose->out, '\n');
	put_blanks(prose, prose->indent);
	prose->used = prose->indent;
	prose->begun = false;
}

static void
put_word(struct prose *prose, enum prose_style style, const char *word, size_t width)
{
	size_t room = prose_room(prose->out);
	bool colour = prose->out->options.colour && style != PROSE_PLAIN;

	if (prose->begun && room > 0 && prose->used + 1 + width > room)
		new_line(prose);
	if (prose->begun) {
		put_blanks(prose, 1);
		prose->used++;
	}
	if (colour)
		output_text(prose->out, style_begin[style]);
	output_text(prose->out, word);
	if (colour)
		output_text(prose->out, "\033[0m");
	prose->used += width;
	prose->begun = true;
}

static void
add_piece(struct prose *prose, enum prose_style style, struct str piece)
{
	struct cell cell = {.known = true, .text = piece};
	struct arena arena;
	const char *word;

	if (piece.len == 0)
		return;
	arena_init(&arena);
	word = table_text(&arena, &cell, CELL_TEXT);
	put_word(prose, style, word, table_width(word));
	arena_free(&arena);
}

/* The length of the first word; a number and the percent sign behind it are one: "2 %". */
static size_t
word_len(struct str text)
{
	const char *end = text.data + text.len, *blank = memchr(text.data, ' ', text.len);

	while (blank != NULL && blank > text.data && blank + 1 < end && blank[1] == '%')
		blank = memchr(blank + 1, ' ', (size_t)(end - blank - 1));
	return blank == NULL ? text.len : (size_t)(blank - text.data);
}

void
prose_add(struct prose *prose, enum prose_style style, struct str text)
{
	size_t len;

	for (; text.len > 0; text.data += len, text.len -= len) {
		len = word_len(text);
		add_piece(prose, style, (struct str){text.data, len});
		len += len < text.len;
	}
}

void
prose_add_whole(struct prose *prose, enum prose_style style, struct str text)
{
	add_piece(prose, style, text);
}

void
prose_pad(struct prose *prose, size_t column)
{
	size_t count = prose->used < column ? column - prose->used : prose->begun ? 1 : 0;

	put_blanks(prose, count);
	prose->used += count;
	prose->begun = false;
}

void
prose_end(struct prose *prose)
{
	output_byte(prose->out, '\n');
}

void
prose_text(struct output *out, size_t first, size_t indent, enum prose_style style, struct str text)
{
	struct prose prose;

	prose_begin(&prose, out, first, indent);
	prose_add(&prose, style, text);
	prose_end(&prose);
}

void
prose_gap(struct output *out)
{
	output_byte(out, '\n');
}

size_t
prose_width(struct str text)
{
	struct cell cell = {.known = true, .text = text};
	struct arena arena;
	size_t width;

	arena_init(&arena);
	width = table_width(table_text(&arena, &cell, CELL_TEXT));
	arena_free(&arena);
	return width;
}

size_t
prose_room(const struct output *out)
{
	return out->options.width;
}
