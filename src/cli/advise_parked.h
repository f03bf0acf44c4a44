/* advise_parked: the domains of the configuration that send no mail; private to src/cli. */
#ifndef DMARCQ_CLI_ADVISE_PARKED_H
#define DMARCQ_CLI_ADVISE_PARKED_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

struct context;

/* Whether a domain is one of the words, in any case, with or without its last dot. words may be NULL. */
bool advise_is_parked(const char *words, struct str domain);
/* Tells which of the words no report is about, and which domain is near. The database is open. */
enum status advise_parked_tell(const struct context *context, const char *words, struct err *err);

#endif
