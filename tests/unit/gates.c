#include "unit/gates.h"

#include <check.h>

void
gates_agree(const struct advice *of)
{
	const struct advice_gate *gate;
	size_t i;

	for (i = 0; i < of->gate_count; i++) {
		gate = &of->gates[i];
		ck_assert_msg(
		    gate->ok == (gate->at_least ? gate->value >= gate->limit : gate->value <= gate->limit),
		    "%s: %g and %g", advice_code_word(gate->code), gate->value, gate->limit);
	}
}
