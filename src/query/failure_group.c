/* failure_group: a failure report as the profile of a record, so that both are told apart by the same rules.
 */
#include "query/failure_group.h"

#include "analysis/sources.h"
#include "report/organisation.h"

#include <string.h>

enum { DETAILS = 200 /* results of one report */ };

/* The results that DMARC looks at. */
static enum status
read_details(struct failure_groups *groups, struct profile *profile, int64_t id)
{
	enum status status;
	struct detail *detail;
	bool row;

	profile->details = arena_zero(&groups->arena, DETAILS * sizeof *profile->details);
	stmt_bind_i64(groups->results, 1, id);
	while ((status = stmt_step(groups->results, &row, groups->err)) == OK && row) {
		if (profile->count == DETAILS)
			continue;
		detail = &profile->details[profile->count++];
		detail->kind = stmt_i64(groups->results, 0) != 0 ? DETAIL_DKIM : DETAIL_SPF;
		detail->a = arena_str(&groups->arena, stmt_text(groups->results, 1));
		detail->b = arena_str(&groups->arena, stmt_text(groups->results, 2));
		detail->result = arena_str(&groups->arena, stmt_text(groups->results, 3));
	}
	return status;
}

static struct str
subnet_of(struct failure_groups *groups, struct str address, struct str text)
{
	char subnet[SUBNET_TEXT];

	if (address.data == NULL || address.len != 16)
		return text;
	return arena_str(
	    &groups->arena, (struct str){subnet, source_subnet(subnet, (const unsigned char *)address.data)});
}

static struct str
detail_domain(const struct detail *detail)
{
	return detail == NULL ? str_of(NULL) : detail->a;
}

/* Missing: it has none, or err says why. */
static struct str
group_of(struct failure_groups *groups, struct str by, int64_t id)
{
	struct profile profile = {.count = 0};
	struct str subnet = {NULL, 0}, source;
	bool row = false;

	arena_reset(&groups->arena);
	stmt_bind_i64(groups->failure, 1, id);
	if (stmt_step(groups->failure, &row, groups->err) != OK || !row)
		return subnet;
	profile.field[PROFILE_HEADER_FROM] = arena_str(&groups->arena, stmt_text(groups->failure, 0));
	subnet = subnet_of(
	    groups, stmt_bytes(groups->failure, 1), arena_str(&groups->arena, stmt_text(groups->failure, 2)));
	stmt_reset(groups->failure);
	if (str_eq(by, "subnet"))
		return subnet;
	if (read_details(groups, &profile, id) != OK)
		return str_of(NULL);
	if (str_eq(by, "dkim-domain"))
		return detail_domain(source_dkim(&profile));
	if (str_eq(by, "spf-domain"))
		return detail_domain(source_spf(&profile));
	source = source_of_profile(groups->senders, &profile);
	return source.data != NULL ? source : subnet;
}

static void
sql_failure_group(struct db_call *call, void *data)
{
	struct failure_groups *groups = data;
	struct str by = call_text(call, 0);

	if (groups->err->status == OK && by.data != NULL)
		call_return_text(call, group_of(groups, by, call_i64(call, 1)));
	else
		call_return_null(call);
}

static void
sql_failure_aligned(struct db_call *call, void *data)
{
	struct failure_groups *groups = data;
	struct str answer = {NULL, 0};
	bool row = false;

	stmt_bind_i64(groups->aligned, 1, call_i64(call, 0));
	stmt_bind_text(groups->aligned, 2, call_text(call, 1));
	if (groups->err->status == OK && stmt_step(groups->aligned, &row, groups->err) == OK && row)
		answer = stmt_text(groups->aligned, 0);
	call_return_text(call, answer);
	stmt_reset(groups->aligned);
}

static void
sql_same_organisation(struct db_call *call, void *data)
{
	(void)data;
	if (call_is_null(call, 0) || call_is_null(call, 1))
		call_return_null(call);
	else
		call_return_i64(call, domain_same_org(call_text(call, 0), call_text(call, 1)));
}

enum status
failure_groups_add(struct failure_groups *groups, struct db *db, struct err *err)
{
	enum status status = stmt_prepare(&groups->failure, db, schema_text("query/lookup_failure.sql"), err);

	if (status == OK)
		status =
		    stmt_prepare(&groups->results, db, schema_text("query/lookup_failure_results.sql"), err);
	if (status == OK)
		status = db_add_function(db, "failure_group", 2, sql_failure_group, groups, err);
	if (status == OK)
		status = db_add_function(db, "same_organisation", 2, sql_same_organisation, groups, err);
	if (status == OK)
		status =
		    stmt_prepare(&groups->aligned, db, schema_text("query/lookup_failure_aligned.sql"), err);
	if (status == OK)
		status = db_add_function(db, "failure_aligned", 2, sql_failure_aligned, groups, err);
	return status;
}

void
failure_groups_free(struct failure_groups *groups)
{
	stmt_free(groups->failure);
	stmt_free(groups->results);
	stmt_free(groups->aligned);
	arena_free(&groups->arena);
}
