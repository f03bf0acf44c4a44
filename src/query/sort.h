/* sort: puts another order around the SQL of a section. Only for src/query. */
#ifndef DMARCQ_QUERY_SORT_H
#define DMARCQ_QUERY_SORT_H

#include "base/buf.h"
#include "query/query.h"

/*
 * The SQL of a section in the order of the column that sort names (see struct ask), with :sorted_n instead of
 * :n for the number of rows. Only names of the section's own columns get into the SQL. FATAL with exit code
 * 64 names the columns when sort is none of them. *sql is the caller's to free, also after a failure.
 */
enum status sort_sql(
    struct buf *sql, const struct question_section *section, const char *sort, struct err *err);

#endif
