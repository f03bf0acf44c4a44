/* watch: waits for news of one mailbox: by IDLE (RFC 2177) where the server has it, else by the clock. */
#ifndef DMARCQ_MAILBOX_WATCH_H
#define DMARCQ_MAILBOX_WATCH_H

#include "base/err.h"
#include "mailbox/account.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	WATCH_IDLE = 1500, /* seconds of one IDLE at most: servers may end it after 29 minutes (RFC 2177) */
	WATCH_JUMP = 30,   /* seconds that the clock has to jump to mean that the machine slept */
};

struct watch {
	const struct account *account;
	unsigned poll;      /* seconds between two looks without IDLE; of one IDLE: a dead line shows then */
	bool (*stop)(void); /* asked some times a second */
	/* There may be something to import: at the beginning, and whenever mail came. */
	void (*news)(void *data);
	void *data;
	bool connected; /* set: it came so far that news were told */
};

/*
 * Watches until stop says so (OK). TEMP, FATAL as imap_open and its like say; TEMP also when the clock
 * jumped: the machine slept, and the connection is not to be trusted.
 */
enum status watch_run(struct watch *watch, struct err *err);

/* Waits for seconds; returns early when stop says so (true) or the clock jumped (false, *jumped). */
bool watch_sleep(unsigned seconds, bool (*stop)(void), bool *jumped);

/* How far the clock is ahead of the time that the machine was awake, in seconds, and whether that jumped. */
int64_t watch_clock(void);
bool watch_jumped(int64_t before, int64_t after);

#endif
