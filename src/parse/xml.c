/*
 * xml: the only place that knows libxml2. Its SAX2 push reader has no limit on depth or attributes and keeps
 * every name for ever, so bytes go in by small slices and what it holds back is looked at after each.
 */
#include "parse/xml.h"

#include "base/mem.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A slice bounds the work that one look at the limits can come too late for. */
enum { SLICE = 16384 };

struct xml {
	const struct limits *limits;
	struct xml_events events;
	void *data;
	xmlParserCtxtPtr context;
	xmlSAXHandler sax;
	size_t depth;
	size_t lines;      /* of the text before the document */
	size_t tail;       /* bytes of the slice behind the end of the root element */
	size_t names_then; /* bytes of names when the document began */
	bool opened, closed, stopped, malformed;
	struct err err;
};

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static void
on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
    const xmlChar **namespace, int attributes, int defaulted, const xmlChar **attribute)
{
	struct xml *xml = ((xmlParserCtxtPtr)context)->_private;
	struct xml_element element = {str_of((const char *)name), str_of((const char *)uri), {NULL, 0}};
	int i;

	(void)prefix, (void)namespaces, (void)namespace, (void)defaulted;
	if (xml->stopped || xml->closed)
		return;
	xml->opened = true;
	if (++xml->depth > xml->limits->xml_depth) {
		xml_stop(xml, LIMIT, "more than %llu nested elements (limit xml-depth)",
		    (unsigned long long)xml->limits->xml_depth);
		return;
	}
	for (i = 0; i < attributes; i++, attribute += 5)
		if (strcmp((const char *)attribute[0], "lang") == 0) {
			element.lang.data = (const char *)attribute[3];
			element.lang.len = (size_t)(attribute[4] - attribute[3]);
		}
	xml->events.start(xml->data, &element);
}

static void
on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	xmlParserCtxtPtr parser = context;
	struct xml *xml = parser->_private;

	(void)name, (void)prefix, (void)uri;
	if (xml->stopped || xml->closed)
		return;
	xml->events.end(xml->data);
	if (--xml->depth == 0) {
		xml->closed = true;
		xml->tail = (size_t)(parser->input->end - parser->input->cur);
	}
}

static void
on_text(void *context, const xmlChar *text, int len)
{
	struct xml *xml = ((xmlParserCtxtPtr)context)->_private;

	if (!xml->stopped && !xml->closed)
		xml->events.text(xml->data, (const char *)text, (size_t)len);
}

static void
on_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct xml *xml = ((xmlParserCtxtPtr)context)->_private;
	const char *text = (const char *)name;

	(void)external, (void)system;
	if (text != NULL &&
	    (text_same_nocase(text, strlen(text), "html") || text_same_nocase(text, strlen(text), "svg")))
		xml_stop(xml, SKIP, "not a DMARC report: DOCTYPE %.64s", text);
	else
		xml_stop(xml, BAD, "DOCTYPE is not allowed");
}

static void
on_error(void *context, xmlErrorPtr error)
{
	xmlParserCtxtPtr parser = context;
	struct xml *xml = parser->_private;
	const char *message = error->message == NULL ? "not well-formed" : error->message;

	/* What stands behind the root element is the caller's business. */
	if (error->level != XML_ERR_FATAL || xml->stopped || xml->closed || xml->malformed)
		return;
	xml->malformed = true;
	(void)err_set(&xml->err, BAD, "%.*s", (int)strcspn(message, "\n"), message);
	(void)err_at(&xml->err, "%zu:%zu", xml_line(xml), xml_column(xml));
}

struct xml *
xml_new(const struct limits *limits, const struct xml_events *events, void *data)
{
	struct xml *xml = mem_zero(1, sizeof *xml);

	(void)pthread_once(&library_once, xmlInitParser);
	xml->limits = limits;
	xml->events = *events;
	xml->data = data;
	xml->sax.initialized = XML_SAX2_MAGIC;
	xml->sax.startElementNs = on_start;
	xml->sax.endElementNs = on_end;
	xml->sax.characters = on_text;
	xml->sax.ignorableWhitespace = on_text;
	xml->sax.cdataBlock = on_text;
	xml->sax.internalSubset = on_doctype;
	xml->sax.serror = on_error;
	return xml;
}

void
xml_free(struct xml *xml)
{
	if (xml == NULL)
		return;
	xmlFreeParserCtxt(xml->context);
	free(xml);
}

static size_t
names_bytes(const struct xml *xml)
{
	return xmlDictGetUsage(xml->context->dict);
}

void
xml_begin(struct xml *xml, size_t lines)
{
	/* Names of earlier documents stay in the dictionary; a full one goes away with its context. */
	if (xml->context != NULL && names_bytes(xml) > xml->limits->xml_names_bytes) {
		xmlFreeParserCtxt(xml->context);
		xml->context = NULL;
	}
	if (xml->context == NULL) {
		xml->context = xmlCreatePushParserCtxt(&xml->sax, NULL, NULL, 0, NULL);
		if (xml->context == NULL)
			abort();
	} else if (xmlCtxtResetPush(xml->context, NULL, 0, NULL, NULL) != 0)
		abort();
	(void)xmlCtxtUseOptions(xml->context, XML_PARSE_NONET);
	xml->context->_private = xml;
	xml->depth = 0;
	xml->tail = 0;
	xml->lines = lines;
	xml->names_then = names_bytes(xml);
	xml->opened = xml->closed = xml->stopped = xml->malformed = false;
}

static void
check_limits(struct xml *xml)
{
	xmlParserInputPtr input = xml->context->input;

	uint64_t held = input == NULL ? 0 : (uint64_t)(input->end - input->cur);

	if (xml->stopped || xml->closed)
		return;
	/* At a '&' the library waits for a ';', however far away: one that doesn't come soon is a bare '&'.
	 */
	if (held > xml->limits->xml_tag_bytes && *input->cur == '&') {
		xml->malformed = true;
		(void)err_set(&xml->err, BAD, "a '&' without its ';'");
	} else if (held > xml->limits->xml_tag_bytes)
		xml_stop(xml, LIMIT, "a tag or text of more than %llu bytes (limit xml-tag-bytes)",
		    (unsigned long long)xml->limits->xml_tag_bytes);
	else if (names_bytes(xml) - xml->names_then > xml->limits->xml_names_bytes)
		xml_stop(xml, LIMIT, "more than %llu bytes of names (limit xml-names-bytes)",
		    (unsigned long long)xml->limits->xml_names_bytes);
}

enum xml_state
xml_feed(struct xml *xml, const char *bytes, size_t len, size_t *used, struct err *err)
{
	size_t slice;

	for (*used = 0; *used < len; *used += slice) {
		slice = len - *used < SLICE ? len - *used : SLICE;
		(void)xmlParseChunk(xml->context, bytes + *used, (int)slice, 0);
		if (xml->closed && !xml->malformed) {
			*used += slice - (xml->tail < slice ? xml->tail : slice);
			return XML_DONE;
		}
		if (!xml->malformed)
			check_limits(xml);
		if (xml->stopped || xml->malformed) {
			*err = xml->err;
			return xml->stopped ? XML_STOPPED : XML_MALFORMED;
		}
	}
	return XML_MORE;
}

enum xml_state
xml_finish(struct xml *xml, struct err *err)
{
	/* At the end libxml2 takes a tag that was cut off for a whole one. */
	if (!xml->opened) {
		(void)err_set(err, BAD, "no XML element found");
		return XML_MALFORMED;
	}
	(void)xmlParseChunk(xml->context, "", 0, 1);
	if (xml->stopped) {
		*err = xml->err;
		return XML_STOPPED;
	}
	return xml->closed ? XML_DONE : XML_MORE;
}

void
xml_stop(struct xml *xml, enum status status, const char *format, ...)
{
	char what[sizeof xml->err.what];
	va_list args;

	if (xml->stopped)
		return;
	va_start(args, format);
	(void)vsnprintf(what, sizeof what, format, args);
	va_end(args);
	(void)err_set(&xml->err, status, "%s", what);
	(void)err_at(&xml->err, "%zu:%zu", xml_line(xml), xml_column(xml));
	xml->stopped = true;
	xmlStopParser(xml->context);
}

size_t
xml_line(const struct xml *xml)
{
	return xml->lines + (xml->context->input == NULL ? 0 : (size_t)xml->context->input->line);
}

size_t
xml_column(const struct xml *xml)
{
	return xml->context->input == NULL ? 0 : (size_t)xml->context->input->col;
}
