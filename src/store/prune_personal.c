/*
 * prune_personal: what failure reports say of people goes, by the same rules by which it would not have been
 * stored (report/personal.h), which SQL calls as functions. What is deleted is overwritten, in the log too.
 */
#include "store/pruning.h"

typedef struct str personal_rule(const struct personal *personal, struct str text, struct arena *arena);

/* A rule as a function for SQL. */
struct rule {
	const char *name;
	personal_rule *rule;
	struct store *store;
};

/* "Name <user@example.com>" becomes the address. */
static struct str
sender(const struct personal *personal, struct str text, struct arena *arena)
{
	size_t start, end = text.len;

	while (end > 0 && text.data[end - 1] != '>')
		end--;
	for (start = end; start > 0 && text.data[start - 1] != '<'; start--)
		continue;
	if (start == 0)
		return personal_address(personal, text, arena);
	return personal_address(personal, (struct str){text.data + start, end - start - 1}, arena);
}

static void
sql_rule(struct db_call *call, void *data)
{
	const struct rule *rule = data;

	arena_reset(&rule->store->scratch);
	call_return_text(call, rule->rule(&rule->store->personal, call_text(call, 0), &rule->store->scratch));
}

enum { RULES = 5 };

static enum status
add_rules(struct rule rules[RULES], struct store *store, struct err *err)
{
	static const struct rule known[RULES] = {{"personal_address", personal_address, NULL},
	    {"personal_text", personal_text, NULL}, {"personal_uri", personal_uri, NULL},
	    {"personal_place", personal_place, NULL}, {"personal_sender", sender, NULL}};
	enum status status = OK;
	size_t i;

	for (i = 0; i < RULES && status == OK; i++) {
		rules[i] = known[i];
		rules[i].store = store;
		status = db_add_function(store->db, rules[i].name, 1, sql_rule, &rules[i], err);
	}
	return status;
}

enum status
store_personal_plan(struct pruned *pruned, struct store *store, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, store->db, schema_text("prune/personal_count.sql"), err);
	bool row = false;

	*pruned = (struct pruned){.known = false};
	if (status == OK)
		status = stmt_step(stmt, &row, err);
	if (status == OK && row) {
		pruned->failures = (uint64_t)stmt_i64(stmt, 0);
		pruned->originals = (uint64_t)stmt_i64(stmt, 1);
		pruned->bytes = (uint64_t)stmt_i64(stmt, 2);
	}
	stmt_free(stmt);
	return status;
}

enum status
personal_places(struct store *store, struct err *err)
{
	struct rule rules[RULES];
	enum status status = personal_key(store, err);

	if (status == OK)
		status = add_rules(rules, store, err);
	return status == OK ? db_exec(store->db, schema_text("import/personal_places.sql"), err) : status;
}

enum status
store_personal(struct pruned *pruned, struct store *store, struct err *err)
{
	static const struct counts none;
	struct rule rules[RULES];
	enum status status = db_exec(store->db, "PRAGMA secure_delete = ON", err);

	if (status == OK)
		status = store_transaction(store, err);
	if (status == OK)
		status = personal_key(store, err);
	if (status == OK)
		status = store_personal_plan(pruned, store, err);
	if (status == OK)
		status = add_rules(rules, store, err);
	if (status == OK)
		status = db_exec(store->db, schema_text("prune/personal.sql"), err);
	if (status == OK)
		status = store_commit(store, &none, err);
	/* The log holds pages as they were until it is empty. */
	return status == OK ? db_exec(store->db, "PRAGMA wal_checkpoint(TRUNCATE)", err) : status;
}
