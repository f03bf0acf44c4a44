/* scope: which domain and which days a question is about. Only for src/query. */
#ifndef DMARCQ_QUERY_SCOPE_H
#define DMARCQ_QUERY_SCOPE_H

#include "query/query.h"

struct scope {
	bool one_domain;
	int64_t domain;
	bool open_end;        /* no until was given */
	bool whole;           /* neither since nor until was given: days that are unknown count too */
	struct window span;   /* the days that have reports */
	struct window window; /* the days asked for */
	int64_t parts;        /* 0: there are no reports at all */
};

/* Reads what was asked; see answer_open for the errors. */
enum status scope_read(struct scope *scope, struct db *db, const struct ask *ask, struct err *err);
/* Binds the parameters :domain, :since, :until and :whole that a statement has. */
void scope_bind(const struct scope *scope, struct stmt *stmt);
enum status scope_empty(char to[EMPTY_TEXT], const struct scope *scope, struct db *db, struct err *err);

#endif
