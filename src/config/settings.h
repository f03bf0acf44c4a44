/* settings: what the reader of the file does to the settings; private to src/config. */
#ifndef DMARCQ_CONFIG_SETTINGS_H
#define DMARCQ_CONFIG_SETTINGS_H

#include "config/config.h"

/* A copy that lives as long as the configuration. */
const char *config_copy(struct config *config, const char *text);
/* Every key of a section at its default. */
void config_add_section(struct config *config, const struct config_section *section, const char *name);
/* NULL: there is no such setting. */
struct setting *config_slot(
    const struct config *config, const char *section, const char *name, const char *key);

#endif
