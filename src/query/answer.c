/* answer: runs the SQL of a question's sections and gives their rows as cells. */
#include "base/mem.h"
#include "query/asked_sender.h"
#include "query/block.h"
#include "query/disk.h"
#include "query/lookup.h"
#include "query/original.h"
#include "query/redact.h"
#include "query/scope.h"
#include "query/sort.h"
#include "query/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 64 /* of one row, at most */ };

struct answer {
	struct db *db;
	const struct question *question;
	const struct question_section *asked;
	const struct section *section;
	struct section copy;
	struct column columns[CELLS]; /* of the copy */
	struct ask ask;
	struct scope scope;
	struct asked_sender sender; /* of a question that takes one */
	struct lookup *lookup;
	struct blocks *blocks;
	struct redact *redact; /* NULL: nothing is left out */
	bool (*knows)(void *data, size_t column, int64_t key);
	void *knows_data;
	struct stmt *stmt;
	bool reading;       /* a transaction is open */
	struct arena arena; /* lists of the row */
	struct cell cells[CELLS];
};

static bool
takes_sender(const struct answer *answer)
{
	return (answer->question->takes & TAKES_SENDER) != 0;
}

static bool
has_sender(const struct answer *answer)
{
	return takes_sender(answer) ||
	       ((answer->question->takes & TAKES_ADDRESS) != 0 && answer->ask.sender != NULL);
}

static void
bind_numbers(const struct ask *ask, struct stmt *stmt)
{
	const struct ask_number *number = ask->numbers;
	size_t i;
	int param;

	for (i = 0; i < ask->number_count; i++, number++) {
		if ((param = stmt_param(stmt, number->parameter)) == 0)
			continue;
		if (number->known)
			stmt_bind_i64(stmt, param, number->value);
		else
			stmt_bind_null(stmt, param);
	}
}

static void
bind_asked(struct answer *answer, struct stmt *stmt, bool sorted)
{
	int param;

	scope_bind(&answer->scope, stmt);
	if (has_sender(answer))
		asked_sender_bind(&answer->sender, stmt);
	if ((param = stmt_param(stmt, ":by")) > 0)
		stmt_bind_text(stmt, param, str_of(answer->ask.by));
	if ((param = stmt_param(stmt, ":only")) > 0)
		stmt_bind_text(stmt, param, str_of(answer->ask.only));
	if ((param = stmt_param(stmt, ":n")) > 0)
		stmt_bind_i64(stmt, param, sorted ? 0 : answer->ask.number);
	if ((param = stmt_param(stmt, ":sorted_n")) > 0)
		stmt_bind_i64(stmt, param, answer->asked->many != NULL ? 0 : answer->ask.number);
	if ((param = stmt_param(stmt, ":id")) > 0)
		stmt_bind_i64(stmt, param, answer->ask.id);
	if ((param = stmt_param(stmt, ":parked")) > 0)
		stmt_bind_text(stmt, param, str_of(answer->ask.parked));
	bind_numbers(&answer->ask, stmt);
}

/* Fills the temporary tables that the sections share. */
static enum status
gather(struct answer *answer, struct err *err)
{
	const char *const *gathers = answer->question->gathers;
	enum status status = db_exec(answer->db, schema_text(answer->question->tables), err);
	struct stmt *stmt;

	for (; status == OK && *gathers != NULL; gathers++) {
		status = stmt_prepare(&stmt, answer->db, schema_text(*gathers), err);
		if (status != OK)
			return err_at(err, "%s", *gathers);
		bind_asked(answer, stmt, false);
		status = stmt_run(stmt, err);
		stmt_free(stmt);
		if (status == OK)
			status = lookup_failed(answer->lookup, err);
	}
	return status;
}

/* A source that isn't there is a mistake; an address from which nothing came is an answer. */
static enum status
find_source(struct answer *answer, struct err *err)
{
	enum status status;
	int64_t known = 0;

	if (strcmp(answer->sender.kind, "source") != 0)
		return OK;
	status = db_number(&known, answer->db, schema_text("query/why_known.sql"), err);
	/* A domain of a service or organisation stands for it. */
	if (status == OK && known == 0 && asked_sender_rename(&answer->sender)) {
		status = gather(answer, err);
		if (status == OK)
			status = db_number(&known, answer->db, schema_text("query/why_known.sql"), err);
	}
	if (status == OK && known == 0)
		status = asked_sender_unknown(&answer->sender, answer->db, err);
	return status;
}

enum status
answer_open(struct answer **out, struct db *db, const struct question *question, const struct ask *ask,
    struct err *err)
{
	struct answer *answer = mem_zero(1, sizeof *answer);
	enum status status;
	struct window shown;
	int64_t original;

	*out = NULL;
	answer->db = db;
	answer->question = question;
	answer->ask = *ask;
	arena_init(&answer->arena);
	status = db_exec(db, "BEGIN", err);
	answer->reading = status == OK;
	if (status == OK)
		status = scope_read(&answer->scope, db, question, ask, err);
	if (status == OK && question->days > 0 && ask->since == NULL)
		scope_last(&answer->scope, question->days);
	shown = answer->scope.window;
	/* One report of 2099 makes no long time of it. */
	if (answer->scope.whole && shown.until > answer->scope.today)
		shown.until = answer->scope.today;
	if (status == OK && question->by != NULL)
		answer->ask.by = question->by(ask->by, &shown);
	if (status == OK && (question->takes & TAKES_ID) != 0)
		status = original_find(&original, db, question->original, ask->id, false, err);
	if (status == OK && has_sender(answer))
		status = asked_sender_read(&answer->sender, ask->sender, err);
	if (status == OK && has_sender(answer) && !takes_sender(answer))
		status = asked_sender_is_address(&answer->sender, err);
	if (status == OK)
		status = lookup_open(&answer->lookup, db, err);
	if (status == OK && (question->takes & TAKES_DISK) != 0)
		status = disk_open(db, err);
	if (status == OK && question->tables != NULL)
		status = gather(answer, err);
	if (status == OK && takes_sender(answer))
		status = find_source(answer, err);
	if (status == OK)
		status = blocks_open(&answer->blocks, db, lookup_views(answer->lookup), err);
	if (ask->redact || ask->redact_ip)
		answer->redact = redact_new(ask->redact, ask->redact_ip);
	if (status == OK)
		*out = answer;
	else
		answer_close(answer);
	return status;
}

struct window
answer_window(const struct answer *answer)
{
	return answer->scope.window;
}

/* The columns `source` and `period` hold whatever --by names, and are titled so. */
static const char *
title_of(const struct column *column, const char *by)
{
	static const struct {
		const char *column, *by, *title;
	} titles[] = {
	    {"source", "ip", "Source IP"},
	    {"source", "subnet", "Network"},
	    {"source", "header-from", "Header from"},
	    {"source", "envelope-from", "Envelope from"},
	    {"source", "dkim-domain", "DKIM domain"},
	    {"source", "spf-domain", "SPF domain"},
	    {"source", "reporter", "Reporter"},
	    {"source", "domain", "Domain"},
	    {"source", "mx", "MX host"},
	    {"source", "policy", "Policy"},
	    {"source", "report", "TLS report"},
	    {"period", "day", "Day"},
	    {"period", "week", "Week from"},
	    {"period", "month", "Month from"},
	};
	size_t i;

	for (i = 0; by != NULL && i < sizeof titles / sizeof *titles; i++)
		if (strcmp(column->name, titles[i].column) == 0 && strcmp(by, titles[i].by) == 0)
			return titles[i].title;
	return column->title;
}

/* The section as the catalogue has it, or a copy with the title that fits what was asked. */
static const struct section *
titled(struct answer *answer, const struct section *section)
{
	size_t i;

	if ((answer->question->takes & TAKES_BY) == 0 || section->shape != SHAPE_ROWS)
		return section;
	answer->copy = *section;
	answer->copy.columns = answer->columns;
	for (i = 0; i < section->count; i++) {
		answer->columns[i] = section->columns[i];
		answer->columns[i].title = title_of(&section->columns[i], answer->ask.by);
	}
	return &answer->copy;
}

static enum status
prepare(struct answer *answer, const struct question_section *section, bool sorted, struct err *err)
{
	struct buf sql;
	enum status status;

	if (!sorted) {
		status = stmt_prepare(&answer->stmt, answer->db, schema_text(section->sql), err);
		return status == OK ? OK : err_at(err, "%s", section->sql);
	}
	status = sort_sql(&sql, section, answer->ask.sort, err);
	if (status == OK)
		status = stmt_prepare(&answer->stmt, answer->db, (const char *)sql.data, err);
	buf_free(&sql);
	return status;
}

void
answer_knows(struct answer *answer, bool (*knows)(void *data, size_t column, int64_t key), void *data)
{
	answer->knows = knows;
	answer->knows_data = data;
}

enum status
answer_section(const struct section **out, struct answer *answer, size_t i, struct err *err)
{
	const struct question_section *section = &answer->question->sections[i];
	bool sorted = answer->ask.sort != NULL && section->section.shape == SHAPE_ROWS;
	enum status status;

	stmt_free(answer->stmt);
	answer->stmt = NULL;
	answer->asked = section;
	answer_knows(answer, NULL, NULL);
	memset(answer->cells, 0, sizeof answer->cells);
	answer->section = *out = titled(answer, &section->section);
	status = prepare(answer, section, sorted, err);
	if (status == OK)
		bind_asked(answer, answer->stmt, sorted);
	return status;
}

static enum status
list_cell(struct cell *cell, struct answer *answer, int64_t code, struct err *err)
{
	const struct view *view;
	enum status status;

	if (code < 0)
		return steps_get(cell, &answer->arena, lookup_views(answer->lookup), code, err);
	status = views_get(&view, lookup_views(answer->lookup), code / 4, err);
	if (status != OK)
		return status;
	cell->list = &view->list[code % 4];
	cell->text = view->text[code % 4];
	return OK;
}

/* Fills a cell from the columns at *i and moves behind them. */
static enum status
fill_cell(struct cell *cell, int *i, struct answer *answer, enum cell_type type, struct err *err)
{
	enum status status = OK;

	cell->known = !stmt_is_null(answer->stmt, *i);
	if (type == CELL_TEXT) {
		cell->text = stmt_text(answer->stmt, *i);
	} else if (type == CELL_LIST) {
		if (cell->known)
			status = list_cell(cell, answer, stmt_i64(answer->stmt, *i), err);
	} else {
		cell->number = stmt_i64(answer->stmt, *i);
	}
	if (type == CELL_BAR)
		cell->other = stmt_i64(answer->stmt, ++*i);
	if (type == CELL_PERCENT || type == CELL_BAR) {
		cell->whole = stmt_i64(answer->stmt, ++*i);
		cell->known = cell->known && cell->whole > 0;
	}
	++*i;
	return status;
}

/* The block that begins with this column; NULL: it stands for itself. */
static const struct question_block *
block_at(const struct question_section *section, size_t column)
{
	size_t i;

	for (i = 0; i < section->block_count; i++)
		if (section->blocks[i].first == column)
			return &section->blocks[i];
	return NULL;
}

static enum status
fill_block(struct answer *answer, const struct question_block *block, int64_t key, struct err *err)
{
	struct cell *cells = &answer->cells[block->first];
	enum status status;

	cells->span = (unsigned)block->count;
	cells->key = key;
	cells->run = block->kind == BLOCK_REPORT;
	if (answer->knows != NULL && answer->knows(answer->knows_data, block->first, key))
		return OK;
	status = blocks_fill(cells, answer->blocks, block, key, err);
	if (status == OK && answer->redact != NULL)
		redact_cells(answer->redact, cells, &answer->section->columns[block->first], block->count);
	return status;
}

/* The cells of the row that the statement is on. */
static enum status
fill_row(struct answer *answer, struct err *err)
{
	const struct question_block *block;
	enum status status = OK;
	int column = 0;
	size_t i, n;

	for (i = 0; status == OK && i < answer->section->count; i += n) {
		block = block_at(answer->asked, i);
		n = block == NULL ? 1 : block->count;
		if (block != NULL) {
			status = fill_block(answer, block, stmt_i64(answer->stmt, column++), err);
			continue;
		}
		status = fill_cell(&answer->cells[i], &column, answer, answer->section->columns[i].type, err);
		if (status == OK && answer->redact != NULL)
			redact_cells(answer->redact, &answer->cells[i], &answer->section->columns[i], 1);
	}
	return status;
}

enum status
answer_next(const struct cell **cells, struct answer *answer, struct err *err)
{
	enum status status;
	bool row;

	*cells = NULL;
	arena_reset(&answer->arena);
	status = stmt_step(answer->stmt, &row, err);
	if (status == OK)
		status = lookup_failed(answer->lookup, err);
	if (status != OK || !row)
		return status;
	if (answer->redact != NULL)
		redact_begin(answer->redact);
	status = fill_row(answer, err);
	if (status == OK)
		*cells = answer->cells;
	return status;
}

/* The sender has no mail in the window or of this outcome: where there is some. */
static enum status
empty_sender(char to[EMPTY_TEXT], struct answer *answer, struct err *err)
{
	bool all = answer->ask.only == NULL || strcmp(answer->ask.only, "all") == 0;
	char first[TIME_TEXT], last[TIME_TEXT], since[TIME_TEXT], until[TIME_TEXT];
	struct window window = answer->scope.window;
	struct stmt *stmt = NULL;
	int len = snprintf(to, EMPTY_TEXT, "no %s%smail from %.*s", all ? "" : answer->ask.only,
	    all ? "" : " ", (int)(answer->sender.text.len > 100 ? 100 : answer->sender.text.len),
	    answer->sender.text.data);
	bool row = false;
	enum status status;

	if (answer->scope.whole)
		return OK;
	answer->scope.whole = true;
	status = gather(answer, err);
	if (status == OK)
		status = stmt_prepare(&stmt, answer->db, schema_text("query/why_span.sql"), err);
	if (status == OK)
		status = stmt_step(stmt, &row, err);
	if (status == OK && row) {
		day_format(since, window.since);
		day_format(until, window.until);
		day_format(first, stmt_i64(stmt, 0));
		day_format(last, stmt_i64(stmt, 1));
		(void)snprintf(to + len, EMPTY_TEXT - (size_t)len,
		    " from %s to %s; there is some from %s to %s", since, until, first, last);
	}
	stmt_free(stmt);
	return status;
}

/* What nothing_sql says; to stays empty when it says nothing. */
static enum status
say_nothing(char to[EMPTY_TEXT], struct answer *answer, struct err *err)
{
	struct str text;
	enum status status;
	bool row = false;

	stmt_free(answer->stmt);
	status = stmt_prepare(&answer->stmt, answer->db, schema_text(answer->question->nothing_sql), err);
	if (status == OK) {
		bind_asked(answer, answer->stmt, false);
		status = stmt_step(answer->stmt, &row, err);
	}
	if (status != OK || !row)
		return status;
	text = stmt_text(answer->stmt, 0);
	(void)snprintf(to, EMPTY_TEXT, "%.*s", (int)text.len, text.data);
	return OK;
}

enum status
answer_left_out(char to[EMPTY_TEXT], struct answer *answer, struct err *err)
{
	return scope_left_out(to, &answer->scope, answer->db, err);
}

enum status
answer_ahead(char to[EMPTY_TEXT], struct answer *answer, struct err *err)
{
	return scope_ahead(to, &answer->scope, answer->db, answer->question->takes, err);
}

enum status
answer_empty(char to[EMPTY_TEXT], struct answer *answer, struct err *err)
{
	const char *nothing = answer->question->nothing;
	enum status status = OK;

	to[0] = '\0';
	if ((answer->question->takes & (TAKES_DOMAIN | TAKES_WINDOW)) != 0)
		status = scope_empty(to, &answer->scope, answer->db, err);
	if (status == OK && to[0] == '\0' && takes_sender(answer))
		return empty_sender(to, answer, err);
	if (status == OK && to[0] == '\0' && answer->question->nothing_sql != NULL)
		status = say_nothing(to, answer, err);
	if (status == OK && to[0] == '\0' && nothing != NULL)
		(void)snprintf(to, EMPTY_TEXT, "%s", nothing);
	return status;
}

void
answer_close(struct answer *answer)
{
	struct err ignored;

	if (answer == NULL)
		return;
	stmt_free(answer->stmt);
	blocks_close(answer->blocks);
	lookup_close(answer->lookup);
	redact_free(answer->redact);
	scope_free(&answer->scope);
	asked_sender_free(&answer->sender);
	arena_free(&answer->arena);
	if (answer->reading)
		(void)db_exec(answer->db, "COMMIT", &ignored);
	free(answer);
}
