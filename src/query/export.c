/*
 * export: records by the million. The order is made once from the reports' keys; then each report and its
 * records are read by id, and what repeats (profiles) comes from memory.
 */
#include "base/mem.h"
#include "query/lookup.h"
#include "query/scope.h"

#include <stdlib.h>

/* The columns of export_report.sql, of export_record.sql and of the profile, in this order. */
static const struct column columns[] = {
    {"domain", "Domain", CELL_TEXT, 0, 0},
    {"org_name", "Organisation", CELL_TEXT, 0, 0},
    {"report_id", "Report ID", CELL_TEXT, 0, 0},
    {"begin", "Begin", CELL_TIME, 0, 0},
    {"end", "End", CELL_TIME, 0, 0},
    {"email", "E-mail", CELL_TEXT, 0, 0},
    {"reporter", "Reporter", CELL_TEXT, 0, 0},
    {"p", "p", CELL_TEXT, 0, 0},
    {"sp", "sp", CELL_TEXT, 0, 0},
    {"np", "np", CELL_TEXT, 0, 0},
    {"adkim", "adkim", CELL_TEXT, 0, 0},
    {"aspf", "aspf", CELL_TEXT, 0, 0},
    {"pct", "pct", CELL_TEXT, 0, 0},
    {"fo", "fo", CELL_TEXT, 0, 0},
    {"testing", "testing", CELL_TEXT, 0, 0},
    {"discovery_method", "discovery_method", CELL_TEXT, 0, 0},
    {"incomplete", "Incomplete", CELL_FLAG, 0, 0},
    {"repairs", "Repairs", CELL_TEXT, 0, 0},
    {"original_sha256", "SHA-256", CELL_TEXT, 0, 0},
    {"report", "Report", CELL_ID, 0, 0},
    {"source_ip", "Source IP", CELL_TEXT, 0, 0},
    {"messages", "Messages", CELL_INTEGER, 0, 0},
    {"disposition", "Disposition", CELL_TEXT, 0, 0},
    {"dmarc", "DMARC", CELL_TEXT, 0, 0},
    {"dkim_aligned", "DKIM", CELL_TEXT, 0, 0},
    {"spf_aligned", "SPF", CELL_TEXT, 0, 0},
    {"header_from", "Header from", CELL_TEXT, 0, 0},
    {"envelope_from", "Envelope from", CELL_TEXT, 0, 0},
    {"envelope_to", "Envelope to", CELL_TEXT, 0, 0},
    {"dkim_results", "DKIM results", CELL_LIST, 0, 0},
    {"spf_results", "SPF results", CELL_LIST, 0, 0},
    {"reasons", "Reasons", CELL_LIST, 0, 0},
};
enum {
	COLUMNS = sizeof columns / sizeof *columns,
	REPORT_COLUMNS = 20, /* from export_report.sql, which gives first_record and records behind them */
	SOURCE_IP = REPORT_COLUMNS,
	MESSAGES,
	DISPOSITION,
	DMARC,
	DKIM_ALIGNED,
	SPF_ALIGNED,
	HEADER_FROM,
	ENVELOPE_FROM,
	ENVELOPE_TO,
	DKIM_RESULTS,
	SPF_RESULTS,
	REASONS,
};

struct exporter {
	struct db *db;
	struct scope scope;
	struct lookup *lookup;
	struct stmt *order, *report, *record;
	bool reading, in_report;
	int64_t profile; /* whose cells are filled in; 0: none */
	struct cell cells[COLUMNS];
};

const struct section *
export_section(void)
{
	static const struct section section = {"records", NULL, SHAPE_ROWS, false, columns, COLUMNS};

	return &section;
}

static enum status
export_prepare(struct exporter *exporter, struct err *err)
{
	enum status status =
	    stmt_prepare(&exporter->order, exporter->db, schema_text("query/export_order.sql"), err);

	if (status == OK)
		status = stmt_prepare(
		    &exporter->report, exporter->db, schema_text("query/export_report.sql"), err);
	if (status == OK)
		status = stmt_prepare(
		    &exporter->record, exporter->db, schema_text("query/export_record.sql"), err);
	if (status == OK)
		scope_bind(&exporter->scope, exporter->order);
	return status;
}

enum status
export_open(struct exporter **out, struct db *db, const struct ask *ask, struct err *err)
{
	struct exporter *exporter = mem_zero(1, sizeof *exporter);
	enum status status;

	*out = NULL;
	exporter->db = db;
	status = db_exec(db, "BEGIN", err);
	exporter->reading = status == OK;
	if (status == OK)
		status = scope_read(&exporter->scope, db, ask, err);
	if (status == OK)
		status = lookup_open(&exporter->lookup, db, err);
	if (status == OK)
		status = export_prepare(exporter, err);
	if (status == OK)
		*out = exporter;
	else
		export_close(exporter);
	return status;
}

struct window
export_window(const struct exporter *exporter)
{
	return exporter->scope.window;
}

/* A column of a statement as a cell; texts are borrowed from the statement. */
static void
fill(struct cell *cell, struct stmt *stmt, int i, enum cell_type type)
{
	cell->known = !stmt_is_null(stmt, i);
	if (type == CELL_TEXT)
		cell->text = stmt_text(stmt, i);
	else
		cell->number = stmt_i64(stmt, i);
}

/* The next report, whose statement stays on its row while its texts are in use. */
static enum status
next_report(bool *row, struct exporter *exporter, struct err *err)
{
	enum status status = stmt_step(exporter->order, row, err);
	int i;

	if (status != OK || !*row)
		return status;
	stmt_reset(exporter->report);
	stmt_bind_i64(exporter->report, 1, stmt_i64(exporter->order, 0));
	status = stmt_step(exporter->report, row, err);
	if (status != OK || !*row)
		return status;
	for (i = 0; i < REPORT_COLUMNS; i++)
		fill(&exporter->cells[i], exporter->report, i, columns[i].type);
	stmt_reset(exporter->record);
	stmt_bind_i64(exporter->record, 1, stmt_i64(exporter->report, REPORT_COLUMNS));
	stmt_bind_i64(exporter->record, 2, stmt_i64(exporter->report, REPORT_COLUMNS + 1));
	exporter->in_report = true;
	return OK;
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
fill_profile(struct exporter *exporter, int64_t id, struct err *err)
{
	static const char *const outcome[] = {"fail", "pass", "unknown"};
	struct cell *cells = exporter->cells;
	const struct view *view;
	enum status status;

	if (id == exporter->profile)
		return OK;
	status = views_get(&view, lookup_views(exporter->lookup), id, err);
	if (status != OK)
		return status;
	exporter->profile = id;
	fill_text(&cells[DISPOSITION], view->profile.field[PROFILE_DISPOSITION]);
	fill_text(&cells[DMARC], str_of(outcome[profile_outcome(&view->profile)]));
	fill_text(&cells[DKIM_ALIGNED], view->profile.field[PROFILE_DKIM]);
	fill_text(&cells[SPF_ALIGNED], view->profile.field[PROFILE_SPF]);
	fill_text(&cells[HEADER_FROM], view->profile.field[PROFILE_HEADER_FROM]);
	fill_text(&cells[ENVELOPE_FROM], view->profile.field[PROFILE_ENVELOPE_FROM]);
	fill_text(&cells[ENVELOPE_TO], view->profile.field[PROFILE_ENVELOPE_TO]);
	fill_list(&cells[DKIM_RESULTS], view, DETAIL_DKIM);
	fill_list(&cells[SPF_RESULTS], view, DETAIL_SPF);
	fill_list(&cells[REASONS], view, DETAIL_REASON);
	return OK;
}

enum status
export_next(const struct cell **cells, struct exporter *exporter, struct err *err)
{
	enum status status = OK;
	bool row = false;

	*cells = NULL;
	for (;;) {
		if (exporter->in_report && (status = stmt_step(exporter->record, &row, err)) != OK)
			return status;
		if (row)
			break;
		exporter->in_report = false;
		status = next_report(&row, exporter, err);
		if (status != OK || !row)
			return status;
		row = false;
	}
	fill(&exporter->cells[SOURCE_IP], exporter->record, 0, CELL_TEXT);
	fill(&exporter->cells[MESSAGES], exporter->record, 1, CELL_INTEGER);
	status = fill_profile(exporter, stmt_i64(exporter->record, 2), err);
	if (status == OK)
		*cells = exporter->cells;
	return status;
}

enum status
export_empty(char to[EMPTY_TEXT], struct exporter *exporter, struct err *err)
{
	return scope_empty(to, &exporter->scope, exporter->db, err);
}

void
export_close(struct exporter *exporter)
{
	struct err ignored;

	if (exporter == NULL)
		return;
	stmt_free(exporter->order);
	stmt_free(exporter->report);
	stmt_free(exporter->record);
	lookup_close(exporter->lookup);
	scope_free(&exporter->scope);
	if (exporter->reading)
		(void)db_exec(exporter->db, "COMMIT", &ignored);
	free(exporter);
}
