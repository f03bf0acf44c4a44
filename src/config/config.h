/*
 * config: the settings of the program and the file that they are read from. Settings stand in sections; a
 * section is a table of known keys in sections.c, from which reading, mistakes, `dmarcq config show` and the
 * manual page's test come. Mistakes of a file are gathered, never only the first one told.
 */
#ifndef DMARCQ_CONFIG_CONFIG_H
#define DMARCQ_CONFIG_CONFIG_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_type {
	CONFIG_PATH,     /* absolute, or below ~/ */
	CONFIG_WORDS,    /* any text of words */
	CONFIG_NUMBER,   /* whole, from least to most */
	CONFIG_OPTIONAL, /* the same, or "none" */
	CONFIG_FLAG,     /* yes or no; its number is 1 or 0 */
	CONFIG_PERCENT,  /* 0 to 100 with four decimals at most, in units of CONFIG_PERCENT_UNIT; or "none" */
	CONFIG_LINE,     /* any text without control characters, as it stands */
	CONFIG_COMMAND,  /* the same for a shell; never shown, for people write secrets into commands */
	CONFIG_NUMBERS,  /* two whole numbers from least to most, or one that stands for both: CONFIG_PAIR */
	CONFIG_PERCENTS, /* two percentages, or one that stands for both: CONFIG_PAIR */
};
enum { CONFIG_PERCENT_UNIT = 10000 /* of 1 % */ };
#define CONFIG_NONE UINT64_MAX /* a percentage or number that is not set */

/* The number of a setting that has two, each below 2^32. */
#define CONFIG_PAIR(first, second) ((uint64_t)(first) << 32 | (uint64_t)(second))
#define CONFIG_FIRST(number)       ((number) >> 32)
#define CONFIG_SECOND(number)      ((number)&0xffffffff)

/* One thing that can be set. */
struct config_key {
	const char *name; /* "spf-pass" */
	enum config_type type;
	uint64_t value;       /* the default of a number or percentage */
	uint64_t least, most; /* of a number; of a percentage when most is not 0: these and no "none" */
	const char *unit;     /* of a number: "levels" */
	const char *help;     /* one line, lower case, no full stop */
};

struct config_section {
	const char *name;
	bool has_name; /* "[mailbox NAME]": any number of them, each with its own settings */
	/* The i-th key; false behind the last. Its texts may change with the next call. */
	bool (*key)(struct config_key *key, size_t i);
};

/* What to say of a name that is none of a section and that people expect there; NULL: nothing. */
const char *config_hint(const char *section, const char *name);

/* The sections of the program, NULL behind the last. */
extern const struct config_section *const config_sections[];

/* What holds for one key. Texts are the configuration's. */
struct setting {
	const struct config_section *section;
	const char *name;    /* NAME of "[section NAME]"; NULL: the section has none */
	size_t section_line; /* where that section begins; 0: it has no name */
	struct config_key key;
	uint64_t number;  /* of a number, flag or percentage */
	const char *text; /* of a path, words, a line or command; NULL: not set */
	const char *from; /* "FILE:12", or what config_set was told; NULL: the default */
	size_t line;      /* in the file; 0: not set there */
};

/* One mistake of the file. */
struct mistake {
	size_t line;
	const char *text; /* `[kpi] spf-pas: no such setting; did you mean spf-pass?`; it may hold anything */
};

struct config {
	struct arena arena;
	const struct config_section *const *sections;
	const char *path; /* of the file that was read; NULL: none */
	struct setting *settings;
	size_t setting_count;
	struct mistake *mistakes; /* in the order of the file */
	size_t mistake_count;
};

/* Every setting of the sections without names at its default. config_free is due. */
void config_init(struct config *config, const struct config_section *const *sections);
void config_free(struct config *config);

/*
 * Reads a file. OK: it was read; its mistakes are in config->mistakes, everything else is set. SKIP: it is
 * not there. FATAL with exit code 78: it can't be read.
 */
enum status config_read(struct config *config, const char *path, struct err *err);

/* Sets a key of a section without a name from elsewhere ("option --db"); the value is taken as it is.
 */
void config_set(
    struct config *config, const char *section, const char *key, const char *text, const char *from);
void config_set_number(
    struct config *config, const char *section, const char *key, uint64_t number, const char *from);

/*
 * Notes one more mistake, which only several settings together make, at its place among the others. name is
 * NULL for a section without names.
 */
void config_mistake(struct config *config, size_t line, const char *section, const char *name,
    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The i-th name of a section with names, in the order of the file; NULL behind the last. */
const char *config_name(const struct config *config, const char *section, size_t i);

/* NULL: there is no such setting. name is NULL for a section without names. */
const struct setting *config_find(
    const struct config *config, const char *section, const char *name, const char *key);

enum { CONFIG_TEXT = 32 };
/* A number, flag or percentage as it would stand in the file: "16", "no", "99.5", "none", "2 0.5". */
void config_number_text(char to[CONFIG_TEXT], enum config_type type, uint64_t number);

#endif
