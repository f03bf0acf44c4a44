/*
 * failure: failure reports on their way into the database, and the people that are taken out of them first.
 * The key of the hashes is made from chance when it is first needed; who has the database has the key.
 */
#include "store/writer.h"

#include <stdio.h>
#include <string.h>

static const char key_name[] = "personal-key";

static int
hex_digit(char c)
{
	return text_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_key(struct personal *personal, struct str text)
{
	int high, low;
	size_t i;

	if (text.len != 2 * (size_t)PERSONAL_KEY_BYTES)
		return false;
	for (i = 0; i < PERSONAL_KEY_BYTES; i++) {
		high = hex_digit(text.data[i * 2]);
		low = hex_digit(text.data[i * 2 + 1]);
		if (high < 0 || low < 0)
			return false;
		personal->key[i] = (unsigned char)(high * 16 + low);
	}
	return true;
}

static enum status
make_key(struct store *store, struct err *err)
{
	char text[2 * PERSONAL_KEY_BYTES + 1];
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_SETTING_ADD, err);
	size_t i;

	if (status != OK)
		return status;
	for (i = 0; i < PERSONAL_KEY_BYTES / sizeof(uint64_t); i++)
		(void)snprintf(text + i * 16, 17, "%016llx", (unsigned long long)random64());
	stmt_bind_text(stmt, 1, str_of(key_name));
	stmt_bind_text(stmt, 2, str_of(text));
	store->has_personal = read_key(&store->personal, str_of(text));
	return stmt_run(stmt, err);
}

enum status
personal_known(struct store *store, struct err *err)
{
	struct stmt *stmt;
	enum status status;
	bool row = false;

	if (store->has_personal)
		return OK;
	status = store_statement(&stmt, store, SQL_SETTING_FIND, err);
	if (status != OK)
		return status;
	stmt_bind_text(stmt, 1, str_of(key_name));
	status = stmt_step(stmt, &row, err);
	if (status == OK && row) {
		store->has_personal = read_key(&store->personal, stmt_text(stmt, 0));
		stmt_reset(stmt);
		if (!store->has_personal)
			return err_stop(err, EXIT_CODE_DATA, "the setting %s is damaged", key_name);
	}
	return status;
}

enum status
personal_key(struct store *store, struct err *err)
{
	enum status status = personal_known(store, err);

	return status == OK && !store->has_personal ? make_key(store, err) : status;
}

enum status
personal_hide(struct str *place, struct store *store, struct err *err)
{
	enum status status = personal_key(store, err);

	if (status == OK)
		*place = personal_place(&store->personal, *place, &store->item_arena);
	return status;
}

/* The mail of an arrival that holds a failure report; what it is known for was told with it, or only now. */
enum status
personal_mail(struct store *store, struct err *err)
{
	struct mail_info *mail = &store->mail_info;
	struct stmt *stmt;
	enum status status = personal_hide(&store->arrival_place, store, err);

	store->item_personal = true;
	if (status != OK || !store->in_mail)
		return status;
	if (!mail->personal)
		mail->from = mail->subject = str_of(NULL);
	if (store->mail == 0) {
		mail->from = personal_address(&store->personal, mail->from, &store->mail_arena);
		return OK;
	}
	if (mail->personal)
		return OK;
	status = store_statement(&stmt, store, SQL_MAIL_HIDE, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->mail);
	return stmt_run(stmt, err);
}

/* The first column of a statement with an arrival and a place; 0: no row. */
static enum status
at_place(int64_t *id, struct store *store, enum statement statement, struct str place, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, statement, err);
	bool row = false;

	*id = 0;
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, store->arrival);
	stmt_bind_text(stmt, 2, place);
	status = stmt_step(stmt, &row, err);
	if (status == OK && row) {
		*id = stmt_i64(stmt, 0);
		stmt_reset(stmt);
	}
	return status;
}

static enum status
find_key(int64_t *id, int64_t *arrival, struct store *store, int64_t key, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_FAILURE_FIND, err);
	bool row = false;

	*id = 0;
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, key);
	status = stmt_step(stmt, &row, err);
	if (status == OK && row) {
		*id = stmt_i64(stmt, 0);
		*arrival = stmt_i64(stmt, 1);
		stmt_reset(stmt);
	}
	return status;
}

static enum status
domain_id(int64_t *id, struct store *store, struct str text, struct err *err)
{
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_FAILURE_DOMAIN_FIND, err);
	bool row = false;

	if (status != OK)
		return status;
	stmt_bind_text(stmt, 1, text.data == NULL ? str_of("") : text);
	status = stmt_step(stmt, &row, err);
	if (status == OK && row) {
		*id = stmt_i64(stmt, 0);
		stmt_reset(stmt);
		return OK;
	}
	if (status == OK)
		status = store_statement(&stmt, store, SQL_FAILURE_DOMAIN_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_text(stmt, 1, text.data == NULL ? str_of("") : text);
	status = stmt_run(stmt, err);
	*id = db_last_id(store->db);
	return status;
}

static void
bind_known(struct stmt *stmt, int i, int64_t value, bool known)
{
	if (known)
		stmt_bind_i64(stmt, i, value);
	else
		stmt_bind_null(stmt, i);
}

/* id 0: the next one. *id is the one that it has. */
/* The report is from who sent it, or its Reporting-MTA; a domain is an address of which only that is told. */
static enum authentic
authentic(struct store *store, const struct failure *failure)
{
	return authentic_judge(
	    &store->mail_info.proof, failure->field[FAILURE_REPORTER], str_of(NULL), &store->scratch);
}

static enum status
write_row(
    int64_t *id, struct store *store, const struct entry *entry, int64_t key, bool personal, struct err *err)
{
	enum { FIRST_FIELD = 16 };
	const struct failure *failure = entry->u.failure.failure;
	struct str place = entry->u.failure.place;
	int64_t domain = 0;
	struct stmt *stmt;
	enum status status = domain_id(&domain, store, failure->domain, err);
	int i;

	if (status == OK && !personal)
		status = personal_hide(&place, store, err);
	if (status == OK)
		status = store_statement(&stmt, store, SQL_FAILURE_ADD, err);
	if (status != OK)
		return status;
	bind_id(stmt, 1, *id);
	stmt_bind_i64(stmt, 2, key);
	stmt_bind_i64(stmt, 3, personal);
	stmt_bind_i64(stmt, 4, store->arrival);
	stmt_bind_text(stmt, 5, place);
	stmt_bind_i64(stmt, 6, domain);
	stmt_bind_text(stmt, 7, str_of(failure_form_word(failure->form)));
	bind_known(stmt, 8, failure->arrived, failure->has_arrived);
	bind_known(stmt, 9, failure->sent, failure->has_sent);
	stmt_bind_text(stmt, 10, failure->ip_text);
	if (failure->ip_usable)
		stmt_bind_bytes(stmt, 11, failure->ip, sizeof failure->ip);
	else
		stmt_bind_null(stmt, 11);
	bind_id(stmt, 12, (int64_t)failure->port);
	stmt_bind_i64(stmt, 13, (int64_t)failure->incidents);
	stmt_bind_i64(stmt, 14, failure->has_message);
	stmt_bind_text(stmt, 15, failure->header_from);
	for (i = 0; i < FAILURE_FIELDS; i++)
		stmt_bind_text(stmt, FIRST_FIELD + i, failure->field[i]);
	stmt_bind_i64(stmt, FIRST_FIELD + FAILURE_FIELDS, authentic(store, failure));
	status = stmt_run(stmt, err);
	*id = db_last_id(store->db);
	return status;
}

static enum status
write_texts(struct store *store, int64_t id, const struct failure *failure, struct err *err)
{
	const struct failure_text *text;
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_FAILURE_TEXT_ADD, err);
	int64_t n = 0;

	for (text = failure->texts; text != NULL && status == OK; text = text->next) {
		stmt_bind_i64(stmt, 1, id);
		stmt_bind_i64(stmt, 2, n++);
		stmt_bind_text(stmt, 3, str_of(failure_list_word(text->list)));
		stmt_bind_text(stmt, 4, text->text);
		status = stmt_run(stmt, err);
	}
	return status;
}

static enum status
write_results(struct store *store, int64_t id, const struct failure *failure, struct err *err)
{
	const struct failure_result *result;
	struct stmt *stmt;
	enum status status = store_statement(&stmt, store, SQL_FAILURE_RESULT_ADD, err);
	int64_t n = 0;

	for (result = failure->results; result != NULL && status == OK; result = result->next) {
		stmt_bind_i64(stmt, 1, id);
		stmt_bind_i64(stmt, 2, n++);
		stmt_bind_i64(stmt, 3, result->of_message);
		stmt_bind_text(stmt, 4, result->method);
		stmt_bind_text(stmt, 5, result->result);
		stmt_bind_text(stmt, 6, result->reason);
		stmt_bind_text(stmt, 7, result->domain);
		stmt_bind_text(stmt, 8, result->selector);
		stmt_bind_text(stmt, 9, result->identity);
		status = stmt_run(stmt, err);
	}
	return status;
}

static enum status
take_off(struct store *store, int64_t id, struct err *err)
{
	static const enum statement statements[] = {
	    SQL_FAILURE_TEXT_DELETE, SQL_FAILURE_RESULT_DELETE, SQL_FAILURE_DELETE};
	enum status status = OK;
	struct stmt *stmt;
	size_t i;

	for (i = 0; id != 0 && i < sizeof statements / sizeof *statements && status == OK; i++) {
		status = store_statement(&stmt, store, statements[i], err);
		if (status != OK)
			return status;
		stmt_bind_i64(stmt, 1, id);
		status = stmt_run(stmt, err);
	}
	return status;
}

static enum status
repeat_add(struct store *store, int64_t id, struct str place, struct err *err)
{
	struct stmt *stmt;
	enum status status = store->keep_personal ? OK : personal_hide(&place, store, err);

	if (status == OK)
		status = store_statement(&stmt, store, SQL_FAILURE_REPEAT_ADD, err);
	if (status != OK)
		return status;
	stmt_bind_i64(stmt, 1, id);
	stmt_bind_i64(stmt, 2, store->arrival);
	stmt_bind_text(stmt, 3, place);
	return stmt_run(stmt, err);
}

/* A copy that came in a mail that proves its sender proves the report too. */
static enum status
raise(struct store *store, int64_t id, const struct failure *failure, struct err *err)
{
	arena_reset(&store->scratch);
	return authentic(store, failure) == AUTHENTIC_PROVED ? report_raise(store, SQL_FAILURE_RAISE, id, err)
							     : OK;
}

static void
count(struct store *store, const struct failure *failure)
{
	store->counts->failures += failure_is_authentication(failure);
	store->counts->feedback += !failure_is_authentication(failure);
}

/* id: it is written again; 0: it is new. */
static enum status
write_failure(struct store *store, int64_t id, const struct entry *entry, int64_t key, struct err *err)
{
	/* What is read again out of the database is in it already. */
	bool personal = store->keep_personal || store->item_arrival != 0;
	struct failure *failure = entry->u.failure.failure;
	enum status status = take_off(store, id, err);

	arena_reset(&store->scratch);
	count(store, failure);
	if (!personal)
		personal_strip(&store->personal, failure, &store->scratch);
	if (status == OK)
		status = write_row(&id, store, entry, key, personal, err);
	if (status == OK)
		status = write_texts(store, id, failure, err);
	return status == OK ? write_results(store, id, failure, err) : status;
}

enum status
failure_apply(struct store *store, const struct entry *entry, struct err *err)
{
	struct str place = entry->u.failure.place;
	int64_t id = 0, repeated = 0, found = 0, arrival = 0, key;
	enum status status = personal_key(store, err);

	if (status == OK && store->item_arrival != 0)
		status = at_place(&id, store, SQL_FAILURE_AT, place, err);
	if (status == OK && store->item_arrival != 0 && id == 0)
		status = at_place(&repeated, store, SQL_FAILURE_REPEAT_AT, place, err);
	if (status == OK && repeated != 0)
		status = raise(store, repeated, entry->u.failure.failure, err);
	if (status != OK || repeated != 0)
		return status;
	store->since_commit++;
	key = personal_digest(&store->personal, entry->u.failure.failure);
	if (id == 0)
		status = find_key(&found, &arrival, store, key, err);
	if (status != OK || found == 0)
		return status == OK ? write_failure(store, id, entry, key, err) : status;
	store->counts->duplicates++;
	store->same_as = arrival;
	status = repeat_add(store, found, place, err);
	return status == OK ? raise(store, found, entry->u.failure.failure, err) : status;
}
