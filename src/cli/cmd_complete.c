/*
 * cmd_complete: `dmarcq complete -- WORD...` tells a shell what the last word may become: the words behind
 * "dmarcq" up to the cursor in, a candidate a line out, with a tab and what it means behind it. A line
 * ":files" or ":folders" asks the shell for these. A candidate that ends with "=" is not at its end yet.
 * Everything comes from the tables of commands and options; values are in complete.c. The shells' side is in
 * scripts/completion.
 */
#include "cli/complete.h"
#include "cli/options.h"

#include <string.h>

/* "SOURCE...", "[SOURCE...]" */
static bool
may_repeat(const char *text, size_t len)
{
	len -= len > 0 && text[len - 1] == ']';
	return len >= 3 && strncmp(text + len - 3, "...", 3) == 0;
}

static void
offer_placeholder(struct completion *completion, const char *text)
{
	text += text[0] == '[';
	offer_values(completion, text, strcspn(text, " .]"));
}

/* The argument at the cursor, by what help says: "ID", "SOURCE...", "[COMMAND|limits]"; behind one that may
 * be repeated stands another one, or what follows. */
static void
offer_argument(struct completion *completion)
{
	const char *text = completion->command->arguments;
	size_t i, len = strcspn(text, " ");
	bool repeats = may_repeat(text, len);

	for (i = 0; i < completion->args && text[len] != '\0'; i++) {
		if (may_repeat(text, len))
			offer_placeholder(completion, text);
		text += len + 1;
		len = strcspn(text, " ");
	}
	if (i == completion->args || repeats || may_repeat(text, len))
		offer_placeholder(completion, text);
}

static bool
is_given(const struct completion *completion, const struct option *option)
{
	size_t i;

	for (i = 0; i < completion->given_count; i++)
		if (completion->given[i] == option)
			return !option->repeatable;
	return false;
}

static void
offer_options(struct completion *completion)
{
	const struct option *option;
	char name[128];
	size_t i;

	for (i = 0; (option = command_option(completion->command, i)) != NULL; i++) {
		(void)snprintf(name, sizeof name, "--%s", option->name);
		if (!is_given(completion, option))
			offer(completion, name, option->help);
	}
}

/* The words that name commands, once each, behind those that are there already ("db"). */
static void
offer_commands(struct completion *completion, const char *first)
{
	size_t i, len, first_len = first == NULL ? 0 : strlen(first);
	const char *name, *last = "";
	char group[GROUP_TEXT];

	for (i = 0; commands[i] != NULL; i++) {
		name = commands[i]->name;
		if (commands[i]->hidden ||
		    (first != NULL && (strncmp(name, first, first_len) != 0 || name[first_len] != ' ')))
			continue;
		name += first == NULL ? 0 : first_len + 1;
		len = strcspn(name, " ");
		if (name[len] == '\0')
			offer_n(completion, name, len, commands[i]->summary);
		else if (strncmp(last, name, len + 1) != 0)
			offer_n(completion, name, len, command_group(group, commands, name, len));
		last = name;
	}
}

/* The value of --db or --config, which say where the candidates are. */
static void
take_setting(struct completion *completion, const struct option *option, const char *value)
{
	bool is_setting = strcmp(option->name, "db") == 0 || strcmp(option->name, "config") == 0;

	if (is_setting &&
	    completion->setting_count < sizeof completion->settings / sizeof *completion->settings)
		completion->settings[completion->setting_count++] =
		    (struct given){.option = option, .value = value};
}

static void
take_given(struct completion *completion, const struct option *option, const char *value)
{
	if (option == NULL)
		return;
	if (completion->given_count < sizeof completion->given / sizeof *completion->given)
		completion->given[completion->given_count++] = option;
	if (option->metavar != NULL && value == NULL)
		completion->pending = option;
	else if (value != NULL)
		take_setting(completion, option, value);
}

/* "-qn" waits for a value, "-qn5" has it. */
static void
take_letters(struct completion *completion, const char *letters)
{
	const struct option *option;

	for (; *letters != '\0'; letters++) {
		option = option_find_short(completion->command, *letters);
		take_given(completion, option, letters[1] == '\0' ? NULL : letters + 1);
		if (option == NULL || option->metavar != NULL)
			return;
	}
}

/* A word before the last one. */
static void
take_word(struct completion *completion, const char *word)
{
	size_t len = strlen(word) < 2 ? 0 : 2 + strcspn(word + 2, "=");

	if (completion->pending != NULL) {
		take_setting(completion, completion->pending, word);
		completion->pending = NULL;
	} else if (completion->ended || word[0] != '-' || word[1] == '\0') {
		completion->args++;
	} else if (strcmp(word, "--") == 0) {
		completion->ended = true;
	} else if (word[1] == '-') {
		take_given(completion, option_find_long(completion->command, word + 2, len - 2),
		    word[len] == '=' ? word + len + 1 : NULL);
	} else {
		take_letters(completion, word + 1);
	}
}

static void
complete_last(struct completion *completion, const char *last)
{
	const struct option *option = completion->pending;
	size_t len = strcspn(last, "=");

	completion->begun = last;
	if (option == NULL && !completion->ended && last[0] == '-') {
		if (last[1] != '-' || last[len] != '=') {
			offer_options(completion);
			return;
		}
		option = option_find_long(completion->command, last + 2, len - 2);
		completion->head = last;
		completion->head_len = len + 1;
		completion->begun = last + len + 1;
		if (option == NULL)
			return;
	}
	if (option == NULL)
		offer_argument(completion);
	else if (option->metavar != NULL)
		offer_values(completion, option->metavar, strlen(option->metavar));
}

/* The name of a command, behind `dmarcq` or `dmarcq help`. */
static void
complete_name(struct completion *completion, const char *const *words, size_t count)
{
	completion->begun = words[count - 1];
	if (count <= 2)
		offer_commands(completion, count == 2 ? words[0] : NULL);
}

static enum status
complete_run(struct context *context, struct err *err)
{
	struct completion completion = {.out = context->out, .head = ""};
	const char *const *words = context->args;
	size_t count = context->arg_count, used = 0, i;

	if (count == 0)
		return OK;
	if (command_find(&completion.command, &used, commands, words, count - 1, err) != OK) {
		complete_name(&completion, words, count);
		return OK;
	}
	for (i = used; i + 1 < count; i++)
		take_word(&completion, words[i]);
	if (completion.command == &cmd_help && words[count - 1][0] != '-')
		complete_name(&completion, words + used, count - used);
	if (completion.command != &cmd_help || completion.args == 0)
		complete_last(&completion, words[count - 1]);
	return OK;
}

static const struct option options[] = {OPTION_END};

const struct command cmd_complete = {
    .name = "complete",
    .summary = "tells a shell what the last word may become",
    .arguments = "-- WORD...",
    .most_args = SIZE_MAX,
    .options = options,
    .needs = NEEDS_NOTHING,
    .hidden = true,
    .run = complete_run,
};
