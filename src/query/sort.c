/* sort: SELECT ... FROM (the section's own SQL) ORDER BY one of its columns. */
#include "query/sort.h"

#include "base/words.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

enum { SQL_BYTES = 65536, COLUMNS_TEXT = 600 };

/* A bar is drawn of other columns, and a list has no order. */
static bool
has_order(const struct column *column)
{
	return column->type != CELL_BAR && column->type != CELL_LIST;
}

static enum status
unknown_column(const struct section *section, const char *sort, struct err *err)
{
	char names[COLUMNS_TEXT] = "";
	const char *best = NULL;
	size_t i, used = 0;

	for (i = 0; i < section->count; i++)
		if (has_order(&section->columns[i]))
			word_nearest(&best, sort, section->columns[i].name);
	if (best != NULL)
		return err_stop(
		    err, EXIT_CODE_USAGE, "--sort: no such column: \"%s\"; did you mean %s?", sort, best);
	for (i = 0; i < section->count && section->columns[i].type != CELL_BAR && used < sizeof names; i++)
		used += (size_t)snprintf(
		    names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "", section->columns[i].name);
	return err_stop(err, EXIT_CODE_USAGE, "--sort: no such column: \"%s\"; there are %s", sort, names);
}

/* Columns of SQL that the first count columns of a section take. */
static size_t
sql_columns(const struct section *section, size_t count)
{
	size_t i, columns = 0;

	for (i = 0; i < count; i++)
		columns += section->columns[i].type == CELL_BAR       ? 3
			   : section->columns[i].type == CELL_PERCENT ? 2
								      : 1;
	return columns;
}

/* c0, c1, ... */
static void
add_names(struct buf *sql, size_t count)
{
	char name[24];
	size_t i;

	for (i = 0; i < count; i++) {
		(void)snprintf(name, sizeof name, "%sc%zu", i > 0 ? ", " : "", i);
		(void)buf_add_text(sql, name);
	}
}

enum status
sort_sql(struct buf *sql, const struct question_section *section, const char *sort, struct err *err)
{
	const struct section *rows = &section->section;
	bool turned = sort[0] == '-', text;
	const char *name = sort + turned;
	char order[96];
	size_t i, at;

	buf_init(sql, SQL_BYTES);
	for (i = 0; i < rows->count && strcmp(rows->columns[i].name, name) != 0; i++)
		;
	if (i == rows->count || !has_order(&rows->columns[i]))
		return unknown_column(rows, name, err);
	(void)buf_add_text(sql, "WITH answer (");
	add_names(sql, sql_columns(rows, rows->count));
	(void)buf_add_text(sql, ") AS (\n");
	(void)buf_add_text(sql, schema_text(section->sql));
	at = sql_columns(rows, i);
	text = rows->columns[i].type == CELL_TEXT;
	if (rows->columns[i].type == CELL_PERCENT)
		(void)snprintf(order, sizeof order, "c%zu * 1.0 / nullif(c%zu, 0)", at, at + 1);
	else
		(void)snprintf(order, sizeof order, "c%zu", at);
	(void)buf_add_text(sql, "\n) SELECT * FROM answer ORDER BY ");
	(void)buf_add_text(sql, order);
	(void)buf_add_text(sql, text != turned ? " ASC" : " DESC");
	/* Equal ones by the first column, so that the same database gives the same answer. */
	(void)buf_add_text(sql, " NULLS LAST, c0 LIMIT CASE WHEN :sorted_n > 0 THEN :sorted_n ELSE -1 END");
	if (!buf_add(sql, "", 1))
		return err_stop(err, EXIT_CODE_USAGE, "--sort: %s is too long to be sorted", section->sql);
	return OK;
}
