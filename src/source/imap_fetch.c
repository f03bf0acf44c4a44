/*
 * imap_fetch: sizes are asked for ahead of the bodies, so that a message that is too large costs neither its
 * bytes nor a wait. Whatever comes is matched by UID with what was asked for; nothing else counts.
 */
#include "source/imap_source.h"

#include "mailbox/refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
fetch_begin(struct fetch *fetch, struct uids *todo)
{
	fetch_free(fetch);
	memset(fetch, 0, sizeof *fetch);
	fetch->todo = *todo;
	uids_init(todo);
}

void
fetch_free(struct fetch *fetch)
{
	uids_free(&fetch->todo);
	uids_free(&fetch->alone);
	uids_free(&fetch->unsized);
	uids_free(&fetch->missing);
	uids_free(&fetch->lost);
}

bool
fetch_waits(const struct fetch *fetch)
{
	size_t i;

	for (i = 0; i < FETCH_DEPTH; i++)
		if (fetch->bodies[i].tag != 0)
			return true;
	return fetch->sizing.tag != 0;
}

enum status
mailbox_at(const struct mailbox *mailbox, uint32_t uid, struct err *err)
{
	return err_at(err, "%s/;UID=%u", mailbox->account->url, uid);
}

/* Where a message stands in a batch that still waits for it; count: it doesn't. */
static size_t
find(const struct fetch_batch *batch, uint32_t uid)
{
	size_t low = 0, high = batch->count, middle;

	while (batch->tag != 0 && low < high) {
		middle = low + (high - low) / 2;
		if (batch->uids[middle] < uid)
			low = middle + 1;
		else
			high = middle;
	}
	if (batch->tag == 0 || low == batch->count || batch->uids[low] != uid || batch->got[low])
		return batch->count;
	return low;
}

static enum status
send_batch(struct mailbox *mailbox, struct fetch_batch *batch, enum imap_want want, struct err *err)
{
	memset(batch->got, 0, sizeof batch->got);
	return imap_fetch(mailbox->imap, &batch->tag, want, batch->uids, batch->count, err);
}

static enum status
ask_sizes(struct mailbox *mailbox, struct err *err)
{
	struct fetch *fetch = &mailbox->fetch;
	struct fetch_batch *batch = &fetch->sizing;
	uint32_t uid;

	if (fetch->all_asked || batch->tag != 0 || fetch->sized_count + IMAP_SET > FETCH_SIZED)
		return OK;
	for (batch->count = 0; batch->count < IMAP_SET; batch->uids[batch->count++] = uid) {
		uid = uids_next(&fetch->todo, &fetch->at);
		fetch->all_asked = uid == 0;
		if (uid == 0)
			break;
	}
	return batch->count > 0 ? send_batch(mailbox, batch, IMAP_WANT_SIZE, err) : OK;
}

/* The next messages for a batch: those that have to be alone first. */
static void
fill_batch(struct mailbox *mailbox, struct fetch_batch *batch)
{
	struct fetch *fetch = &mailbox->fetch;
	size_t most = mailbox->account->batch;
	uint32_t uid = uids_next(&fetch->alone, &fetch->alone_at);

	batch->count = 0;
	if (uid != 0) {
		batch->uids[batch->count++] = uid;
		return;
	}
	most = most < 1 ? 1 : most > IMAP_SET ? IMAP_SET : most;
	/* A batch that isn't full waits for sizes that are on their way. */
	if (fetch->sized_count < most && fetch->sizing.tag != 0)
		return;
	while (batch->count < most && fetch->sized_count > 0) {
		batch->uids[batch->count++] = fetch->sized[fetch->sized_at];
		fetch->sized_at = (fetch->sized_at + 1) % FETCH_SIZED;
		fetch->sized_count--;
	}
	batch->count = uids_order(batch->uids, batch->count);
}

enum status
fetch_ask(struct mailbox *mailbox, struct err *err)
{
	struct fetch *fetch = &mailbox->fetch;
	enum status status = ask_sizes(mailbox, err);
	size_t i;

	for (i = 0; i < FETCH_DEPTH && status == OK; i++) {
		if (fetch->bodies[i].tag != 0)
			continue;
		fill_batch(mailbox, &fetch->bodies[i]);
		if (fetch->bodies[i].count == 0)
			break;
		status = send_batch(mailbox, &fetch->bodies[i], IMAP_WANT_BODY, err);
	}
	return status;
}

static uint64_t
most_bytes(const struct mailbox *mailbox)
{
	uint64_t account = mailbox->account->max_message, limit = mailbox->options.limits->input_bytes;

	return account < limit ? account : limit;
}

static void
hand_out(struct mailbox *mailbox, uint32_t uid)
{
	uids_add(&mailbox->handed, uid, uid);
	mailbox->handed_count++;
	mailbox->tries = 0;
}

/* A message that is told of and left where it is. */
static enum status
leave(struct mailbox *mailbox, uint32_t uid, struct err *err)
{
	hand_out(mailbox, uid);
	return mailbox_at(mailbox, uid, err);
}

static enum status
too_large(struct mailbox *mailbox, uint32_t uid, uint64_t size, struct err *err)
{
	(void)err_set(err, LIMIT, "%llu bytes, more than %llu (%s): left where it is",
	    (unsigned long long)size, (unsigned long long)most_bytes(mailbox),
	    most_bytes(mailbox) == mailbox->account->max_message ? "max-message" : "the limit input-bytes");
	return leave(mailbox, uid, err);
}

static enum status
on_size(struct mailbox *mailbox, const struct imap_answer *answer, struct err *err)
{
	struct fetch *fetch = &mailbox->fetch;
	size_t i = find(&fetch->sizing, answer->uid);

	if (i == fetch->sizing.count)
		return OK;
	fetch->sizing.got[i] = true;
	if (answer->size > most_bytes(mailbox))
		return too_large(mailbox, answer->uid, answer->size, err);
	fetch->sized[(fetch->sized_at + fetch->sized_count++) % FETCH_SIZED] = answer->uid;
	return OK;
}

static struct item *
make_item(struct mailbox *mailbox, uint32_t uid, struct spool *body)
{
	char name[32], *path;
	struct item *item;

	(void)snprintf(name, sizeof name, ";UID=%u", uid);
	path = path_join(mailbox->account->url, name);
	item = item_new(&mailbox->source, mailbox->folder, name, path, NULL);
	free(path);
	item->inode = uid;
	item->size = body->len;
	item->remember = item->on_server = true;
	item->bytes = *body;
	spool_init(body);
	return item;
}

static enum status
on_body(struct mailbox *mailbox, const struct imap_answer *answer, struct item **item, struct err *err)
{
	struct fetch_batch *batch = mailbox->fetch.bodies, *end = batch + FETCH_DEPTH;
	size_t i = 0;

	for (; batch < end; batch++) {
		i = find(batch, answer->uid);
		if (i < batch->count)
			break;
	}
	if (batch == end)
		return OK;
	/* Somebody else deleted it (RFC 2180 section 4.1.3), or not: it is among the missing. */
	if (answer->has_nothing)
		return OK;
	batch->got[i] = true;
	if (answer->body->len > most_bytes(mailbox))
		return too_large(mailbox, answer->uid, answer->body->len, err);
	hand_out(mailbox, answer->uid);
	*item = make_item(mailbox, answer->uid, answer->body);
	return OK;
}

static void
add_left_out(struct uids *uids, const struct fetch_batch *batch)
{
	size_t i;

	for (i = 0; i < batch->count; i++)
		if (!batch->got[i])
			uids_add(uids, batch->uids[i], batch->uids[i]);
}

static void
ask_alone(struct fetch *fetch, const struct fetch_batch *batch)
{
	if (fetch->alone_at.range >= fetch->alone.count) {
		uids_clear(&fetch->alone);
		memset(&fetch->alone_at, 0, sizeof fetch->alone_at);
	}
	add_left_out(&fetch->alone, batch);
}

/*
 * A command is at its end. When it was refused one message is at fault, and each is asked for by itself;
 * unless the server gives none at all now.
 */
static enum status
on_end(struct mailbox *mailbox, const struct imap_answer *answer, struct err *err)
{
	struct fetch *fetch = &mailbox->fetch;
	struct fetch_batch *batch = &fetch->sizing;
	struct err refused;
	size_t i;

	for (i = 0; i < FETCH_DEPTH && batch->tag != answer->tag; i++)
		batch = &fetch->bodies[i];
	if (batch->tag != answer->tag)
		return OK;
	batch->tag = 0;
	if (answer->kind == IMAP_REFUSED && refusal_find(err->what, REFUSAL_OF_FETCH) != NULL) {
		refused = *err;
		return err_stop(err, EXIT_CODE_TEMPORARY, "%s", refused.what);
	}
	if (answer->kind == IMAP_DONE)
		add_left_out(batch == &fetch->sizing ? &fetch->unsized : &fetch->missing, batch);
	else if (answer->kind == IMAP_REFUSED && batch->count > 1)
		ask_alone(fetch, batch);
	else if (answer->kind == IMAP_REFUSED && !batch->got[0] &&
		 strcmp(imap_code(mailbox->imap), "EXPUNGEISSUED") != 0)
		return leave(mailbox, batch->uids[0], err);
	return OK;
}

/*
 * The dialogue broke in the middle of a message. One that does it again and again must not keep others from
 * being read.
 */
static enum status
on_broken(struct mailbox *mailbox, uint32_t uid, struct err *err)
{
	struct fetch_batch *batch = mailbox->fetch.bodies, *end = batch + FETCH_DEPTH;
	const struct err broken = *err;

	while (batch < end && (uid == 0 || find(batch, uid) == batch->count))
		batch++;
	if (batch == end || ++mailbox->broken > BROKEN_MAX)
		return err_stop(err, EXIT_CODE_TEMPORARY, "%s", broken.what);
	imap_close(mailbox->imap);
	mailbox->imap = NULL;
	err->status = BAD;
	return leave(mailbox, uid, err);
}

/* Leaves only what is in there too. */
static void
keep_common(struct uids *uids, const struct uids *there)
{
	struct uids common;

	uids_init(&common);
	uids_sort(uids);
	uids_common(&common, uids, there);
	uids_free(uids);
	*uids = common;
}

static enum status
find_lost(struct mailbox *mailbox, struct err *err)
{
	struct fetch *fetch = &mailbox->fetch;
	enum status status;
	struct uids there;

	if (fetch->missing.count == 0 && fetch->unsized.count == 0)
		return OK;
	uids_init(&there);
	status = imap_refresh(mailbox->imap, err);
	if (status == OK)
		status = imap_search(mailbox->imap, "ALL", &there, err);
	keep_common(&fetch->missing, &there);
	uids_free(&fetch->lost);
	memset(&fetch->lost_at, 0, sizeof fetch->lost_at);
	fetch->lost = fetch->missing;
	uids_init(&fetch->missing);
	keep_common(&fetch->unsized, &there);
	/* A search that finds more than the folder holds lists what is long gone, or was never there. */
	if (uids_count(&there) > imap_folder(mailbox->imap)->exists)
		uids_clear(&fetch->unsized);
	uids_free(&there);
	return status;
}

/* In one message: a server that tells none at all would have one for each mail. */
static enum status
tell_unsized(struct mailbox *mailbox, struct err *err)
{
	struct uids *unsized = &mailbox->fetch.unsized;
	uint64_t count = uids_count(unsized);
	uint32_t first = unsized->ranges[0].first;
	size_t i;

	for (i = 0; i < unsized->count; i++)
		uids_add(&mailbox->handed, unsized->ranges[i].first, unsized->ranges[i].last);
	mailbox->handed_count += count;
	uids_clear(unsized);
	if (count == 1)
		(void)err_set(err, BAD, "the server has this mail and tells no size of it: left where it is");
	else
		(void)err_set(err, BAD,
		    "the server has %llu mails of which it tells no size, this is the first: left where they "
		    "are",
		    (unsigned long long)count);
	return mailbox_at(mailbox, first, err);
}

enum status
fetch_lost(struct mailbox *mailbox, struct err *err)
{
	struct fetch *fetch = &mailbox->fetch;
	enum status status = find_lost(mailbox, err);
	uint32_t uid;

	if (status > BAD)
		return status;
	if (fetch->unsized.count > 0)
		return tell_unsized(mailbox, err);
	uid = uids_next(&fetch->lost, &fetch->lost_at);
	if (uid == 0)
		return SKIP;
	(void)err_set(err, BAD, "the server has this mail and does not give it: left where it is");
	return leave(mailbox, uid, err);
}

enum status
fetch_step(struct mailbox *mailbox, struct item **item, struct err *err)
{
	struct imap_answer answer;
	enum status status = imap_answer(mailbox->imap, &answer, err);

	if (status == LIMIT)
		return on_broken(mailbox, answer.uid, err);
	if (status != OK)
		return status;
	switch (answer.kind) {
	case IMAP_HAS:
		if (answer.has_body)
			return on_body(mailbox, &answer, item, err);
		return answer.has_size ? on_size(mailbox, &answer, err) : OK;
	case IMAP_DONE:
	case IMAP_REFUSED:
		return on_end(mailbox, &answer, err);
	case IMAP_SAYS:
		break;
	}
	return OK;
}
