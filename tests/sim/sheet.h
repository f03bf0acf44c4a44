/* sheet: what the domains of all scenarios add up to, as tables in text or markdown. */
#ifndef DMARCQ_SIM_SHEET_H
#define DMARCQ_SIM_SHEET_H

#include "sim/judge.h"

/* outcomes[i] is of scenario owner[i]. False when a goal is missed; says which on stdout. */
bool sheet_print(
    const struct domain_result *outcomes, const unsigned char *owner, size_t count, bool markdown);

#endif
