/* feedback_parts: what the files that read failure reports share; private to them. */
#ifndef DMARCQ_PARSE_FEEDBACK_PARTS_H
#define DMARCQ_PARSE_FEEDBACK_PARTS_H

#include "parse/feedback.h"
#include "parse/field.h"

/* More of them than anybody needs are left out. */
enum { FEEDBACK_TEXTS = 200, FEEDBACK_RESULTS = 200 };

/* A failure that is being read. */
struct reading {
	struct failure *failure;
	struct arena *arena;
	struct failure_text **last_text;
	struct failure_result **last_result;
	size_t fields, texts, results;
	struct str receiver; /* the name in the report's own Authentication-Results */
};

/* feedback.c */
bool feedback_is_field(struct str name);
void feedback_add_text(struct reading *reading, enum failure_list list, struct str text);
void feedback_set_date(struct reading *reading, struct str value);
void feedback_set_ip(struct reading *reading, struct str value);
/* In lower-case A-labels; missing: it is none. */
struct str feedback_domain(struct reading *reading, struct str value);

/* feedback_message.c: what the reported message says; one Authentication-Results field. */
void feedback_message(struct reading *reading, struct str message);
void feedback_results(struct reading *reading, struct str value, bool of_message);
void feedback_add_result(struct reading *reading, const struct failure_result *result);
/* The domain of an address; missing: there is none. */
struct str feedback_address_domain(struct str address, struct arena *arena);

/* feedback_text.c: where in a text for people a report is. */
struct text_found {
	struct str fields, rest; /* the lines that hold the fields; what is behind them */
	bool words;              /* they are those of Exim's text */
};
bool feedback_find(struct text_found *found, struct str text);
void feedback_words(struct reading *reading, struct str lines);

#endif
