/* advise_impact: what a policy would have done in the window, a line for each source and class of mail. */
#include "cli/advise.h"

/* name, title, type, priority, least width */
static const struct column columns[] = {
    {"source", "Source", CELL_TEXT, 0, 16},
    {"class", "Class", CELL_TEXT, 0, 0},
    {"legitimate", "Legitimate", CELL_MARK, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"hit_by_p", "Hit by p", CELL_INTEGER, 0, 0},
    {"hit_by_sp", "by sp", CELL_INTEGER, 1 + COLUMN_SPARSE, 0},
    {"hit_if_strict", "if strict", CELL_INTEGER, 2, 0},
};
enum { COLUMNS = sizeof columns / sizeof *columns };
static const struct section section = {
    "impact", "What quarantine or reject would have done", SHAPE_ROWS, true, columns, COLUMNS};

static enum status
write_row(struct output *out, const struct advised *advised, const struct advice_impact *row, struct err *err)
{
	struct str name = advised->advice->mail->sources[row->source].name;
	const struct cell cells[COLUMNS] = {
	    {.known = true, .text = name.data != NULL ? name : str_of("(all others)")},
	    {.known = true, .text = str_of(mail_class_word(row->class))},
	    {.known = true, .number = row->legitimate},
	    {.known = true, .number = (int64_t)row->messages},
	    {.known = true, .number = (int64_t)row->domain},
	    {.known = true, .number = (int64_t)row->below},
	    {.known = true, .number = (int64_t)row->strict},
	};

	return output_row(out, cells, err);
}

enum status
advise_impact_write(struct output *out, const struct advised *advised, struct err *err)
{
	size_t most = advised->most > 0 && advised->most < advised->impact_count ? advised->most
										 : advised->impact_count;
	enum status status = output_section(out, &section, err);
	size_t i;

	for (i = 0; status == OK && i < most; i++)
		status = write_row(out, advised, &advised->impact[i], err);
	return status == OK ? output_end(out, err) : status;
}
