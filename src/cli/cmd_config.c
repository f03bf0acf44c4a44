/* cmd_config: the configuration file and what holds: check, show. */
#include "cli/mailboxes.h"
#include "cli/options.h"
#include "cli/question.h"
#include "cli/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
tell_none(const struct context *context, const char *path)
{
	char line[sizeof(struct err)];

	if (path == NULL)
		(void)snprintf(line, sizeof line, "no configuration: no home folder is known");
	else
		(void)snprintf(line, sizeof line, "no configuration: there is no %s", path);
	if (!context->quiet)
		line_print(context->out, line);
}

/* The mistakes are the result, so they go to standard output. */
static void
tell_findings(struct context *context, const struct config *config)
{
	char line[sizeof(struct err)];
	struct err err;
	size_t i;

	for (i = 0; i < config->mistake_count; i++) {
		mistake_err(&err, config, &config->mistakes[i]);
		(void)snprintf(line, sizeof line, "%s: %s", err.where, err.what);
		line_print(context->out, line);
	}
	if (config->mistake_count > 0)
		context->exit_code = EXIT_CODE_CONFIG;
	else if (!context->quiet)
		(void)fputs("no problems found\n", context->out);
}

static enum status
check_file(struct context *context, const char *path, bool named, struct err *err)
{
	struct config config;
	enum status status;

	config_init(&config, config_sections);
	status = path == NULL ? SKIP : config_load(&config, path, err);
	if (status == OK) {
		mailboxes_check_files(&config);
		tell_findings(context, &config);
	} else if (status == SKIP && !named)
		tell_none(context, path);
	config_free(&config);
	if (status != SKIP)
		return status;
	return named ? config_missing(err) : OK;
}

static enum status
check_run(struct context *context, struct err *err)
{
	enum status status;
	bool named = true;
	char *path;

	if (context->arg_count > 0)
		return check_file(context, context->args[0], true, err);
	path = config_place(&named, context, geteuid() == 0);
	status = check_file(context, path, named, err);
	free(path);
	return status;
}

/* name, title, type, priority, least width */
static const struct column setting_columns[] = {
    {"section", "Section", CELL_TEXT, 0, 0},
    {"setting", "Setting", CELL_TEXT, 0, 0},
    {"value", "Value", CELL_TEXT, 0, 20},
    {"from", "From", CELL_TEXT, 0, 20},
};
enum {
	SETTING_COLUMNS = sizeof setting_columns / sizeof *setting_columns,
	SECTION_TEXT = 4096, /* longer than a line of the file */
};
static const struct section settings_section = {
    "settings", NULL, SHAPE_ROWS, true, setting_columns, SETTING_COLUMNS};

static const struct column file_columns[] = {{"file", "Configuration", CELL_TEXT, 0, 0}};
static const struct section file_section = {"file", NULL, SHAPE_VALUE, true, file_columns, 1};

static struct cell
text_cell(const char *text)
{
	return (struct cell){.known = text != NULL, .text = str_of(text)};
}

static struct cell
value_cell(const struct setting *setting, const char *number)
{
	switch (setting->key.type) {
	case CONFIG_PATH:
	case CONFIG_WORDS:
	case CONFIG_LINE:
		return text_cell(setting->text);
	case CONFIG_COMMAND:
		return text_cell(setting->text == NULL ? NULL : "(not shown)");
	default:
		return text_cell(number);
	}
}

static enum status
write_setting(struct output *out, const struct setting *setting, struct err *err)
{
	struct cell cells[SETTING_COLUMNS];
	char number[CONFIG_TEXT], section[SECTION_TEXT];

	config_number_text(number, setting->key.type, setting->number);
	(void)snprintf(section, sizeof section, "%s%s%s", setting->section->name,
	    setting->name != NULL ? " " : "", setting->name != NULL ? setting->name : "");
	cells[0] = text_cell(section);
	cells[1] = text_cell(setting->key.name);
	cells[2] = value_cell(setting, number);
	cells[3] = text_cell(setting->from != NULL ? setting->from : "default");
	return output_row(out, cells, err);
}

static enum status
write_settings(struct output *out, const struct config *config, struct err *err)
{
	struct cell file = text_cell(config->path);
	enum status status = output_begin(out, "config show", NULL, err);
	size_t i;

	if (status == OK)
		status = output_section(out, &settings_section, err);
	for (i = 0; status == OK && i < config->setting_count; i++)
		status = write_setting(out, &config->settings[i], err);
	if (status == OK)
		status = output_section(out, &file_section, err);
	if (status == OK)
		status = output_row(out, &file, err);
	return status == OK ? output_end(out, err) : status;
}

static enum status
show_run(struct context *context, struct err *err)
{
	struct output_options options = question_output(context);
	struct output *out = NULL;
	enum status status = output_open(&out, context_option(context, "format"), &options, err);

	if (status == OK)
		status = write_settings(out, context->config, err);
	output_close(out);
	return status;
}

static const struct option check_options[] = {OPTION_END};
static const struct option show_options[] = {OPTION_FORMAT, OPTION_END};

const struct command cmd_config_check = {
    .name = "config check",
    .summary = "reads a configuration file and tells every mistake in it",
    .arguments = "[FILE]",
    .most_args = 1,
    .options = check_options,
    .needs = NEEDS_CONFIG,
    .run = check_run,
};

const struct command cmd_config_show = {
    .name = "config show",
    .summary = "lists every setting, its value, and where that comes from",
    .arguments = "",
    .options = show_options,
    .needs = NEEDS_PATH,
    .run = show_run,
};
