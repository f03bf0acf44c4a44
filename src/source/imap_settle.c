/*
 * imap_settle: what becomes of messages whose reports are committed. They are taken down on the writing
 * thread and settled in sets on the thread that has the connection.
 */
#include "source/imap_source.h"

#include "base/mem.h"
#include "mailbox/refusal.h"

#include <stdlib.h>
#include <string.h>

static void
add(struct uid_list *list, uint32_t uid)
{
	if (list->count == list->cap) {
		list->cap = list->cap == 0 ? 256 : list->cap * 2;
		list->uids = mem_grow(list->uids, list->cap * sizeof *list->uids);
	}
	list->uids[list->count++] = uid;
}

bool
settle_changes(const struct account *account)
{
	return account->after != AFTER_LEAVE || account->invalid_folder != NULL;
}

/* Where a message goes that came to this; DUES: it stays as it is. */
static enum due
due_of(const struct mailbox *mailbox, enum fate fate)
{
	const struct account *account = mailbox->account;

	if (fate == FATE_STORED)
		return account->after == AFTER_LEAVE ? DUES : DUE_GOOD;
	/* Moving loses nothing, so one that is not kept whole goes there too: people look there. */
	if (fate == FATE_REJECTED || fate == FATE_CUT)
		return account->invalid_folder == NULL ? DUES : DUE_REJECTED;
	return DUES;
}

void
settle_note(struct mailbox *mailbox, const char *folder, uint32_t uid, enum fate fate)
{
	enum due due = due_of(mailbox, fate);

	(void)pthread_mutex_lock(&mailbox->lock);
	/* Under another UIDVALIDITY this number is another message. */
	if (due != DUES && mailbox->folder != NULL && strcmp(folder, mailbox->folder) == 0)
		add(&mailbox->due[due], uid);
	(void)pthread_mutex_unlock(&mailbox->lock);
}

void
settle_forget(struct mailbox *mailbox)
{
	size_t i;

	for (i = 0; i < DUES; i++)
		mailbox->due[i].count = 0;
}

static void
add_due(struct mailbox *mailbox, enum due due, const struct uids *uids)
{
	struct uids_at at = {0};
	uint32_t uid;

	(void)pthread_mutex_lock(&mailbox->lock);
	while ((uid = uids_next(uids, &at)) != 0)
		add(&mailbox->due[due], uid);
	(void)pthread_mutex_unlock(&mailbox->lock);
}

/* Of those known, what keys find, without some. */
static enum status
add_pending(struct mailbox *mailbox, enum due due, const struct uids *known, const char *keys,
    const struct uids *without, struct err *err)
{
	struct uids there, common, left;
	enum status status;

	if (known->count == 0)
		return OK;
	uids_init(&there);
	uids_init(&common);
	uids_init(&left);
	status = imap_search(mailbox->imap, keys, &there, err);
	uids_common(&common, known, &there);
	uids_without(&left, &common, without);
	if (status == OK)
		add_due(mailbox, due, &left);
	uids_free(&there);
	uids_free(&common);
	uids_free(&left);
	return status;
}

static bool
can(const struct mailbox *mailbox, enum imap_capability what)
{
	return (imap_capabilities(mailbox->imap) & (unsigned)what) != 0;
}

/*
 * What was copied is known by its keyword and not copied each time. Without one, what has the flag \Deleted
 * may be copied or not: it is left alone.
 */
static enum status
find_copied(struct mailbox *mailbox, struct uids *copied, struct err *err)
{
	if (can(mailbox, IMAP_MOVE) || !can(mailbox, IMAP_UIDPLUS) || !imap_folder(mailbox->imap)->keywords)
		return OK;
	return imap_search(mailbox->imap, "DELETED KEYWORD " IMAP_COPIED, copied, err);
}

/* Takes what is in a set out of a list. Under the lock. */
static void
take_out(struct uid_list *list, const struct uids *uids)
{
	size_t i, left = 0;

	for (i = 0; i < list->count; i++)
		if (!uids_has(uids, list->uids[i]))
			list->uids[left++] = list->uids[i];
	list->count = left;
}

/* Adds what was copied to copied, too: by its keyword, and what this run knows by itself. */
static enum status
set_copied_apart(struct mailbox *mailbox, struct uids *copied, struct err *err)
{
	enum status status = settle_changes(mailbox->account) ? find_copied(mailbox, copied, err) : OK;
	struct uid_list *known = &mailbox->due[DUE_COPIED];
	size_t i;

	if (status != OK)
		return status;
	(void)pthread_mutex_lock(&mailbox->lock);
	for (i = 0; i < known->count; i++)
		uids_add(copied, known->uids[i], known->uids[i]);
	uids_sort(copied);
	known->count = 0;
	take_out(&mailbox->due[DUE_GOOD], copied);
	take_out(&mailbox->due[DUE_REJECTED], copied);
	(void)pthread_mutex_unlock(&mailbox->lock);
	add_due(mailbox, DUE_COPIED, copied);
	return OK;
}

enum status
settle_again(struct mailbox *mailbox, struct err *err)
{
	struct uids copied;
	enum status status;

	uids_init(&copied);
	status = set_copied_apart(mailbox, &copied, err);
	uids_free(&copied);
	return status;
}

static const char *
keys_of(const struct mailbox *mailbox, bool moves)
{
	if (!moves && mailbox->account->after == AFTER_SEEN)
		return "UNSEEN";
	if (moves && can(mailbox, IMAP_MOVE))
		return "ALL";
	return can(mailbox, IMAP_UIDPLUS) && (!moves || imap_folder(mailbox->imap)->keywords) ? "ALL"
											      : "UNDELETED";
}

/* What was marked as deleted before this run, and is left alone for that. */
static enum status
note_marked(struct mailbox *mailbox, const struct uids *known, struct err *err)
{
	struct uids marked, ours;
	enum status status;

	uids_init(&marked);
	uids_init(&ours);
	status = imap_search(mailbox->imap, "DELETED", &marked, err);
	if (status == OK)
		uids_common(&ours, known, &marked);
	if (ours.count > 0 && mailbox->marked == 0)
		(void)err_set(&mailbox->why_marked, SKIP, "they had it before this run");
	mailbox->marked += uids_count(&ours);
	uids_free(&marked);
	uids_free(&ours);
	return status;
}

/* Of those known, what is still to be settled. moves: by moving it. */
static enum status
add_unsettled(struct mailbox *mailbox, enum due due, const struct uids *known, bool moves,
    const struct uids *copied, struct err *err)
{
	const char *keys = keys_of(mailbox, moves);
	enum status status = add_pending(mailbox, due, known, keys, copied, err);

	if (status != OK || mailbox->begun || known->count == 0 || strcmp(keys, "UNDELETED") != 0)
		return status;
	return note_marked(mailbox, known, err);
}

enum status
settle_pending(
    struct mailbox *mailbox, const struct uids *stored, const struct uids *rejected, struct err *err)
{
	const struct account *account = mailbox->account;
	struct uids copied;
	enum status status;

	uids_init(&copied);
	status = set_copied_apart(mailbox, &copied, err);
	if (status == OK && account->after != AFTER_LEAVE)
		status =
		    add_unsettled(mailbox, DUE_GOOD, stored, account->after == AFTER_ARCHIVE, &copied, err);
	if (status == OK && account->invalid_folder != NULL)
		status = add_unsettled(mailbox, DUE_REJECTED, rejected, true, &copied, err);
	uids_free(&copied);
	return status;
}

bool
settle_due(struct mailbox *mailbox, size_t at_least)
{
	size_t i, count = 0;

	(void)pthread_mutex_lock(&mailbox->lock);
	for (i = 0; i < DUES; i++)
		count += mailbox->due[i].count;
	(void)pthread_mutex_unlock(&mailbox->lock);
	return count >= at_least;
}

/* Empties a list into another one, in order, each message once. */
static void
take(struct mailbox *mailbox, struct uid_list *from, struct uid_list *to)
{
	(void)pthread_mutex_lock(&mailbox->lock);
	*to = *from;
	memset(from, 0, sizeof *from);
	(void)pthread_mutex_unlock(&mailbox->lock);
	to->count = uids_order(to->uids, to->count);
}

/* A folder that is not there and can't be made: its name is mostly not written as the server does it. */
static enum status
not_made(struct err *err)
{
	const struct err said = *err;

	(void)err_set(err, BAD,
	    "no such folder, and it can't be made: %s; does the server write its name so?", said.what);
	err->exit_code = refusal_exit_code(said.what, EXIT_CODE_CONFIG);
	return BAD;
}

/* Into a folder that is made when it is missing, also when somebody has just taken it away. */
static enum status
move(struct mailbox *mailbox, const uint32_t *uids, size_t count, const char *name, char folder[IMAP_FOLDER],
    struct err *err)
{
	enum status status = OK;
	bool there, again;

	do {
		again = folder[0] != '\0';
		if (!again)
			status = imap_find_folder(mailbox->imap, name, true, folder, &there, err);
		if (status == BAD)
			status = not_made(err);
		else if (status == OK)
			status = imap_move(mailbox->imap, uids, count, folder, &mailbox->copied, err);
		if (status > SKIP)
			folder[0] = '\0';
	} while (again && status == BAD && strcmp(imap_code(mailbox->imap), "TRYCREATE") == 0);
	return status == BAD ? err_at(err, "to %s", name) : status;
}

/* Nothing stops between a copy and the end of its original: it would be copied again the next time. */
static enum status
move_or_copy(struct mailbox *mailbox, enum due due, const uint32_t *uids, size_t count, struct err *err)
{
	const struct account *account = mailbox->account;
	enum status status;

	if (!can(mailbox, IMAP_MOVE))
		imap_stop(mailbox->imap, NULL);
	status = due == DUE_REJECTED
		     ? move(mailbox, uids, count, account->invalid_folder, mailbox->invalid, err)
		     : move(mailbox, uids, count, account->archive, mailbox->archive, err);
	imap_stop(mailbox->imap, mailbox->options.stop);
	return status;
}

static enum status
settle_as(struct mailbox *mailbox, enum due due, const uint32_t *uids, size_t count, struct err *err)
{
	enum account_after after = mailbox->account->after;

	if (due == DUE_REJECTED || (due == DUE_GOOD && after == AFTER_ARCHIVE))
		return move_or_copy(mailbox, due, uids, count, err);
	if (due == DUE_GOOD && after == AFTER_SEEN)
		return imap_mark_seen(mailbox->imap, uids, count, err);
	return due == DUE_COPIED ? imap_delete_copied(mailbox->imap, uids, count, err)
				 : imap_delete(mailbox->imap, uids, count, err);
}

static enum status
settle_set(struct mailbox *mailbox, enum due due, const uint32_t *uids, size_t count, struct err *err)
{
	enum status status;

	mailbox->copied = due == DUE_COPIED;
	status = settle_as(mailbox, due, uids, count, err);
	if (status <= SKIP)
		mailbox->tries = 0;
	if (status == BAD && err->exit_code == EXIT_CODE_FOUND)
		err->exit_code = refusal_exit_code(err->what, EXIT_CODE_TEMPORARY);
	if (status != SKIP)
		return status;
	if (mailbox->marked == 0)
		mailbox->why_marked = *err;
	mailbox->marked += count;
	return OK;
}

/* Leaves only those of a set that the server still has. */
static enum status
still_there(struct mailbox *mailbox, uint32_t *uids, size_t *count, struct err *err)
{
	enum status status = BAD;
	struct uids there;
	size_t i, left = 0;
	struct buf keys;

	uids_init(&there);
	buf_init(&keys, IMAP_SET * sizeof "4294967295,");
	if (buf_add_text(&keys, "UID ") && uids_write(&keys, uids, *count) && buf_add(&keys, "", 1))
		status = imap_search(mailbox->imap, (const char *)keys.data, &there, err);
	for (i = 0; status == OK && i < *count; i++)
		if (uids_has(&there, uids[i]))
			uids[left++] = uids[i];
	*count = status == OK ? left : *count;
	buf_free(&keys);
	uids_free(&there);
	return status;
}

/*
 * A set of which another client took something away is refused as a whole (RFC 5530: EXPUNGEISSUED): the rest
 * of it is tried again. What is refused then stays.
 */
static enum status
settle_some(struct mailbox *mailbox, enum due due, uint32_t *uids, size_t count, struct err *err)
{
	enum status status = settle_set(mailbox, due, uids, count, err);
	const struct err why = *err;
	size_t left = count;

	if (status != BAD)
		return status;
	status = still_there(mailbox, uids, &left, err);
	if (status > BAD)
		return status;
	*err = why;
	due = mailbox->copied ? DUE_COPIED : due;
	status = left == 0 ? OK : left == count ? BAD : settle_set(mailbox, due, uids, left, err);
	if (status != BAD)
		return status;
	if (mailbox->unsettled == 0)
		mailbox->why = *err;
	mailbox->unsettled += left;
	return OK;
}

static size_t
set_size(const struct mailbox *mailbox, enum due due)
{
	bool copies = due != DUE_COPIED && !can(mailbox, IMAP_MOVE);

	return copies && mailbox->set > COPY_SET ? COPY_SET : mailbox->set;
}

static enum status
stopped(const struct mailbox *mailbox, struct err *err)
{
	if (mailbox->options.stop == NULL || !mailbox->options.stop())
		return OK;
	return err_stop(err, EXIT_CODE_TEMPORARY, "stopped by request");
}

static enum status
settle_list(struct mailbox *mailbox, enum due due, struct err *err)
{
	size_t at, i, count = 0, most = set_size(mailbox, due);
	enum status status = OK;
	struct uid_list list;

	take(mailbox, &mailbox->due[due], &list);
	for (at = 0; at < list.count && status == OK; at += count) {
		count = list.count - at < most ? list.count - at : most;
		mailbox->copied = false;
		status = stopped(mailbox, err);
		if (status == OK)
			status = settle_some(mailbox, due, list.uids + at, count, err);
	}
	/* A connection that broke: those that may not be settled are due again, but no copy that is there. */
	(void)pthread_mutex_lock(&mailbox->lock);
	for (i = status == OK ? list.count : at - count; i < list.count; i++)
		add(&mailbox->due[mailbox->copied && i < at ? DUE_COPIED : due], list.uids[i]);
	(void)pthread_mutex_unlock(&mailbox->lock);
	free(list.uids);
	return status;
}

enum status
settle_all(struct mailbox *mailbox, struct err *err)
{
	enum status status = OK;
	size_t i;

	for (i = 0; i < DUES && status == OK; i++)
		status = settle_list(mailbox, (enum due)i, err);
	/* A server says nothing while it moves many: fewer may be done before that is taken for silence. */
	if (status == TEMP && mailbox->set > SETTLE_LESS)
		mailbox->set /= SETTLE_LESS;
	return status;
}
