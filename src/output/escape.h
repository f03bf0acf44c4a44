/*
 * escape: what may stand on a terminal as it is and what may not: control characters (C0, DEL, C1),
 * characters that turn the direction of writing or can't be seen, and bytes that are no UTF-8.
 */
#ifndef DMARCQ_OUTPUT_ESCAPE_H
#define DMARCQ_OUTPUT_ESCAPE_H

#include "base/text.h"

/* The length of the harmless text at the beginning; len when all of it is. */
size_t escape_harmless(const char *text, size_t len);

/* One thing that is not harmless. */
struct escape {
	size_t len;     /* bytes that it takes in the text */
	bool character; /* false: a byte that is no UTF-8 */
	uint32_t value; /* the character, or the byte */
};
/* The harmful thing at the beginning of a text for which escape_harmless gave 0. */
struct escape escape_read(const char *text, size_t len);

enum { ESCAPE_TEXT = 12 };
/* Its visible form, with a NUL: \xNN for a byte or a character below 80, else \uNNNN or \UNNNNNNNN; its
 * length. */
size_t escape_text(char to[ESCAPE_TEXT], struct escape escape);

#endif
