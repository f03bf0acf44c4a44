/* difference: which rows of an exported file are not those of the database; private to src/cli. */
#ifndef DMARCQ_CLI_DIFFERENCE_H
#define DMARCQ_CLI_DIFFERENCE_H

#include "cli/export.h"

struct difference {
	FILE *file;
	const char *form;
	struct answer *answer;
	enum export_section part;
	void (*tell)(void *data, const char *text); /* a line for each of the first rows that differ */
	void *data;
	struct manifest_file totals; /* out: rows and messages of the file */
	uint64_t untold;             /* out: further rows that differ, are missing or stand too much */
};

/*
 * Compares row by row in flat memory. Rows that are missing from the file or too many in it are found again
 * behind a gap of up to 63 rows; behind a larger one all rows differ.
 */
enum status difference_find(struct difference *difference, struct err *err);

#endif
