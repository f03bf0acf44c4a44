/*
 * writing: one report from its first record to its last. A report that is known to be whole is decided on
 * before anything is written; one that is still being read is written under a savepoint and decided on at its
 * end.
 */
#include "store/batch.h"
#include "store/pruning.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a sum in SQL can hold is 2^63; half of it leaves room for what questions add up. */
static const uint64_t total_most = 1ULL << 62;

/*
 * Reporter and domain are made behind the records' names, whether or not the report's end was known at its
 * begin: a rebuild, whose parcels end elsewhere, has to give the same ids. Before that they are only looked
 * for.
 */
static enum status
key_of(struct key *key, struct store *store, const struct report *report, bool make, struct err *err)
{
	struct str domain =
	    report->field[REPORT_DOMAIN].data == NULL ? str_of("") : report->field[REPORT_DOMAIN];
	int64_t numbers[2];
	enum status status =
	    (make ? reporter_id : reporter_known)(&key->reporter, store, report->org_key, err);

	if (status == OK)
		status = (make ? name_id : name_known)(&key->domain, store, domain, err);
	numbers[0] = key->reporter;
	numbers[1] = report->end;
	key->hash = hash_column(
	    hash64(report->id_key.data, report->id_key.len, hash64(numbers, sizeof numbers, store->seed)));
	return status;
}

/*
 * The same key and content is a duplicate; a cut copy yields to a whole one, whichever comes first. One whose
 * records were pruned can't yield any more.
 */
static enum verdict
judge(struct stmt *stmt, const struct report *report)
{
	int64_t state = stmt_i64(stmt, 1);
	bool cut = stmt_i64(stmt, 2) != 0;

	if (stmt_i64(stmt, 3) == (int64_t)report->content && cut == report->incomplete)
		return VERDICT_DUPLICATE;
	if (state == STATE_CONFLICT)
		return VERDICT_NEW;
	if (report->incomplete && (!cut || report->records <= (uint64_t)stmt_i64(stmt, 4)))
		return VERDICT_CUT;
	return cut && state == STATE_COUNTED ? VERDICT_REPLACE : VERDICT_CONFLICT;
}

static void
remember(struct found *found, struct stmt *stmt)
{
	struct str place = stmt_text(stmt, 7);

	found->id = stmt_i64(stmt, 0);
	found->state = stmt_i64(stmt, 1);
	found->records = (uint64_t)stmt_i64(stmt, 4);
	found->messages = (uint64_t)stmt_i64(stmt, 5);
	found->arrival = stmt_i64(stmt, 6);
	found->first_record = stmt_i64(stmt, 8);
	found->authentic = (enum authentic)stmt_i64(stmt, 9);
	found->has_place = place.data != NULL;
	(void)snprintf(
	    found->place, sizeof found->place, "%.*s", (int)place.len, place.data == NULL ? "" : place.data);
}

static enum status
look_at(struct found *found, struct store *store, const struct key *key, int64_t hash,
    const struct report *report, struct err *err)
{
	enum verdict verdict;
	enum status status;
	struct stmt *stmt;
	bool row;

	status = store_statement(&stmt, store, SQL_REPORT_FIND, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, hash);
	stmt_bind_i64(stmt, 2, key->reporter);
	stmt_bind_text(stmt, 3, report->id_key);
	stmt_bind_i64(stmt, 4, key->domain);
	bind_period(stmt, 5, report);
	while ((status = stmt_step(stmt, &row, err)) == OK && row) {
		verdict = judge(stmt, report);
		if (verdict == VERDICT_NEW)
			continue;
		found->verdict = verdict;
		remember(found, stmt);
		store->same_as = found->arrival;
		break;
	}
	stmt_reset(stmt);
	return status;
}

/* Looks for the report that counts, then for the same content among those in conflict with it. */
static enum status
look(struct found *found, struct store *store, const struct key *key, const struct report *report,
    struct err *err)
{
	enum status status;

	found->verdict = VERDICT_NEW;
	status = look_at(found, store, key, key->hash, report, err);
	if (status == OK && found->verdict == VERDICT_CONFLICT)
		status = look_at(found, store, key, conflict_hash(key, report), report, err);
	return status;
}

static enum status
repeat_add(
    struct store *store, int64_t report, int64_t arrival, struct str place, const char *kind, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_REPEAT_ADD, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, report);
	stmt_bind_i64(stmt, 2, arrival);
	stmt_bind_text(stmt, 3, place);
	stmt_bind_text(stmt, 4, str_of(kind));
	return stmt_run(stmt, err);
}

static enum status
run_on(struct store *store, enum statement statement, int64_t id, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, statement, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, id);
	return stmt_run(stmt, err);
}

static enum status
records_delete(struct store *store, int64_t from, int64_t to, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_RECORD_DELETE, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, from);
	stmt_bind_i64(stmt, 2, to);
	return stmt_run(stmt, err);
}

/* The records were written under the next id before it was known that the report takes the place of another.
 */
static enum status
records_rename(struct store *store, int64_t id, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_RECORD_RENAME, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->writing.first_record);
	stmt_bind_i64(stmt, 2, store->writing.next_record);
	stmt_bind_i64(stmt, 3, id);
	return stmt_run(stmt, err);
}

/* What was found, which has the key of the report. */
static struct stored
stored_of(const struct found *found, const struct key *key, const struct report *report)
{
	return (struct stored){.reporter = key->reporter,
	    .domain = key->domain,
	    .has_period = report->has_period,
	    .begin = report->begin,
	    .end = report->end,
	    .first_record = found->first_record,
	    .records = found->records,
	    .messages = found->messages,
	    .authentic = found->authentic};
}

/* Takes a cut report off again, so that the whole one can have its place and its id. */
static enum status
take_off(struct store *store, const struct found *found, const struct key *key, const struct report *report,
    struct err *err)
{
	const struct stored old = stored_of(found, key, report);
	enum status status = rollup_stored(store, &old, ROLL_OFF, err);

	if (status == OK)
		status = records_delete(
		    store, found->first_record, found->first_record + (int64_t)found->records, err);
	if (status == OK)
		status = run_on(store, SQL_REPAIR_DELETE, found->id, err);
	if (status == OK)
		status = run_on(store, SQL_ERROR_DELETE, found->id, err);
	if (status == OK)
		status = run_on(store, SQL_REPORT_DELETE, found->id, err);
	if (status == OK && found->arrival != store->arrival)
		status = repeat_add(store, found->id, found->arrival,
		    found->has_place ? str_of(found->place) : str_of(NULL), "replaced", err);
	return status;
}

static void
count_report(struct store *store, const struct found *found, const struct report *report, int64_t codes)
{
	struct counts *counts = store->counts;

	if (found->verdict == VERDICT_CONFLICT) {
		counts->conflicts++;
		return;
	}
	if (found->verdict == VERDICT_REPLACE)
		counts->duplicates++;
	else
		counts->reports++;
	counts->records += report->records;
	counts->messages += report->messages;
	if (found->verdict == VERDICT_REPLACE) {
		counts->records -= found->records < counts->records ? found->records : counts->records;
		counts->messages -= found->messages < counts->messages ? found->messages : counts->messages;
	}
	counts->incomplete += report->incomplete;
	counts->repaired += codes > 0;
}

static enum authentic
judge_mail(struct store *store, const struct report *report)
{
	return authentic_judge(&store->mail_info.proof, report->field[REPORT_EMAIL],
	    report->field[REPORT_ORG_NAME], &store->scratch);
}

/* Everything but the records, which are there. */
static enum status
keep(struct store *store, const struct found *found, const struct key *key, const struct report *report,
    struct err *err)
{
	int64_t id = found->verdict == VERDICT_REPLACE ? found->id : store->next.report++, codes = 0;
	int state = found->verdict == VERDICT_CONFLICT ? STATE_CONFLICT : STATE_COUNTED;
	enum status status = OK;

	arena_reset(&store->scratch);
	store->writing.authentic = judge_mail(store, report);
	if (found->verdict == VERDICT_REPLACE)
		status = take_off(store, found, key, report, err);
	if (status == OK)
		status = report_write(&codes, store, id, state, key, report, err);
	if (status == OK && state == STATE_COUNTED)
		status = rollup_report(store, key->domain, key->reporter, report, err);
	count_report(store, found, report, codes);
	return status;
}

/*
 * A copy that came in a mail that proves its sender proves the report too; one that proves less takes nothing
 * away. What a pruned report left in the roll-up can't be told apart any more.
 */
static enum status
raise(struct store *store, const struct found *found, const struct report *report, struct err *err)
{
	struct stored stored = stored_of(found, &store->writing.key, report);
	enum status status = OK;

	arena_reset(&store->scratch);
	if (found->state == STATE_PRUNED || found->authentic == AUTHENTIC_PROVED ||
	    judge_mail(store, report) != AUTHENTIC_PROVED)
		return OK;
	if (found->state == STATE_COUNTED)
		status = rollup_stored(store, &stored, ROLL_OFF, err);
	stored.authentic = AUTHENTIC_PROVED;
	if (status == OK && found->state == STATE_COUNTED)
		status = rollup_stored(store, &stored, ROLL_ON, err);
	return status == OK ? report_raise(store, SQL_REPORT_RAISE, found->id, err) : status;
}

static enum status
drop(struct store *store, const struct found *found, const struct report *report, struct err *err)
{
	struct str place = found->has_place ? str_of(found->place) : str_of(NULL);
	enum status status;

	if (found->verdict == VERDICT_GONE)
		return OK;
	/* Read again beside a reject, a report meets itself. */
	if (store->closes_rejects && found->arrival == store->arrival &&
	    str_same(place, store->writing.place))
		return OK;
	store->counts->duplicates++;
	store->counts->incomplete += found->verdict == VERDICT_CUT && report->incomplete;
	status = repeat_add(store, found->id, store->arrival, store->writing.place,
	    found->verdict == VERDICT_CUT ? "cut" : "duplicate", err);
	if (status == OK && found->verdict == VERDICT_DUPLICATE)
		status = raise(store, found, report, err);
	return status;
}

static enum status
decide(struct found *found, struct key *key, struct store *store, const struct report *report, bool make,
    struct err *err)
{
	const struct stored stored = {
	    .has_period = report->has_period, .begin = report->begin, .end = report->end};
	enum status status;
	bool gone = false;

	status =
	    replay_is_gone(&gone, store, store->writing.place, stored_is_before(&stored, store->pruned), err);
	found->verdict = gone ? VERDICT_GONE : VERDICT_NEW;
	if (status != OK || gone)
		return status;
	status = key_of(key, store, report, make, err);
	if (status == OK && key->reporter != 0 && key->domain != 0)
		status = look(found, store, key, report, err);
	if (status == OK && found->verdict != VERDICT_DUPLICATE && found->verdict != VERDICT_CUT &&
	    (report->messages > total_most || store->total > total_most - report->messages))
		return LIMIT;
	return status;
}

static bool
is_dropped(const struct found *found)
{
	return found->verdict == VERDICT_DUPLICATE || found->verdict == VERDICT_CUT ||
	       found->verdict == VERDICT_GONE;
}

static enum status
roll_back(struct store *store, struct err *err)
{
	/* Dictionary rows made under the savepoint are gone, so their ids must not be remembered. */
	cache_clear(store->profiles);
	cache_clear(store->names);
	store->next.record = store->writing.first_record;
	return db_exec(store->db, "ROLLBACK TO report; RELEASE report", err);
}

/* A report that would overflow every sum is rejected like any other that can't be kept. */
static enum status
refuse(struct store *store, struct err *err)
{
	struct entry entry = {.type = ENTRY_REJECT};

	entry.u.reject.place = store->writing.place;
	entry.u.reject.reason = str_of("with it the database would hold more than 2^62 messages");
	entry.u.reject.status = LIMIT;
	return store_reject(store, &entry, err);
}

enum status
writing_begin(struct store *store, const struct entry *entry, struct err *err)
{
	struct writing *writing = &store->writing;
	const struct entry *end = entry->u.report_begin.end;
	enum status status = store->item_arrival != 0 ? replay_note(store, err) : OK;

	if (status != OK)
		return status;
	if (writing->rows == NULL)
		writing->rows = mem_alloc(ROWS_KEPT * sizeof *writing->rows);
	writing->open = true;
	writing->dropped = false;
	writing->streaming = end == NULL;
	writing->first_record = writing->next_record = store->next.record;
	writing->rows_count = 0;
	writing->tally = (struct tally){0};
	(void)snprintf(store->place_text, sizeof store->place_text, "%.*s",
	    (int)entry->u.report_begin.place.len,
	    entry->u.report_begin.place.data == NULL ? "" : entry->u.report_begin.place.data);
	writing->place = entry->u.report_begin.place.data == NULL ? str_of(NULL) : str_of(store->place_text);
	store->placed = store->placed || writing->place.data != NULL;
	if (writing->streaming)
		return db_exec(store->db, "SAVEPOINT report", err);
	if (end->type == ENTRY_REPORT_ABORT) {
		writing->dropped = true;
		return OK;
	}
	status = decide(&writing->found, &writing->key, store, end->u.report, false, err);
	writing->too_much = status == LIMIT;
	writing->dropped = status == LIMIT || (status == OK && is_dropped(&writing->found));
	return status == LIMIT ? OK : status;
}

enum status
writing_records(struct store *store, const struct record *record, struct err *err)
{
	struct batch records = {.one = SQL_RECORD_ADD, .many = SQL_RECORD_ADD_8, .columns = 5};
	struct writing *writing = &store->writing;
	enum status status = OK;
	struct row row;

	if (writing->dropped)
		return OK;
	for (; record != NULL && status == OK; record = record->next) {
		row.messages = record->messages;
		if (record->next != NULL)
			cache_prefetch(store->profiles, record->next->hash);
		status = profile_id(&row, store, record, err);
		if (status == OK)
			status = ip_id(&row.ip, store, record, err);
		if (status != OK)
			break;
		tally_add(&writing->tally, &row, (int64_t)row.messages);
		if (writing->rows_count < ROWS_KEPT)
			writing->rows[writing->rows_count++] = row;
		status = batch_add(&records, store,
		    (const int64_t[]){writing->next_record++, store->next.report, row.ip, row.profile,
			(int64_t)row.messages},
		    err);
	}
	return status == OK ? batch_flush(&records, store, err) : status;
}

enum status
writing_end(struct store *store, const struct report *report, struct err *err)
{
	struct writing *writing = &store->writing;
	const struct found *found = &writing->found;
	enum status status = OK;

	writing->open = false;
	store->since_commit++;
	if (writing->streaming)
		status = decide(&writing->found, &writing->key, store, report, true, err);
	writing->too_much = status == LIMIT || (!writing->streaming && writing->too_much);
	if (status != OK && status != LIMIT)
		return status;
	if (writing->too_much || is_dropped(found)) {
		status = writing->streaming ? roll_back(store, err) : OK;
		if (status != OK)
			return status;
		return writing->too_much ? refuse(store, err) : drop(store, found, report, err);
	}
	if (found->verdict == VERDICT_REPLACE)
		status = records_rename(store, found->id, err);
	if (status == OK && !writing->streaming)
		status = key_of(&writing->key, store, report, true, err);
	if (status == OK)
		status = keep(store, found, &writing->key, report, err);
	store->next.record = writing->next_record;
	if (status == OK && writing->streaming)
		status = db_exec(store->db, "RELEASE report", err);
	return status;
}

enum status
writing_abort(struct store *store, struct err *err)
{
	bool streaming = store->writing.streaming;

	store->writing.open = false;
	return streaming ? roll_back(store, err) : OK;
}
