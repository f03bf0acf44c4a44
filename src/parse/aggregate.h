/* aggregate: builds reports and records from the elements of a document. Knows the format, nothing of XML
 * syntax. */
#ifndef DMARCQ_PARSE_AGGREGATE_H
#define DMARCQ_PARSE_AGGREGATE_H

#include "parse/parse.h"
#include "parse/xml.h"

struct aggregate;

struct aggregate *aggregate_new(const struct limits *limits, uint64_t seed);
void aggregate_free(struct aggregate *aggregate);
/* The events that feed it; their data is the aggregate. xml: to stop the document and to say where it is. */
extern const struct xml_events aggregate_events;
void aggregate_attach(struct aggregate *aggregate, struct xml *xml);

/* Begins a document; its records go to sink as they become complete. */
void aggregate_begin(struct aggregate *aggregate, const struct sink *sink);
/* Notes a repair; place and value may be missing. */
void aggregate_note(struct aggregate *aggregate, enum repair repair, struct str value);
/* The same with the place where it was made. */
void aggregate_note_at(
    struct aggregate *aggregate, enum repair repair, struct str value, size_t line, size_t column);
/* True when the root element was a report's. */
bool aggregate_is_report(const struct aggregate *aggregate);
/* True when it is a report's, and so far it has neither a policy domain nor a record. */
bool aggregate_is_hollow(const struct aggregate *aggregate);
/* The document is over, cut short or whole: hands the report to the sink. */
void aggregate_end(struct aggregate *aggregate, bool cut);
/* It never happened. */
void aggregate_abort(struct aggregate *aggregate);

#endif
