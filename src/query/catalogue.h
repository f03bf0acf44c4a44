/*
 * catalogue: what the files of the questions have in common; private to src/query. A question is a file
 * question_NAME.c with its columns and sections, a file of SQL per section in schema/sqlite/query, and one
 * line in catalogue.c.
 */
#ifndef DMARCQ_QUERY_CATALOGUE_H
#define DMARCQ_QUERY_CATALOGUE_H

#include "query/block.h"
#include "query/query.h"

enum {
	SCREEN =
	    20 /* rows of a table that is not asked for so many: two screens where each takes a few lines */
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SECTION(name, title, shape, unfold, columns, sql)                                                    \
	{                                                                                                    \
		{name, title, shape, unfold, columns, COUNT(columns)}, "query/" sql ".sql", NULL, 0, NULL,   \
		    NULL                                                                                     \
	}
#define LONG_SECTION(name, title, shape, unfold, columns, sql, one, many)                                    \
	{                                                                                                    \
		{name, title, shape, unfold, columns, COUNT(columns)}, "query/" sql ".sql", NULL, 0, one,    \
		    many                                                                                     \
	}
#define SECTION_OF_BLOCKS(name, columns, sql, blocks)                                                        \
	{                                                                                                    \
		{name, NULL, SHAPE_ROWS, false, columns, COUNT(columns)}, "query/" sql ".sql", blocks,       \
		    COUNT(blocks), NULL, NULL                                                                \
	}

extern const struct question question_status;
extern const struct question question_top_failures;
extern const struct question question_sources;
extern const struct question question_kpi;
extern const struct question question_trend;
extern const struct question question_policy;
extern const struct question question_why;
extern const struct question question_reporters;
extern const struct question question_reporters_by_domain;
extern const struct question question_mark;
extern const struct question question_reports;
extern const struct question question_show;
extern const struct question question_show_tls;
extern const struct question question_tls;
extern const struct question question_failures;
extern const struct question question_failures_by;
extern const struct question question_show_failure;
extern const struct question question_rejects;
extern const struct question question_db_info;
extern const struct question question_export_records;
extern const struct question question_export_rollup;
extern const struct question question_export_reports;
extern const struct question question_export_rejects;
extern const struct question question_export_decisions;
extern const struct question question_export_tls;
extern const struct question question_export_failures;
extern const struct question_about about_tls;
extern const struct question_about about_failures;

#endif
