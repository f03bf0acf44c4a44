/* config: the settings and where each comes from; they start at their defaults and are set from a file or
 * elsewhere. */
#include "config/config.h"

#include "base/mem.h"
#include "base/text.h"
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

const char *
config_copy(struct config *config, const char *text)
{
	size_t size = strlen(text) + 1;
	char *to = arena_alloc(&config->arena, size);

	memcpy(to, text, size);
	return to;
}

void
config_add_section(struct config *config, const struct config_section *section, const char *name)
{
	struct config_key key;
	struct setting *setting;
	size_t i;

	for (i = 0; section->key(&key, i); i++) {
		config->settings =
		    mem_grow(config->settings, (config->setting_count + 1) * sizeof *config->settings);
		setting = &config->settings[config->setting_count++];
		*setting =
		    (struct setting){.section = section, .name = name, .key = key, .number = key.value};
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
			config_add_section(config, *sections, NULL);
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
