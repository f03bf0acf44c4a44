/*
 * output: the list of formats and what they share: the buffer in front of the file. A new format is one file
 * with a struct output_class and a line in formats[].
 */
#include "output/output.h"

#include "base/mem.h"
#include "output/driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct output_class *const formats[] = {
    &output_table,
    &output_csv,
    &output_json,
    &output_jsonl,
};

void
output_flush(struct output *out)
{
	const struct output_options *options = &out->options;

	if (out->failed == 0 && out->used > 0 && options->put != NULL)
		out->failed = options->put(options->data, out->buffer, out->used);
	else if (out->failed == 0 && out->used > 0 &&
		 fwrite(out->buffer, 1, out->used, options->to) != out->used)
		out->failed = errno == 0 ? EIO : errno;
	out->used = 0;
	out->flushes++;
}

void
output_put(struct output *out, const char *bytes, size_t len)
{
	size_t room;

	while (len > (room = OUTPUT_BUFFER - out->used)) {
		memcpy(out->buffer + out->used, bytes, room);
		out->used += room;
		bytes += room;
		len -= room;
		output_flush(out);
	}
	memcpy(out->buffer + out->used, bytes, len);
	out->used += len;
}

void
output_text(struct output *out, const char *text)
{
	output_put(out, text, strlen(text));
}

void
output_byte(struct output *out, char byte)
{
	if (out->used == OUTPUT_BUFFER)
		output_flush(out);
	out->buffer[out->used++] = byte;
}

size_t
output_values(const struct section *section)
{
	bool bar = section->count > 0 && section->columns[section->count - 1].type == CELL_BAR;

	return section->count - bar;
}

static enum status
output_told(const struct output *out, struct err *err)
{
	if (out->failed == 0)
		return OK;
	(void)err_stop(err, EXIT_CODE_IO, "cannot write: %s", strerror(out->failed));
	return out->options.name == NULL ? err->status : err_at(err, "%s", out->options.name);
}

enum status
output_open(struct output **out, const char *format, const struct output_options *options, struct err *err)
{
	const struct output_class *class = NULL;
	size_t i;

	*out = NULL;
	for (i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i]->name, format) == 0)
			class = formats[i];
	if (class == NULL)
		return err_set(err, BAD, "there is no format \"%s\": table, csv, json or jsonl", format);
	*out = mem_zero(1, sizeof **out);
	(*out)->class = class;
	(*out)->options = *options;
	memo_init(&(*out)->memo);
	return OK;
}

enum status
output_begin(struct output *out, const char *query, const struct window *window, struct err *err)
{
	if (out->class->begin != NULL)
		out->class->begin(out, query, window);
	return output_told(out, err);
}

static bool
is_note(const struct output *out)
{
	return out->section->shape == SHAPE_NOTE;
}

static void
close_section(struct output *out)
{
	if (out->section != NULL && out->class->section_end != NULL && !is_note(out))
		out->class->section_end(out);
	out->section = NULL;
}

/* What was found is gone, or of another section. */
static void
forget_found(struct output *out)
{
	size_t i;

	for (i = 0; i < OUTPUT_COLUMNS; i++)
		out->found[i].bytes = (struct str){NULL, 0};
}

enum status
output_section(struct output *out, const struct section *section, struct err *err)
{
	close_section(out);
	memo_free(&out->memo);
	forget_found(out);
	out->section = section;
	out->rows = 0;
	if (out->class->section != NULL && !is_note(out))
		out->class->section(out, section);
	return output_told(out, err);
}

bool
output_knows(struct output *out, size_t column, int64_t key)
{
	struct found *found = &out->found[column];

	if (found->key != key || found->bytes.data == NULL) {
		found->key = key;
		found->bytes = memo_get(&out->memo, column, key);
	}
	return found->bytes.data != NULL;
}

static void
keep_block(struct output *out, const struct cell *cell, size_t column, struct str bytes)
{
	struct found *found = &out->found[column];

	if (!cell->run) {
		memo_put(&out->memo, column, cell->key, bytes);
		return;
	}
	found->run.max = OUTPUT_BUFFER;
	buf_clear(&found->run);
	if (buf_add(&found->run, bytes.data, bytes.len))
		found->bytes = (struct str){(const char *)found->run.data, found->run.len};
}

static void
put_block(struct output *out, const struct cell *cells, size_t first)
{
	struct found *found = &out->found[first];
	uint64_t flushes = out->flushes;
	size_t from = out->used;

	if (output_knows(out, first, cells[first].key)) {
		output_put(out, found->bytes.data, found->bytes.len);
		return;
	}
	out->class->cells(out, cells, first, cells[first].span);
	if (out->flushes == flushes)
		keep_block(out, &cells[first], first, (struct str){out->buffer + from, out->used - from});
}

void
output_cells(struct output *out, const struct cell *cells)
{
	size_t count = output_values(out->section), i, n;

	for (i = 0; i < count; i += n) {
		if (cells[i].span > 0) {
			n = cells[i].span;
			put_block(out, cells, i);
			continue;
		}
		for (n = 1; i + n < count && cells[i + n].span == 0; n++)
			continue;
		out->class->cells(out, cells, i, n);
	}
}

enum status
output_row(struct output *out, const struct cell *cells, struct err *err)
{
	if (!is_note(out))
		out->class->row(out, cells);
	else if (out->class->note != NULL && cells[0].known)
		out->class->note(out, cells[0].text);
	out->rows++;
	if (memo_trim(&out->memo))
		forget_found(out);
	return out->failed == 0 ? OK : output_told(out, err);
}

enum status
output_written(struct output *out, struct err *err)
{
	output_flush(out);
	if (out->failed == 0 && out->options.to != NULL && fflush(out->options.to) != 0)
		out->failed = errno == 0 ? EIO : errno;
	return output_told(out, err);
}

enum status
output_end(struct output *out, struct err *err)
{
	close_section(out);
	if (out->class->end != NULL)
		out->class->end(out);
	return output_written(out, err);
}

void
output_close(struct output *out)
{
	size_t i;

	if (out == NULL)
		return;
	if (out->class->free != NULL)
		out->class->free(out);
	memo_free(&out->memo);
	for (i = 0; i < OUTPUT_COLUMNS; i++)
		buf_free(&out->found[i].run);
	free(out);
}
