/* lookup: what profiles and addresses mean, remembered by their ids, behind functions that SQL may call. */
#include "query/lookup.h"

#include "analysis/classify.h"
#include "analysis/expected.h"
#include "analysis/sources.h"
#include "base/digest.h"
#include "base/intern.h"
#include "base/intmap.h"
#include "base/mem.h"
#include "query/failure_group.h"
#include "query/phrases.h"
#include "query/ranking.h"
#include "query/source_rows.h"
#include "query/tally.h"
#include "report/period.h"

#include <stdlib.h>
#include <string.h>

enum {
	BY_SUBNET = -1,         /* in sources: the profile names no source, its addresses do */
	JSON_BYTES = 134217728, /* more than a million periods */
};

struct lookup {
	struct db *db;
	struct stmt *ip;
	struct views *views;
	struct senders *senders;
	struct intern groups;                             /* texts of sources, subnets, domains */
	struct intmap sources, dkim_domains, spf_domains; /* profile -> group; 0: none */
	struct intmap subnets;                            /* ip -> group */
	struct intern prefixes;                           /* the bytes that stand for a subnet */
	struct intmap of_prefix;                          /* their number -> group */
	struct phrases phrases;
	struct failure_groups failures;
	struct source_rows source_rows;
	struct ranking_total ranked; /* by the last ranking */
	struct err err;              /* of a function */
};

/* The view for an SQL function; NULL after a failure, which lookup_failed tells. */
static const struct view *
view_for_sql(struct lookup *lookup, int64_t profile)
{
	const struct view *view;

	if (lookup->err.status != OK || views_get(&view, lookup->views, profile, &lookup->err) != OK)
		return NULL;
	return view;
}

static int64_t
group_of_text(struct lookup *lookup, struct str text)
{
	return text.data == NULL || text.len == 0 ? 0 : intern_number(&lookup->groups, text);
}

/* The text of a subnet is made once for all its addresses. */
static int64_t
group_of_address(struct lookup *lookup, const char *ip)
{
	char text[SUBNET_TEXT];
	struct str prefix = {ip, source_prefix((const unsigned char *)ip)};
	int64_t number = intern_number(&lookup->prefixes, prefix), key;

	if (intmap_get(&key, &lookup->of_prefix, number))
		return key;
	prefix.len = source_subnet(text, (const unsigned char *)ip);
	prefix.data = text;
	key = group_of_text(lookup, prefix);
	intmap_put(&lookup->of_prefix, number, key);
	return key;
}

static int64_t
group_of_subnet(struct lookup *lookup, int64_t ip)
{
	struct str address;
	int64_t key = 0;
	bool row;

	if (lookup->err.status != OK || intmap_get(&key, &lookup->subnets, ip))
		return key;
	stmt_bind_i64(lookup->ip, 1, ip);
	if (stmt_step(lookup->ip, &row, &lookup->err) != OK || !row)
		return 0;
	address = stmt_bytes(lookup->ip, 1);
	if (address.data != NULL && address.len == 16)
		key = group_of_address(lookup, address.data);
	else
		key = group_of_text(lookup, stmt_text(lookup->ip, 0));
	stmt_reset(lookup->ip);
	intmap_put(&lookup->subnets, ip, key);
	return key;
}

static int64_t
group_of_domain(struct lookup *lookup, struct intmap *map,
    const struct detail *(*pick)(const struct profile *profile), int64_t profile)
{
	const struct view *view;
	const struct detail *detail;
	int64_t key = 0;

	if (intmap_get(&key, map, profile))
		return key;
	if ((view = view_for_sql(lookup, profile)) == NULL)
		return 0;
	detail = pick(&view->profile);
	key = detail == NULL ? 0 : group_of_text(lookup, detail->a);
	intmap_put(map, profile, key);
	return key;
}

static int64_t
group_of_source(struct lookup *lookup, int64_t profile, int64_t ip)
{
	const struct view *view;
	int64_t key = 0;

	if (!intmap_get(&key, &lookup->sources, profile)) {
		if ((view = view_for_sql(lookup, profile)) == NULL)
			return 0;
		key = group_of_text(lookup, source_of_profile(lookup->senders, &view->profile));
		key = key == 0 ? BY_SUBNET : key;
		intmap_put(&lookup->sources, profile, key);
	}
	return key == BY_SUBNET ? group_of_subnet(lookup, ip) : key;
}

/* The tenant at a provider that a profile is authenticated for (analysis/classify.h). */
static int64_t
group_of_tenant(struct lookup *lookup, int64_t profile)
{
	const struct view *view = view_for_sql(lookup, profile);
	struct mail_facts facts;

	if (view == NULL)
		return 0;
	mail_facts(&facts, lookup->senders, &view->profile, (struct modes){0});
	return group_of_text(lookup, facts.tenant);
}

/* A ranking_group. */
static int64_t
group_of(void *data, struct str by, int64_t profile, int64_t ip)
{
	struct lookup *lookup = data;
	int64_t key = 0;

	if (str_eq(by, "source"))
		key = group_of_source(lookup, profile, ip);
	else if (str_eq(by, "subnet"))
		key = group_of_subnet(lookup, ip);
	else if (str_eq(by, "dkim-domain"))
		key = group_of_domain(lookup, &lookup->dkim_domains, source_dkim, profile);
	else if (str_eq(by, "spf-domain"))
		key = group_of_domain(lookup, &lookup->spf_domains, source_spf, profile);
	else if (str_eq(by, "tenant"))
		key = group_of_tenant(lookup, profile);
	return key > 0 ? key : 0;
}

/* A ranking_text. */
static struct str
text_of_group(void *data, int64_t group)
{
	return intern_text(&((struct lookup *)data)->groups, group);
}

static void
sql_group_key(struct db_call *call, void *data)
{
	int64_t key = group_of(data, call_text(call, 0), call_i64(call, 1), call_i64(call, 2));

	if (key > 0)
		call_return_i64(call, key);
	else
		call_return_null(call);
}

static void
sql_group_text(struct db_call *call, void *data)
{
	call_return_text(call, text_of_group(data, call_i64(call, 0)));
}

static void
sql_expected_action(struct db_call *call, void *data)
{
	const struct expected_tags tags = {
	    .p = call_text(call, 0),
	    .sp = call_text(call, 1),
	    .pct = call_text(call, 2),
	    .testing = call_text(call, 3),
	};
	char text[EXPECTED_TEXT];
	struct str str = {text, expected_words(text, &tags)};

	(void)data;
	if (str.len == 0)
		call_return_null(call);
	else
		call_return_text(call, str);
}

static void
sql_period_of(struct db_call *call, void *data)
{
	(void)data;
	if (call_is_null(call, 0))
		call_return_null(call);
	else
		call_return_i64(call, tally_period(call_i64(call, 0), call_text(call, 1)));
}

/* The first seven arguments of tally and ranking. */
static struct tally_scope
scope_of_call(struct db_call *call)
{
	return (struct tally_scope){
	    .by = call_text(call, 0),
	    .domains = call_text(call, 1),
	    .all = call_i64(call, 2) != 0,
	    .since = call_i64(call, 3),
	    .until = call_i64(call, 4),
	    .whole = call_i64(call, 5) != 0,
	    .authentic = call_i64(call, 6) != 0,
	};
}

static void
return_json(struct db_call *call, struct lookup *lookup, const struct buf *json)
{
	if (lookup->err.status == OK)
		call_return_text(call, (struct str){(const char *)json->data, json->len});
	else
		call_return_null(call);
}

static void
sql_tally(struct db_call *call, void *data)
{
	struct lookup *lookup = data;
	const struct tally_scope scope = scope_of_call(call);
	struct buf json;

	buf_init(&json, JSON_BYTES);
	if (lookup->err.status == OK)
		(void)tally_json(&json, lookup->db, &scope, &lookup->err);
	return_json(call, lookup, &json);
	buf_free(&json);
}

static void
sql_ranking(struct db_call *call, void *data)
{
	struct lookup *lookup = data;
	const struct tally_scope scope = scope_of_call(call);
	const struct ranking_groups groups = {group_of, text_of_group, lookup};
	struct buf json;

	buf_init(&json, JSON_BYTES);
	if (lookup->err.status == OK)
		(void)ranking_json(
		    &json, &lookup->ranked, lookup->db, &scope, call_i64(call, 7), &groups, &lookup->err);
	return_json(call, lookup, &json);
	buf_free(&json);
}

static void
sql_ranked(struct db_call *call, void *data)
{
	const struct ranking_total *total = &((struct lookup *)data)->ranked;
	struct str what = call_text(call, 0);

	call_return_i64(call, str_eq(what, "groups")    ? total->groups
			      : str_eq(what, "failing") ? total->failing
							: total->shown);
}

static void
return_day(struct db_call *call, bool last)
{
	struct period period;

	if (call_is_null(call, 0) || call_is_null(call, 1)) {
		call_return_null(call);
		return;
	}
	(void)period_init(&period, call_i64(call, 0), call_i64(call, 1));
	call_return_i64(call, period.first + (last ? (int64_t)period.days - 1 : 0));
}

static void
sql_first_day(struct db_call *call, void *data)
{
	(void)data;
	return_day(call, false);
}

static void
sql_last_day(struct db_call *call, void *data)
{
	(void)data;
	return_day(call, true);
}

static void
sql_sha256_text(struct db_call *call, void *data)
{
	struct str digest = call_bytes(call, 0);
	unsigned char whole[SHA256_BYTES] = {0};
	char text[SHA256_TEXT];

	(void)data;
	if (digest.data == NULL || digest.len > sizeof whole) {
		call_return_null(call);
		return;
	}
	/* One that was cut is shown as far as it goes. */
	memcpy(whole, digest.data, digest.len);
	sha256_text(text, whole);
	call_return_text(call, (struct str){text, digest.len * 2});
}

static enum status
add_functions(struct lookup *lookup, struct err *err)
{
	static const struct {
		const char *name;
		int args;
		db_function *function;
	} functions[] = {
	    {"group_key", 3, sql_group_key},
	    {"group_text", 1, sql_group_text},
	    {"expected_action", 4, sql_expected_action},
	    {"period_of", 2, sql_period_of},
	    {"ranking", 8, sql_ranking},
	    {"ranked", 1, sql_ranked},
	    {"tally", 7, sql_tally},
	    {"first_day", 2, sql_first_day},
	    {"last_day", 2, sql_last_day},
	    {"sha256_text", 1, sql_sha256_text},
	};
	enum status status = OK;
	size_t i;

	for (i = 0; status == OK && i < sizeof functions / sizeof *functions; i++)
		status = db_add_function(
		    lookup->db, functions[i].name, functions[i].args, functions[i].function, lookup, err);
	return status;
}

enum status
lookup_open(struct lookup **out, struct db *db, struct err *err)
{
	struct lookup *lookup = mem_zero(1, sizeof *lookup);
	enum status status;

	*out = NULL;
	lookup->db = db;
	intern_init(&lookup->groups);
	intern_init(&lookup->prefixes);
	lookup->senders = senders_new();
	status = views_open(&lookup->views, db, err);
	if (status == OK)
		status = stmt_prepare(&lookup->ip, db, schema_text("query/lookup_ip.sql"), err);
	lookup->phrases = (struct phrases){lookup->views, lookup->senders, &lookup->err};
	if (status == OK)
		status = add_functions(lookup, err);
	if (status == OK)
		status = phrases_add(&lookup->phrases, db, err);
	lookup->failures.senders = lookup->senders;
	lookup->failures.err = &lookup->err;
	if (status == OK)
		status = failure_groups_add(&lookup->failures, db, err);
	lookup->source_rows.err = &lookup->err;
	if (status == OK)
		status = source_rows_add(&lookup->source_rows, db, err);
	if (status == OK)
		*out = lookup;
	else
		lookup_close(lookup);
	return status;
}

struct views *
lookup_views(struct lookup *lookup)
{
	return lookup->views;
}

enum status
lookup_failed(const struct lookup *lookup, struct err *err)
{
	if (lookup->err.status != OK)
		*err = lookup->err;
	return lookup->err.status;
}

void
lookup_close(struct lookup *lookup)
{
	if (lookup == NULL)
		return;
	stmt_free(lookup->ip);
	failure_groups_free(&lookup->failures);
	source_rows_free(&lookup->source_rows);
	views_close(lookup->views);
	senders_free(lookup->senders);
	intmap_free(&lookup->sources);
	intmap_free(&lookup->dkim_domains);
	intmap_free(&lookup->spf_domains);
	intmap_free(&lookup->subnets);
	intmap_free(&lookup->of_prefix);
	intern_free(&lookup->groups);
	intern_free(&lookup->prefixes);
	free(lookup);
}
