/* advised: advice about a domain made by hand (views.h), with three reporters, for the tests of advice. */
#ifndef DMARCQ_TESTS_UNIT_ADVISED_H
#define DMARCQ_TESTS_UNIT_ADVISED_H

#include "analysis/advice.h"
#include "unit/views.h"

enum { BIG, MIDDLE, SMALL };

extern struct made made;
extern struct arena arena;
extern struct advice advice;
extern struct advice_rules rules;

void advised_begin(void);
void advised_end(void);
void advise(void);

/* A sender of 400 messages a day on the days from..to. */
uint32_t sender(const char *source, uint32_t name, enum mail_class class, int from, int to);
/* Three healthy ones, on every day of the inventory. */
void three_senders(void);

bool refuses(enum advice_code code);
bool notes(const char *text);
/* The first one of a code, which has to be there. */
const struct advice_refusal *refusal_of(enum advice_code code);
bool says(struct str text, const char *words);
void verdict_is(enum advice_verdict verdict, enum advice_policy to, const char *record);

#endif
