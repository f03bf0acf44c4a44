/* scope: which domains and which days a question is about. Only for src/query. */
#ifndef DMARCQ_QUERY_SCOPE_H
#define DMARCQ_QUERY_SCOPE_H

#include "base/buf.h"
#include "query/query.h"

struct scope {
	struct buf domains; /* JSON array of their name ids */
	bool all;           /* these are all: no domain was asked for */
	bool open_end;      /* no until was given */
	bool authentic;     /* authenticated reports alone */
	bool whole;         /* neither since nor until was given: days that are unknown count too */
	struct window span; /* the days that have reports */
	/* The newest of them, or of any domain where the question goes on to that, that had come when the
	 * last import began, as far as there is one. */
	int64_t today;
	struct window window; /* the days asked for */
	int64_t reported;     /* domains in scope; 0: there are no reports at all */
	const struct question_about *about;
};

/* Reads what was asked of the reports that a question is about, NULL: of aggregate reports; see answer_open
 * for the errors. scope_free is due in any case. */
enum status scope_read(struct scope *scope, struct db *db, const struct question *question,
    const struct ask *ask, struct err *err);
/* Nothing was said of when it begins: the window is its last so many days. */
void scope_last(struct scope *scope, int64_t days);
void scope_free(struct scope *scope);
/* Binds the parameters :domains, :all, :authentic, :since, :until, :today and :whole that a statement has;
 * valid as long as the scope.
 */
void scope_bind(const struct scope *scope, struct stmt *stmt);
enum status scope_empty(char to[EMPTY_TEXT], const struct scope *scope, struct db *db, struct err *err);
/* What is counted of days that had not come, in words; "": nothing. takes: of the question. */
enum status scope_ahead(
    char to[EMPTY_TEXT], const struct scope *scope, struct db *db, unsigned takes, struct err *err);
/* What scope->authentic leaves out, in words; "": nothing. */
enum status scope_left_out(char to[EMPTY_TEXT], const struct scope *scope, struct db *db, struct err *err);

#endif
