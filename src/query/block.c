/*
 * block: reads what an id stands for: a report, a profile, an address. Few domains, authors, reporters and
 * policies stand behind many reports, so each is read once.
 */
#include "query/block.h"

#include "base/intmap.h"
#include "base/mem.h"

#include <stdlib.h>

enum {
	REPORT_COLUMNS = 20,
	MOST_TEXTS = 9,
	DICTIONARY_BYTES = 4194304, /* of all of them before they begin again */
};

/* What a report refers to, and the report itself. */
enum part { NAME, AUTHOR, REPORTER, POLICY, DICTIONARIES, REPORT = DICTIONARIES };

static const struct {
	const char *sql;
	size_t texts;
	int id; /* the column of block_report.sql */
} dictionaries[DICTIONARIES] = {
    [NAME] = {"query/lookup_name.sql", 1, 7},
    [AUTHOR] = {"query/lookup_author.sql", 2, 8},
    [REPORTER] = {"query/lookup_reporter.sql", 1, 9},
    [POLICY] = {"query/lookup_policy.sql", MOST_TEXTS, 10},
};

/* Where the columns of a report come from. */
static const struct {
	enum part part;
	int column;
	bool number; /* else a text, whatever lies in the database */
} report_columns[REPORT_COLUMNS] = {
    {NAME, 0, false},     /* domain */
    {AUTHOR, 0, false},   /* org_name */
    {REPORT, 0, false},   /* report_id */
    {REPORT, 1, true},    /* begin */
    {REPORT, 2, true},    /* end */
    {AUTHOR, 1, false},   /* email */
    {REPORTER, 0, false}, /* reporter */
    {POLICY, 0, false},   /* p */
    {POLICY, 1, false},   /* sp */
    {POLICY, 2, false},   /* np */
    {POLICY, 3, false},   /* adkim */
    {POLICY, 4, false},   /* aspf */
    {POLICY, 5, false},   /* pct */
    {POLICY, 6, false},   /* fo */
    {POLICY, 7, false},   /* testing */
    {POLICY, 8, false},   /* discovery_method */
    {REPORT, 3, true},    /* incomplete */
    {REPORT, 4, false},   /* repairs */
    {REPORT, 5, false},   /* original_sha256 */
    {REPORT, 6, true},    /* report */
};

struct blocks {
	struct views *views;
	struct stmt *report, *ip;
	struct stmt *dictionary[DICTIONARIES];
	struct intmap known[DICTIONARIES]; /* id -> its texts */
	struct arena arena;                /* of these */
};

enum status
blocks_open(struct blocks **out, struct db *db, struct views *views, struct err *err)
{
	struct blocks *blocks = mem_zero(1, sizeof *blocks);
	enum status status = stmt_prepare(&blocks->report, db, schema_text("query/block_report.sql"), err);
	int i;

	*out = NULL;
	blocks->views = views;
	arena_init(&blocks->arena);
	if (status == OK)
		status = stmt_prepare(&blocks->ip, db, schema_text("query/lookup_ip.sql"), err);
	for (i = 0; status == OK && i < DICTIONARIES; i++)
		status = stmt_prepare(&blocks->dictionary[i], db, schema_text(dictionaries[i].sql), err);
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

/* The texts of an entry of a dictionary; missing ones when it is not there. */
static enum status
get_texts(const struct str **out, struct blocks *blocks, enum part part, int64_t id, struct err *err)
{
	static const struct str none[MOST_TEXTS];
	struct stmt *stmt = blocks->dictionary[part];
	size_t count = dictionaries[part].texts, i;
	struct str *texts;
	enum status status;
	int64_t found;
	bool row;

	*out = none;
	if (id <= 0)
		return OK;
	if (intmap_get(&found, &blocks->known[part], id)) {
		*out = (const struct str *)(intptr_t)found;
		return OK;
	}
	stmt_bind_i64(stmt, 1, id);
	status = stmt_step(stmt, &row, err);
	if (status != OK || !row)
		return status;
	*out = texts = arena_alloc(&blocks->arena, count * sizeof *texts);
	for (i = 0; i < count; i++)
		texts[i] = arena_str(&blocks->arena, stmt_text(stmt, (int)i));
	stmt_reset(stmt);
	intmap_put(&blocks->known[part], id, (int64_t)(intptr_t)texts);
	return OK;
}

/* A column of the row that a statement is on, which stays there while its text is in use. Of what kind it is
 * says the question and not the value: a cell that is taken for a text has to have one of this row. */
static void
fill_column(struct cell *cell, struct stmt *stmt, int column, bool number)
{
	cell->known = !stmt_is_null(stmt, column);
	if (number)
		cell->number = stmt_i64(stmt, column);
	else
		cell->text = stmt_text(stmt, column);
}

static enum status
step_to(struct stmt *stmt, int64_t id, bool *row, struct err *err)
{
	stmt_reset(stmt);
	stmt_bind_i64(stmt, 1, id);
	return stmt_step(stmt, row, err);
}

static void
fill_unknown(struct cell *cells, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		cells[i].known = false;
}

static enum status
fill_report(struct cell *cells, struct blocks *blocks, int64_t id, struct err *err)
{
	const struct str *texts[DICTIONARIES];
	enum status status;
	bool row;
	int i;

	if (blocks->arena.used > DICTIONARY_BYTES) {
		arena_reset(&blocks->arena);
		for (i = 0; i < DICTIONARIES; i++)
			intmap_clear(&blocks->known[i]);
	}
	status = step_to(blocks->report, id, &row, err);
	if (status != OK || !row) {
		fill_unknown(cells, REPORT_COLUMNS);
		return status;
	}
	for (i = 0; status == OK && i < DICTIONARIES; i++)
		status = get_texts(
		    &texts[i], blocks, (enum part)i, stmt_i64(blocks->report, dictionaries[i].id), err);
	for (i = 0; status == OK && i < REPORT_COLUMNS; i++)
		if (report_columns[i].part == REPORT)
			fill_column(
			    &cells[i], blocks->report, report_columns[i].column, report_columns[i].number);
		else
			fill_text(&cells[i], texts[report_columns[i].part][report_columns[i].column]);
	return status;
}

static enum status
fill_ip(struct cell *cell, struct blocks *blocks, int64_t id, struct err *err)
{
	bool row;
	enum status status = step_to(blocks->ip, id, &row, err);

	fill_unknown(cell, 1);
	if (status == OK && row)
		fill_column(cell, blocks->ip, 0, false);
	return status;
}

enum status
blocks_fill(struct cell *cells, struct blocks *blocks, const struct question_block *block, int64_t id,
    struct err *err)
{
	if (block->kind == BLOCK_PROFILE)
		return fill_profile(cells, blocks, id, err);
	if (block->kind == BLOCK_REPORT)
		return fill_report(cells, blocks, id, err);
	return fill_ip(cells, blocks, id, err);
}

void
blocks_close(struct blocks *blocks)
{
	int i;

	if (blocks == NULL)
		return;
	for (i = 0; i < DICTIONARIES; i++) {
		stmt_free(blocks->dictionary[i]);
		intmap_free(&blocks->known[i]);
	}
	arena_free(&blocks->arena);
	stmt_free(blocks->report);
	stmt_free(blocks->ip);
	free(blocks);
}
