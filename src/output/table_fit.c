/*
 * table_fit: which columns a table has room for. Texts that may be cut give way first, down to their least
 * width; when that is not enough, the column of the highest priority number is left out and all begins again.
 */
#include "output/table.h"

static size_t
least_width(const struct column *column, size_t wanted)
{
	return column->least > 0 && column->least < wanted ? column->least : wanted;
}

/* Width of the columns that are still in, gaps included. */
static size_t
sum(const struct section *section, const size_t *wanted, const bool *out, bool least)
{
	size_t total = 0, i;

	for (i = 0; i < section->count; i++)
		if (!out[i])
			total +=
			    TABLE_GAP + (least ? least_width(&section->columns[i], wanted[i]) : wanted[i]);
	return total > 0 ? total - TABLE_GAP : 0;
}

static unsigned
priority_of(const struct column *column)
{
	return column->priority % COLUMN_WIDE;
}

/* Leaves out the columns of the highest priority number, which belong together; how many they were. */
static size_t
leave_out(const struct section *section, bool *out)
{
	unsigned worst = 0;
	size_t count = 0, i;

	for (i = 0; i < section->count; i++)
		if (!out[i] && priority_of(&section->columns[i]) > worst)
			worst = priority_of(&section->columns[i]);
	for (i = 0; worst > 0 && i < section->count; i++)
		if (!out[i] && priority_of(&section->columns[i]) == worst) {
			out[i] = true;
			count++;
		}
	return count;
}

/* Hands the room above the least widths to the narrowest texts first, a column at a time. */
static void
spread(
    struct table_fit *fit, const struct section *section, const size_t *wanted, const bool *out, size_t room)
{
	bool grown = true;
	size_t i;

	for (i = 0; i < section->count; i++)
		fit->width[i] = out[i] ? 0 : least_width(&section->columns[i], wanted[i]);
	while (room > 0 && grown) {
		grown = false;
		for (i = 0; i < section->count && room > 0; i++) {
			if (out[i] || fit->width[i] >= wanted[i])
				continue;
			fit->width[i]++;
			room--;
			grown = true;
		}
	}
}

void
table_fit(struct table_fit *fit, const struct section *section, const size_t *wanted, size_t terminal)
{
	bool out[OUTPUT_COLUMNS] = {false};
	size_t least, gone = 1, i;

	fit->left_out = 0;
	for (i = 0; i < section->count; i++) {
		out[i] = fit->empty[i] = wanted[i] == 0;
		if (!out[i] && section->unfold && section->columns[i].priority == BELOW) {
			out[i] = true;
			fit->left_out++;
		}
	}
	while (terminal > 0 && gone > 0 && sum(section, wanted, out, true) > terminal) {
		gone = leave_out(section, out);
		fit->left_out += gone;
	}
	least = sum(section, wanted, out, true);
	spread(fit, section, wanted, out, terminal == 0 ? SIZE_MAX : terminal > least ? terminal - least : 0);
}
