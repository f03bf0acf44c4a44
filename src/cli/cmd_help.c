/* cmd_help: `dmarcq help`, `dmarcq help COMMAND`, `dmarcq help limits`, `dmarcq help version`. */
#include "cli/options.h"

#include <string.h>

/* `dmarcq help db`: all of "db ...". False when there is none. */
static bool
help_group(FILE *out, const char *first)
{
	size_t len = strlen(first), i;
	bool any = false;

	for (i = 0; commands[i] != NULL; i++) {
		if (strncmp(commands[i]->name, first, len) != 0 || commands[i]->name[len] != ' ')
			continue;
		if (any)
			(void)fputc('\n', out);
		help_command(out, commands[i]);
		any = true;
	}
	return any;
}

static bool
is_topic(const char *word)
{
	return strcmp(word, "limits") == 0 || strcmp(word, "version") == 0;
}

static bool
help_topic(FILE *out, const char *topic)
{
	if (strcmp(topic, "limits") == 0)
		help_limits(out);
	else if (strcmp(topic, "version") == 0)
		(void)fputs("dmarcq " DMARCQ_VERSION "\n", out);
	else
		return help_group(out, topic);
	return true;
}

static enum status
help_run(struct context *context, struct err *err)
{
	const struct command *command;
	enum status status;
	size_t used;

	if (context->arg_count == 0) {
		help_program(context->out, commands);
		return OK;
	}
	if (context->arg_count == 1 && help_topic(context->out, context->args[0]))
		return OK;
	if (context->arg_count > 1 && is_topic(context->args[0]))
		return err_stop(err, EXIT_CODE_USAGE, "one argument too many: \"%s\"", context->args[1]);
	status = command_find(&command, &used, commands, context->args, context->arg_count, err);
	if (status == OK && used < context->arg_count)
		return err_stop(err, EXIT_CODE_USAGE, "one argument too many: \"%s\"", context->args[used]);
	if (status == OK)
		help_command(context->out, command);
	return status;
}

static const struct option options[] = {OPTION_END};

const struct command cmd_help = {
    .name = "help",
    .summary = "tells about the commands, about one of them, about the limits or the version",
    .arguments = "[COMMAND|limits|version]",
    .least_args = 0,
    .most_args = 2,
    .options = options,
    .needs = NEEDS_NOTHING,
    .run = help_run,
};
