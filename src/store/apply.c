/* apply: entries in reading order become rows. What can't be rejected any more stops the run. */
#include "store/writer.h"

#include <stdio.h>
#include <string.h>

static struct str
hold(char *to, size_t size, struct str text)
{
	if (text.data == NULL)
		return text;
	(void)snprintf(to, size, "%.*s", (int)text.len, text.data);
	return str_of(to);
}

static enum status
folder_id(int64_t *id, struct store *store, struct str path, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_FOLDER_FIND, err);
	bool row = false;

	if (status != OK)
		return status;
	stmt_bind_text(stmt, 1, path);
	status = stmt_step(stmt, &row, err);
	if (status == OK && row) {
		*id = stmt_i64(stmt, 0);
		stmt_reset(stmt);
		return OK;
	}
	if (status == OK)
		status = store_statement(&stmt, store, SQL_FOLDER_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_text(stmt, 1, path);
	status = stmt_run(stmt, err);
	*id = db_last_id(store->db);
	return status;
}

/* The row comes last, because what became of the file is known only then; the id is fixed before. */
static enum status
item_end(struct store *store, enum item_state state, struct err *err)
{
	const struct item_info *item = &store->item;
	struct stmt *stmt;
	enum status status;
	int64_t folder = 0;

	struct str name = item->name;

	if (store->item_arrival != 0)
		return OK;
	status = store->item_personal ? personal_hide(&name, store, err) : OK;
	if (status == OK)
		status = folder_id(&folder, store, item->folder, err);
	if (status == OK)
		status = store_statement(&stmt, store, SQL_FILE_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->file);
	stmt_bind_i64(stmt, 2, folder);
	stmt_bind_text(stmt, 3, name);
	stmt_bind_i64(stmt, 4, (int64_t)item->size);
	stmt_bind_i64(stmt, 5, item->mtime / FILE_TIME_NS);
	stmt_bind_i64(stmt, 6, (int64_t)item->inode);
	stmt_bind_i64(stmt, 7, state);
	return stmt_run(stmt, err);
}

static void
hold_proof(struct store *store, const struct proof *proof)
{
	store->mail_info.proof.from = arena_str(&store->mail_arena, proof->from);
	store->mail_info.proof.by = arena_str(&store->mail_arena, proof->by);
	store->mail_info.proof.results = arena_str(&store->mail_arena, proof->results);
}

/* An original that is read again came in a mail of which the same is known as then. */
static enum status
recall_proof(struct store *store, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_MAIL_PROOF, err);
	struct proof proof;
	bool row = false;

	if (status != OK)
		return status;
	arena_reset(&store->mail_arena);
	stmt_bind_i64(stmt, 1, store->item_arrival);
	status = stmt_step(stmt, &row, err);
	if (status == OK && row) {
		proof = (struct proof){stmt_text(stmt, 0), stmt_text(stmt, 1), stmt_text(stmt, 2)};
		hold_proof(store, &proof);
		stmt_reset(stmt);
	}
	return status;
}

static enum status
item_begin(struct store *store, const struct item_info *item, struct err *err)
{
	store->mail = 0;
	store->in_mail = store->item_personal = false;
	store->mail_info.proof = (struct proof){0};
	store->item_arrival = item->arrival;
	store->since_commit++;
	if (item->arrival != 0)
		return recall_proof(store, err);
	store->counts->files++;
	store->file = store->next.file++;
	arena_reset(&store->item_arena);
	store->item = *item;
	store->item.folder = arena_str(&store->item_arena, item->folder);
	store->item.name = arena_str(&store->item_arena, item->name);
	return OK;
}

/* Most mails carry nothing; only those of which something is kept are written. */
static void
mail_begin(struct store *store, const struct mail_info *mail)
{
	arena_reset(&store->mail_arena);
	store->mail_info.message_id = arena_str(&store->mail_arena, mail->message_id);
	store->mail_info.from = arena_str(&store->mail_arena, mail->from);
	store->mail_info.date = arena_str(&store->mail_arena, mail->date);
	store->mail_info.subject = arena_str(&store->mail_arena, mail->subject);
	store->mail_info.place = arena_str(&store->mail_arena, mail->place);
	hold_proof(store, &mail->proof);
	store->mail_info.personal = mail->personal;
	store->in_mail = true;
	store->mail = 0;
	if (store->item_arrival == 0)
		store->counts->mails++;
}

enum status
mail_write(struct store *store, struct err *err)
{
	const struct mail_info *mail = &store->mail_info;
	struct stmt *stmt;
	enum status status = OK;

	if (store->mail != 0)
		return OK;
	status = store_statement(&stmt, store, SQL_MAIL_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->file);
	stmt_bind_text(stmt, 2, mail->place);
	stmt_bind_text(stmt, 3, mail->message_id);
	stmt_bind_text(stmt, 4, mail->from);
	stmt_bind_text(stmt, 5, mail->date);
	stmt_bind_text(stmt, 6, mail->subject);
	stmt_bind_text(stmt, 7, mail->proof.from);
	stmt_bind_text(stmt, 8, mail->proof.by);
	stmt_bind_text(stmt, 9, mail->proof.results);
	status = stmt_run(stmt, err);
	store->mail = db_last_id(store->db);
	return status;
}

static void
arrival_begin(struct store *store, struct str place)
{
	store->arrival = store->item_arrival != 0 ? store->item_arrival : store->next.arrival;
	store->arrival_place = hold(store->arrival_place_text, sizeof store->arrival_place_text, place);
	store->want_data = store->arrival_rejected = store->placed = false;
	store->same_as = 0;
}

/* A rebuild files only what it can't read any more; a retry leaves its rejects as they are. */
enum status
store_reject(struct store *store, const struct entry *entry, struct err *err)
{
	bool rebuilds = store->item_arrival != 0 && store->commits_at_end;
	struct stmt *stmt;
	enum status status;

	struct str place = entry->u.reject.place;

	store->arrival_rejected = true;
	store->placed = store->placed || place.data != NULL;
	if (!rebuilds)
		store->counts->rejected++;
	if (store->item_arrival != 0 && !rebuilds)
		return OK;
	status = entry->u.reject.personal && !rebuilds ? personal_hide(&place, store, err) : OK;
	if (status == OK)
		status = store_statement(&stmt, store, rebuilds ? SQL_REJECT_REOPEN : SQL_REJECT_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->arrival);
	stmt_bind_i64(stmt, 2, store->now);
	stmt_bind_text(stmt, 3, place);
	stmt_bind_text(stmt, 4, str_of(status_word(entry->u.reject.status)));
	stmt_bind_text(stmt, 5, entry->u.reject.reason);
	status = stmt_run(stmt, err);
	if (rebuilds && status == OK)
		store->counts->rejected += (uint64_t)db_changes(store->db);
	return status;
}

/* original.personal. */
static int64_t
personal_mark(const struct store *store, const struct entry *end)
{
	return end->u.arrival_end.personal ? store->keep_personal ? 2 : 1 : 0;
}

static enum status
original_add(struct store *store, const struct entry *end, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_ORIGINAL_ADD, err);

	if (status != OK)
		return status;
	store->original = store->next.original++;
	store->want_data = end->u.arrival_end.kept > 0;
	stmt_bind_i64(stmt, 1, store->original);
	stmt_bind_bytes(stmt, 2, end->u.arrival_end.sha256, SHA256_BYTES);
	stmt_bind_i64(stmt, 3, (int64_t)end->u.arrival_end.size);
	stmt_bind_i64(stmt, 4, (int64_t)(end->u.arrival_end.size - end->u.arrival_end.kept));
	stmt_bind_i64(stmt, 5, end->u.arrival_end.deflated);
	stmt_bind_i64(stmt, 6, personal_mark(store, end));
	return stmt_run(stmt, err);
}

/* An original that was known but not kept gets its bytes now. */
static enum status
original_complete(struct store *store, const struct entry *end, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_ORIGINAL_KEPT, err);

	if (status != OK)
		return status;
	store->want_data = true;
	stmt_bind_i64(stmt, 1, store->original);
	stmt_bind_i64(stmt, 2, (int64_t)end->u.arrival_end.kept);
	stmt_bind_i64(stmt, 3, end->u.arrival_end.deflated);
	stmt_bind_i64(stmt, 4, personal_mark(store, end));
	return stmt_run(stmt, err);
}

/*
 * The same bytes are kept once. They can only have come before if their report did, so its arrival is asked
 * instead of an index over all digests, whose random order would cost a page for each original.
 */
static enum status
original_find(struct store *store, const struct entry *end, struct err *err)
{
	bool row = false, same;
	enum status status;
	struct stmt *stmt;
	struct str sha256;
	int64_t kept;

	store->chunk = 0;
	if (store->same_as == 0)
		return original_add(store, end, err);
	status = store_statement(&stmt, store, SQL_ORIGINAL_FIND, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->same_as);
	status = stmt_step(stmt, &row, err);
	if (status != OK || !row)
		return status == OK ? original_add(store, end, err) : status;
	store->original = stmt_i64(stmt, 0);
	kept = stmt_i64(stmt, 1);
	sha256 = stmt_bytes(stmt, 2);
	same =
	    sha256.len == SHA256_BYTES && memcmp(sha256.data, end->u.arrival_end.sha256, SHA256_BYTES) == 0;
	stmt_reset(stmt);
	if (!same)
		return original_add(store, end, err);
	return kept == 0 && end->u.arrival_end.kept > 0 ? original_complete(store, end, err) : OK;
}

static enum status
reject_close(struct store *store, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_REJECT_CLOSE, err);

	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->arrival);
	stmt_bind_i64(stmt, 2, store->now);
	return stmt_run(stmt, err);
}

static enum status
arrival_end(struct store *store, const struct entry *end, struct err *err)
{
	struct stmt *stmt;
	enum status status;

	if (store->item_arrival != 0)
		return store->closes_rejects && !store->arrival_rejected ? reject_close(store, err) : OK;
	if (!end->u.arrival_end.used)
		return OK;
	status = original_find(store, end, err);
	if (status == OK && end->u.arrival_end.personal && !store->keep_personal)
		status = personal_mail(store, err);
	if (status == OK && store->placed && end->u.arrival_end.personal && !store->keep_personal)
		status = personal_places(store, err);
	if (status == OK && store->in_mail)
		status = mail_write(store, err);
	if (status == OK)
		status = store_statement(&stmt, store, SQL_ARRIVAL_ADD, err);
	if (status != OK)
		return status;
	store->next.arrival++;
	stmt_bind_i64(stmt, 1, store->arrival);
	stmt_bind_i64(stmt, 2, store->run);
	stmt_bind_i64(stmt, 3, store->now - store->run_started);
	stmt_bind_i64(stmt, 4, store->file);
	bind_id(stmt, 5, store->mail);
	stmt_bind_text(stmt, 6, store->arrival_place);
	stmt_bind_i64(stmt, 7, store->original);
	return stmt_run(stmt, err);
}

static enum status
chunk_add(struct store *store, struct str bytes, struct err *err)
{
	struct stmt *stmt;
	enum status status;

	if (!store->want_data)
		return OK;
	status = store_statement(&stmt, store, SQL_CHUNK_ADD, err);
	if (status != OK)
		return status;
	store->bytes_since_commit += bytes.len;
	stmt_bind_i64(stmt, 1, store->original * CHUNKS_PER_ORIGINAL + store->chunk++);
	stmt_bind_bytes(stmt, 2, bytes.data, bytes.len);
	return stmt_run(stmt, err);
}

static enum status
apply_entry(struct store *store, const struct entry *entry, struct err *err)
{
	switch (entry->type) {
	case ENTRY_ITEM_BEGIN:
		return item_begin(store, &entry->u.item, err);
	case ENTRY_MAIL:
		mail_begin(store, &entry->u.mail);
		return OK;
	case ENTRY_ARRIVAL_BEGIN:
		arrival_begin(store, entry->u.arrival_begin.place);
		return OK;
	case ENTRY_REPORT_BEGIN:
		return writing_begin(store, entry, err);
	case ENTRY_RECORDS:
		return writing_records(store, entry->u.records.first, err);
	case ENTRY_REPORT_END:
		return writing_end(store, entry->u.report, err);
	case ENTRY_REPORT_ABORT:
		return writing_abort(store, err);
	case ENTRY_TLS:
		return tls_write(store, entry->u.tls.place, entry->u.tls.report, err);
	case ENTRY_FAILURE:
		return failure_apply(store, entry, err);
	case ENTRY_REJECT:
		return store_reject(store, entry, err);
	case ENTRY_ARRIVAL_END:
		return arrival_end(store, entry, err);
	case ENTRY_ORIGINAL_DATA:
		return chunk_add(store, entry->u.data.bytes, err);
	case ENTRY_SKIP:
		store->counts->skipped++;
		store->counts->letters[entry->u.skip.kind] += entry->u.skip.mail;
		return OK;
	case ENTRY_LOST:
		return lost_add(store, &entry->u.lost, err);
	case ENTRY_TROUBLE:
		store->counts->rejected++;
		return OK;
	case ENTRY_FAILED:
		store->counts->failed_sources++;
		return OK;
	case ENTRY_ITEM_END:
		return item_end(store, entry->u.item_end.state, err);
	}
	return OK;
}

enum status
store_apply(struct store *store, struct parcel *parcel, struct counts *counts, struct err *err)
{
	const struct entry *entry;
	enum status status = store_transaction(store, err);

	store->counts = counts;
	for (entry = parcel->first; entry != NULL && status == OK; entry = entry->next)
		status = apply_entry(store, entry, err);
	return status;
}
