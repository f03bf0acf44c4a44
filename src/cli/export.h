/* export: what writing an export and checking one have in common; private to src/cli. */
#ifndef DMARCQ_CLI_EXPORT_H
#define DMARCQ_CLI_EXPORT_H

#include "cli/command.h"
#include "cli/manifest.h"
#include "output/output.h"

/* The words of --what, as in a table of options; the question is "export WORD". */
#define EXPORT_WORDS "records|rollup|reports|rejects|decisions|tls|failures"
/* NULL: it is none of the words. */
const struct question *export_question(const char *what);

/* Where the column is in a section; its count when it has none. */
size_t export_column(const struct section *section, const char *name);

/* Writes a section with all its rows and counts them; the digest and size of the file are the caller's. */
enum status export_write(struct manifest_file *totals, struct output *out, struct answer *answer,
    enum export_section section, struct err *err);

/* `export --verify FILE`. */
enum status verify_run(struct context *context, const char *path, struct err *err);

#endif
