/* summary: what an import did, for people and for programs; private to src/cli. */
#ifndef DMARCQ_CLI_SUMMARY_H
#define DMARCQ_CLI_SUMMARY_H

#include "cli/command.h"
#include "store/store.h"

#include <stdio.h>

struct summary {
	struct counts counts;
	double started; /* of a clock that only goes forward */
	double seconds;
	bool again; /* of rejects: there are no files to count */
};

/* Starts and stops the clock. */
void summary_begin(struct summary *summary);
void summary_end(struct summary *summary);

/* One line: "1,204 reports (3 duplicates), 11,240 records, ...". */
void summary_people(FILE *out, const struct summary *summary);
/* One JSON object on one line; numbers as numbers. */
void summary_json(FILE *out, const struct summary *summary);
/* A header line and a row (RFC 4180). */
void summary_csv(FILE *out, const struct summary *summary);

/* One of these by --format; nothing for people who want it quiet. */
void summary_print(const struct context *context, const struct summary *summary);

/* 1234567 as "1,234,567". */
enum { NUMBER_TEXT = 32 };
const char *number_text(char to[NUMBER_TEXT], uint64_t number);
/* Seconds of a clock that only goes forward. */
double clock_seconds(void);

#endif
