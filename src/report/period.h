/*
 * period: on which days the messages of a report are put. A report of at most a day and an hour counts on the
 * day of the middle of its period, whatever time zone its reporter lives in; a longer one is spread over its
 * days in proportion.
 */
#ifndef DMARCQ_REPORT_PERIOD_H
#define DMARCQ_REPORT_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PERIOD_DAYS = 62
}; /* longer ones are not spread: two months is the longest that was seen with sense in it */

struct period {
	int64_t first;              /* day number */
	size_t days;                /* 1..PERIOD_DAYS */
	int64_t share[PERIOD_DAYS]; /* seconds of the period on each day */
	int64_t total;              /* their sum */
	int64_t carry[PERIOD_DAYS]; /* seconds-messages owed to each day by earlier records */
};

/* From begin and end in UTC seconds. False when the period is too long and only its last day is used. */
bool period_init(struct period *period, int64_t begin, int64_t end);
/*
 * Puts the messages of one record on the days: out[i] for day first + i. The sum is messages; what rounding
 * leaves over is carried to the next record, so that many small counts spread as evenly as one large count.
 * The same records in the same order give the same days.
 */
void period_spread(struct period *period, int64_t out[PERIOD_DAYS], uint64_t messages);

#endif
