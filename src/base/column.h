/*
 * column: the vocabulary between questions and formats: columns, their cells, and the sections of an answer.
 * Data only; it knows nothing of mail or DMARC.
 */
#ifndef DMARCQ_BASE_COLUMN_H
#define DMARCQ_BASE_COLUMN_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a cell holds, and the word for it in JSON. */
enum cell_type {
	CELL_TEXT,    /* "text": text */
	CELL_INTEGER, /* "integer": number */
	CELL_ID,      /* "integer": number that names something: never with thousands signs */
	CELL_PERCENT, /* "percent": number of whole; 25 of 100 is 25 % */
	CELL_BYTES,   /* "bytes": number */
	CELL_DAY,     /* "day": number, days since 1970-01-01 UTC */
	CELL_TIME,    /* "time": number, UTC seconds */
	CELL_FLAG,    /* "flag": number, 0 or not */
	CELL_MARK,    /* the same; a table shows only that it is so */
	CELL_LIST,    /* "list": list; text is the same in one line for flat formats */
	CELL_BAR,     /* in tables only, and the last column: a bar for number and other, of whole; its title
			 "pass|fail" names the two */
};

/* Added to a priority: a table leaves the column out, without a word, where no row has something to show. */
enum { COLUMN_SPARSE = 64 };

/* Likewise: a table shows the column where there is room, and never below its row. */
enum { COLUMN_WIDE = 32 };

/* The priority of what always stands below its row, on lines of its own, in the table of a section that
 * unfolds. */
enum { BELOW = 9 };

struct column {
	const char *name;  /* snake_case, the key in CSV and JSON */
	const char *title; /* the head of a table */
	enum cell_type type;
	unsigned priority; /* tables that are too wide leave out the highest first; 0: always shown; BELOW */
	unsigned least;    /* a text may be cut to this width; 0: never cut, as lists must not be */
};

/* Objects that have the same keys; values lie object by object, data NULL: missing. */
struct list {
	const char *const *keys;
	size_t key_count, count;
	const struct str *values;
};

struct cell {
	bool known; /* false: unknown or missing; the rest says nothing */
	int64_t number, whole, other;
	struct str text;
	const struct list *list;
	/*
	 * A block: cells side by side that come again together from row to row. Its first cell has its
	 * length as span and in key, above 0, which ones they are; span 0: a cell by itself. Who has seen a
	 * key before needs no more than that, and who says so (answer_knows) may find the cells not filled
	 * in.
	 */
	unsigned span;
	bool run; /* all rows with this key follow each other: it need not be remembered any longer */
	int64_t key;
};

/* The days that an answer is about, both inside; unknown when there is no data. */
struct window {
	bool known;
	int64_t since, until;
};

/* How a section of an answer stands in JSON and in a table; CSV shows the rows alone. */
enum shape {
	SHAPE_ROWS,   /* the answer itself: "columns" and "rows"; one section of each answer */
	SHAPE_LIST,   /* more rows: an array of objects under the section's name */
	SHAPE_OBJECT, /* one row: an object; in tables a 0 is shown only where the priority is 0 */
	SHAPE_VALUE,  /* one row of one column: the value itself */
	SHAPE_NOTE,   /* one row of one text, for people: only tables show it, beside the section before or
			 behind */
};

struct section {
	const char *name, *title;
	enum shape shape;
	bool unfold; /* in a table that is too wide: columns that were left out stand below their row */
	const struct column *columns;
	size_t count;
};

#endif
