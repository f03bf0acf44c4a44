/* numbers: one row through the same formats as every answer. */
#include "cli/numbers.h"

#include "cli/question.h"

enum status
numbers_write(
    struct context *context, const struct section *section, const struct cell *cells, struct err *err)
{
	struct output_options options = question_output(context);
	struct output *out = NULL;
	enum status status = output_open(&out, context_option(context, "format"), &options, err);

	if (status == OK)
		status = output_begin(out, section->name, NULL, err);
	if (status == OK)
		status = output_section(out, section, err);
	if (status == OK)
		status = output_row(out, cells, err);
	if (status == OK)
		status = output_end(out, err);
	output_close(out);
	return status;
}
