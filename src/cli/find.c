/* find: which command the first words of a command line name. */
#include "base/words.h"
#include "cli/options.h"

#include <string.h>

/* Whether name is "first second". */
static bool
is_pair(const char *name, const char *first, const char *second)
{
	size_t len = strlen(first);

	return strncmp(name, first, len) == 0 && name[len] == ' ' && strcmp(name + len + 1, second) == 0;
}

/* Whether there is a command "first something". */
static bool
is_group(const struct command *const *table, const char *first)
{
	size_t len = strlen(first);

	for (; *table != NULL; table++)
		if (strncmp((*table)->name, first, len) == 0 && (*table)->name[len] == ' ')
			return true;
	return false;
}

const char *
command_group(char to[GROUP_TEXT], const struct command *const *table, const char *first, size_t len)
{
	size_t used = 0;

	to[0] = '\0';
	for (; *table != NULL; table++)
		if (strncmp((*table)->name, first, len) == 0 && (*table)->name[len] == ' ' &&
		    used < GROUP_TEXT)
			used += (size_t)snprintf(to + used, GROUP_TEXT - used, "%s%s", used > 0 ? ", " : "",
			    (*table)->name + len + 1);
	return to;
}

static enum status
which_of_group(const struct command *const *table, const char *first, const char *second, struct err *err)
{
	char list[GROUP_TEXT];

	(void)command_group(list, table, first, strlen(first));
	if (second == NULL)
		(void)err_stop(err, EXIT_CODE_USAGE, "which one: %s?", list);
	else
		(void)err_stop(err, EXIT_CODE_USAGE, "no such command: \"%s\"; there are %s", second, list);
	return err_at(err, "%s", first);
}

const char *
command_nearest(const struct command *const *table, const char *word)
{
	const char *best = NULL;

	for (; *table != NULL; table++)
		if (!(*table)->hidden)
			word_nearest(&best, word, (*table)->name);
	return best;
}

static enum status
unknown(const struct command *const *table, const char *word, struct err *err)
{
	const char *best = command_nearest(table, word);

	if (best == NULL)
		return err_stop(err, EXIT_CODE_USAGE, "no such command: \"%s\"; see dmarcq help", word);
	return err_stop(err, EXIT_CODE_USAGE, "no such command: \"%s\"; did you mean %s?", word, best);
}

enum status
command_find(const struct command **command, size_t *used, const struct command *const *table,
    const char *const *words, size_t count, struct err *err)
{
	size_t i;

	if (count == 0)
		return err_stop(err, EXIT_CODE_USAGE, "a command is missing: dmarcq help lists them");
	if (words[0][0] == '-')
		return err_stop(err, EXIT_CODE_USAGE, "options stand behind the command: \"%s\"", words[0]);
	for (i = 0; table[i] != NULL; i++) {
		*command = table[i];
		*used = 1;
		if (strcmp(table[i]->name, words[0]) == 0)
			return OK;
		*used = 2;
		if (count > 1 && is_pair(table[i]->name, words[0], words[1]))
			return OK;
	}
	if (is_group(table, words[0]))
		return which_of_group(
		    table, words[0], count > 1 && words[1][0] != '-' ? words[1] : NULL, err);
	return unknown(table, words[0], err);
}
