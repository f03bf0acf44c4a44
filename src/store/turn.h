/*
 * turn: whose turn it is to write. SQLite's own lock lets the one who just wrote write again for ever; with
 * this one, imports into the same database take turns at each commit. Beside it, places that a whole import
 * has to itself.
 */
#ifndef DMARCQ_STORE_TURN_H
#define DMARCQ_STORE_TURN_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct turn;

/* The lock lives in a file beside the database ("PATH-turn"), which stays. stop may be NULL. */
enum status turn_open(
    struct turn **turn, const char *db_path, uint64_t wait_seconds, bool (*stop)(void), struct err *err);
/* Waits for the turn; TEMP after wait_seconds, or a few seconds after stop said so: another one's commit is
 * over by then. */
enum status turn_take(struct turn *turn, struct err *err);
void turn_give(struct turn *turn);
/*
 * Has the place of this name to itself from now to turn_close; again is no fault. TEMP: another one has had
 * it for wait_seconds since the first call, or stop said so. Who wants several takes them in the order of
 * their names, and has not the turn. The caller puts the name before the error.
 */
enum status turn_hold(struct turn *turn, const char *name, struct err *err);
void turn_close(struct turn *turn);

#endif
