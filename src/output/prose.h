/*
 * prose: text for people that is no table: paragraphs with a hanging indent, broken between words before the
 * terminal ends. Everything harmful in it is escaped. What is written goes through an output of the format
 * "table", between its sections.
 */
#ifndef DMARCQ_OUTPUT_PROSE_H
#define DMARCQ_OUTPUT_PROSE_H

#include "output/output.h"

enum prose_style {
	PROSE_PLAIN,
	PROSE_BOLD,
	PROSE_GOOD,
	PROSE_BAD,
	PROSE_DIM /* colours, where there are any */
};

/* A paragraph that is begun: words are added until it is ended. */
struct prose {
	struct output *out;
	size_t indent; /* of the lines behind the first */
	size_t used;   /* columns of the line */
	bool begun;    /* a word stands on the line */
};

/* The first line begins at the column first, all others at indent. */
void prose_begin(struct prose *prose, struct output *out, size_t first, size_t indent);
/* Words, with a blank between them and before the first of them; a blank in text is a place to break at, but
 * for that before a percent sign. */
void prose_add(struct prose *prose, enum prose_style style, struct str text);
/* The same without the place to break: for what is copied, as a record or a command. */
void prose_add_whole(struct prose *prose, enum prose_style style, struct str text);
/* Blanks up to a column; at least one, unless nothing stands on the line. */
void prose_pad(struct prose *prose, size_t column);
/* Ends the line. */
void prose_end(struct prose *prose);
/* One paragraph. */
void prose_text(struct output *out, size_t first, size_t indent, enum prose_style style, struct str text);
/* An empty line. */
void prose_gap(struct output *out);
/* The columns that a text takes; the whole width (0: no bound). */
size_t prose_width(struct str text);
size_t prose_room(const struct output *out);

#endif
