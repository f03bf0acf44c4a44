/* advise_gates: the table of gates, whose last column is broken where it is too wide. */
#include "cli/advise.h"

#include <stdio.h>

enum {
	INDENT = ADVISE_INDENT,
	CODE_WIDTH = ADVISE_CODE_WIDTH,
	MARK_WIDTH = 5,   /* "told" */
	VALUE_WIDTH = 9,  /* of a gate's value */
	LIMIT_WIDTH = 11, /* "<= 95.0 %" */
};

static void
put_gate(struct output *out, const struct advice_gate *gate)
{
	char value[ADVISE_TEXT], limit[ADVISE_TEXT], bound[ADVISE_TEXT + ADVISE_TEXT];
	size_t at = INDENT + MARK_WIDTH + CODE_WIDTH, end = at + VALUE_WIDTH + LIMIT_WIDTH, width;
	struct prose prose;

	advise_gate_texts(value, limit, gate);
	width = prose_width(str_of(value));
	prose_begin(&prose, out, INDENT, end);
	prose_add_whole(&prose,
	    gate->ok      ? PROSE_GOOD
	    : gate->warns ? PROSE_PLAIN
			  : PROSE_BAD,
	    str_of(gate->ok      ? "ok"
		   : gate->warns ? "told"
				 : "no"));
	prose_pad(&prose, INDENT + MARK_WIDTH);
	prose_add_whole(&prose, PROSE_PLAIN, str_of(advice_code_word(gate->code)));
	prose_pad(&prose, at + (width + INDENT < VALUE_WIDTH ? VALUE_WIDTH - INDENT - width : 0));
	prose_add_whole(&prose, PROSE_PLAIN, str_of(value));
	prose_pad(&prose, at + VALUE_WIDTH);
	(void)snprintf(bound, sizeof bound, "%s %s", gate->at_least ? ">=" : "<=", limit);
	prose_add_whole(&prose, PROSE_PLAIN, str_of(bound));
	prose_pad(&prose, end);
	prose_add(&prose, PROSE_PLAIN, gate->text);
	prose_end(&prose);
}

void
advise_gates_write(struct output *out, const struct advice *advice)
{
	size_t i;

	if (advice->gate_count == 0)
		return;
	prose_gap(out);
	prose_text(out, 0, 0, PROSE_BOLD, str_of("Gates"));
	for (i = 0; i < advice->gate_count; i++)
		put_gate(out, &advice->gates[i]);
}
