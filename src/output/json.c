/*
 * json: one object per answer, or one object per line (RFC 8259), written as it comes: an export of millions
 * of rows can't be built in memory first. Always valid UTF-8; what a terminal would obey is written as
 * \uNNNN. docs/output.md is the schema.
 */
#include "output/driver.h"
#include "output/escape.h"

#include <stdio.h>
#include <string.h>

static const char *
type_word(enum cell_type type)
{
	static const char *const word[] = {
	    [CELL_TEXT] = "text",
	    [CELL_INTEGER] = "integer",
	    [CELL_ID] = "integer",
	    [CELL_PERCENT] = "percent",
	    [CELL_BYTES] = "bytes",
	    [CELL_DAY] = "day",
	    [CELL_TIME] = "time",
	    [CELL_FLAG] = "flag",
	    [CELL_MARK] = "flag",
	    [CELL_LIST] = "list",
	};

	return word[type];
}

/* A character as \uNNNN, above U+FFFF as two; a byte that is no UTF-8 as the text \xNN. */
static void
put_escape(struct output *out, struct escape escape)
{
	unsigned value = (unsigned)escape.value;
	char text[24];

	if (!escape.character)
		(void)snprintf(text, sizeof text, "\\\\x%02x", value & 0xff);
	else if (value < 0x10000)
		(void)snprintf(text, sizeof text, "\\u%04x", value);
	else
		(void)snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xd800 + ((value - 0x10000) >> 10),
		    0xdc00 + (value & 0x3ff));
	output_text(out, text);
}

/* Harmless text with quotes and backslashes escaped. */
static void
put_harmless(struct output *out, const char *text, size_t len)
{
	size_t from = 0, i;

	for (i = 0; i < len; i++) {
		if (text[i] != '"' && text[i] != '\\')
			continue;
		output_put(out, text + from, i - from);
		output_byte(out, '\\');
		from = i;
	}
	output_put(out, text + from, len - from);
}

void
output_json_text(struct output *out, struct str str)
{
	const char *text = str.data;
	size_t len = str.len, n;
	struct escape escape;

	output_byte(out, '"');
	while (len > 0) {
		n = escape_harmless(text, len);
		put_harmless(out, text, n);
		text += n;
		len -= n;
		if (len > 0) {
			escape = escape_read(text, len);
			put_escape(out, escape);
			text += escape.len;
			len -= escape.len;
		}
	}
	output_byte(out, '"');
}

static void
put_list(struct output *out, const struct list *list)
{
	const struct str *value = list->values;
	size_t i, k;

	output_byte(out, '[');
	for (i = 0; i < list->count; i++) {
		output_text(out, i == 0 ? "{" : ",{");
		for (k = 0; k < list->key_count; k++, value++) {
			output_text(out, k == 0 ? "\"" : ",\"");
			output_text(out, list->keys[k]);
			output_put(out, "\":", 2);
			if (value->data == NULL)
				output_text(out, "null");
			else
				output_json_text(out, *value);
		}
		output_byte(out, '}');
	}
	output_byte(out, ']');
}

static void
put_cell(struct output *out, const struct cell *cell, enum cell_type type)
{
	char plain[CELL_PLAIN];

	if (!cell->known) {
		output_text(out, "null");
	} else if (type == CELL_TEXT) {
		output_json_text(out, cell->text);
	} else if (type == CELL_LIST) {
		put_list(out, cell->list);
	} else if (type == CELL_DAY || type == CELL_TIME) {
		output_byte(out, '"');
		output_put(out, plain, cell_plain(plain, cell, type));
		output_byte(out, '"');
	} else {
		output_put(out, plain, cell_plain(plain, cell, type));
	}
}

static void
json_cells(struct output *out, const struct cell *cells, size_t first, size_t count)
{
	const struct column *columns = out->section->columns;
	size_t i;

	for (i = first; i < first + count; i++) {
		output_text(out, i == 0 ? "\"" : ",\"");
		output_text(out, columns[i].name);
		output_put(out, "\":", 2);
		put_cell(out, &cells[i], columns[i].type);
	}
}

static void
put_object(struct output *out, const struct cell *cells)
{
	output_byte(out, '{');
	output_cells(out, cells);
	output_byte(out, '}');
}

static void
put_window(struct output *out, const struct window *window)
{
	struct cell since = {.known = window->known, .number = window->since};
	struct cell until = {.known = window->known, .number = window->until};

	output_text(out, ",\n\"window\": {\"since\": ");
	put_cell(out, &since, CELL_DAY);
	output_text(out, ", \"until\": ");
	put_cell(out, &until, CELL_DAY);
	output_byte(out, '}');
}

static void
json_begin(struct output *out, const char *query, const struct window *window)
{
	char head[64];

	(void)snprintf(head, sizeof head, "{\n\"format\": %d,\n\"query\": ", OUTPUT_FORMAT);
	output_text(out, head);
	output_json_text(out, str_of(query));
	if (window != NULL)
		put_window(out, window);
	else
		output_text(out, ",\n\"window\": null");
}

static void
put_columns(struct output *out, const struct section *section)
{
	size_t i;

	output_text(out, ",\n\"columns\": [\n");
	for (i = 0; i < output_values(section); i++) {
		output_text(out, i == 0 ? "{\"name\": \"" : ",\n{\"name\": \"");
		output_text(out, section->columns[i].name);
		output_text(out, "\", \"type\": \"");
		output_text(out, type_word(section->columns[i].type));
		output_text(out, "\"}");
	}
	output_text(out, "\n]");
}

static void
json_section(struct output *out, const struct section *section)
{
	if (section->shape == SHAPE_ROWS)
		put_columns(out, section);
	output_text(out, ",\n\"");
	output_text(out, section->shape == SHAPE_ROWS ? "rows" : section->name);
	output_text(out, "\": ");
	if (section->shape == SHAPE_ROWS || section->shape == SHAPE_LIST)
		output_byte(out, '[');
}

static void
json_row(struct output *out, const struct cell *cells)
{
	const struct section *section = out->section;

	if (section->shape == SHAPE_VALUE) {
		put_cell(out, &cells[0], section->columns[0].type);
		return;
	}
	if (section->shape != SHAPE_OBJECT)
		output_text(out, out->rows == 0 ? "\n" : ",\n");
	put_object(out, cells);
}

static void
json_section_end(struct output *out)
{
	if (out->section->shape == SHAPE_ROWS || out->section->shape == SHAPE_LIST)
		output_text(out, out->rows == 0 ? "]" : "\n]");
	else if (out->rows == 0)
		output_text(out, "null");
}

static void
json_end(struct output *out)
{
	output_text(out, "\n}\n");
}

static void
jsonl_row(struct output *out, const struct cell *cells)
{
	if (out->section->shape != SHAPE_ROWS)
		return;
	put_object(out, cells);
	output_byte(out, '\n');
}

const struct output_class output_json = {
    .name = "json",
    .begin = json_begin,
    .section = json_section,
    .row = json_row,
    .cells = json_cells,
    .section_end = json_section_end,
    .end = json_end,
};

const struct output_class output_jsonl = {
    .name = "jsonl",
    .row = jsonl_row,
    .cells = json_cells,
};
