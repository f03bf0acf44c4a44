/* table_below: what becomes of the columns that a table has no room for. */
#include "output/driver.h"
#include "output/table.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 4 };

/* A line of words that is broken before the terminal ends. */
struct line {
	struct output *out;
	size_t used, indent;
	bool begun; /* a word stands on it */
};

static void
line_new(struct line *line)
{
	size_t i;

	if (line->begun)
		output_byte(line->out, '\n');
	for (i = 0; i < line->indent; i++)
		output_byte(line->out, ' ');
	line->used = line->indent;
	line->begun = false;
}

/* Whether so much more passes the end of the terminal. */
static bool
has_no_room(const struct line *line, size_t width)
{
	return line->out->options.width > 0 && line->used + width > line->out->options.width;
}

static void
put_word(struct line *line, const char *word, size_t len, size_t width)
{
	if (line->begun && has_no_room(line, 1 + width))
		line_new(line);
	if (line->begun) {
		output_byte(line->out, ' ');
		line->used++;
	}
	output_put(line->out, word, len);
	line->used += width;
	line->begun = true;
}

static void
put_words(struct line *line, struct arena *arena, const char *text)
{
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		put_word(line, text, len, table_width(arena_str(arena, (struct str){text, len}).data));
	}
}

/* "Title: value", on a line of its own when it is to have one, or would be broken here and not there. */
static void
put_item(struct line *line, struct arena *arena, const struct column *column, const char *text)
{
	size_t width = table_width(column->title) + 2 + table_width(text);
	size_t indent = line->indent;

	if (line->begun && (column->priority == BELOW || has_no_room(line, 2 + width)))
		line_new(line);
	else if (line->begun) {
		output_byte(line->out, ' ');
		line->used++;
	}
	put_words(line, arena, column->title);
	output_byte(line->out, ':');
	line->used++;
	line->indent += column->priority == BELOW ? INDENT : 0;
	put_words(line, arena, text);
	line->indent = indent;
}

void
table_wrap(struct output *out, struct arena *arena, size_t indent, const char *text)
{
	struct line line = {.out = out, .used = indent, .indent = indent};

	put_words(&line, arena, text);
	output_byte(out, '\n');
}

static bool
says_nothing(const struct column *column, const char *text)
{
	return text[0] == '\0' || strcmp(text, TABLE_UNKNOWN) == 0 || (column->priority & COLUMN_WIDE) != 0 ||
	       (column->type == CELL_INTEGER && strcmp(text, "0") == 0);
}

void
table_below(struct output *out, const struct table_fit *fit, const char *const *cells)
{
	const struct section *section = out->section;
	struct line line = {.out = out, .indent = INDENT};
	struct arena arena;
	bool begun = false;
	size_t i;

	arena_init(&arena);
	for (i = 0; i < section->count; i++) {
		if (fit->width[i] > 0 || fit->same[i] || says_nothing(&section->columns[i], cells[i]))
			continue;
		if (!begun)
			line_new(&line);
		begun = true;
		put_item(&line, &arena, &section->columns[i], cells[i]);
	}
	if (begun)
		output_byte(out, '\n');
	arena_free(&arena);
}

void
table_same(struct output *out, const struct table_fit *fit, const char *const *cells, size_t rows)
{
	const struct section *section = out->section;
	struct line line = {.out = out, .indent = INDENT};
	struct arena arena;
	char head[48];
	size_t i;

	arena_init(&arena);
	(void)snprintf(head, sizeof head, "In all %zu rows above:", rows);
	for (i = 0; i < section->count; i++) {
		if (!fit->same[i] || cells[i][0] == '\0' ||
		    (section->columns[i].priority > 0 && strcmp(cells[i], TABLE_UNKNOWN) == 0))
			continue;
		if (!line.begun)
			put_words(&line, &arena, head);
		put_item(&line, &arena, &section->columns[i], cells[i]);
	}
	if (line.begun)
		output_byte(out, '\n');
	arena_free(&arena);
}

void
table_left_out(struct output *out, const struct table_fit *fit)
{
	static const char head[] = "Not shown at this width:";
	const struct section *section = out->section;
	struct line line = {.out = out};
	size_t i, len;
	bool begun = false;

	for (i = 0; i < output_values(section); i++) {
		if (fit->width[i] > 0 || fit->empty[i])
			continue;
		if (begun)
			output_byte(out, ',');
		else
			put_word(&line, head, sizeof head - 1, sizeof head - 1);
		begun = true;
		len = strlen(section->columns[i].name);
		put_word(&line, section->columns[i].name, len, len + 1);
	}
	if (begun)
		output_text(out, ".\n");
}
