/* phrase: words that grow up to a bound, in memory of the caller's; what has no room is left out. */
#ifndef DMARCQ_BASE_PHRASE_H
#define DMARCQ_BASE_PHRASE_H

#include "base/text.h"

struct phrase {
	char *to; /* always ends with a NUL */
	size_t len, size;
};

/* An empty phrase in size bytes, at least one. */
struct phrase phrase_in(char *to, size_t size);
__attribute__((format(printf, 2, 3))) void phrase_add(struct phrase *phrase, const char *format, ...);
/* The same for words as they are, without the cost of a format. */
void phrase_text(struct phrase *phrase, const char *text);
/* At most so many bytes of a text from outside, up to a NUL in it; no character of UTF-8 is cut by that. */
void phrase_str(struct phrase *phrase, struct str text, size_t most);

#endif
