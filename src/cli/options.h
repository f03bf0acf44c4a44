/* options: from the words of a command line to a context; private to src/cli. */
#ifndef DMARCQ_CLI_OPTIONS_H
#define DMARCQ_CLI_OPTIONS_H

#include "cli/command.h"

/* The i-th option of a command: its own, then those that come with its needs, then --help; NULL behind the
 * last. */
const struct option *command_option(const struct command *command, size_t i);
/* By its long name, which need not end with a NUL, or its letter; NULL when the command has none such. */
const struct option *option_find_long(const struct command *command, const char *name, size_t len);
const struct option *option_find_short(const struct command *command, char letter);

/*
 * Finds the command in words[0] and perhaps words[1]; *used is how many words name it. FATAL with exit code
 * 64 and the nearest name when there is none.
 */
enum status command_find(const struct command **command, size_t *used, const struct command *const *table,
    const char *const *words, size_t count, struct err *err);
/* The command that was mostly meant by a word; NULL: none is near. */
const char *command_nearest(const struct command *const *table, const char *word);
enum { GROUP_TEXT = 256 };
/* "init, check, rebuild" for "db"; returns to. */
const char *command_group(
    char to[GROUP_TEXT], const struct command *const *table, const char *first, size_t len);

/*
 * Reads options and arguments in any order; "--" ends the options. Fills in all of context but db_path, store
 * and out. *help: --help was given, nothing else was checked. FATAL with exit code 64 and the place in err.
 * context_free gives back what it took.
 */
enum status options_parse(struct context *context, bool *help, const struct command *command,
    const char *const *words, size_t count, struct err *err);
void context_free(struct context *context);

/*
 * Where the database is when nobody says so: for root /var/lib/dmarcq/dmarcq.db, else below $XDG_DATA_HOME or
 * ~/.local/share. Freed by the caller. FATAL with exit code 78 when no home is known.
 */
enum status database_place(char **path, bool root, struct err *err);
/* A path below a folder of the XDG base directory specification; NULL when the folder is not absolute, which
 * is to be ignored. Freed by the caller. */
char *path_below(const char *folder, const char *rest);

/* `dmarcq help`: all commands; `dmarcq help COMMAND`; `dmarcq help limits`. */
void help_program(FILE *out, const struct command *const *table);
void help_command(FILE *out, const struct command *command);
void help_limits(FILE *out);

/* Prints "dmarcq: where: what" with everything harmful escaped. */
void message_print(FILE *to, const struct err *err);
/* Prints one text as a line, everything harmful escaped. */
void line_print(FILE *to, const char *text);

#endif
