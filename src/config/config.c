/* config: the settings and where each comes from; they start at their defaults and are set from a file or
 * elsewhere. */
#include "config/config.h"

#include "base/mem.h"
#include "base/text.h"
#include "config/settings.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MISTAKE_BYTES = 512, NAME_SHOWN = 100 };

const char *
config_copy(struct config *config, const char *text)
{
	size_t size = strlen(text) + 1;
	char *to = arena_alloc(&config->arena, size);

	memcpy(to, text, size);
	return to;
}

void
config_add_section(struct config *config, const struct config_section *section, const char *name, size_t line)
{
	struct config_key key;
	struct setting *setting;
	size_t i;

	for (i = 0; section->key(&key, i); i++) {
		config->settings =
		    mem_grow(config->settings, (config->setting_count + 1) * sizeof *config->settings);
		setting = &config->settings[config->setting_count++];
		*setting = (struct setting){section, name, line, key, key.value, NULL, NULL, 0};
		setting->key.name = config_copy(config, key.name);
	}
}

void
config_init(struct config *config, const struct config_section *const *sections)
{
	memset(config, 0, sizeof *config);
	arena_init(&config->arena);
	config->sections = sections;
	for (; *sections != NULL; sections++)
		if (!(*sections)->has_name)
			config_add_section(config, *sections, NULL, 0);
}

void
config_free(struct config *config)
{
	free(config->settings);
	free(config->mistakes);
	arena_free(&config->arena);
	memset(config, 0, sizeof *config);
}

static bool
same_name(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

struct setting *
config_slot(const struct config *config, const char *section, const char *name, const char *key)
{
	struct setting *setting;
	size_t i;

	for (i = 0; i < config->setting_count; i++) {
		setting = &config->settings[i];
		if (strcmp(setting->section->name, section) == 0 && same_name(setting->name, name) &&
		    strcmp(setting->key.name, key) == 0)
			return setting;
	}
	return NULL;
}

/* Behind those of the same line: a file's mistakes are in the order of its lines. */
static void
add_mistake(struct config *config, size_t line, const char *text)
{
	size_t at = config->mistake_count++;

	config->mistakes = mem_grow(config->mistakes, config->mistake_count * sizeof *config->mistakes);
	for (; at > 0 && config->mistakes[at - 1].line > line; at--)
		config->mistakes[at] = config->mistakes[at - 1];
	config->mistakes[at] = (struct mistake){line, config_copy(config, text)};
}

void
config_note(struct config *config, size_t line, const char *section, const char *name, const char *format,
    va_list args)
{
	char text[MISTAKE_BYTES] = "";
	size_t used = 0;

	if (section != NULL)
		used = (size_t)snprintf(text, sizeof text, "[%s%s%.*s] ", section, name != NULL ? " " : "",
		    NAME_SHOWN, name != NULL ? name : "");
	(void)vsnprintf(text + used, sizeof text - used, format, args);
	add_mistake(config, line, text);
}

void
config_mistake(
    struct config *config, size_t line, const char *section, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	config_note(config, line, section, name, format, args);
	va_end(args);
}

const char *
config_name(const struct config *config, const char *section, size_t i)
{
	const struct setting *setting = config->settings, *end = setting + config->setting_count;
	const char *last = NULL;

	for (; setting < end; setting++) {
		if (setting->name == NULL || setting->name == last ||
		    strcmp(setting->section->name, section) != 0)
			continue;
		last = setting->name;
		if (i-- == 0)
			return last;
	}
	return NULL;
}

const struct setting *
config_find(const struct config *config, const char *section, const char *name, const char *key)
{
	return config_slot(config, section, name, key);
}

void
config_set(struct config *config, const char *section, const char *key, const char *text, const char *from)
{
	struct setting *setting = config_slot(config, section, NULL, key);

	setting->text = config_copy(config, text);
	setting->from = from == NULL ? NULL : config_copy(config, from);
}

void
config_set_number(
    struct config *config, const char *section, const char *key, uint64_t number, const char *from)
{
	struct setting *setting = config_slot(config, section, NULL, key);

	setting->number = number;
	setting->from = from == NULL ? NULL : config_copy(config, from);
}
