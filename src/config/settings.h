/* settings: what the reader of the file does to the settings; private to src/config. */
#ifndef DMARCQ_CONFIG_SETTINGS_H
#define DMARCQ_CONFIG_SETTINGS_H

#include "config/config.h"

#include <stdarg.h>

/* A copy that lives as long as the configuration. */
const char *config_copy(struct config *config, const char *text);
/* Every key of a section at its default; line is where a section with a name begins. */
void config_add_section(
    struct config *config, const struct config_section *section, const char *name, size_t line);
/* config_mistake with its arguments; section may be NULL: it stands in none. */
void config_note(struct config *config, size_t line, const char *section, const char *name,
    const char *format, va_list args) __attribute__((format(printf, 5, 0)));
/* NULL: there is no such setting. */
struct setting *config_slot(
    const struct config *config, const char *section, const char *name, const char *key);

#endif
