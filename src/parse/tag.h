/* tag: what start tags, names and references look like, for mend; private to this folder. */
#ifndef DMARCQ_PARSE_TAG_H
#define DMARCQ_PARSE_TAG_H

#include "base/buf.h"
#include "base/text.h"

enum { TAG_NAME_ROOM = 256 }; /* longer names are no names */

struct tag {
	size_t name, end; /* lengths from '<': of the name, of the whole tag */
	struct str lang, space;
	bool empty;
};

/* Reads a start tag at '<'. False when this is no tag but a '<' in a text. */
bool tag_read(struct tag *tag, const char *text, size_t len);
bool tag_name_starts(char c);
/* Length of the name at text, 0 when there is none. */
size_t tag_name_length(const char *text, size_t len);
struct str tag_local_name(const char *name, size_t len);
/* Length of a reference ("&amp;", "&#38;") that every XML reader knows; 0 for a '&' that is none. */
size_t tag_reference_length(const char *text, size_t len);

/* Adds text without markup, escaped. */
void tag_put_escaped(struct buf *to, const char *text, size_t len);
/* Adds " name=\"value\""; nothing for a missing value. */
void tag_put_attribute(struct buf *to, const char *name, struct str value);

#endif
