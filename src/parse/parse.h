/*
 * parse: aggregate reports (RFC 7489 appendix C, RFC 9990 appendix A) as they come in the wild, streamed. A
 * document that is well-formed is read as it is; one that is not is read a second time through repairs.
 */
#ifndef DMARCQ_PARSE_PARSE_H
#define DMARCQ_PARSE_PARSE_H

#include "base/limits.h"
#include "base/stream.h"
#include "report/report.h"

/* Where a parser puts what it reads. Everything handed over is in the arena that arena() gave last. */
struct sink {
	void *data;
	/* The arena for the next record or report; asked for each one, so that the owner can start a new one.
	 */
	struct arena *(*arena)(void *data);
	void (*begin)(void *data);                         /* a document starts */
	void (*record)(void *data, struct record *record); /* complete, in document order */
	void (*end)(void *data, struct report *report);
	void (*abort)(void *data); /* what came since begin never happened */
};

struct parser;

/* A parser is made once per thread and reused. seed: for record.hash, the same for all parsers of a run. */
struct parser *parser_new(const struct limits *limits, uint64_t seed);
void parser_free(struct parser *parser);

/*
 * Reads all XML documents of a stream: begin, records, end for each. SKIP: not a DMARC report (the root
 * element is named in err); BAD, LIMIT: refused, with line and column ("18:4: DOCTYPE is not allowed");
 * reports that ended before it stand. A report is handed to end() only when what follows it is known, so that
 * junk behind it is noted.
 */
enum status parser_read(struct parser *parser, struct stream *from, const struct sink *sink, struct err *err);

#endif
