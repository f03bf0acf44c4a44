/* settings: finds the configuration file and puts together what it, the environment and the command line say.
 */
#include "cli/settings.h"

#include "base/mem.h"
#include "base/text.h"
#include "cli/mailboxes.h"
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SETTING_BYTES = 128 };

char *
config_place(bool *named, const struct context *context, bool root)
{
	const char *path = context_option(context, "config");
	char *below;

	if (path == NULL)
		path = getenv("DMARCQ_CONFIG");
	*named = path != NULL && path[0] != '\0';
	if (*named)
		return mem_copy(path);
	if (root)
		return mem_copy("/etc/dmarcq.conf");
	below = path_below(getenv("XDG_CONFIG_HOME"), "/dmarcq/dmarcq.conf");
	return below != NULL ? below : path_below(getenv("HOME"), "/.config/dmarcq/dmarcq.conf");
}

enum status
config_missing(struct err *err)
{
	err->status = FATAL;
	err->exit_code = EXIT_CODE_CONFIG;
	return FATAL;
}

enum status
config_load(struct config *config, const char *path, struct err *err)
{
	enum status status = config_read(config, path, err);

	if (status == OK)
		mailboxes_check(config);
	return status;
}

void
mistake_err(struct err *err, const struct config *config, const struct mistake *mistake)
{
	(void)err_stop(err, EXIT_CODE_CONFIG, "%s", mistake->text);
	(void)err_at(err, "%s:%zu", config->path, mistake->line);
}

/* All are told before the program ends with the last one. */
static enum status
tell_mistakes(const struct config *config, struct err *err)
{
	size_t i;

	for (i = 0; i < config->mistake_count; i++) {
		mistake_err(err, config, &config->mistakes[i]);
		if (i + 1 < config->mistake_count)
			message_print(stderr, err);
	}
	return config->mistake_count == 0 ? OK : FATAL;
}

static enum status
read_file(struct context *context, struct err *err)
{
	enum status status = OK;
	bool named;
	char *path = config_place(&named, context, geteuid() == 0);

	if (path != NULL)
		status = config_load(context->config, path, err);
	free(path);
	if (status == SKIP && named)
		return config_missing(err);
	if (status == FATAL)
		return FATAL;
	return tell_mistakes(context->config, err);
}

static enum status
choose_database(struct context *context, struct err *err)
{
	const char *option = context_option(context, "db"), *named = getenv("DMARCQ_DB");
	struct config *config = context->config;
	enum status status = OK;
	char *path = NULL;

	if (option != NULL)
		config_set(config, "dmarcq", "db", option, "option --db");
	else if (named != NULL && named[0] != '\0')
		config_set(config, "dmarcq", "db", named, "environment DMARCQ_DB");
	else if (config_find(config, "dmarcq", NULL, "db")->text == NULL)
		status = database_place(&path, geteuid() == 0, err);
	if (path != NULL)
		config_set(config, "dmarcq", "db", path, NULL);
	free(path);
	context->db_path = config_find(config, "dmarcq", NULL, "db")->text;
	return status;
}

/* The values of --limit were checked when the command line was read. */
static void
choose_limits(struct context *context)
{
	struct config *config = context->config;
	const struct limit_info *info;
	const char *given;
	char setting[SETTING_BYTES];
	uint64_t number;
	struct err ignored;
	size_t i, len;

	limits_init(&context->limits);
	for (i = 0; (info = limits_info(i)) != NULL; i++) {
		number = config_find(config, "limits", NULL, info->name)->number;
		(void)snprintf(setting, sizeof setting, "%s=%llu", info->name, (unsigned long long)number);
		(void)limits_set(&context->limits, setting, &ignored);
	}
	for (i = 0; (given = context_each(context, "limit", i)) != NULL; i++) {
		len = strcspn(given, "=");
		(void)limits_set(&context->limits, given, &ignored);
		(void)text_u64(&number, given + len + 1, strlen(given + len + 1));
		(void)snprintf(setting, sizeof setting, "%.*s", (int)len, given);
		config_set_number(config, "limits", setting, number, "option --limit");
	}
}

enum status
settings_read(struct context *context, struct err *err)
{
	enum status status;

	context->config = mem_zero(1, sizeof *context->config);
	config_init(context->config, config_sections);
	status = read_file(context, err);
	if (status != OK)
		return status;
	choose_limits(context);
	return choose_database(context, err);
}

const char *
settings_trusted(const struct context *context)
{
	return config_find(context->config, "dmarcq", NULL, "trusted-authserv-id")->text;
}

void
settings_free(struct context *context)
{
	if (context->config != NULL)
		config_free(context->config);
	free(context->config);
	context->config = NULL;
}
