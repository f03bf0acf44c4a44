/*
 * advise: how advice is written, for people and for programs; private to src/cli. Only cmd_advise.c knows
 * where it comes from.
 */
#ifndef DMARCQ_CLI_ADVISE_H
#define DMARCQ_CLI_ADVISE_H

#include "analysis/advice.h"
#include "output/prose.h"
#include "output/tree.h"

/* The advice about one domain, and what else was asked. */
struct advised {
	const struct advice *advice;
	double confidence;                   /* of its bounds */
	const struct advice_change *changes; /* what --what-if supposes */
	size_t change_count;
	bool has_repairs; /* --what-if without a value: the smallest set of changes, */
	bool enough;      /* after which only time stands in the way */
	const struct advice_change *repairs;
	size_t repair_count;
	bool has_impact; /* --impact */
	const struct advice_impact *impact;
	size_t impact_count;
	size_t most; /* of a list for people; 0: all */
};

/* Everything, in paragraphs, through an output of the format "table" of which nothing else is used. */
void advise_prose(struct output *out, const struct advised *advised);
/* A part of it: every gate. */
void advise_gates_write(struct output *out, const struct advice *advice);
enum {
	ADVISE_INDENT = 2,      /* of what stands below a heading */
	ADVISE_CODE_WIDTH = 20, /* COVERAGE-REPORTERS and two blanks */
};
/* One object of the array "domains". */
void advise_tree(struct tree *tree, const struct advised *advised);

/* What p=quarantine and p=reject would have done, as a table. */
enum status advise_impact_write(struct output *out, const struct advised *advised, struct err *err);

/* One domain in the list of many. Texts are copied. */
struct advise_lines;
struct advise_lines *advise_lines_new(void);
void advise_lines_add(struct advise_lines *lines, const struct advice *advice);
/* What has to be looked at first comes first; most 0: all. In the form of a table. */
enum status advise_lines_write(
    struct advise_lines *lines, struct output *out, uint64_t most, struct err *err);
void advise_lines_free(struct advise_lines *lines);

/* "fixed", "ours", "not-ours", "forwarder"; and back: false when it is none of these. */
const char *advise_change_word(enum advice_change_to to);
bool advise_change_read(enum advice_change_to *to, const char *word);

enum { ADVISE_TEXT = 64 };
/* A share in percent, with one digit, two below 0.1 %: "9.2 %". Returns to. */
const char *advise_share(char to[ADVISE_TEXT], double share);
/* "of the last 42 days". Returns to. */
const char *advise_longer(char to[ADVISE_TEXT], int64_t days);
/* The share of a gate's value and limit: never so rounded that it would seem to lie on the other side. */
void advise_gate_texts(char value[ADVISE_TEXT], char limit[ADVISE_TEXT], const struct advice_gate *gate);
/* "p=none -> p=quarantine", "p=reject", "sp=reject -> sp=quarantine". Returns to. */
const char *advise_step(char to[ADVISE_TEXT], const struct advice *advice);
/* The heading of what stands in the way. */
const char *advise_way_title(enum advice_verdict verdict);
/* What to do with the record, which holds at once also where the next step has to wait. */
const char *advise_record_title(const struct advice *advice);
/* What else can be said of a sender that a repair is about and of which nobody knows whose it is, or "". */
const char *advise_repair_else(const struct advice_change *repair);
/* What is left to do when the fewest repairs are made. */
const char *advise_repairs_end(const struct advised *advised);
/* What asks for time, more reports or another record is about a next step, and who has to step back takes
 * none; the gates tell it. */
bool advise_is_beside(const struct advice *advice, const struct advice_refusal *refusal);

#endif
