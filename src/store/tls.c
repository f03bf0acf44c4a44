/*
 * tls: a TLS report becomes rows. It is small and comes whole, so it is decided on before anything is
 * written. Its texts are in the dictionaries that records use too.
 */
#include "store/pruning.h"

#include <stdio.h>
#include <string.h>

enum { TEXTS = 5 };

/* Finds the key, made as far as it is not there when make; see key_of in writing.c. */
static enum status
key_of(struct key *key, struct store *store, const struct tls_report *report, bool make, struct err *err)
{
	int64_t numbers[2];
	enum status status =
	    (make ? reporter_id : reporter_known)(&key->reporter, store, report->org_key, err);

	if (status == OK)
		status = (make ? name_id : name_known)(&key->domain, store, report->domain, err);
	numbers[0] = key->reporter;
	numbers[1] = report->end;
	key->hash = hash_column(
	    hash64(report->id_key.data, report->id_key.len, hash64(numbers, sizeof numbers, store->seed)));
	return status;
}

/* A conflict is filed under its content too. */
static int64_t
hash_of(const struct key *key, const struct tls_report *report, bool conflict)
{
	return conflict ? hash_column(hash64(&report->content, sizeof report->content, (uint64_t)key->hash))
			: key->hash;
}

static void
bind_tls_period(struct stmt *stmt, int i, const struct tls_report *report)
{
	const struct report period = {
	    .has_period = report->has_period, .begin = report->begin, .end = report->end};

	bind_period(stmt, i, &period);
}

static void
bind_days(struct stmt *stmt, int i, const struct tls_report *report)
{
	struct period period;

	if (!report->has_period) {
		stmt_bind_null(stmt, i);
		stmt_bind_null(stmt, i + 1);
		return;
	}
	(void)period_init(&period, report->begin, report->end);
	stmt_bind_i64(stmt, i, period.first);
	stmt_bind_i64(stmt, i + 1, period.first + (int64_t)period.days - 1);
}

/* What is stored under one hash: the same content, other content, or nothing. */
static enum status
look_at(struct found *found, struct store *store, const struct key *key, bool conflicts,
    const struct tls_report *report, struct err *err)
{
	enum status status;
	struct stmt *stmt;
	struct str place;
	bool row;

	status = store_statement(&stmt, store, SQL_TLS_FIND, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, hash_of(key, report, conflicts));
	stmt_bind_i64(stmt, 2, key->reporter);
	stmt_bind_text(stmt, 3, report->id_key);
	stmt_bind_i64(stmt, 4, key->domain);
	bind_tls_period(stmt, 5, report);
	while ((status = stmt_step(stmt, &row, err)) == OK && row) {
		found->verdict = VERDICT_CONFLICT;
		if (stmt_i64(stmt, 1) != (int64_t)report->content)
			continue;
		found->verdict = VERDICT_DUPLICATE;
		found->id = stmt_i64(stmt, 0);
		store->same_as = found->arrival = stmt_i64(stmt, 2);
		place = stmt_text(stmt, 3);
		found->has_place = place.data != NULL;
		(void)snprintf(found->place, sizeof found->place, "%.*s", (int)place.len,
		    place.data == NULL ? "" : place.data);
		break;
	}
	stmt_reset(stmt);
	return status;
}

static enum status
look(struct found *found, struct store *store, const struct tls_report *report, struct err *err)
{
	struct key key;
	enum status status = key_of(&key, store, report, false, err);

	if (status != OK || key.reporter == 0 || key.domain == 0)
		return status;
	status = look_at(found, store, &key, false, report, err);
	if (status == OK && found->verdict == VERDICT_CONFLICT)
		status = look_at(found, store, &key, true, report, err);
	return status;
}

static enum authentic
authentic(struct store *store, const struct tls_report *report)
{
	arena_reset(&store->scratch);
	return authentic_judge(&store->mail_info.proof, report->contact, report->org, &store->scratch);
}

/* Read again beside a reject, a report meets itself. */
static enum status
drop(struct store *store, const struct found *found, struct str place, const struct tls_report *report,
    struct err *err)
{
	struct stmt *stmt;
	enum status status;

	if (store->closes_rejects && found->arrival == store->arrival &&
	    str_same(found->has_place ? str_of(found->place) : str_of(NULL), place))
		return OK;
	store->counts->duplicates++;
	status = store_statement(&stmt, store, SQL_TLS_REPEAT_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, found->id);
	stmt_bind_i64(stmt, 2, store->arrival);
	stmt_bind_text(stmt, 3, place);
	status = stmt_run(stmt, err);
	if (status == OK && authentic(store, report) == AUTHENTIC_PROVED)
		status = report_raise(store, SQL_TLS_RAISE, found->id, err);
	return status;
}

static enum status
tls_ip_id(int64_t *id, struct store *store, const struct tls_ip *ip, struct err *err)
{
	struct record record = {.ip_text = ip->text, .ip_usable = ip->usable};

	*id = 0;
	if (ip->text.data == NULL)
		return OK;
	memcpy(record.ip, ip->ip, sizeof record.ip);
	return ip_id(id, store, &record, err);
}

static enum status
name_ids(int64_t *ids, struct store *store, const struct str *texts, size_t count, struct err *err)
{
	enum status status = OK;
	size_t i;

	for (i = 0; i < count && status == OK; i++)
		status = name_id(&ids[i], store, texts[i], err);
	return status;
}

static void
bind_count(struct stmt *stmt, int i, struct tls_count count)
{
	if (count.known)
		stmt_bind_i64(stmt, i, (int64_t)count.sessions);
	else
		stmt_bind_null(stmt, i);
}

static enum status
failure_write(struct store *store, int64_t policy, const struct tls_failure *failure, struct err *err)
{
	const struct str texts[TEXTS] = {
	    failure->result, failure->mx, failure->helo, failure->info, failure->reason};
	int64_t ids[TEXTS], sending = 0, receiving = 0;
	enum status status = name_ids(ids, store, texts, TEXTS, err);
	struct stmt *stmt;
	int i;

	if (status == OK)
		status = tls_ip_id(&sending, store, &failure->sending, err);
	if (status == OK)
		status = tls_ip_id(&receiving, store, &failure->receiving, err);
	if (status == OK)
		status = store_statement(&stmt, store, SQL_TLS_FAILURE_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, policy);
	for (i = 0; i < TEXTS; i++)
		bind_id(stmt, i + 2, ids[i]);
	bind_id(stmt, 7, sending);
	bind_id(stmt, 8, receiving);
	bind_count(stmt, 9, failure->count);
	return stmt_run(stmt, err);
}

static enum status
policy_write(struct store *store, int64_t report, const struct tls_policy *policy, struct err *err)
{
	const struct str texts[] = {policy->type, policy->domain.data == NULL ? str_of("") : policy->domain,
	    policy->strings, policy->mx_hosts};
	enum { COUNT = sizeof texts / sizeof *texts };
	const struct tls_failure *failure;
	int64_t ids[COUNT], id;
	enum status status = name_ids(ids, store, texts, COUNT, err);
	struct stmt *stmt;
	int i;

	if (status == OK)
		status = store_statement(&stmt, store, SQL_TLS_POLICY_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, report);
	for (i = 0; i < COUNT; i++)
		bind_id(stmt, i + 2, ids[i]);
	bind_count(stmt, 6, policy->ok);
	bind_count(stmt, 7, policy->failed);
	status = stmt_run(stmt, err);
	id = db_last_id(store->db);
	for (failure = policy->failures; failure != NULL && status == OK; failure = failure->next)
		status = failure_write(store, id, failure, err);
	return status;
}

static enum status
row_write(struct store *store, int64_t id, bool conflict, const struct key *key, struct str place,
    const struct tls_report *report, int64_t codes, struct err *err)
{
	const struct str texts[] = {report->org, report->contact};
	int64_t ids[2];
	enum status status = name_ids(ids, store, texts, 2, err);
	struct stmt *stmt;

	if (status == OK)
		status = store_statement(&stmt, store, SQL_TLS_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, id);
	stmt_bind_i64(stmt, 2, hash_of(key, report, conflict));
	stmt_bind_i64(stmt, 3, conflict ? STATE_CONFLICT : STATE_COUNTED);
	stmt_bind_i64(stmt, 4, key->reporter);
	stmt_bind_i64(stmt, 5, key->domain);
	stmt_bind_text(stmt, 6, report->id_key);
	bind_tls_period(stmt, 7, report);
	bind_id(stmt, 9, ids[0]);
	bind_id(stmt, 10, ids[1]);
	stmt_bind_i64(stmt, 11, store->arrival);
	stmt_bind_text(stmt, 12, place);
	stmt_bind_text(stmt, 13, str_same(report->raw_id, report->id_key) ? str_of(NULL) : report->raw_id);
	stmt_bind_i64(stmt, 14, codes);
	stmt_bind_i64(stmt, 15, (int64_t)report->policy_count);
	stmt_bind_i64(stmt, 16, (int64_t)report->content);
	bind_days(stmt, 17, report);
	stmt_bind_i64(stmt, 19, authentic(store, report));
	return stmt_run(stmt, err);
}

static enum status
keep(struct store *store, bool conflict, struct str place, const struct tls_report *report, struct err *err)
{
	const struct tls_policy *policy;
	int64_t id = store->next.tls++, codes = 0;
	struct key key;
	enum status status = key_of(&key, store, report, true, err);

	if (status == OK)
		status = repairs_write(&codes, store, SQL_TLS_REPAIR_ADD, id, &report->repairs, err);
	if (status == OK)
		status = row_write(store, id, conflict, &key, place, report, codes, err);
	for (policy = report->policies; policy != NULL && status == OK; policy = policy->next)
		status = policy_write(store, id, policy, err);
	if (conflict) {
		store->counts->conflicts++;
		return status;
	}
	store->counts->tls_reports++;
	store->counts->repaired += codes > 0;
	return status;
}

enum status
tls_write(struct store *store, struct str place, const struct tls_report *report, struct err *err)
{
	const struct stored stored = {
	    .has_period = report->has_period, .begin = report->begin, .end = report->end};
	struct found found = {.verdict = VERDICT_NEW};
	enum status status = store->item_arrival != 0 ? replay_note(store, err) : OK;
	bool gone = false;

	store->since_commit++;
	store->placed = store->placed || place.data != NULL;
	if (status == OK)
		status = replay_is_gone(&gone, store, place, stored_is_before(&stored, store->pruned), err);
	if (status == OK && !gone)
		status = look(&found, store, report, err);
	if (status != OK || gone)
		return status;
	if (found.verdict == VERDICT_DUPLICATE)
		return drop(store, &found, place, report, err);
	return keep(store, found.verdict == VERDICT_CONFLICT, place, report, err);
}
