/* builder: the state that aggregate.c (elements) and finish.c (cleaned values) share; private to this folder.
 */
#ifndef DMARCQ_PARSE_BUILDER_H
#define DMARCQ_PARSE_BUILDER_H

#include "base/buf.h"
#include "parse/aggregate.h"
#include "parse/element.h"
#include "report/profile.h"
#include "report/value.h"

enum { STACK = 260 };

/* The record that is being read, as it came. */
struct raw_record {
	struct str ip, count;
	struct str field[PROFILE_FIELDS];
	size_t details[DETAIL_KINDS];
	struct detail *list; /* all kinds in document order; from the scratch arena */
	size_t listed, room;
};

struct aggregate {
	const struct limits *limits;
	uint64_t seed;
	const struct sink *sink;
	struct xml *xml;
	enum element stack[STACK];
	size_t depth;          /* elements of stack in use; stack[0] is EL_DOCUMENT */
	size_t skipping;       /* depth inside an element that is left out */
	struct buf text;       /* of the leaf that is open */
	struct buf lang;       /* its language; empty: none */
	uint64_t blanks;       /* bytes of text outside leaves since the last tag */
	struct arena document; /* lives as long as the report */
	struct arena scratch;  /* lives as long as the record */
	struct report report;
	struct str begin, end;
	struct report_error **next_error;
	uint64_t errors;
	struct raw_record record;
	bool in_record; /* what is read belongs to record, which isn't finished */
	struct buf packed;
	bool is_report, has_policy, has_metadata;
};

/* Cleans the record that was read and hands it to the sink, or notes why it is dropped. */
void record_finish(struct aggregate *aggregate);
/* Fills in what the report leaves out: keys, period, digest. */
void report_finish(struct aggregate *aggregate, bool cut);

#endif
