/* mark: what a decision is about, from the words of the command line to what the questions show. */
#include "query/asked_sender.h"
#include "query/lookup.h"
#include "query/scope.h"

enum { PASSING_DAYS = 90 };

/* Takes the name of the database for the one that was typed; *seen: there is one. */
static enum status
find_named(bool *seen, struct asked_sender *sender, struct db *db, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text("query/source_named.sql"), err);

	*seen = false;
	if (status == OK) {
		asked_sender_bind(sender, stmt);
		status = stmt_step(stmt, seen, err);
	}
	if (status == OK && *seen)
		sender->text = arena_str(&sender->arena, stmt_text(stmt, 0));
	stmt_free(stmt);
	return status;
}

/* A name that can be a source's, and is none's yet. */
static enum status
find_renamed(bool *seen, char near[ASKED_NEAR], struct asked_sender *sender, struct db *db, struct err *err)
{
	enum status status = find_named(seen, sender, db, err);

	return status == OK && !*seen ? asked_sender_near(near, sender, db, err) : status;
}

/* A name is one that the questions show, or may show when mail comes. */
static enum status
name_source(bool *seen, char near[ASKED_NEAR], struct asked_sender *sender, struct db *db, struct err *err)
{
	struct lookup *lookup = NULL;
	enum status status = lookup_open(&lookup, db, err);

	if (status == OK)
		status = find_named(seen, sender, db, err);
	if (status == OK && sender->tenant)
		*seen = true; /* only what the mail of a domain shows can tell */
	else if (status == OK && !*seen)
		status = asked_sender_rename(sender) ? find_renamed(seen, near, sender, db, err)
						     : asked_sender_unknown(sender, db, err);
	if (status == OK)
		status = lookup_failed(lookup, err);
	lookup_close(lookup);
	return status;
}

static enum status
find_address(bool *seen, const struct asked_sender *sender, struct db *db, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text("query/source_seen.sql"), err);
	bool row = false;

	if (status == OK) {
		asked_sender_bind(sender, stmt);
		status = stmt_step(stmt, &row, err);
	}
	if (status == OK && row)
		*seen = stmt_i64(stmt, 0) != 0;
	stmt_free(stmt);
	return status;
}

/* The policy domains that were asked for, one by one. */
static enum status
list_domains(
    struct decision *decision, struct arena *arena, const struct scope *scope, struct db *db, struct err *err)
{
	struct str *domains = arena_alloc(arena, (size_t)scope->reported * sizeof *domains);
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text("query/export_domains.sql"), err);
	bool row = false;

	decision->domains = domains;
	if (status == OK)
		scope_bind(scope, stmt);
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row)
		domains[decision->domain_count++] = arena_str(arena, stmt_text(stmt, 0));
	stmt_free(stmt);
	return status;
}

enum status
query_subject(struct decision *decision, bool *seen, struct str *near, struct arena *arena, struct db *db,
    const struct ask *ask, struct err *err)
{
	char names[ASKED_NEAR] = "";
	struct asked_sender sender;
	struct scope scope;
	enum status status = scope_read(&scope, db, NULL, ask, err);

	*seen = true;
	*near = str_of("");
	decision->domain_count = 0;
	if (status == OK && !scope.all)
		status = list_domains(decision, arena, &scope, db, err);
	scope_free(&scope);
	if (status != OK)
		return status;
	status = asked_sender_read(&sender, ask->sender, err);
	if (status == OK && asked_sender_is_name(&sender))
		status = name_source(seen, names, &sender, db, err);
	else if (status == OK)
		status = find_address(seen, &sender, db, err);
	*near = arena_str(arena, str_of(names));
	decision->kind = sender.kind;
	decision->source = arena_str(arena, sender.text);
	asked_sender_free(&sender);
	return status;
}

static enum status
count_passing(uint64_t *messages, const struct scope *scope, const struct asked_sender *sender, struct db *db,
    struct err *err)
{
	struct lookup *lookup = NULL;
	struct stmt *stmt = NULL;
	enum status status = lookup_open(&lookup, db, err);
	bool row = false;

	if (status == OK)
		status = stmt_prepare(&stmt, db, schema_text("query/mark_passing.sql"), err);
	if (status == OK) {
		scope_bind(scope, stmt);
		asked_sender_bind(sender, stmt);
		status = stmt_step(stmt, &row, err);
	}
	if (status == OK && row)
		*messages = (uint64_t)stmt_i64(stmt, 0);
	stmt_free(stmt);
	if (status == OK)
		status = lookup_failed(lookup, err);
	lookup_close(lookup);
	return status;
}

enum status
query_passing(uint64_t *messages, const struct decision *decision, struct db *db, const struct ask *ask,
    struct err *err)
{
	struct asked_sender sender;
	struct scope scope;
	enum status status = asked_sender_read(&sender, ask->sender, err);

	*messages = 0;
	if (status == OK) {
		sender.text = decision->source;
		status = scope_read(&scope, db, NULL, ask, err);
		scope_last(&scope, PASSING_DAYS);
		if (status == OK)
			status = count_passing(messages, &scope, &sender, db, err);
		scope_free(&scope);
	}
	asked_sender_free(&sender);
	return status;
}

enum status
query_is_over(bool *over, struct db *db, int64_t day, struct err *err)
{
	int64_t newest = 0;
	enum status status = db_number(&newest, db, schema_text("query/newest_day.sql"), err);

	*over = status == OK && day < newest;
	return status;
}

enum status
query_domains(int64_t *count, struct db *db, struct err *err)
{
	return db_number(count, db, schema_text("query/domains_count.sql"), err);
}
