/* command: a command of the owner's that prints something; private to src/mailbox. */
#ifndef DMARCQ_MAILBOX_COMMAND_H
#define DMARCQ_MAILBOX_COMMAND_H

#include "base/err.h"

#include <stddef.h>

/*
 * Runs a command with /bin/sh and puts what it prints into to, at most max bytes of it; the rest is thrown
 * away. Standard input is empty, standard error is the program's. It has its own process group, which is
 * killed when seconds are over. FATAL with exit code 78: it can't be started or does not end with 0. TEMP: it
 * took too long, or ended with 75 (sysexits.h: try again).
 */
enum status command_output(
    char *to, size_t max, size_t *len, const char *command, unsigned seconds, struct err *err);

#endif
