/* dictionary: everything that repeats is stored once and known by its number. */
#include "store/writer.h"

#include <stdio.h>
#include <string.h>

/* What a hash is of, so that equal texts of different kinds don't meet in one cache. */
enum kind { KIND_NAME, KIND_IP, KIND_REPORTER, KIND_DETAIL };

enum { DETAIL_IDS = 6, PROFILE_IDS = 6, ID_TEXT = 21 };

/* These are part of hashes that are stored: with others, no row of an older database would be found again. */
enum { HASH_AUTHOR = 18, HASH_POLICY = 20 };

enum status
store_statement(struct stmt **stmt, struct store *store, enum statement statement, struct err *err)
{
	static const char *const files[] = {
#define STATEMENT(name, file) file,
#include "store/statement.def"
#undef STATEMENT
	};
	enum status status = OK;

	if (store->statement[statement] == NULL)
		status =
		    stmt_prepare(&store->statement[statement], store->db, schema_text(files[statement]), err);
	*stmt = store->statement[statement];
	return status;
}

void
bind_id(struct stmt *stmt, int i, int64_t id)
{
	if (id == 0)
		stmt_bind_null(stmt, i);
	else
		stmt_bind_i64(stmt, i, id);
}

/* Runs a statement whose parameters are bound; *id is its first column, 0 without a row. */
static enum status
find(int64_t *id, struct stmt *stmt, struct err *err)
{
	enum status status;
	bool row;

	*id = 0;
	status = stmt_step(stmt, &row, err);
	if (status == OK && row) {
		*id = stmt_i64(stmt, 0);
		stmt_reset(stmt);
	}
	return status;
}

static enum status
add(int64_t *id, struct store *store, struct stmt *stmt, struct err *err)
{
	enum status status = stmt_run(stmt, err);

	*id = db_last_id(store->db);
	return status;
}

/* A text of a table with nothing else to look for; when it is missing, it is made if make, else *id is 0. */
static enum status
text_id(int64_t *id, struct store *store, struct str text, enum kind kind, enum statement find_by,
    const struct record *record, bool make, struct err *err)
{
	struct hash128 hash = hash128(text.data, text.len, store->seed + (uint64_t)kind);
	enum status status;
	struct stmt *stmt;

	*id = cache_get(store->names, hash);
	if (*id != 0)
		return OK;
	status = store_statement(&stmt, store, find_by, err);
	if (status != OK)
		return status;
	stmt_bind_text(stmt, 1, text);
	status = find(id, stmt, err);
	if (status == OK && *id == 0 && make) {
		status = store_statement(&stmt, store, (enum statement)(find_by + 1), err);
		if (status != OK)
			return status;
		stmt_bind_text(stmt, 1, text);
		if (record != NULL && record->ip_usable)
			stmt_bind_bytes(stmt, 2, record->ip, sizeof record->ip);
		else if (record != NULL)
			stmt_bind_null(stmt, 2);
		status = add(id, store, stmt, err);
	}
	if (status == OK && *id != 0)
		cache_put(store->names, hash, *id);
	return status;
}

enum status
name_id(int64_t *id, struct store *store, struct str text, struct err *err)
{
	*id = 0;
	return text.data == NULL ? OK : text_id(id, store, text, KIND_NAME, SQL_NAME_FIND, NULL, true, err);
}

enum status
name_known(int64_t *id, struct store *store, struct str text, struct err *err)
{
	return text_id(id, store, text, KIND_NAME, SQL_NAME_FIND, NULL, false, err);
}

enum status
ip_id(int64_t *id, struct store *store, const struct record *record, struct err *err)
{
	return text_id(id, store, record->ip_text, KIND_IP, SQL_IP_FIND, record, true, err);
}

enum status
reporter_id(int64_t *id, struct store *store, struct str org, struct err *err)
{
	return text_id(id, store, org, KIND_REPORTER, SQL_REPORTER_FIND, NULL, true, err);
}

enum status
reporter_known(int64_t *id, struct store *store, struct str org, struct err *err)
{
	return text_id(id, store, org, KIND_REPORTER, SQL_REPORTER_FIND, NULL, false, err);
}

int64_t
hash_column(uint64_t hash)
{
	return (int32_t)(uint32_t)hash;
}

/* Finds a row by its hash and all its texts, or adds it. before: an id that stands before the texts, or 0. */
static enum status
texts_id(int64_t *id, struct store *store, const struct str *texts, int count, int64_t before, int64_t what,
    enum statement find_by, struct err *err)
{
	const int64_t key[] = {before, what};
	struct hash128 wide = hash128(key, sizeof key, store->seed);
	int i, first = before == 0 ? 2 : 3, step;
	enum status status = OK;
	struct stmt *stmt;
	uint64_t hash;

	for (i = 0; i < count; i++)
		wide = hash128(texts[i].data, texts[i].len, (wide.high ^ wide.low) + (texts[i].data != NULL));
	hash = wide.low;
	*id = cache_get(store->names, wide);
	for (step = 0; step < 2 && status == OK && *id == 0; step++) {
		status = store_statement(&stmt, store, (enum statement)(find_by + (unsigned)step), err);
		if (status != OK)
			return status;
		stmt_bind_i64(stmt, 1, hash_column(hash));
		if (before != 0)
			stmt_bind_i64(stmt, 2, before);
		for (i = 0; i < count; i++)
			stmt_bind_text(stmt, first + i, texts[i]);
		status = step == 0 ? find(id, stmt, err) : add(id, store, stmt, err);
		if (status == OK && *id != 0)
			cache_put(store->names, wide, *id);
	}
	return status;
}

enum status
author_id(int64_t *id, struct store *store, const struct report *report, struct err *err)
{
	const struct str texts[] = {report->field[REPORT_ORG_NAME], report->field[REPORT_EMAIL],
	    report->field[REPORT_CONTACT], report->field[REPORT_CONTACT_LANG],
	    report->field[REPORT_GENERATOR], report->field[REPORT_VERSION], report->field[REPORT_NAMESPACE]};

	return texts_id(
	    id, store, texts, sizeof texts / sizeof texts[0], 0, HASH_AUTHOR, SQL_AUTHOR_FIND, err);
}

enum status
policy_id(int64_t *id, struct store *store, const struct report *report, int64_t domain, struct err *err)
{
	const struct str texts[] = {report->field[REPORT_P], report->field[REPORT_SP],
	    report->field[REPORT_NP], report->field[REPORT_ADKIM], report->field[REPORT_ASPF],
	    report->field[REPORT_PCT], report->field[REPORT_FO], report->field[REPORT_TESTING],
	    report->field[REPORT_DISCOVERY]};

	return texts_id(
	    id, store, texts, sizeof texts / sizeof texts[0], domain, HASH_POLICY, SQL_POLICY_FIND, err);
}

static enum status
detail_id(int64_t *id, struct store *store, const struct detail *detail, struct err *err)
{
	const struct str texts[] = {detail->a, detail->b, detail->result, detail->c, detail->lang};
	int64_t ids[DETAIL_IDS] = {detail->kind + 1};
	enum status status;
	struct hash128 hash;
	struct stmt *stmt;
	int i, step;

	for (i = 1; i < DETAIL_IDS; i++) {
		status = name_id(&ids[i], store, texts[i - 1], err);
		if (status != OK)
			return status;
	}
	hash = hash128(ids, sizeof ids, store->seed + KIND_DETAIL);
	*id = cache_get(store->names, hash);
	for (step = 0, status = OK; step < 2 && status == OK && *id == 0; step++) {
		status = store_statement(&stmt, store, step == 0 ? SQL_DETAIL_FIND : SQL_DETAIL_ADD, err);
		if (status != OK)
			return status;
		stmt_bind_i64(stmt, 1, hash_column(hash64(ids, sizeof ids, store->seed)));
		stmt_bind_i64(stmt, 2, detail->kind);
		for (i = 1; i < DETAIL_IDS; i++)
			bind_id(stmt, i + 2, ids[i]);
		status = step == 0 ? find(id, stmt, err) : add(id, store, stmt, err);
		if (status == OK && *id != 0)
			cache_put(store->names, hash, *id);
	}
	return status;
}

/* "[12,407]"; missing when there are none. */
static enum status
details_text(struct str *text, struct store *store, const struct profile *profile, struct err *err)
{
	size_t room = profile->count * ID_TEXT + 3, i;
	char *out = arena_alloc(&store->scratch, room);
	enum status status;
	int64_t id;

	*text = str_of(NULL);
	for (i = 0; i < profile->count; i++) {
		status = detail_id(&id, store, &profile->details[i], err);
		if (status != OK)
			return status;
		text->len += (size_t)snprintf(
		    out + text->len, room - text->len, "%c%lld", i == 0 ? '[' : ',', (long long)id);
	}
	if (profile->count == 0)
		return OK;
	out[text->len++] = ']';
	text->data = out;
	return OK;
}

static enum status
profile_find(int64_t *id, struct store *store, int64_t hash, const int64_t ids[PROFILE_IDS],
    struct str details, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_PROFILE_FIND, err);
	int i;

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, hash);
	for (i = 0; i < PROFILE_IDS; i++)
		bind_id(stmt, i + 2, ids[i]);
	stmt_bind_text(stmt, 10, details);
	return find(id, stmt, err);
}

static enum status
profile_add(int64_t *id, struct store *store, int64_t hash, const int64_t ids[PROFILE_IDS],
    const struct profile *profile, struct str details, struct err *err)
{
	enum outcome outcome = profile_outcome(profile);
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_PROFILE_ADD, err);
	int i;

	if (status != OK)
		return status;
	for (i = 0; i < PROFILE_IDS; i++)
		bind_id(stmt, i + 2, ids[i]);
	if (outcome == OUTCOME_UNKNOWN)
		stmt_bind_null(stmt, 8);
	else
		stmt_bind_i64(stmt, 8, outcome == OUTCOME_PASS);
	stmt_bind_i64(stmt, 9, profile_flags(profile));
	stmt_bind_text(stmt, 10, details);
	status = add(id, store, stmt, err);
	if (status == OK)
		status = store_statement(&stmt, store, SQL_PROFILE_HASH_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, hash);
	stmt_bind_i64(stmt, 2, *id);
	return stmt_run(stmt, err);
}

static enum status
profile_write(int64_t *id, struct store *store, const int64_t ids[PROFILE_IDS], const struct profile *profile,
    struct err *err)
{
	struct str details;
	enum status status = details_text(&details, store, profile, err);
	uint64_t hash = hash64(ids, PROFILE_IDS * sizeof ids[0], store->seed);

	if (status != OK)
		return status;
	hash = hash64(details.data, details.len, hash);
	status = profile_find(id, store, hash_column(hash), ids, details, err);
	if (status == OK && *id == 0)
		status = profile_add(id, store, hash_column(hash), ids, profile, details, err);
	return status;
}

enum status
profile_id(struct row *row, struct store *store, const struct record *record, struct err *err)
{
	int64_t cached = cache_get(store->profiles, record->hash), ids[PROFILE_IDS];
	struct profile profile;
	enum status status;
	int i;

	if (cached != 0) {
		row->profile = cached / 16;
		row->action = (enum action)(cached / 4 % 4);
		row->outcome = (enum outcome)(cached % 4);
		return OK;
	}
	arena_reset(&store->scratch);
	if (!profile_unpack(&profile, record->profile, &store->scratch))
		return err_stop(err, EXIT_CODE_IO, "a packed record is damaged");
	for (i = 0; i < PROFILE_IDS; i++) {
		status = name_id(&ids[i], store, profile.field[i], err);
		if (status != OK)
			return status;
		if (ids[i] == 0 && i >= PROFILE_DISPOSITION)
			ids[i] = NAME_UNKNOWN;
	}
	row->outcome = profile_outcome(&profile);
	row->action = profile_action(&profile);
	status = profile_write(&row->profile, store, ids, &profile, err);
	if (status == OK)
		cache_put(store->profiles, record->hash,
		    row->profile * 16 + (int64_t)row->action * 4 + (int64_t)row->outcome);
	return status;
}
