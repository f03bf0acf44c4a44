/* complete: one completion of a command line, and what may stand at its cursor; private to src/cli. */
#ifndef DMARCQ_CLI_COMPLETE_H
#define DMARCQ_CLI_COMPLETE_H

#include "cli/command.h"

struct completion {
	const struct command *command;
	FILE *out;
	const char *head; /* "--format=" when the value is in the same word, else "" */
	size_t head_len;
	const char *begun;        /* what is there of the word or value */
	struct given settings[2]; /* --db and --config, as far as they are on the line */
	size_t setting_count;
	const struct option *given[64]; /* options on the line */
	size_t given_count;
	size_t args;                  /* arguments before the last word */
	const struct option *pending; /* the last word is its value */
	bool ended;                   /* a "--" is on the line */
};

/* Prints a candidate if what is begun fits, with a tab and what it means behind it unless that is empty. */
void offer(const struct completion *completion, const char *text, const char *meaning);
void offer_n(const struct completion *completion, const char *text, size_t len, const char *meaning);

/*
 * Offers what may stand for a value that help calls so: "table|csv|json", "IP|SOURCE", "PATH". Words in lower
 * case stand for themselves.
 */
void offer_values(struct completion *completion, const char *metavars, size_t len);

#endif
