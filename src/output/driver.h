/* driver: what a format is to output.c, and what output.c gives to formats. Only for src/output. */
#ifndef DMARCQ_OUTPUT_DRIVER_H
#define DMARCQ_OUTPUT_DRIVER_H

#include "base/buf.h"
#include "output/memo.h"
#include "output/output.h"

struct output_class {
	const char *name;
	/* NULL: nothing to do. Write errors are kept by output_put and told by output.c. */
	void (*begin)(struct output *out, const char *query, const struct window *window);
	void (*section)(struct output *out, const struct section *section);
	void (*row)(struct output *out, const struct cell *cells);
	/* For output_cells: count cells from the first one on, each with what stands between it and the one
	 * before. The same cells give the same bytes. */
	void (*cells)(struct output *out, const struct cell *cells, size_t first, size_t count);
	void (*section_end)(struct output *out);
	/* The text of a SHAPE_NOTE, of which section, row and section_end are not called. */
	void (*note)(struct output *out, struct str text);
	void (*end)(struct output *out);
	void (*free)(struct output *out);
};

extern const struct output_class output_table, output_csv, output_json, output_jsonl;

enum { OUTPUT_BUFFER = 262144 };

struct output {
	const struct output_class *class;
	struct output_options options;
	const struct section *section; /* the one that is open */
	uint64_t rows;                 /* of the open section */
	void *data;                    /* the format's own */
	int failed;                    /* errno of the first write that failed */
	struct memo memo;              /* of blocks */
	struct found {                 /* the last one that was asked for or written, by column */
		int64_t key;
		struct str bytes;
		struct buf run; /* holds the bytes of a run */
	} found[OUTPUT_COLUMNS];
	uint64_t flushes;
	size_t used;
	char buffer[OUTPUT_BUFFER];
};

/* Bytes for the file, as they are. */
void output_put(struct output *out, const char *bytes, size_t len);
void output_text(struct output *out, const char *text);
void output_byte(struct output *out, char byte);
/* Hands everything to the file; FATAL with exit code 74 when it, or something before, can't be written. */
enum status output_written(struct output *out, struct err *err);
/* A text of JSON with its quotes. */
void output_json_text(struct output *out, struct str str);
/* All cells of a row by class->cells; a block that was written before is copied. */
void output_cells(struct output *out, const struct cell *cells);

/* How many columns hold values: a bar, the last column, is for the eye alone. */
size_t output_values(const struct section *section);

enum { CELL_PLAIN = 32 };
/* A cell of any type but text, list and bar in its exact form (1234, 31.25, 2026-01-31T00:00:00Z, true); its
 * length. */
size_t cell_plain(char to[CELL_PLAIN], const struct cell *cell, enum cell_type type);

#endif
