/*
 * mail_feed: the statements of schema/sqlite/query/mail_*.sql, handed on row by row. What profiles and
 * addresses mean is mail_known.c's.
 */
#include "query/mail_feeding.h"

#include "base/mem.h"
#include "report/period.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BEGUN = PERIOD_DAYS /* days before a window on which a report may begin that reaches into it */ };

enum status
mail_feed_open(struct mail_feed **out, struct db *db, struct err *err)
{
	struct mail_feed *feed = mem_zero(1, sizeof *feed);
	const struct {
		struct stmt **stmt;
		const char *sql;
	} statements[] = {
	    {&feed->reports, "query/mail_reports.sql"},
	    {&feed->modes, "query/mail_modes.sql"},
	    {&feed->decisions, "query/mail_decisions.sql"},
	    {&feed->name, "query/lookup_name.sql"},
	    {&feed->reporter, "query/lookup_reporter.sql"},
	    {&feed->policy, "query/lookup_policy.sql"},
	};
	enum status status;
	size_t i;

	*out = NULL;
	feed->db = db;
	feed->senders = senders_new();
	arena_init(&feed->policy_arena);
	arena_init(&feed->arena);
	status = mail_known_open(&feed->known, db, feed->senders, err);
	if (status == OK)
		status = mail_rows_open(&feed->rows, db, err);
	for (i = 0; status == OK && i < sizeof statements / sizeof *statements; i++)
		status = stmt_prepare(statements[i].stmt, db, schema_text(statements[i].sql), err);
	if (status == OK)
		*out = feed;
	else
		mail_feed_close(feed);
	return status;
}

void
mail_feed_close(struct mail_feed *feed)
{
	if (feed == NULL)
		return;
	mail_rows_close(feed->rows);
	stmt_free(feed->reports);
	stmt_free(feed->modes);
	stmt_free(feed->decisions);
	stmt_free(feed->name);
	stmt_free(feed->reporter);
	stmt_free(feed->policy);
	mail_known_close(feed->known);
	senders_free(feed->senders);
	intmap_free(&feed->policies);
	intmap_free(&feed->reporters);
	arena_free(&feed->policy_arena);
	arena_free(&feed->arena);
	free(feed->supposed);
	free(feed);
}

void
mail_feed_suppose(struct mail_feed *feed, const char *kind, struct str source, enum mail_decision decision)
{
	feed->supposed =
	    mem_room(feed->supposed, &feed->supposed_room, feed->supposed_count, sizeof *feed->supposed);
	feed->supposed[feed->supposed_count++] =
	    (struct mail_supposed){kind, arena_str(&feed->arena, source), decision};
}

enum status
mail_feed_today(int64_t *day, bool *known, struct mail_feed *feed, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, feed->db, schema_text("query/mail_today.sql"), err);
	bool row = false;

	*known = false;
	if (status == OK)
		status = stmt_step(stmt, &row, err);
	if (status == OK && row && !stmt_is_null(stmt, 0)) {
		*known = true;
		*day = stmt_i64(stmt, 0);
	}
	stmt_free(stmt);
	return status;
}

/* ---- what ids stand for ---- */

enum status
mail_feed_reporter(uint32_t *out, struct mail_feed *feed, int64_t id, struct err *err)
{
	enum status status;
	int64_t found;

	if (!intmap_get(&found, &feed->reporters, id)) {
		status = mail_known_row(feed->known, feed->reporter, "reporter", id, err);
		if (status != OK)
			return status;
		found = mail_reporter(feed->mail, stmt_text(feed->reporter, 0));
		stmt_reset(feed->reporter);
		intmap_put(&feed->reporters, id, found);
	}
	*out = (uint32_t)found;
	return OK;
}

/* The columns of lookup_policy.sql. */
static void
fill_policy(struct mail_policy *policy, struct mail_feed *feed)
{
	struct str *const to[] = {&policy->p, &policy->sp, &policy->np, &policy->adkim, &policy->aspf,
	    &policy->pct, &policy->fo, &policy->testing};
	size_t i;

	for (i = 0; i < sizeof to / sizeof *to; i++)
		*to[i] = arena_str(&feed->policy_arena, stmt_text(feed->policy, (int)i));
}

static enum status
get_policy(const struct mail_policy **out, struct mail_feed *feed, int64_t id, struct err *err)
{
	struct mail_policy *policy;
	int64_t found;
	enum status status;

	if (intmap_get(&found, &feed->policies, id)) {
		*out = (const struct mail_policy *)(intptr_t)found;
		return OK;
	}
	status = mail_known_row(feed->known, feed->policy, "policy", id, err);
	if (status != OK)
		return status;
	policy = arena_alloc(&feed->policy_arena, sizeof *policy);
	fill_policy(policy, feed);
	stmt_reset(feed->policy);
	intmap_put(&feed->policies, id, (int64_t)(intptr_t)policy);
	*out = policy;
	return OK;
}

/* ---- a domain ---- */

/* A report tells of its policy on each of its days. */
static enum status
add_report(struct mail_feed *feed, struct err *err)
{
	const struct mail_policy *policy;
	struct period period;
	uint32_t reporter;
	size_t i;
	enum status status = mail_feed_reporter(&reporter, feed, stmt_i64(feed->reports, 0), err);

	if (status == OK)
		status = get_policy(&policy, feed, stmt_i64(feed->reports, 1), err);
	if (status != OK)
		return status;
	(void)period_init(&period, stmt_i64(feed->reports, 2), stmt_i64(feed->reports, 3));
	for (i = 0; i < period.days; i++)
		mail_report(
		    feed->mail, period.first + (int64_t)i, reporter, stmt_i64(feed->reports, 4) == 1, policy);
	return OK;
}

static enum status
read_reports(
    struct mail_feed *feed, int64_t domain, const struct mail_span *span, bool authentic, struct err *err)
{
	enum status status = OK;
	bool row = false;

	stmt_bind_i64(feed->reports, 1, domain);
	stmt_bind_i64(feed->reports, 2, (span->as_of - span->memory - BEGUN) * DAY_SECONDS);
	stmt_bind_i64(feed->reports, 3, (span->as_of + 1) * DAY_SECONDS - 1);
	stmt_bind_i64(feed->reports, 4, authentic);
	while (status == OK && (status = stmt_step(feed->reports, &row, err)) == OK && row)
		status = add_report(feed, err);
	stmt_reset(feed->reports);
	return status;
}

/* The modes of alignment that most reporters tell of last. */
static enum status
read_modes(
    struct mail_feed *feed, int64_t domain, const struct mail_span *span, bool authentic, struct err *err)
{
	enum status status;
	bool row;

	feed->modes_now = (struct modes){false, false};
	stmt_bind_i64(feed->modes, 1, domain);
	stmt_bind_i64(feed->modes, 2, (span->as_of - span->days + 1) * DAY_SECONDS);
	stmt_bind_i64(feed->modes, 3, (span->as_of + 1) * DAY_SECONDS - 1);
	stmt_bind_i64(feed->modes, 4, authentic);
	status = stmt_step(feed->modes, &row, err);
	if (status == OK && row)
		feed->modes_now =
		    (struct modes){stmt_i64(feed->modes, 0) != 0, stmt_i64(feed->modes, 1) != 0};
	stmt_reset(feed->modes);
	return status;
}

static enum mail_decision
decision_of(struct str verdict)
{
	return str_eq(verdict, "ours")        ? DECISION_OURS
	       : str_eq(verdict, "not-ours")  ? DECISION_NOT_OURS
	       : str_eq(verdict, "forwarder") ? DECISION_FORWARDER
					      : DECISION_NONE;
}

static enum status
read_decisions(struct mail_feed *feed, struct str domain, int64_t as_of, struct err *err)
{
	enum status status = OK;
	char kind[16];
	struct str text;
	bool row = false;
	size_t i;

	stmt_bind_text(feed->decisions, 1, domain);
	stmt_bind_i64(feed->decisions, 2, as_of);
	while (status == OK && (status = stmt_step(feed->decisions, &row, err)) == OK && row) {
		text = stmt_text(feed->decisions, 0);
		(void)snprintf(kind, sizeof kind, "%.*s", (int)text.len, text.data);
		mail_decide(feed->mail, kind, stmt_text(feed->decisions, 1),
		    decision_of(stmt_text(feed->decisions, 2)));
	}
	stmt_reset(feed->decisions);
	for (i = 0; i < feed->supposed_count; i++)
		mail_decide(
		    feed->mail, feed->supposed[i].kind, feed->supposed[i].source, feed->supposed[i].decision);
	return status;
}

static void
forget_domain(struct mail_feed *feed)
{
	intmap_clear(&feed->reporters);
	intmap_clear(&feed->policies);
	arena_reset(&feed->policy_arena);
}

enum status
mail_feed_read(struct mail **out, struct mail_feed *feed, int64_t domain, const struct mail_span *span,
    bool authentic, struct err *err)
{
	struct arena arena;
	struct str name = {NULL, 0};
	enum status status;

	*out = NULL;
	forget_domain(feed);
	arena_init(&arena);
	status = mail_known_row(feed->known, feed->name, "name", domain, err);
	if (status == OK)
		name = arena_str(&arena, stmt_text(feed->name, 0));
	stmt_reset(feed->name);
	if (status == OK)
		status = read_modes(feed, domain, span, authentic, err);
	if (status == OK)
		feed->mail = mail_new(name, feed->senders, feed->modes_now, span);
	if (status == OK)
		status = read_decisions(feed, name, span->as_of, err);
	if (status == OK)
		status = mail_rows_read(feed, domain, span, authentic, err);
	if (status == OK)
		status = read_reports(feed, domain, span, authentic, err);
	arena_free(&arena);
	if (status == OK) {
		mail_close(feed->mail);
		*out = feed->mail;
	} else {
		mail_free(feed->mail);
	}
	feed->mail = NULL;
	return status;
}
