/* value: what the text behind a key means; private to src/config. */
#ifndef DMARCQ_CONFIG_VALUE_H
#define DMARCQ_CONFIG_VALUE_H

#include "config/config.h"

/* Sets number or text by the type of the setting's key. BAD says what the value should be. */
enum status value_read(struct setting *setting, const char *value, struct arena *arena, struct err *err);

#endif
