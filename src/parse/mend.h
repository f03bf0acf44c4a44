/*
 * mend: makes well-formed XML of what reporters send instead: bare & and <, tags that don't match, junk
 * around the document, unclosed wrappers. Each mend is noted. What was cut off is not made up: open elements
 * stay open.
 */
#ifndef DMARCQ_PARSE_MEND_H
#define DMARCQ_PARSE_MEND_H

#include "base/limits.h"
#include "parse/decode.h"
#include "report/report.h"

typedef void mend_note(void *data, enum repair repair, struct str value);

struct mend;
struct mend *mend_open(struct decoder *decoder, const struct limits *limits, mend_note *note, void *data);
/*
 * Goes to the start of the next document. SKIP: there is none. *junk: something else than blanks and comments
 * was passed on the way. first: any element will do as a start, else only <?xml and <feedback.
 */
enum status mend_find(struct mend *mend, bool first, bool *junk, struct err *err);
/* The next piece of the document; length 0: its root element is closed (*closed) or the bytes ended. */
enum status mend_next(struct mend *mend, struct str *text, bool *closed, struct err *err);
/* Lines that came before the text that it is given. */
void mend_skip_lines(struct mend *mend, size_t lines);
/* Where it is in the text that it was given, counted from 1; inside a note, where that was. */
size_t mend_line(const struct mend *mend);
size_t mend_column(const struct mend *mend);
void mend_close(struct mend *mend);

#endif
