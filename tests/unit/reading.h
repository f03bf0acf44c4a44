/* reading: reports read into plain text, so that tests can compare what a parser said with one string. */
#ifndef DMARCQ_TESTS_UNIT_READING_H
#define DMARCQ_TESTS_UNIT_READING_H

#include "base/buf.h"
#include "parse/parse.h"

enum { READING_DOCUMENTS = 16 };

/* What one parser_read gave. Everything is copied out of the sink's memory, which is given back at once. */
struct reading_result {
	enum status status;
	struct err err;
	size_t documents; /* that ended; the first READING_DOCUMENTS are kept */
	struct report report[READING_DOCUMENTS];
	struct arena arena;
	struct buf records; /* a line for each: "COUNT IP header_from=... dkim=..." */
	struct buf repairs; /* "code*times code*times", documents with "|" between them */
	uint64_t begun, aborted, record_count, messages; /* of documents that ended */
};

void reading_init(struct reading_result *result);
void reading_free(struct reading_result *result);
/* Reads the bytes with a parser of its own. */
void reading_bytes(struct reading_result *result, const void *bytes, size_t len, const struct limits *limits);
/* The same from a stream and with a parser that may have read other things before. */
void reading_stream(struct reading_result *result, struct parser *parser, struct stream *stream);
/* A field of the first report as text; "-" when it is missing. */
const char *reading_field(const struct reading_result *result, enum report_field field);
/* Place and value of the first repair of a kind in the first report; "-" when there is none. */
const char *reading_repair(const struct reading_result *result, enum repair repair);

/* Text with words replaced, each once: "old\nnew\nold\nnew". Freed with free. */
char *text_replaced(const char *text, const char *changes);
/* before, part several times, behind. Freed with free. */
char *text_many(const char *before, const char *part, size_t times, const char *behind);

/* A small report of two records, and the lines that they give. */
#define META                                                                                                 \
	"<report_metadata><org_name>Receiver Example</org_name><email>r@receiver.example</email>"            \
	"<report_id>one</report_id><date_range><begin>1767225600</begin><end>1767311999</end></date_range>"  \
	"</report_metadata>"
#define POLICY "<policy_published><domain>example.com</domain><p>none</p></policy_published>"
#define RECORD_A                                                                                             \
	"<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated>"                    \
	"<disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>"           \
	"<identifiers><header_from>example.com</header_from></identifiers><auth_results>"                    \
	"<dkim><domain>example.com</domain><selector>s1</selector><result>pass</result></dkim>"              \
	"</auth_results></record>"
#define RECORD_B                                                                                             \
	"<record><row><source_ip>2001:db8::1</source_ip><count>5</count><policy_evaluated>"                  \
	"<disposition>reject</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>"         \
	"<identifiers><header_from>example.com</header_from></identifiers></record>"
#define LINE_A "3 192.0.2.1 from=example.com d=none dkim=pass spf=fail dkim(example.com/s1=pass)\n"
#define LINE_B "5 2001:db8::1 from=example.com d=reject dkim=fail spf=fail\n"
#define REPORT "<feedback>" META POLICY RECORD_A RECORD_B "</feedback>"

#endif
