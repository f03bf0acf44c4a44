/*
 * difference: two windows of rows, of the file and of the database, move on together; where they differ, the
 * nearest row that is in both says how many to skip.
 */
#include "cli/difference.h"

#include "base/mem.h"
#include "cli/rows.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	WINDOW = 64,
	ROW_BYTES = 268435456, /* of one row: three lists of 100 results with 64 KiB texts, quoted */
	TOLD = 10,             /* lines about rows */
	SHOWN = 300,           /* bytes of a text in a line */
};

struct side {
	struct buf rows[WINDOW];
	size_t first, count;
	uint64_t read; /* rows, the head line of CSV too */
	bool end;
};

struct comparing {
	struct difference *difference;
	const struct section *section;
	struct output *out;
	struct buf *to; /* where the output puts a row */
	bool csv, head; /* the head line is in the side of the database */
	struct side file, database;
	uint64_t told;
};

static int
put_row(void *data, const char *bytes, size_t len)
{
	struct comparing *comparing = data;

	return buf_add(comparing->to, bytes, len) ? 0 : EFBIG;
}

static struct str
row_at(const struct side *side, size_t i)
{
	const struct buf *row = &side->rows[(side->first + i) % WINDOW];

	return (struct str){(const char *)row->data, row->len};
}

/* How people count: 1 is the first row, in CSV below the head line. */
static uint64_t
row_number(const struct comparing *comparing, const struct side *side)
{
	return side->read - side->count + (comparing->csv ? 0 : 1);
}

static enum status
next_of_database(struct buf *row, struct comparing *comparing, struct err *err)
{
	const struct cell *cells;
	enum status status = OK;

	buf_clear(row);
	comparing->to = row;
	if (!comparing->head) {
		comparing->head = true;
		status = output_section(comparing->out, comparing->section, err);
		output_flush(comparing->out);
		if (status != OK || comparing->csv)
			return status;
	}
	status = answer_next(&cells, comparing->difference->answer, err);
	if (status == OK && cells != NULL) {
		status = output_row(comparing->out, cells, err);
		output_flush(comparing->out);
	}
	return status;
}

static enum status
fill(struct comparing *comparing, struct side *side, struct err *err)
{
	enum status status = OK;
	struct buf *row;

	while (status == OK && !side->end && side->count < WINDOW) {
		row = &side->rows[(side->first + side->count) % WINDOW];
		status = side == &comparing->file
			     ? rows_next(row, comparing->difference->file, comparing->csv, err)
			     : next_of_database(row, comparing, err);
		if (status == OK && row->len == 0)
			side->end = true;
		else if (status == OK) {
			side->count++;
			side->read++;
		}
	}
	return status;
}

static void
drop(struct side *side)
{
	side->first = (side->first + 1) % WINDOW;
	side->count--;
}

/* The file's row is done with: it counts. */
static void
count_and_drop(struct comparing *comparing)
{
	struct manifest_file *totals = &comparing->difference->totals;
	size_t messages = export_column(comparing->section, "messages");
	struct str cells[OUTPUT_COLUMNS], value;
	struct side *side = &comparing->file;
	uint64_t number = 0;

	if (row_number(comparing, side) > 0) {
		totals->rows++;
		if (messages < comparing->section->count &&
		    rows_cells(cells, OUTPUT_COLUMNS, row_at(side, 0), comparing->csv) > messages) {
			value = rows_value(cells[messages], comparing->csv);
			if (text_u64(&number, value.data, value.len))
				totals->messages += number;
		}
	}
	drop(side);
}

static void tell(struct comparing *comparing, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void
tell(struct comparing *comparing, const char *format, ...)
{
	char text[1000];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(text, sizeof text, format, list);
	va_end(list);
	comparing->difference->tell(comparing->difference->data, text);
}

/* Whether there is still room for lines; counts the row otherwise. */
static bool
may_tell(struct comparing *comparing)
{
	if (comparing->told++ < TOLD)
		return true;
	comparing->difference->untold++;
	return false;
}

static int
shown(struct str text)
{
	return (int)(text.len < SHOWN ? text.len : SHOWN);
}

static struct str
without_line_end(struct str row)
{
	while (row.len > 0 && (row.data[row.len - 1] == '\n' || row.data[row.len - 1] == '\r'))
		row.len--;
	return row;
}

/* The row of both sides differs: in which columns? */
static void
tell_columns(struct comparing *comparing)
{
	struct str file[OUTPUT_COLUMNS], database[OUTPUT_COLUMNS], a, b;
	uint64_t number = row_number(comparing, &comparing->file);
	size_t count = rows_cells(file, OUTPUT_COLUMNS, row_at(&comparing->file, 0), comparing->csv), i;
	bool any = false;

	if (!may_tell(comparing))
		return;
	if (count != rows_cells(database, OUTPUT_COLUMNS, row_at(&comparing->database, 0), comparing->csv)) {
		tell(comparing, "row %llu: the file has %zu columns, the database %zu",
		    (unsigned long long)number, count, comparing->section->count);
		return;
	}
	for (i = 0; i < count; i++) {
		if (str_same(file[i], database[i]))
			continue;
		any = true;
		a = rows_value(file[i], comparing->csv);
		b = rows_value(database[i], comparing->csv);
		tell(comparing, "row %llu: %s: the file has \"%.*s\", the database \"%.*s\"",
		    (unsigned long long)number, comparing->section->columns[i].name, shown(a), a.data,
		    shown(b), b.data);
	}
	if (!any)
		tell(comparing, "row %llu: it ends in another way", (unsigned long long)number);
}

static void
tell_extra(struct comparing *comparing)
{
	struct str row = without_line_end(row_at(&comparing->file, 0));

	if (may_tell(comparing))
		tell(comparing, "row %llu is not in the database: %.*s",
		    (unsigned long long)row_number(comparing, &comparing->file), shown(row), row.data);
}

static void
tell_missing(struct comparing *comparing)
{
	struct str row = without_line_end(row_at(&comparing->database, 0));

	if (may_tell(comparing))
		tell(comparing, "before row %llu a row of the database is missing: %.*s",
		    (unsigned long long)row_number(comparing, &comparing->file), shown(row), row.data);
}

/* How far ahead in ahead the first row of behind stands; 0: it doesn't. */
static size_t
distance(const struct side *ahead, const struct side *behind)
{
	size_t i;

	for (i = 1; behind->count > 0 && i < ahead->count; i++)
		if (str_same(row_at(ahead, i), row_at(behind, 0)))
			return i;
	return 0;
}

/* The first rows of both sides are not the same: skips what is in one of them only. */
static void
skip(struct comparing *comparing)
{
	struct side *file = &comparing->file, *database = &comparing->database;
	size_t extra = distance(file, database), missing = distance(database, file);

	if (database->count == 0)
		extra = file->count;
	if (file->count == 0)
		missing = database->count;
	if (extra > 0 && (missing == 0 || extra <= missing)) {
		for (; extra > 0; extra--) {
			tell_extra(comparing);
			count_and_drop(comparing);
		}
	} else if (missing > 0) {
		for (; missing > 0; missing--) {
			tell_missing(comparing);
			drop(database);
		}
	} else {
		tell_columns(comparing);
		count_and_drop(comparing);
		drop(database);
	}
}

static enum status
compare(struct comparing *comparing, struct err *err)
{
	struct side *file = &comparing->file, *database = &comparing->database;
	enum status status;

	for (;;) {
		status = fill(comparing, file, err);
		if (status == OK)
			status = fill(comparing, database, err);
		if (status != OK || (file->count == 0 && database->count == 0))
			return status;
		if (file->count == 0 || database->count == 0 ||
		    !str_same(row_at(file, 0), row_at(database, 0))) {
			skip(comparing);
			continue;
		}
		count_and_drop(comparing);
		drop(database);
	}
}

enum status
difference_find(struct difference *difference, struct err *err)
{
	struct comparing *comparing = mem_zero(1, sizeof *comparing);
	const struct output_options options = {.put = put_row, .data = comparing};
	enum status status;
	size_t i;

	comparing->difference = difference;
	comparing->csv = strcmp(difference->form, "csv") == 0;
	for (i = 0; i < WINDOW; i++) {
		buf_init(&comparing->file.rows[i], ROW_BYTES);
		buf_init(&comparing->database.rows[i], ROW_BYTES);
	}
	status = output_open(&comparing->out, difference->form, &options, err);
	if (status == OK)
		status = answer_section(&comparing->section, difference->answer, difference->part, err);
	if (status == OK)
		status = output_begin(comparing->out, "export", NULL, err);
	if (status == OK)
		status = compare(comparing, err);
	output_close(comparing->out);
	for (i = 0; i < WINDOW; i++) {
		buf_free(&comparing->file.rows[i]);
		buf_free(&comparing->database.rows[i]);
	}
	free(comparing);
	return status;
}
