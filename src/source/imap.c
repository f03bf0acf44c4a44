/*
 * imap: a folder on an IMAP server. It connects when the first item is asked for, again after whatever is
 * temporary, and then asks anew what there is: what this run has handed out and what earlier runs dealt with
 * is not fetched again.
 */
#include "source/imap_source.h"

#include "base/mem.h"
#include "mailbox/refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TRIES = 4, TICK_MS = 100 }; /* the pauses between tries are 1, 2 and 4 seconds */

static bool
imap_takes(const char *text, const struct account *account)
{
	(void)text;
	return account != NULL && account->protocol == ACCOUNT_IMAP;
}

static const char *
folder_of(const struct account *account)
{
	return account->folder == NULL ? "INBOX" : account->folder;
}

/* What moves a message into the folder that it comes from would read it for ever. */
static enum status
check_targets(const struct account *account, struct err *err)
{
	const char *invalid = account->invalid_folder;

	if (account->after == AFTER_ARCHIVE && account->archive == NULL)
		return err_stop(err, EXIT_CODE_CONFIG, "no folder to archive to");
	if (account->after == AFTER_ARCHIVE && strcmp(account->archive, folder_of(account)) == 0)
		return err_stop(err, EXIT_CODE_CONFIG, "the folder to archive to is the one that is read");
	if (invalid != NULL && strcmp(invalid, folder_of(account)) == 0)
		return err_stop(
		    err, EXIT_CODE_CONFIG, "the folder for rejected mails is the one that is read");
	return OK;
}

static enum status
mailbox_open(struct source **source, const char *text, const struct source_options *options, struct err *err)
{
	struct mailbox *mailbox;

	if (check_targets(options->account, err) != OK)
		return err_at(err, "%s", text);
	mailbox = mem_zero(1, sizeof *mailbox);
	mailbox->source.class = &imap_source;
	mailbox->source.place = options->account->url;
	mailbox->options = *options;
	mailbox->account = options->account;
	mailbox->set = IMAP_SET;
	(void)pthread_mutex_init(&mailbox->lock, NULL);
	*source = &mailbox->source;
	return OK;
}

static bool
stopped(const struct mailbox *mailbox)
{
	return mailbox->options.stop != NULL && mailbox->options.stop();
}

static void
disconnect(struct mailbox *mailbox)
{
	imap_close(mailbox->imap);
	mailbox->imap = NULL;
	mailbox->archive[0] = mailbox->invalid[0] = '\0';
}

/* What the server refuses here ends the source. */
static enum status
refused(const char *what, const char *name, struct err *err)
{
	const struct err said = *err;

	return err_stop(
	    err, refusal_exit_code(said.what, EXIT_CODE_CONFIG), "%s %s: %s", what, name, said.what);
}

static enum status
connect_to(struct mailbox *mailbox, bool (*stop)(void), struct err *err)
{
	const struct account *account = mailbox->account;
	enum status status =
	    imap_open(&mailbox->imap, account, mailbox->options.limits->spool_memory, stop, err);

	if (status != OK)
		return status;
	status = imap_select(mailbox->imap, folder_of(account), !settle_changes(account), err);
	if (status == BAD)
		return refused("cannot open folder", folder_of(account), err);
	if (status == OK && imap_folder(mailbox->imap)->uid_validity == 0)
		return err_stop(err, EXIT_CODE_CONFIG,
		    "the server gives folder %s no UIDVALIDITY, so its mails can't be told apart",
		    folder_of(account));
	return status;
}

/* The name of the folder with its UIDVALIDITY; a new one makes everything new. */
static void
name_folder(struct mailbox *mailbox)
{
	size_t size = strlen(mailbox->account->url) + 40;
	char *folder = mem_alloc(size);

	(void)snprintf(folder, size, "%s;UIDVALIDITY=%u", mailbox->account->url,
	    imap_folder(mailbox->imap)->uid_validity);
	(void)pthread_mutex_lock(&mailbox->lock);
	if (mailbox->folder == NULL || strcmp(folder, mailbox->folder) != 0) {
		uids_clear(&mailbox->handed);
		settle_forget(mailbox);
	}
	free(mailbox->folder);
	mailbox->folder = folder;
	mailbox->uid_validity = imap_folder(mailbox->imap)->uid_validity;
	(void)pthread_mutex_unlock(&mailbox->lock);
}

/* What earlier runs, and earlier commits of this one, dealt with. */
struct dealt {
	struct uids all, stored, rejected;
};

/* known.list */
static void
take_known(void *to, uint64_t number, enum fate fate)
{
	struct dealt *dealt = to;
	uint32_t uid = (uint32_t)number;

	if (number == 0 || number > UINT32_MAX)
		return;
	uids_add(&dealt->all, uid, uid);
	if (fate == FATE_STORED)
		uids_add(&dealt->stored, uid, uid);
	if (fate == FATE_REJECTED || fate == FATE_CUT)
		uids_add(&dealt->rejected, uid, uid);
}

static enum status
look(struct mailbox *mailbox, struct dealt *dealt, struct uids *todo, struct err *err)
{
	const char *keys = mailbox->account->search == NULL ? "ALL" : mailbox->account->search;
	const struct known *known = mailbox->options.known;
	struct uids found, fresh;
	enum status status = OK;

	uids_init(&found);
	uids_init(&fresh);
	if (known != NULL)
		status = known->list(known->data, mailbox->folder, take_known, dealt, err);
	if (status == OK)
		status = imap_search(mailbox->imap, keys, &found, err);
	if (status == BAD)
		status = refused("cannot search for", keys, err);
	uids_sort(&mailbox->handed);
	uids_without(&fresh, &found, &dealt->all);
	uids_without(todo, &fresh, &mailbox->handed);
	if (!mailbox->begun)
		mailbox->source.unchanged = uids_count(&found) - uids_count(&fresh);
	uids_free(&found);
	uids_free(&fresh);
	return status;
}

/* Connects and finds out what there is to do. */
static enum status
begin(struct mailbox *mailbox, struct err *err)
{
	struct dealt dealt = {0};
	enum status status = connect_to(mailbox, mailbox->options.stop, err);
	struct uids todo;

	if (status != OK)
		return status;
	name_folder(mailbox);
	uids_init(&todo);
	status = look(mailbox, &dealt, &todo, err);
	if (status == OK)
		status = settle_pending(mailbox, &dealt.stored, &dealt.rejected, err);
	if (status == BAD)
		status = refused("cannot search", "for what is to be settled", err);
	if (status == OK) {
		mailbox->begun = true;
		atomic_store(&mailbox->total, mailbox->handed_count + uids_count(&todo));
		fetch_begin(&mailbox->fetch, &todo);
	}
	uids_free(&todo);
	uids_free(&dealt.all);
	uids_free(&dealt.stored);
	uids_free(&dealt.rejected);
	return status;
}

/* All but reading answers. A broken dialogue is no fault of a message here. */
static enum status
prepare(struct mailbox *mailbox, struct err *err)
{
	bool due;
	enum status status = mailbox->imap == NULL ? begin(mailbox, err) : OK;

	if (status != OK)
		return status;
	/* A server may renumber the folder at any time. */
	if (imap_folder(mailbox->imap)->uid_validity != mailbox->uid_validity)
		return err_stop(err, EXIT_CODE_TEMPORARY, "the folder has a new UIDVALIDITY");
	due = settle_due(mailbox, SETTLE_AT);
	if (due && !fetch_waits(&mailbox->fetch))
		status = settle_all(mailbox, err);
	return status == OK && (!due || !fetch_waits(&mailbox->fetch)) ? fetch_ask(mailbox, err) : status;
}

/* What can't be read on is tried again on another connection. */
static enum status
broken_is_temporary(enum status status, struct err *err)
{
	const struct err broken = *err;

	return status == LIMIT ? err_stop(err, EXIT_CODE_TEMPORARY, "%s", broken.what) : status;
}

/* An item, or nothing yet. SKIP: there is nothing left. */
static enum status
step(struct mailbox *mailbox, struct item **item, struct err *err)
{
	enum status status = broken_is_temporary(prepare(mailbox, err), err);

	if (status != OK)
		return status;
	if (fetch_waits(&mailbox->fetch))
		return fetch_step(mailbox, item, err);
	return broken_is_temporary(fetch_lost(mailbox, err), err);
}

static void
pause_for(const struct mailbox *mailbox, unsigned seconds)
{
	const struct timespec tick = {0, TICK_MS * 1000000L};
	unsigned ms;

	for (ms = 0; ms < seconds * 1000 && !stopped(mailbox); ms += TICK_MS)
		(void)nanosleep(&tick, NULL);
}

/* Whether it is worth another try; makes the pause before it. */
static bool
tries_again(struct mailbox *mailbox, enum status status)
{
	disconnect(mailbox);
	if (status != TEMP || ++mailbox->tries >= TRIES)
		return false;
	pause_for(mailbox, 1U << (mailbox->tries - 1));
	return true;
}

static enum status
mailbox_next(struct source *source, struct item **item, struct err *err)
{
	struct mailbox *mailbox = (struct mailbox *)source;
	enum status status = OK;

	while (!mailbox->ended && !stopped(mailbox)) {
		status = step(mailbox, item, err);
		if (status == BAD || status == LIMIT || *item != NULL)
			return status;
		mailbox->ended = status == SKIP;
		if (status <= SKIP || stopped(mailbox) || tries_again(mailbox, status))
			continue;
		mailbox->ended = mailbox->failed = true;
		return err_at(err, "%s", mailbox->account->url);
	}
	return SKIP;
}

static enum status
mailbox_settle(struct source *source, const struct item *item, enum fate fate, struct err *err)
{
	(void)err;
	settle_note((struct mailbox *)source, item->folder, (uint32_t)item->inode, fate);
	return OK;
}

/* A connection on which nothing is on its way any more. */
static enum status
connect_again(struct mailbox *mailbox, struct err *err)
{
	enum status status;

	if (mailbox->imap != NULL && !fetch_waits(&mailbox->fetch))
		return OK;
	disconnect(mailbox);
	status = connect_to(mailbox, mailbox->options.stop, err);
	if (status == OK && imap_folder(mailbox->imap)->uid_validity == mailbox->uid_validity)
		return settle_again(mailbox, err);
	/* Other numbers: the next run knows by itself what is due. */
	if (status == OK)
		settle_forget(mailbox);
	return status;
}

/*
 * Whatever is due, with pauses and new connections as in mailbox_next. Who was told to stop waits for no
 * server: the next run finds what is due by itself.
 */
static enum status
settle_rest(struct mailbox *mailbox, struct err *err)
{
	enum status status = OK;

	mailbox->tries = 0;
	while (settle_due(mailbox, 1) && !stopped(mailbox)) {
		status = connect_again(mailbox, err);
		if (status == OK)
			status = settle_all(mailbox, err);
		status = broken_is_temporary(status, err);
		if (status != OK && !stopped(mailbox) && !tries_again(mailbox, status))
			return status;
	}
	return OK;
}

static enum status
tell_unsettled(const struct mailbox *mailbox, struct err *err)
{
	const struct err why = mailbox->why;
	const char *url = mailbox->account->url;

	if (mailbox->unsettled > 0) {
		(void)err_stop(err, why.exit_code, "%llu messages are stored and stay where they are: %s%s%s",
		    (unsigned long long)mailbox->unsettled, why.where, why.where[0] != '\0' ? ": " : "",
		    why.what);
		return err_at(err, "%s", url);
	}
	if (mailbox->marked > 0) {
		(void)err_set(err, BAD,
		    "%llu messages keep the flag \\Deleted: %s; expunge them with a mail program",
		    (unsigned long long)mailbox->marked, mailbox->why_marked.what);
		return err_at(err, "%s", url);
	}
	return OK;
}

static enum status
mailbox_finish(struct source *source, struct err *err)
{
	struct mailbox *mailbox = (struct mailbox *)source;
	enum status status;
	struct err bye;

	if (!mailbox->begun || mailbox->failed)
		return tell_unsettled(mailbox, err);
	status = settle_rest(mailbox, err);
	if (status == OK && mailbox->imap != NULL && !fetch_waits(&mailbox->fetch) && !stopped(mailbox))
		(void)imap_logout(mailbox->imap, &bye);
	disconnect(mailbox);
	if (status == OK)
		return tell_unsettled(mailbox, err);
	return err_at(
	    err, "%s: not all that is stored is settled, the next import goes on", mailbox->account->url);
}

static uint64_t
mailbox_total(const struct source *source)
{
	return atomic_load(&((const struct mailbox *)source)->total);
}

static void
mailbox_close(struct source *source)
{
	struct mailbox *mailbox = (struct mailbox *)source;
	size_t i;

	imap_close(mailbox->imap);
	fetch_free(&mailbox->fetch);
	uids_free(&mailbox->handed);
	for (i = 0; i < DUES; i++)
		free(mailbox->due[i].uids);
	free(mailbox->folder);
	(void)pthread_mutex_destroy(&mailbox->lock);
	free(mailbox);
}

const struct source_class imap_source = {
    .name = "IMAP",
    .takes = imap_takes,
    .open = mailbox_open,
    .next = mailbox_next,
    .settle = mailbox_settle,
    .finish = mailbox_finish,
    .total = mailbox_total,
    .close = mailbox_close,
};
