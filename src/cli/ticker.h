/* ticker: a line on the terminal for work that can't tell how far it is: what is done, and for how long
 * already; private to src/cli. */
#ifndef DMARCQ_CLI_TICKER_H
#define DMARCQ_CLI_TICKER_H

#include <stdbool.h>
#include <stdio.h>

struct ticker;

/* Shows the line each second from the first one on. NULL when to is no terminal, when it is not wanted, or
 * when there is no thread to be had: the others accept that. */
struct ticker *ticker_begin(FILE *to, bool wanted, const char *what);
/* Takes the line away until its next second, so that a message can have its place. */
void ticker_clear(struct ticker *ticker);
/* The same for good, and frees. */
void ticker_end(struct ticker *ticker);

/* The line itself: "checking the database  1:05". */
enum { TICKER_TEXT = 128 };
void ticker_line(char line[TICKER_TEXT], const char *what, unsigned long long seconds);

#endif
