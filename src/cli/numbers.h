/* numbers: an answer of one row that comes from the program and not from SQL; private to src/cli. */
#ifndef DMARCQ_CLI_NUMBERS_H
#define DMARCQ_CLI_NUMBERS_H

#include "base/column.h"
#include "cli/command.h"

/* Writes the row of a section in the form of --format. */
enum status numbers_write(
    struct context *context, const struct section *section, const struct cell *cells, struct err *err);

#endif
