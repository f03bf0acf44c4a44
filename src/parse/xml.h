/* xml: the XML library as a push reader without DTDs, entities or network, bounded in depth, tags, texts and
 * names. */
#ifndef DMARCQ_PARSE_XML_H
#define DMARCQ_PARSE_XML_H

#include "base/limits.h"
#include "base/text.h"

#include <stdbool.h>

struct xml_element {
	struct str name;      /* without prefix */
	struct str namespace; /* missing: none */
	struct str lang;      /* attribute lang or xml:lang; missing: none */
};

/* Called in document order; texts are borrowed. Each may stop the document with xml_stop. */
struct xml_events {
	void (*start)(void *data, const struct xml_element *element);
	void (*text)(void *data, const char *text, size_t len);
	void (*end)(void *data);
};

enum xml_state {
	XML_MORE,      /* all bytes are used, the root element is open or not yet there */
	XML_DONE,      /* the root element is closed */
	XML_MALFORMED, /* not well-formed: err says why and where */
	XML_STOPPED,   /* stopped by xml_stop or refused: err says why and where */
};

struct xml;
struct xml *xml_new(const struct limits *limits, const struct xml_events *events, void *data);
void xml_free(struct xml *xml);
/* Makes ready for a document; lines: those of the text that come before it. */
void xml_begin(struct xml *xml, size_t lines);
/* Reads UTF-8 bytes; *used tells how many, fewer than len only when the root element closed before the last.
 */
enum xml_state xml_feed(struct xml *xml, const char *bytes, size_t len, size_t *used, struct err *err);
/* No more bytes: XML_MORE when the root element is still open, XML_MALFORMED when there never was one. */
enum xml_state xml_finish(struct xml *xml, struct err *err);
/* From inside an event: stops the document with this error; the place is put in front. */
void xml_stop(struct xml *xml, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Where the reader is, counted from 1. */
size_t xml_line(const struct xml *xml);
size_t xml_column(const struct xml *xml);

#endif
