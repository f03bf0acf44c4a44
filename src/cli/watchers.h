/* watchers: a thread for each mailbox that is watched: it tells news, and tries again what fails; private to
 * src/cli. */
#ifndef DMARCQ_CLI_WATCHERS_H
#define DMARCQ_CLI_WATCHERS_H

#include "cli/mailboxes.h"

struct watchers;

enum {
	WATCH_PAUSE = 1,       /* seconds before a connection that failed is tried again; doubled each time */
	WATCH_PAUSE_MOST = 300 /* up to this */
};
/* The pause behind one of before seconds. */
unsigned watch_next_pause(unsigned before);

/*
 * Starts to watch the mailboxes of sources, which must outlive it. news is called from their threads with the
 * number of the mailbox: there may be something to import; wake: something else happened. Failures are told
 * once until a connection stands again, under -v each time.
 */
struct watchers *watchers_start(const struct sources *sources, const struct context *context,
    void (*news)(void *data, size_t mailbox), void (*wake)(void *data), void *data);
/* Ends all threads and waits for them. NULL is accepted. */
void watchers_stop(struct watchers *watchers);

/*
 * Whether none is left: each was refused at its first try (login, certificate, settings). err is the last
 * one's.
 */
bool watchers_are_gone(struct watchers *watchers, struct err *err);

#endif
