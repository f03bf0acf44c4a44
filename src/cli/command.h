/*
 * command: what the program can be told to do: one const struct per command, one line each in main.c. From
 * its option table come parsing, usage errors, `dmarcq help COMMAND` and --help; so an option is written down
 * once.
 */
#ifndef DMARCQ_CLI_COMMAND_H
#define DMARCQ_CLI_COMMAND_H

#include "base/err.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct store;
struct config;
struct context;

/* One option. The table of a command ends with OPTION_END. */
struct option {
	const char *name;     /* long name without "--" */
	char letter;          /* short one, or 0 */
	const char *metavar;  /* NULL: a flag; "a|b|c": one of these words, the first is the default */
	const char *help;     /* one line, lower case, no full stop */
	bool repeatable;      /* may be given several times; otherwise that is a usage error */
	bool optional;        /* of NAME=VALUE: may be left out, then ""; a next word is it if it has a = */
	uint64_t least, most; /* most > 0: the value is a whole number in this range */
};

/* Options that mean the same everywhere. A command names those that it has in its table. */
/* clang-format off */
#define OPTION_FORMAT {.name = "format", .metavar = "table|csv|json", .help = "form of the answer"}
#define OPTION_NUMBER {.name = "number", .letter = 'n', .metavar = "N", .help = "at most N rows", .most = INT32_MAX}
#define OPTION_SCREEN {.name = "number", .letter = 'n', .metavar = "N", .help = "at most N rows; 0: all (default: tables 20, else all)", .most = INT32_MAX}
#define OPTION_DOMAIN {.name = "domain", .metavar = "D", .help = "only this policy domain (* and ? are wildcards); may be given several times", .repeatable = true}
#define OPTION_SUBDOMAINS {.name = "include-subdomains", .help = "with --domain: the policy domains below it too"}
#define OPTION_SORT   {.name = "sort", .metavar = "COLUMN", .help = "order by this column, largest first; -COLUMN: the other way round"}
#define OPTION_SINCE  {.name = "since", .metavar = "WHEN", .help = "from this day on (2026-01-31, or 30d, 12w before the end)"}
#define OPTION_UNTIL  {.name = "until", .metavar = "WHEN", .help = "up to and with this day (2026-01-31, or 30d, 12w before it; default: that of the newest report)"}
#define OPTION_ONLY   {.name = "only", .metavar = "all|authenticated", .help = "only what authenticated reports say"}
#define OPTION_END    {.name = NULL}
/* clang-format on */

/*
 * What is opened before run. Each but NEEDS_NOTHING brings the options --db, --config, --limit, -q and -v
 * along; --help belongs to every command.
 */
enum needs {
	NEEDS_NOTHING, /* neither database nor settings */
	NEEDS_CONFIG,  /* the command reads the configuration itself */
	NEEDS_PATH,    /* context->config and db_path are known; the command opens the database itself */
	NEEDS_READ,    /* context->store is open for reading */
	NEEDS_WRITE,   /* context->store is open for writing; the database must exist */
};

struct command {
	const char *name;             /* "status"; two words for a subcommand: "db check" */
	const char *summary;          /* one line, lower case, no full stop */
	const char *arguments;        /* "SOURCE...", "ID", "" */
	size_t least_args, most_args; /* how many arguments it takes */
	const struct option *options; /* ends with OPTION_END */
	enum needs needs;
	bool hidden; /* for programs: help and guesses leave it out */
	/*
	 * Does it. OK: the program ends with context->exit_code, which starts as 0. Else err is printed and
	 * the program ends with err->exit_code; err_stop(err, EXIT_CODE_USAGE, "--by: ...") is a usage error.
	 */
	enum status (*run)(struct context *context, struct err *err);
};

/* One option as it was given. */
struct given {
	const struct option *option;
	const char *value; /* "" for a flag */
	uint64_t number;   /* of an option with a range */
	bool is_default;   /* not given: the first of the words it takes */
};

/* What run gets. Texts are borrowed for the time of the run. */
struct context {
	const struct command *command;
	const char *const *args; /* arguments without options, NULL behind the last */
	size_t arg_count;
	const struct given *given; /* in the order of the command line, then the defaults */
	size_t given_count;
	struct config *config; /* NEEDS_PATH and further: what holds, and where it comes from */
	const char *db_path;   /* NEEDS_PATH and further */
	struct limits limits;  /* likewise; NEEDS_CONFIG: defaults and --limit */
	struct store *store;   /* NEEDS_READ, NEEDS_WRITE */
	bool quiet, verbose;
	FILE *out; /* results go here. Write errors (ferror) are seen and told by main when run is back */
	enum exit_code exit_code;
};

/* The value of an option of this command; NULL when it was not given. For words ("a|b|c") the first when not
 * given. */
const char *context_option(const struct context *context, const char *name);
/* Whether it was given. */
bool context_has(const struct context *context, const char *name);
/* The i-th value of an option that may be given several times; NULL behind the last. */
const char *context_each(const struct context *context, const char *name, size_t i);
/* The value of an option with a range, or fallback when it was not given. */
uint64_t context_number(const struct context *context, const char *name, uint64_t fallback);

/* Prints "dmarcq: where: what" on stderr, control characters and the like as \xNN; nothing under -q. */
void context_message(const struct context *context, const struct err *err);

/* Every command of the program, NULL behind the last; main.c. */
extern const struct command *const commands[];

extern const struct command cmd_config_check, cmd_config_show, cmd_kpi;
extern const struct command cmd_watch, cmd_import, cmd_db_init, cmd_db_check, cmd_db_rebuild, cmd_help,
    cmd_complete;
extern const struct command cmd_db_info, cmd_db_backup, cmd_db_prune, cmd_db_vacuum;
extern const struct command cmd_status, cmd_top_failures, cmd_sources, cmd_trend, cmd_policy, cmd_reports,
    cmd_show, cmd_rejects, cmd_export;
extern const struct command cmd_why, cmd_reporters, cmd_mark, cmd_tls, cmd_failures;
extern const struct command cmd_advise, cmd_doctor;

#endif
