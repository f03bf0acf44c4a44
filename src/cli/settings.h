/* settings: what holds for a run: command line before environment before file before default; private to
 * src/cli. */
#ifndef DMARCQ_CLI_SETTINGS_H
#define DMARCQ_CLI_SETTINGS_H

#include "cli/command.h"
#include "config/config.h"

/*
 * Fills in context->config, db_path and limits. Mistakes of the configuration are told, each with its line;
 * then the program ends with exit code 78. settings_free is due in any case.
 */
enum status settings_read(struct context *context, struct err *err);
void settings_free(struct context *context);
/* The mail servers that are believed, for ingest_options.trusted; NULL: none. The configuration's. */
const char *settings_trusted(const struct context *context);

/*
 * Where the configuration is: the file of --config, else of $DMARCQ_CONFIG, for root /etc/dmarcq.conf, else
 * below $XDG_CONFIG_HOME or ~/.config. Freed by the caller; NULL when no home is known. *named: somebody said
 * so, and it must be there.
 */
char *config_place(bool *named, const struct context *context, bool root);

/* The error of config_read for a file that is not there, when somebody said that it is: FATAL with exit
 * code 78. */
enum status config_missing(struct err *err);
/* config_read, with the mistakes that only several settings together make. */
enum status config_load(struct config *config, const char *path, struct err *err);
/* A mistake as "FILE:LINE" and its text. */
void mistake_err(struct err *err, const struct config *config, const struct mistake *mistake);

#endif
