/* block: reads what an id stands for: a report, a profile, an address. */
#include "query/block.h"

#include "base/mem.h"

#include <stdlib.h>

struct blocks {
	struct views *views;
	struct stmt *report, *ip;
};

enum status
blocks_open(struct blocks **out, struct db *db, struct views *views, struct err *err)
{
	struct blocks *blocks = mem_zero(1, sizeof *blocks);
	enum status status = stmt_prepare(&blocks->report, db, schema_text("query/block_report.sql"), err);

	*out = NULL;
	blocks->views = views;
	if (status == OK)
		status = stmt_prepare(&blocks->ip, db, schema_text("query/lookup_ip.sql"), err);
	if (status == OK)
		*out = blocks;
	else
		blocks_close(blocks);
	return status;
}

static void
fill_text(struct cell *cell, struct str text)
{
	cell->known = text.data != NULL;
	cell->text = text;
}

static void
fill_list(struct cell *cell, const struct view *view, enum detail_kind kind)
{
	cell->known = true;
	cell->list = &view->list[kind];
	cell->text = view->text[kind];
}

static enum status
fill_profile(struct cell *cells, struct blocks *blocks, int64_t id, struct err *err)
{
	static const char *const outcome[] = {"fail", "pass", "unknown"};
	const struct view *view;
	enum status status = views_get(&view, blocks->views, id, err);

	if (status != OK)
		return status;
	fill_text(cells++, view->profile.field[PROFILE_DISPOSITION]);
	fill_text(cells++, str_of(outcome[profile_outcome(&view->profile)]));
	fill_text(cells++, view->profile.field[PROFILE_DKIM]);
	fill_text(cells++, view->profile.field[PROFILE_SPF]);
	fill_text(cells++, view->profile.field[PROFILE_HEADER_FROM]);
	fill_text(cells++, view->profile.field[PROFILE_ENVELOPE_FROM]);
	fill_text(cells++, view->profile.field[PROFILE_ENVELOPE_TO]);
	fill_list(cells++, view, DETAIL_DKIM);
	fill_list(cells++, view, DETAIL_SPF);
	fill_list(cells++, view, DETAIL_REASON);
	return OK;
}

/* All columns of the one row that there is; the statement stays on it while its texts are in use. */
static enum status
fill_row(struct cell *cells, size_t count, struct stmt *stmt, int64_t id, struct err *err)
{
	enum status status;
	bool row;
	int i;

	stmt_reset(stmt);
	stmt_bind_i64(stmt, 1, id);
	status = stmt_step(stmt, &row, err);
	for (i = 0; status == OK && i < (int)count; i++) {
		cells[i].known = row && !stmt_is_null(stmt, i);
		if (row && stmt_is_integer(stmt, i))
			cells[i].number = stmt_i64(stmt, i);
		else if (row)
			cells[i].text = stmt_text(stmt, i);
	}
	return status;
}

enum status
blocks_fill(struct cell *cells, struct blocks *blocks, const struct question_block *block, int64_t id,
    struct err *err)
{
	if (block->kind == BLOCK_PROFILE)
		return fill_profile(cells, blocks, id, err);
	return fill_row(
	    cells, block->count, block->kind == BLOCK_REPORT ? blocks->report : blocks->ip, id, err);
}

void
blocks_close(struct blocks *blocks)
{
	if (blocks == NULL)
		return;
	stmt_free(blocks->report);
	stmt_free(blocks->ip);
	free(blocks);
}
