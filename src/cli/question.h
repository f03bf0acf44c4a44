/* question: from a command's options to a question, and from its answer to the output; private to src/cli. */
#ifndef DMARCQ_CLI_QUESTION_H
#define DMARCQ_CLI_QUESTION_H

#include "cli/command.h"
#include "output/output.h"
#include "query/query.h"

/*
 * What the options --domain, --include-subdomains, --since, --until, --by, --only, --sort and -n of the
 * command line ask, as far as the command has them. FATAL with exit code 64: --include-subdomains without
 * --domain. question_ask_free gives back what it took.
 */
enum status question_ask(struct ask *ask, const struct context *context, struct err *err);
void question_ask_free(struct ask *ask);

/*
 * Asks a question of query.h with what the command line asks, and
 * writes the answer in the form of --format. id is the report for questions that take one. An answer without
 * rows is explained on stderr.
 */
enum status question_run(struct context *context, const char *name, int64_t id, struct err *err);

/* What a command adds to its question and wants to see of the answer. */
struct question_extra {
	const struct ask_number *numbers;
	size_t number_count;
	const char *parked;        /* as in ask */
	const char *sender, *only; /* NULL: as question_ask has it */
	/* Called with each row of the answer itself behind its output; NULL: nobody looks. */
	void (*row)(void *data, const struct section *section, const struct cell *cells);
	/* Whether a row of the answer itself stands there however few are wanted; NULL: none does. */
	bool (*stays)(const struct cell *cells);
	void *data;
};
enum status question_run_extra(
    struct context *context, const char *name, const struct question_extra *extra, struct err *err);

/* How to write to the terminal, or what else context->out is. */
struct output_options question_output(const struct context *context);
/* An id of the command line; FATAL with exit code 64 when it is none. */
enum status question_id(int64_t *id, const char *text, struct err *err);
/* Hands the bytes of an original to context->out. */
enum status question_bytes(struct context *context, int64_t original, struct err *err);

#endif
