/* help: what the program says about itself, all of it from the tables of commands, options and limits. */
#include "base/text.h"
#include "cli/options.h"

#include <string.h>

enum { WIDTH = 79, NAME_COLUMN = 2, TEXT_COLUMN = 26 };

/* Text from a column on, broken at blanks; column is where the line stands. */
static void
print_wrapped(FILE *out, size_t column, size_t from, const char *text)
{
	size_t len;

	for (; *text != '\0'; text += len) {
		while (*text == ' ')
			text++;
		len = strcspn(text, " ");
		if (column > from && column + 1 + len <= WIDTH) {
			(void)fputc(' ', out);
			column++;
		} else if (column != from) {
			if (column > from)
				(void)fputc('\n', out);
			(void)fprintf(out, "%*s", (int)(column > from ? from : from - column), "");
			column = from;
		}
		(void)fwrite(text, 1, len, out);
		column += len;
	}
	(void)fputc('\n', out);
}

static void
print_entry(FILE *out, const char *name, const char *text)
{
	size_t len = NAME_COLUMN + strlen(name);

	(void)fprintf(out, "%*s%s", NAME_COLUMN, "", name);
	if (len >= TEXT_COLUMN - 1) {
		(void)fputc('\n', out);
		len = 0;
	}
	print_wrapped(out, len, TEXT_COLUMN, text);
}

static void
print_option(FILE *out, const struct option *option)
{
	char name[128], letter[8] = "    ";
	bool value = option->metavar != NULL;

	if (option->letter != 0)
		(void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
	(void)snprintf(name, sizeof name, "%s--%s%s%s%s", letter, option->name,
	    !value             ? ""
	    : option->optional ? " ["
			       : " ",
	    value ? option->metavar : "", option->optional ? "]" : "");
	print_entry(out, name, option->help);
}

void
help_command(FILE *out, const struct command *command)
{
	const struct option *option;
	size_t i;

	(void)fprintf(out, "usage: dmarcq %s [OPTION]...%s%s\n\n%s\n\noptions:\n", command->name,
	    command->arguments[0] == '\0' ? "" : " ", command->arguments, command->summary);
	for (i = 0; (option = command_option(command, i)) != NULL; i++)
		print_option(out, option);
}

void
help_program(FILE *out, const struct command *const *table)
{
	char name[128];

	(void)fputs("usage: dmarcq COMMAND [OPTION]... [ARGUMENT]...\n\n"
		    "imports DMARC aggregate reports and answers questions about them\n\ncommands:\n",
	    out);
	for (; *table != NULL; table++) {
		if ((*table)->hidden)
			continue;
		(void)snprintf(name, sizeof name, "%s%s%s", (*table)->name,
		    (*table)->arguments[0] == '\0' ? "" : " ", (*table)->arguments);
		print_entry(out, name, (*table)->summary);
	}
	(void)fputs("\ndmarcq help COMMAND tells more about one; dmarcq --version names the version.\n", out);
}

void
help_limits(FILE *out)
{
	const struct limit_info *info;
	char name[128], text[1024];
	size_t i;

	(void)fputs("limits, set with --limit NAME=VALUE:\n", out);
	for (i = 0; (info = limits_info(i)) != NULL; i++) {
		(void)snprintf(name, sizeof name, "%s=%llu", info->name, (unsigned long long)info->value);
		(void)snprintf(text, sizeof text, "%s, %llu to %llu: %s", info->unit,
		    (unsigned long long)info->least, (unsigned long long)info->most, info->reason);
		print_entry(out, name, text);
	}
}
