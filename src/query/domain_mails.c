/* domain_mails: which domains and days are asked for is scope.h, what they hold is mail_feed.h; this brings
 * both together. */
#include "query/domain_mails.h"

#include "base/mem.h"
#include "query/mail_feed.h"
#include "query/scope.h"

#include <stdio.h>
#include <stdlib.h>

struct domain_mails {
	struct db *db;
	struct scope scope;
	struct mail_feed *feed;
	struct stmt *domains, *later;
	struct mail_span span;
	int64_t domain; /* the last one */
	bool has_until;
	bool none; /* nothing is asked for but days behind the newest report */
};

static int64_t
at_most(int64_t days, int64_t most)
{
	return days < most ? days : most;
}

/* The windows before a day, none of them longer than what was asked for. */
static void
set_span(struct domain_mails *mails, int64_t as_of, bool has_since)
{
	int64_t asked = MAIL_DAYS_MOST;

	mails->none = has_since && mails->scope.window.since > as_of;
	if (has_since && !mails->none)
		asked = as_of - mails->scope.window.since + 1;
	mails->span = (struct mail_span){
	    .as_of = as_of,
	    .days = at_most(MAIL_RATES, asked),
	    .inventory = at_most(MAIL_INVENTORY, asked),
	    .memory = at_most(MAIL_MEMORY, asked),
	    .most = MAIL_MOST,
	};
}

static enum status
read_span(struct domain_mails *mails, const struct ask *ask, struct err *err)
{
	int64_t today = mails->scope.window.until;
	enum status status = OK;
	bool known = true;

	if (ask->until == NULL)
		status = mail_feed_today(&today, &known, mails->feed, err);
	if (status == OK)
		set_span(mails, known ? today : mails->scope.window.until, ask->since != NULL);
	return status;
}

enum status
domain_mails_open(struct domain_mails **out, struct db *db, const struct ask *ask, struct err *err)
{
	struct domain_mails *mails = mem_zero(1, sizeof *mails);
	enum status status;

	*out = NULL;
	mails->db = db;
	mails->has_until = ask->until != NULL;
	status = db_exec(db, "BEGIN", err);
	if (status != OK) {
		free(mails);
		return status;
	}
	status = scope_read(&mails->scope, db, NULL, ask, err);
	if (status == OK)
		status = mail_feed_open(&mails->feed, db, err);
	if (status == OK)
		status = read_span(mails, ask, err);
	if (status == OK)
		status = stmt_prepare(&mails->domains, db, schema_text("query/mail_domains.sql"), err);
	if (status == OK)
		status = stmt_prepare(&mails->later, db, schema_text("query/mail_later.sql"), err);
	if (status == OK) {
		scope_bind(&mails->scope, mails->domains);
		*out = mails;
	} else {
		domain_mails_close(mails);
	}
	return status;
}

void
domain_mails_suppose(
    struct domain_mails *mails, const char *kind, struct str source, enum mail_decision decision)
{
	mail_feed_suppose(mails->feed, kind, source, decision);
}

uint64_t
domain_mails_count(const struct domain_mails *mails)
{
	return mails->none ? 0 : (uint64_t)mails->scope.reported;
}

enum status
domain_mails_next(struct mail **mail, struct domain_mails *mails, struct err *err)
{
	enum status status;
	bool row;

	*mail = NULL;
	if (mails->none)
		return OK;
	status = stmt_step(mails->domains, &row, err);
	if (status != OK || !row)
		return status;
	mails->domain = stmt_i64(mails->domains, 0);
	return mail_feed_read(mail, mails->feed, mails->domain, &mails->span, mails->scope.authentic, err);
}

enum status
domain_mails_goes_on(bool *goes_on, struct domain_mails *mails, struct err *err)
{
	enum status status;
	bool row;

	*goes_on = false;
	if (!mails->has_until)
		return OK;
	stmt_bind_i64(mails->later, 1, mails->domain);
	stmt_bind_i64(mails->later, 2, mails->span.as_of);
	status = stmt_step(mails->later, &row, err);
	*goes_on = status == OK && row && stmt_i64(mails->later, 0) != 0;
	stmt_reset(mails->later);
	return status;
}

enum status
domain_mails_empty(char to[EMPTY_TEXT], const struct domain_mails *mails, struct err *err)
{
	enum status status = scope_empty(to, &mails->scope, mails->db, err);
	char since[TIME_TEXT];

	if (status != OK || to[0] != '\0')
		return status;
	day_format(since, mails->scope.window.since);
	(void)snprintf(to, EMPTY_TEXT,
	    "no reports since %s but of days that had not come when they were imported", since);
	return OK;
}

enum status
domain_mails_left_out(char to[EMPTY_TEXT], const struct domain_mails *mails, struct err *err)
{
	return scope_left_out(to, &mails->scope, mails->db, err);
}

void
domain_mails_close(struct domain_mails *mails)
{
	struct err ignored;

	if (mails == NULL)
		return;
	stmt_free(mails->domains);
	stmt_free(mails->later);
	mail_feed_close(mails->feed);
	scope_free(&mails->scope);
	(void)db_exec(mails->db, "COMMIT", &ignored);
	free(mails);
}
