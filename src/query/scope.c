/* scope: names and words of the command line become a domain's id and days. */
#include "query/scope.h"

#include "base/arena.h"
#include "base/intmap.h"
#include "base/words.h"
#include "report/value.h"

#include <stdio.h>
#include <string.h>

enum {
	MOST_DAYS = 36500,
	KNOWN_TEXT = 300,
	ID_TEXT = 24,
	DOMAINS_BYTES = 67108864, /* of ids: memory for all policy domains that a database may hold */
};

static const struct question_about about_reports = {
    "query/domains.sql", "query/span.sql", "query/in_window.sql", "reports", "reports", "query/left_out.sql"};

/* A scope that is being made. */
struct reading {
	struct scope *scope;
	struct db *db;
	struct intmap seen; /* ids of domains that are in: a question may join them, so each stands once */
};

/* The statement that lists policy domains: all of them for a pattern without data. */
static enum status
domains_open(
    struct stmt **stmt, const struct reading *reading, struct str pattern, bool below, struct err *err)
{
	enum status status =
	    stmt_prepare(stmt, reading->db, schema_text(reading->scope->about->domains), err);

	if (status != OK)
		return status;
	stmt_bind_text(*stmt, 1, pattern);
	stmt_bind_i64(*stmt, 2, below);
	return OK;
}

/* ", " between the domains that there are, as many as fit; *all: these are all. */
static enum status
known_domains(bool *all, char *to, size_t size, const struct reading *reading, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = domains_open(&stmt, reading, (struct str){NULL, 0}, false, err);
	size_t used = 0;
	struct str text;
	bool row = false;

	to[0] = '\0';
	*all = true;
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row) {
		text = stmt_text(stmt, 1);
		if (used + text.len + 8 > size) {
			*all = false;
			(void)snprintf(to + used, size - used, ", ...");
			break;
		}
		used += (size_t)snprintf(
		    to + used, size - used, "%s%.*s", used > 0 ? ", " : "", (int)text.len, text.data);
	}
	stmt_free(stmt);
	return status;
}

/* The domain that was meant, or "": the nearest of those that there are, when they are too many to be listed.
 */
static enum status
near_domain(char to[KNOWN_TEXT], const struct reading *reading, const char *domain, struct err *err)
{
	char candidate[KNOWN_TEXT];
	size_t distance, least = SIZE_MAX;
	struct stmt *stmt = NULL;
	enum status status = domains_open(&stmt, reading, (struct str){NULL, 0}, false, err);
	struct str text;
	bool row = false;

	to[0] = '\0';
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row) {
		text = stmt_text(stmt, 1);
		(void)snprintf(candidate, sizeof candidate, "%.*s", (int)text.len, text.data);
		if (!word_is_near(&distance, domain, candidate) || distance >= least)
			continue;
		least = distance;
		memcpy(to, candidate, KNOWN_TEXT);
	}
	stmt_free(stmt);
	return status;
}

/* The domain above a name whose reports are the place to look for its mail, or "". */
static enum status
domain_above(char to[KNOWN_TEXT], const struct reading *reading, const char *domain, struct err *err)
{
	size_t len = strlen(domain), longest = 0;
	struct stmt *stmt = NULL;
	enum status status = domains_open(&stmt, reading, (struct str){NULL, 0}, false, err);
	struct str text;
	bool row = false;

	to[0] = '\0';
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row) {
		text = stmt_text(stmt, 1);
		if (text.len <= longest || text.len + 1 >= len || domain[len - text.len - 1] != '.' ||
		    !text_same_nocase(text.data, text.len, domain + len - text.len))
			continue;
		longest = text.len;
		(void)snprintf(to, KNOWN_TEXT, "%.*s", (int)text.len, text.data);
	}
	stmt_free(stmt);
	return status;
}

static enum status
unknown_domain(const struct reading *reading, const char *domain, struct err *err)
{
	const char *what = reading->scope->about->what;
	char known[KNOWN_TEXT], near[KNOWN_TEXT], above[KNOWN_TEXT];
	bool all;
	enum status status = known_domains(&all, known, sizeof known, reading, err);

	near[0] = '\0';
	if (status == OK)
		status = domain_above(above, reading, domain, err);
	if (status == OK && above[0] != '\0')
		return err_stop(err, EXIT_CODE_DATA,
		    "no %s about %s; those about %s tell of its mail, if any", what, domain, above);
	if (status == OK && !all)
		status = near_domain(near, reading, domain, err);
	if (status != OK)
		return status;
	if (near[0] != '\0')
		return err_stop(err, EXIT_CODE_DATA, "no %s about %s; did you mean %s?", what, domain, near);
	if (known[0] == '\0')
		return err_stop(err, EXIT_CODE_DATA,
		    "no %s about %s: there are none at all yet, `dmarcq import` reads them", what, domain);
	return err_stop(err, EXIT_CODE_DATA, "no %s about %s; there are some about %s", what, domain, known);
}

static bool
is_in(struct reading *reading, int64_t id)
{
	int64_t value;

	if (intmap_get(&value, &reading->seen, id))
		return true;
	intmap_put(&reading->seen, id, 1);
	return false;
}

/* Adds the ids of the domains that fit; *found: whether there are any. */
static enum status
add_domains(bool *found, struct reading *reading, struct str pattern, bool below, struct err *err)
{
	struct buf *ids = &reading->scope->domains;
	char number[ID_TEXT];
	struct stmt *stmt = NULL;
	enum status status = domains_open(&stmt, reading, pattern, below, err);
	bool row = false;

	*found = false;
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row) {
		*found = true;
		if (is_in(reading, stmt_i64(stmt, 0)))
			continue;
		(void)snprintf(
		    number, sizeof number, "%s%lld", ids->len > 1 ? "," : "", (long long)stmt_i64(stmt, 0));
		if (!buf_add_text(ids, number))
			status = err_stop(err, EXIT_CODE_USAGE, "--domain: more than %d domains at once",
			    (int)(DOMAINS_BYTES / ID_TEXT));
	}
	stmt_free(stmt);
	return status;
}

static enum status
read_domain(struct reading *reading, const char *domain, bool below, struct err *err)
{
	struct arena arena;
	struct str name;
	enum status status;
	bool found;

	arena_init(&arena);
	(void)value_domain(&name, str_of(domain), &arena);
	status = add_domains(&found, reading, name, below, err);
	arena_free(&arena);
	if (status == OK && !found)
		status = unknown_domain(reading, domain, err);
	return status;
}

static enum status
read_domains(struct scope *scope, struct db *db, const struct ask *ask, struct err *err)
{
	struct reading reading = {.scope = scope, .db = db};
	enum status status = OK;
	bool found;
	size_t i;

	buf_init(&scope->domains, DOMAINS_BYTES);
	(void)buf_add_text(&scope->domains, "[");
	if (ask->domains == NULL)
		status = add_domains(&found, &reading, (struct str){NULL, 0}, false, err);
	for (i = 0; status == OK && ask->domains != NULL && ask->domains[i] != NULL; i++)
		status = read_domain(&reading, ask->domains[i], ask->subdomains, err);
	(void)buf_add_text(&scope->domains, "]");
	intmap_free(&reading.seen);
	return status;
}

static enum status
read_span(struct scope *scope, struct db *db, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text(scope->about->span), err);
	bool row = false;

	if (status == OK) {
		scope_bind(scope, stmt);
		status = stmt_step(stmt, &row, err);
	}
	if (status == OK && row) {
		scope->span.known = !stmt_is_null(stmt, 0);
		scope->span.since = stmt_i64(stmt, 0);
		scope->span.until = stmt_i64(stmt, 1);
		scope->reported = stmt_i64(stmt, 2);
	}
	stmt_free(stmt);
	return status;
}

/* A forged date must not move a window that it was not asked for. Where one domain has no reports any more,
 * those of the others tell that time went on. */
static enum status
read_today(struct scope *scope, struct db *db, bool to_newest, struct err *err)
{
	const char *sql = to_newest && scope->span.known ? "query/newest.sql" : "query/span_today.sql";
	struct stmt *stmt = NULL;
	enum status status = OK;
	bool row = false;

	scope->today = scope->span.until;
	if (scope->about != &about_reports)
		return OK;
	status = stmt_prepare(&stmt, db, schema_text(sql), err);
	if (status == OK) {
		scope_bind(scope, stmt);
		status = stmt_step(stmt, &row, err);
	}
	if (status == OK && row && !stmt_is_null(stmt, 0))
		scope->today = stmt_i64(stmt, 0);
	stmt_free(stmt);
	return status;
}

/* A date, or a length of time before newest. */
static enum status
read_when(int64_t *day, const char *option, const char *text, int64_t newest, struct err *err)
{
	int64_t seconds, days;

	if (strlen(text) == 10 && time_parse_iso(&seconds, text, 10)) {
		*day = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
		return OK;
	}
	if (days_parse(&days, text)) {
		*day = newest - days;
		return OK;
	}
	return err_stop(err, EXIT_CODE_USAGE,
	    "%s: not a day: \"%s\": write 2026-01-31, or 30d or 12w to count back from the newest report",
	    option, text);
}

/* since counts days before the end, the last one included: "7d" are seven days. */
static enum status
read_since(struct scope *scope, const char *text, struct err *err)
{
	enum status status = read_when(&scope->window.since, "--since", text, scope->window.until, err);
	int64_t days;

	if (status == OK && days_parse(&days, text)) {
		if (days == 0)
			return err_stop(err, EXIT_CODE_USAGE,
			    "--since: no day at all: \"%s\": 1d is the last one alone", text);
		scope->window.since++;
	}
	/* Behind the newest report is no mistake: there may be some tomorrow. */
	if (status == OK && scope->window.since > scope->window.until && scope->open_end)
		scope->window.until = scope->window.since;
	if (status == OK && scope->window.since > scope->window.until)
		status = err_stop(
		    err, EXIT_CODE_USAGE, "--since: the window would begin after its end: \"%s\"", text);
	return status;
}

enum status
scope_read(struct scope *scope, struct db *db, const struct question *question, const struct ask *ask,
    struct err *err)
{
	bool to_newest = question != NULL && question->to_newest;
	enum status status;

	*scope = (struct scope){
	    .all = ask->domains == NULL,
	    .whole = ask->since == NULL && ask->until == NULL,
	    .open_end = ask->until == NULL,
	    .authentic = ask->authentic,
	    .about = question == NULL || question->about == NULL ? &about_reports : question->about,
	};
	status = read_domains(scope, db, ask, err);
	if (status == OK)
		status = read_span(scope, db, err);
	if (status == OK)
		status = read_today(scope, db, to_newest, err);
	scope->window = scope->span;
	if (!scope->whole || (to_newest && scope->today > scope->span.until))
		scope->window.until = scope->today;
	if (status == OK && ask->until != NULL)
		status = read_when(&scope->window.until, "--until", ask->until, scope->today, err);
	if (status == OK && ask->since != NULL)
		status = read_since(scope, ask->since, err);
	else if (status == OK && scope->window.since > scope->window.until)
		scope->window.since = scope->window.until;
	if (!scope->whole)
		scope->window.known = scope->span.known || (ask->since != NULL && ask->until != NULL);
	return status;
}

void
scope_last(struct scope *scope, int64_t days)
{
	if (scope->open_end)
		scope->window.until = scope->today;
	scope->window.since = scope->window.until - days + 1;
	scope->whole = false;
}

void
scope_free(struct scope *scope)
{
	buf_free(&scope->domains);
}

void
scope_bind(const struct scope *scope, struct stmt *stmt)
{
	const struct {
		const char *name;
		int64_t value;
	} values[] = {
	    {":since", scope->window.since},
	    {":until", scope->window.until},
	    {":today", scope->today},
	    {":whole", scope->whole},
	    {":all", scope->all},
	    {":authentic", scope->authentic},
	};
	size_t i;
	int param;

	for (i = 0; i < sizeof values / sizeof *values; i++)
		if ((param = stmt_param(stmt, values[i].name)) > 0)
			stmt_bind_i64(stmt, param, values[i].value);
	if ((param = stmt_param(stmt, ":domains")) > 0)
		stmt_bind_text(
		    stmt, param, (struct str){(const char *)scope->domains.data, scope->domains.len});
}

static enum status
count_parts(int64_t *parts, const struct scope *scope, struct db *db, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text(scope->about->in_window), err);
	bool row = false;

	if (status == OK) {
		scope_bind(scope, stmt);
		status = stmt_step(stmt, &row, err);
	}
	*parts = status == OK && row ? stmt_i64(stmt, 0) : 0;
	stmt_free(stmt);
	return status;
}

/* What there is where aggregate reports are asked for and there are none; "": nothing. */
static const char *
others_only(struct db *db)
{
	static const char *const words[] = {"",
	    "there are no aggregate reports yet, only TLS reports: `dmarcq tls`",
	    "there are no aggregate reports yet, only failure reports: `dmarcq failures`",
	    ("there are no aggregate reports yet, only TLS reports (`dmarcq tls`) and failure reports "
	     "(`dmarcq failures`)")};
	struct err ignored;
	int64_t which = 0;

	return words[db_number(&which, db,
			 "SELECT EXISTS (SELECT 1 FROM tls_report) + 2 * EXISTS (SELECT 1 FROM failure)",
			 &ignored) == OK
			 ? which
			 : 0];
}

enum status
scope_empty(char to[EMPTY_TEXT], const struct scope *scope, struct db *db, struct err *err)
{
	char day[4][TIME_TEXT];
	int64_t parts;
	enum status status = count_parts(&parts, scope, db, err);

	to[0] = '\0';
	if (status != OK || parts > 0)
		return status;
	day_format(day[0], scope->window.since);
	day_format(day[1], scope->window.until);
	day_format(day[2], scope->span.since);
	day_format(day[3], scope->span.until);
	if (scope->reported == 0 && scope->about == &about_reports && others_only(db)[0] != '\0')
		(void)snprintf(to, EMPTY_TEXT, "%s", others_only(db));
	else if (scope->reported == 0)
		(void)snprintf(
		    to, EMPTY_TEXT, "there are no %s yet: `dmarcq import` reads them", scope->about->what);
	else if (!scope->span.known && scope->authentic)
		(void)snprintf(to, EMPTY_TEXT,
		    "none of the %s is authenticated; `dmarcq %s` tells what each is (trusted-authserv-id in "
		    "the configuration)",
		    scope->about->what, scope->about->list);
	else if (!scope->span.known)
		(void)snprintf(
		    to, EMPTY_TEXT, "no report says of which day it is: leave --since and --until out");
	else if (scope->open_end)
		(void)snprintf(to, EMPTY_TEXT, "no %s since %s; there are some from %s to %s",
		    scope->about->what, day[0], day[2], day[3]);
	else
		(void)snprintf(to, EMPTY_TEXT, "no %s from %s to %s; there are some from %s to %s",
		    scope->about->what, day[0], day[1], day[2], day[3]);
	return OK;
}

/* The text of the one row that a statement may have. */
static enum status
say(char to[EMPTY_TEXT], const struct scope *scope, struct db *db, const char *sql, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text(sql), err);
	struct str text;
	bool row = false;

	if (status == OK) {
		scope_bind(scope, stmt);
		status = stmt_step(stmt, &row, err);
	}
	if (status == OK && row) {
		text = stmt_text(stmt, 0);
		(void)snprintf(to, EMPTY_TEXT, "%.*s", (int)text.len, text.data);
	}
	stmt_free(stmt);
	return status;
}

enum status
scope_left_out(char to[EMPTY_TEXT], const struct scope *scope, struct db *db, struct err *err)
{
	to[0] = '\0';
	return scope->authentic ? say(to, scope, db, scope->about->left_out, err) : OK;
}

enum status
scope_ahead(char to[EMPTY_TEXT], const struct scope *scope, struct db *db, unsigned takes, struct err *err)
{
	bool asked = (takes & (TAKES_DOMAIN | TAKES_WINDOW)) != 0;
	char today[TIME_TEXT];
	enum status status;
	size_t len;

	to[0] = '\0';
	if (!asked || !scope->whole || scope->about != &about_reports || scope->span.until <= scope->today)
		return OK;
	status = say(to, scope, db, "query/ahead.sql", err);
	len = strlen(to);
	day_format(today, scope->today);
	if (len > 0 && (takes & TAKES_WINDOW) != 0)
		(void)snprintf(to + len, EMPTY_TEXT - len, "; --until %s leaves them out", today);
	return status;
}
