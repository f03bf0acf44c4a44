/* suggest: what the database knows that somebody may be about to type. */
#include "query/lookup.h"
#include "query/query.h"

enum {
	MOST_TEXTS = 1000,   /* more than anyone looks through */
	MOST_PROFILES = 4000 /* read in less than a tenth of a second */
};

static enum status
each_text(
    struct stmt *stmt, int column, void (*take)(void *data, struct str text), void *data, struct err *err)
{
	enum status status;
	size_t count = 0;
	bool row;

	while ((status = stmt_step(stmt, &row, err)) == OK && row && count++ < MOST_TEXTS)
		take(data, stmt_text(stmt, column));
	return status;
}

static enum status
suggest_domains(struct db *db, void (*take)(void *data, struct str text), void *data, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text("query/domains.sql"), err);

	if (status == OK)
		status = each_text(stmt, 1, take, data, err);
	stmt_free(stmt);
	return status;
}

static enum status
suggest_sources(struct db *db, void (*take)(void *data, struct str text), void *data, struct err *err)
{
	struct lookup *lookup = NULL;
	struct stmt *stmt = NULL;
	enum status status = lookup_open(&lookup, db, err);

	if (status == OK)
		status = stmt_prepare(&stmt, db, schema_text("query/suggest_sources.sql"), err);
	if (status == OK) {
		stmt_bind_i64(stmt, 1, MOST_PROFILES);
		status = each_text(stmt, 0, take, data, err);
	}
	stmt_free(stmt);
	lookup_close(lookup);
	return status;
}

enum status
query_suggest(struct db *db, enum query_suggest what, void (*take)(void *data, struct str text), void *data,
    struct err *err)
{
	return what == SUGGEST_DOMAINS ? suggest_domains(db, take, data, err)
				       : suggest_sources(db, take, data, err);
}
