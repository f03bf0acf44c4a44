/*
 * imap_settle: what becomes of messages whose reports are committed. They are taken down on the writing
 * thread and settled in sets on the thread that has the connection.
 */
#include "source/imap_source.h"

#include "base/mem.h"

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

/* Where a message goes that came to this; NULL: it stays as it is. */
static struct uid_list *
list_for(struct mailbox *mailbox, enum fate fate)
{
	const struct account *account = mailbox->account;

	if (fate == FATE_STORED)
		return account->after == AFTER_LEAVE ? NULL : &mailbox->good;
	/* Moving loses nothing, so one that is not kept whole goes there too: people look there. */
	if (fate == FATE_REJECTED || fate == FATE_CUT)
		return account->invalid_folder == NULL ? NULL : &mailbox->bad;
	return NULL;
}

void
settle_note(struct mailbox *mailbox, const char *folder, uint32_t uid, enum fate fate)
{
	struct uid_list *list = list_for(mailbox, fate);

	(void)pthread_mutex_lock(&mailbox->lock);
	/* Under another UIDVALIDITY this number is another message. */
	if (list != NULL && mailbox->folder != NULL && strcmp(folder, mailbox->folder) == 0)
		add(list, uid);
	(void)pthread_mutex_unlock(&mailbox->lock);
}

static enum status
add_pending(struct mailbox *mailbox, const struct uids *known, const char *keys, struct uid_list *list,
    struct err *err)
{
	struct uids there, due;
	struct uids_at at = {0};
	enum status status;
	uint32_t uid;

	if (known->count == 0)
		return OK;
	uids_init(&there);
	uids_init(&due);
	status = imap_search(mailbox->imap, keys, &there, err);
	uids_common(&due, known, &there);
	(void)pthread_mutex_lock(&mailbox->lock);
	while (status == OK && (uid = uids_next(&due, &at)) != 0)
		add(list, uid);
	(void)pthread_mutex_unlock(&mailbox->lock);
	uids_free(&there);
	uids_free(&due);
	return status;
}

/* Whether a message that left is really gone. */
static bool
expunges(const struct mailbox *mailbox, bool moves)
{
	return (imap_capabilities(mailbox->imap) & (IMAP_UIDPLUS | (moves ? IMAP_MOVE : 0))) != 0;
}

enum status
settle_pending(
    struct mailbox *mailbox, const struct uids *stored, const struct uids *rejected, struct err *err)
{
	enum account_after after = mailbox->account->after;
	const char *keys = expunges(mailbox, after == AFTER_ARCHIVE) ? "ALL" : "UNDELETED";
	enum status status = OK;

	/* One that keeps \Deleted was copied before and must not be copied each time. */
	if (after != AFTER_LEAVE)
		status =
		    add_pending(mailbox, stored, after == AFTER_SEEN ? "UNSEEN" : keys, &mailbox->good, err);
	keys = expunges(mailbox, true) ? "ALL" : "UNDELETED";
	if (status == OK && mailbox->account->invalid_folder != NULL)
		status = add_pending(mailbox, rejected, keys, &mailbox->bad, err);
	return status;
}

bool
settle_due(struct mailbox *mailbox, size_t at_least)
{
	bool due;

	(void)pthread_mutex_lock(&mailbox->lock);
	due = mailbox->good.count + mailbox->bad.count >= at_least;
	(void)pthread_mutex_unlock(&mailbox->lock);
	return due;
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
		if (status == OK)
			status = imap_move(mailbox->imap, uids, count, folder, err);
		if (status != OK)
			folder[0] = '\0';
	} while (again && status == BAD && strcmp(imap_code(mailbox->imap), "TRYCREATE") == 0);
	if (status == BAD)
		(void)err_at(err, "to %s", name);
	if (status == OK && !expunges(mailbox, true))
		mailbox->marked += count;
	return status;
}

static enum status
settle_set(struct mailbox *mailbox, bool good, const uint32_t *uids, size_t count, struct err *err)
{
	const struct account *account = mailbox->account;
	enum status status;

	if (!good)
		return move(mailbox, uids, count, account->invalid_folder, mailbox->invalid, err);
	switch (account->after) {
	case AFTER_SEEN:
		return imap_mark_seen(mailbox->imap, uids, count, err);
	case AFTER_ARCHIVE:
		return move(mailbox, uids, count, account->archive, mailbox->archive, err);
	case AFTER_DELETE:
		status = imap_delete(mailbox->imap, uids, count, err);
		if (status == OK && !expunges(mailbox, false))
			mailbox->marked += count;
		return status;
	case AFTER_LEAVE:
		break;
	}
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
settle_some(struct mailbox *mailbox, bool good, uint32_t *uids, size_t count, struct err *err)
{
	enum status status = settle_set(mailbox, good, uids, count, err);
	const struct err why = *err;
	size_t left = count;

	if (status != BAD)
		return status;
	status = still_there(mailbox, uids, &left, err);
	if (status > BAD)
		return status;
	*err = why;
	status = left == 0 ? OK : left == count ? BAD : settle_set(mailbox, good, uids, left, err);
	if (status != BAD)
		return status;
	if (mailbox->unsettled == 0)
		mailbox->why = *err;
	mailbox->unsettled += left;
	return OK;
}

static enum status
settle_list(struct mailbox *mailbox, bool good, struct err *err)
{
	struct uid_list list;
	enum status status = OK;
	size_t at, count = 0;

	take(mailbox, good ? &mailbox->good : &mailbox->bad, &list);
	for (at = 0; at < list.count && status == OK; at += count) {
		count = list.count - at < IMAP_SET ? list.count - at : IMAP_SET;
		status = settle_some(mailbox, good, list.uids + at, count, err);
	}
	/* A connection that broke: those that may not be settled are due again. */
	(void)pthread_mutex_lock(&mailbox->lock);
	for (at = status == OK ? list.count : at - count; at < list.count; at++)
		add(good ? &mailbox->good : &mailbox->bad, list.uids[at]);
	(void)pthread_mutex_unlock(&mailbox->lock);
	free(list.uids);
	return status;
}

/* Not stopped in the middle: what was copied and not yet expunged would be copied again the next time. */
enum status
settle_all(struct mailbox *mailbox, struct err *err)
{
	enum status status;

	imap_stop(mailbox->imap, NULL);
	status = settle_list(mailbox, true, err);
	if (status == OK)
		status = settle_list(mailbox, false, err);
	imap_stop(mailbox->imap, mailbox->options.stop);
	return status;
}
