/* gates: what holds of the gates of any advice, whatever it is. */
#ifndef DMARCQ_TESTS_UNIT_GATES_H
#define DMARCQ_TESTS_UNIT_GATES_H

#include "analysis/advice.h"

/* Each gate is what its value and its limit make of it. */
void gates_agree(const struct advice *of);

#endif
