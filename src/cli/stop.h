/* stop: signals that ask a run to end by itself; private to src/cli. */
#ifndef DMARCQ_CLI_STOP_H
#define DMARCQ_CLI_STOP_H

#include <stdbool.h>

/* From now on the first SIGINT or SIGTERM asks to stop; a second one ends the program at once. For runs that
 * may be killed at any moment. */
void stop_catch(void);
/*
 * From now on SIGINT, SIGTERM and SIGHUP ask to stop, however often they come; one that was ignored before
 * (nohup) still is. For runs that leave something behind when they are killed: they ask stop_wanted often.
 */
void stop_catch_all(void);
/* Whether somebody asked. */
bool stop_wanted(void);

#endif
