/*
 * turn: whose turn it is to write. SQLite's own lock lets the one who just wrote write again for ever; with
 * this one, imports into the same database take turns at each commit.
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
void turn_close(struct turn *turn);

#endif
