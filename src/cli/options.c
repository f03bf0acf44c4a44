/*
 * options: reads a command line against the option table of its command. What is wrong with it is said once,
 * with the command and the option in front: "import: --jobs: not a whole number from 1 to 64: "x"".
 */
#include "cli/options.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

static const struct option with_database[] = {
    {.name = "db", .metavar = "PATH", .help = "the database"},
    {.name = "config", .metavar = "FILE", .help = "the configuration"},
    {.name = "limit",
	.metavar = "NAME=VALUE",
	.help = "sets a limit (dmarcq help limits)",
	.repeatable = true},
    {.name = "quiet", .letter = 'q', .help = "no messages but the last one of a failure"},
    {.name = "verbose", .letter = 'v', .help = "more messages"},
};
static const struct option with_all = {.name = "help", .letter = 'h', .help = "tells about this command"};

enum { WITH_DATABASE = sizeof with_database / sizeof with_database[0] };

/* One reading of a command line. */
struct reading {
	struct context *context;
	const char **args;   /* becomes context->args */
	struct given *given; /* becomes context->given */
	const char *const *words;
	size_t count, at;
	bool help;
};

const struct option *
command_option(const struct command *command, size_t i)
{
	const struct option *option = command->options;

	for (; option->name != NULL; option++)
		if (i-- == 0)
			return option;
	if (command->needs != NEEDS_NOTHING) {
		if (i < WITH_DATABASE)
			return &with_database[i];
		i -= WITH_DATABASE;
	}
	return i == 0 ? &with_all : NULL;
}

static bool
name_is(const struct option *option, const char *name, size_t len)
{
	return strlen(option->name) == len && strncmp(option->name, name, len) == 0;
}

const struct option *
option_find_long(const struct command *command, const char *name, size_t len)
{
	const struct option *option;
	size_t i;

	for (i = 0; (option = command_option(command, i)) != NULL; i++)
		if (name_is(option, name, len))
			return option;
	return NULL;
}

const struct option *
option_find_short(const struct command *command, char letter)
{
	const struct option *option;
	size_t i;

	for (i = 0; (option = command_option(command, i)) != NULL; i++)
		if (option->letter == letter)
			return option;
	return NULL;
}

static enum status
unknown_long(const struct command *command, const char *name, size_t len, struct err *err)
{
	const struct option *option;
	const char *best = NULL;
	char *word = mem_copy_n(name, len);
	size_t i;

	for (i = 0; (option = command_option(command, i)) != NULL; i++)
		word_nearest(&best, word, option->name);
	if (best == NULL)
		(void)err_stop(err, EXIT_CODE_USAGE, "no such option");
	else
		(void)err_stop(err, EXIT_CODE_USAGE, "no such option; did you mean --%s?", best);
	(void)err_at(err, "--%s", word);
	free(word);
	return FATAL;
}

/* Whether value is one of the words of "a|b|c". */
static bool
is_word_of(const char *words, const char *value)
{
	size_t len = strlen(value), word_len;

	for (;; words += word_len + 1) {
		word_len = strcspn(words, "|");
		if (word_len == len && strncmp(words, value, len) == 0)
			return true;
		if (words[word_len] == '\0')
			return false;
	}
}

static enum status
check_value(struct context *context, struct given *given, struct err *err)
{
	const struct option *option = given->option;
	const char *value = given->value;

	if (option->most > 0 && (!text_u64(&given->number, value, strlen(value)) ||
				    given->number < option->least || given->number > option->most))
		return err_stop(err, EXIT_CODE_USAGE, "not a whole number from %llu to %llu: \"%s\"",
		    (unsigned long long)option->least, (unsigned long long)option->most, value);
	if (option->metavar != NULL && strchr(option->metavar, '|') != NULL &&
	    !is_word_of(option->metavar, value))
		return err_stop(err, EXIT_CODE_USAGE, "not one of %s: \"%s\"", option->metavar, value);
	if (option->metavar != NULL && value[0] == '\0' && !option->optional)
		return err_stop(err, EXIT_CODE_USAGE, "%s is empty", option->metavar);
	if (option == &with_database[2] && limits_set(&context->limits, value, err) != OK) {
		err->status = FATAL;
		err->exit_code = EXIT_CODE_USAGE;
		return FATAL;
	}
	return OK;
}

static enum status
take_option(struct reading *reading, const struct option *option, const char *value, struct err *err)
{
	struct context *context = reading->context;
	struct given *given = &reading->given[context->given_count];
	size_t i;

	for (i = 0; i < context->given_count && !option->repeatable; i++)
		if (reading->given[i].option == option)
			return option->metavar == NULL ? OK : err_stop(err, EXIT_CODE_USAGE, "given twice");
	given->option = option;
	given->value = value;
	given->number = 0;
	context->given_count++;
	reading->help |= option == &with_all;
	context->quiet |= option == &with_database[3];
	context->verbose |= option == &with_database[4];
	return option->metavar == NULL ? OK : check_value(context, given, err);
}

/* The value behind an option: what is left of its word, else the next word. */
static enum status
take_value(struct reading *reading, const struct option *option, const char *rest, struct err *err)
{
	const char *next = reading->at < reading->count ? reading->words[reading->at] : "";

	if (rest == NULL && option->optional && (next[0] == '-' || strchr(next, '=') == NULL))
		return take_option(reading, option, "", err);
	if (rest == NULL && reading->at == reading->count)
		return err_stop(err, EXIT_CODE_USAGE, "%s is missing", option->metavar);
	return take_option(reading, option, rest != NULL ? rest : reading->words[reading->at++], err);
}

static enum status
take_long(struct reading *reading, const char *word, struct err *err)
{
	size_t len = strcspn(word, "=");
	const char *rest = word[len] == '=' ? word + len + 1 : NULL;
	const struct option *option = option_find_long(reading->context->command, word, len);
	enum status status;

	if (option == NULL)
		return unknown_long(reading->context->command, word, len, err);
	if (option->metavar != NULL)
		status = take_value(reading, option, rest, err);
	else if (rest != NULL)
		status = err_stop(err, EXIT_CODE_USAGE, "takes no value");
	else
		status = take_option(reading, option, "", err);
	return status == OK ? OK : err_at(err, "--%s", option->name);
}

/* "-qv", "-n 5", "-n5" */
static enum status
take_short(struct reading *reading, const char *letters, struct err *err)
{
	enum status status = OK;
	const struct option *option;

	for (; status == OK && *letters != '\0'; letters++) {
		option = option_find_short(reading->context->command, *letters);
		if (option == NULL) {
			(void)err_stop(err, EXIT_CODE_USAGE, "no such option");
			return err_at(err, "-%c", *letters);
		}
		if (option->metavar == NULL) {
			status = take_option(reading, option, "", err);
			continue;
		}
		status = take_value(reading, option, letters[1] != '\0' ? letters + 1 : NULL, err);
		return status == OK ? OK : err_at(err, "-%c", option->letter);
	}
	return status;
}

static enum status
take_words(struct reading *reading, struct err *err)
{
	enum status status = OK;
	bool options = true;
	const char *word;

	while (status == OK && reading->at < reading->count) {
		word = reading->words[reading->at++];
		if (!options || word[0] != '-' || word[1] == '\0')
			reading->args[reading->context->arg_count++] = word;
		else if (strcmp(word, "--") == 0)
			options = false;
		else if (word[1] == '-')
			status = take_long(reading, word + 2, err);
		else
			status = take_short(reading, word + 1, err);
	}
	return status;
}

static enum status
check_arguments(const struct context *context, struct err *err)
{
	const struct command *command = context->command;

	if (context->arg_count < command->least_args)
		return err_stop(err, EXIT_CODE_USAGE, "%.*s is missing",
		    (int)strcspn(command->arguments, ". "), command->arguments);
	if (context->arg_count > command->most_args)
		return err_stop(
		    err, EXIT_CODE_USAGE, "one argument too many: \"%s\"", context->args[command->most_args]);
	return OK;
}

/* Options that take one of some words and were not given have the first one. */
static void
add_defaults(struct reading *reading)
{
	struct context *context = reading->context;
	const struct option *option;
	struct given *given;
	size_t i;

	for (i = 0; (option = command_option(context->command, i)) != NULL; i++) {
		if (option->metavar == NULL || strchr(option->metavar, '|') == NULL ||
		    context_has(context, option->name))
			continue;
		given = &reading->given[context->given_count++];
		given->option = option;
		given->value = mem_copy_n(option->metavar, strcspn(option->metavar, "|"));
		given->is_default = true;
	}
}

void
context_free(struct context *context)
{
	union {
		const void *in;
		void *out;
	} owned;
	size_t i;

	for (i = 0; i < context->given_count; i++)
		if (context->given[i].is_default) {
			owned.in = context->given[i].value;
			free(owned.out);
		}
	owned.in = context->given;
	free(owned.out);
	owned.in = context->args;
	free(owned.out);
}

enum status
options_parse(struct context *context, bool *help, const struct command *command, const char *const *words,
    size_t count, struct err *err)
{
	struct reading reading = {.context = context, .words = words, .count = count};
	enum status status;
	size_t options = 0;

	memset(context, 0, sizeof *context);
	context->command = command;
	context->args = reading.args = mem_zero(count + 1, sizeof *reading.args);
	while (command_option(command, options) != NULL)
		options++;
	context->given = reading.given = mem_zero(options + count, sizeof *reading.given);
	limits_init(&context->limits);
	status = take_words(&reading, err);
	*help = reading.help;
	add_defaults(&reading);
	if (reading.help)
		return OK;
	if (status == OK)
		status = check_arguments(context, err);
	return status == OK ? OK : err_at(err, "%s", command->name);
}
