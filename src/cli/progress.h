/* progress: a line on the terminal that tells how far an import has come; private to src/cli. */
#ifndef DMARCQ_CLI_PROGRESS_H
#define DMARCQ_CLI_PROGRESS_H

#include "store/store.h"

#include <stdbool.h>
#include <stdio.h>

struct progress {
	FILE *to; /* NULL: nobody looks */
	double started, drawn;
	bool shown; /* the line stands there now */
};

/* Shows itself only when to is a terminal. */
void progress_begin(struct progress *progress, FILE *to, bool wanted);
/* Draws it again, but not more often than ten times a second. */
void progress_show(struct progress *progress, const struct counts *counts, uint64_t done, uint64_t total);
/* Takes the line away, so that a message or the end of the program can have its place. */
void progress_clear(struct progress *progress);

/*
 * The line itself, at most width characters: "[####....]  52 %  12,340 reports  15,210/s  0:07 left". Without
 * bar, percentage and time left when total is 0 (not known).
 */
enum { PROGRESS_TEXT = 256 };
void progress_line(char line[PROGRESS_TEXT], const struct counts *counts, uint64_t done, uint64_t total,
    double seconds, size_t width);

#endif
