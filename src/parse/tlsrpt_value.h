/*
 * tlsrpt_value: what tlsrpt.c (objects) and tlsrpt_value.c (values) share; private to this folder. The only
 * place here that knows jansson.
 */
#ifndef DMARCQ_PARSE_TLSRPT_VALUE_H
#define DMARCQ_PARSE_TLSRPT_VALUE_H

#include "parse/json_path.h"
#include "parse/tlsrpt.h"

#include <jansson.h>

/* The document that is being read. */
struct reading {
	const struct limits *limits;
	struct arena *arena;
	struct tls_report *report;
	struct json_path path; /* of the value */
	uint64_t failures;
	struct tls_policy **next_policy;
	struct tls_failure **next_failure;
	bool as_real; /* whole numbers were read as doubles */
	enum status status;
	struct err *err;
};

/* Of a report: begin or end, whichever field is the one at hand. */
struct tls_time {
	int64_t seconds;
	bool known;
};

/* Counts a repair at the place, with the value there; NULL: without. */
void reading_note(struct reading *reading, enum repair repair, json_t *value);
/* Refuses the whole report, once: LIMIT. */
void reading_refuse(struct reading *reading, uint64_t limit, const char *what, const char *name);

/* Readers of values. field: a struct tls_ip, tls_count or tls_time for those, else a struct str. */
void reading_text(struct reading *reading, void *field, json_t *value);
void reading_domain(struct reading *reading, void *field, json_t *value);
void reading_type(struct reading *reading, void *field, json_t *value);   /* of a policy */
void reading_result(struct reading *reading, void *field, json_t *value); /* of a failure */
/* An array of texts, or one text, as an array in JSON; missing when there is none. */
void reading_list(struct reading *reading, void *field, json_t *value);
void reading_strings(struct reading *reading, void *field, json_t *value); /* and one text is noted */
void reading_pattern(struct reading *reading, void *field, json_t *value); /* and the name is noted */
void reading_ip(struct reading *reading, void *field, json_t *value);
void reading_count(struct reading *reading, void *field, json_t *value);
void reading_time(struct reading *reading, void *field, json_t *value);

#endif
