/* line: what one line of a configuration file is; private to src/config. */
#ifndef DMARCQ_CONFIG_LINE_H
#define DMARCQ_CONFIG_LINE_H

#include "base/arena.h"

enum { LINE_BYTES = 4000 /* of a line at most; a command with a token in it may be long */ };

enum line_kind {
	LINE_NOTHING, /* empty, or a comment */
	LINE_SECTION, /* "[word]" or "[word name]": name and value are the two, value NULL when it is not
			 there */
	LINE_PAIR,    /* "name = value" */
	LINE_BROKEN,  /* it begins as a section, and is none */
	LINE_WRONG,   /* nothing of these */
};

struct line {
	enum line_kind kind;
	const char *name, *value;
};

/* Takes a line without its end apart, at most LINE_BYTES long. Texts are in the arena. */
void line_read(struct line *line, const char *text, struct arena *arena);

#endif
