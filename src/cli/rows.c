/* rows: splits by quotes and commas alone, so that a damaged row is still a row that can be shown. */
#include "cli/rows.h"

#include <string.h>

enum status
rows_next(struct buf *row, FILE *file, bool csv, struct err *err)
{
	bool quoted = false;
	char byte;
	int c;

	buf_clear(row);
	while ((c = getc_unlocked(file)) != EOF) {
		byte = (char)c;
		if (!buf_add(row, &byte, 1))
			return err_set(err, BAD, "a row is longer than %zu bytes", row->max);
		quoted ^= csv && c == '"';
		if (c == '\n' && !quoted)
			break;
	}
	return OK;
}

/* The row without its line end and, for JSON, without its braces. */
static struct str
inside(struct str row, bool csv)
{
	while (row.len > 0 && (row.data[row.len - 1] == '\n' || row.data[row.len - 1] == '\r'))
		row.len--;
	if (!csv && row.len >= 2 && row.data[0] == '{' && row.data[row.len - 1] == '}') {
		row.data++;
		row.len -= 2;
	}
	return row;
}

size_t
rows_cells(struct str *cells, size_t most, struct str row, bool csv)
{
	size_t count = 0, from = 0, depth = 0, i;
	bool quoted = false;

	row = inside(row, csv);
	for (i = 0; i <= row.len; i++) {
		if (i < row.len && !csv && quoted && row.data[i] == '\\')
			i++;
		else if (i < row.len && row.data[i] == '"')
			quoted = !quoted;
		else if (i < row.len && !csv && !quoted && strchr("[{", row.data[i]) != NULL)
			depth++;
		else if (i < row.len && !csv && !quoted && strchr("]}", row.data[i]) != NULL && depth > 0)
			depth--;
		else if (i >= row.len || (row.data[i] == ',' && !quoted && depth == 0)) {
			if (count < most)
				cells[count] =
				    (struct str){row.data + from, (i < row.len ? i : row.len) - from};
			count++;
			from = i + 1;
		}
	}
	return count;
}

struct str
rows_value(struct str cell, bool csv)
{
	const char *colon = csv ? NULL : memchr(cell.data, ':', cell.len);

	if (colon != NULL) {
		cell.len -= (size_t)(colon + 1 - cell.data);
		cell.data = colon + 1;
	}
	if (cell.len >= 2 && cell.data[0] == '"' && cell.data[cell.len - 1] == '"') {
		cell.data++;
		cell.len -= 2;
	}
	return cell;
}
