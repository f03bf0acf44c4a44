/* decision: the one statement that writes them. Nothing else does: not an import, a prune or a rebuild. */
#include "store/decision.h"

#include "store/writer.h"

static enum status
add(struct store *store, struct stmt *stmt, const struct decision *decision, struct str domain,
    struct err *err)
{
	const struct str texts[] = {str_of(decision->who), str_of(decision->kind), decision->source, domain,
	    str_of(decision->verdict), str_of(decision->note)};
	int i, count = (int)(sizeof texts / sizeof *texts);

	stmt_bind_i64(stmt, 1, store->now);
	for (i = 0; i < count; i++)
		stmt_bind_text(stmt, i + 2, texts[i]);
	if (decision->has_until)
		stmt_bind_i64(stmt, count + 2, decision->until);
	else
		stmt_bind_null(stmt, count + 2);
	return stmt_run(stmt, err);
}

enum status
store_decide(struct store *store, const struct decision *decision, struct err *err)
{
	static const struct counts none;
	struct stmt *stmt;
	enum status status = store_transaction(store, err);
	size_t i;

	if (status == OK)
		status = store_statement(&stmt, store, SQL_DECISION_ADD, err);
	if (status == OK && decision->domain_count == 0)
		status = add(store, stmt, decision, (struct str){NULL, 0}, err);
	for (i = 0; status == OK && i < decision->domain_count; i++)
		status = add(store, stmt, decision, decision->domains[i], err);
	return status == OK ? store_commit(store, &none, err) : status;
}
