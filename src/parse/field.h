/* field: the header fields of a text (RFC 5322 s. 2.2), one by one. */
#ifndef DMARCQ_PARSE_FIELD_H
#define DMARCQ_PARSE_FIELD_H

#include "base/arena.h"

#include <stdbool.h>

struct field {
	struct str name;  /* as it stands there, without blanks behind it */
	struct str value; /* unfolded, without blanks around it */
};

/*
 * The next field of *rest, which moves behind it. A line that is no field is left out. False at the end of
 * the header: an empty line, behind which *rest stands then, or the end of the text. A folded value is a copy
 * in the arena, others are borrowed.
 */
bool field_next(struct field *field, struct str *rest, struct arena *arena);

/* The next line of *rest without its end; false at the end of the text. */
bool line_next(struct str *line, struct str *rest);
/* Takes a line as a field, without what may be folded behind it; false: it is none. */
bool field_of_line(struct field *field, struct str line);

#endif
