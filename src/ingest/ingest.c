/* ingest: an import run: sources as a feed of items, the pipeline, and the notes of the run. */
#include "ingest/ingest.h"

#include "base/mem.h"
#include "ingest/pipeline.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ingest {
	const struct ingest_options *options;
	struct source_options source_options;
	struct known asks;
	struct store *known; /* for look-ups of files that were dealt with; NULL when there are none */
	struct source **sources;
	bool *failed;
	size_t next;
	uint64_t unchanged;
	enum exit_code failure;
};

/* What belongs to one item while it is read. */
struct opened {
	struct fed fed;
	struct item *item;
	struct spool spool;
	int fd;
};

static enum fate
fate_of(enum item_state state)
{
	switch (state) {
	case ITEM_KEPT:
		return FATE_STORED;
	case ITEM_STAYS:
		return FATE_NOTHING;
	case ITEM_REJECTED:
		return FATE_REJECTED;
	case ITEM_CUT:
		return FATE_CUT;
	default:
		return FATE_NEW;
	}
}

struct listing_to {
	void (*take)(void *to, uint64_t number, enum fate fate);
	void *to;
};

static void
take_state(void *data, uint64_t number, enum item_state state)
{
	const struct listing_to *listing = data;

	listing->take(listing->to, number, fate_of(state));
}

/* known.list */
static enum status
list_known(void *data, const char *folder, void (*take)(void *to, uint64_t number, enum fate fate), void *to,
    struct err *err)
{
	const struct ingest *ingest = data;
	struct listing_to listing = {take, to};

	return ingest->known == NULL ? OK
				     : store_list(ingest->known, str_of(folder), take_state, &listing, err);
}

/* known.find */
static enum status
find_known(
    void *data, enum fate *fate, const char *folder, const char *name, uint64_t number, struct err *err)
{
	const struct ingest *ingest = data;
	const struct item_info info = {str_of(folder), str_of(name), .inode = number};
	enum item_state state = 0;
	enum status status = ingest->known == NULL ? OK : store_find(&state, ingest->known, &info, err);

	*fate = fate_of(state);
	return status;
}

/* What became of a file that was dealt with before; 0: it is new. */
static enum item_state
known_state(struct ingest *ingest, const struct item *item)
{
	struct item_info info = {str_of(item->folder), str_of(item->name), item->size, item->inode,
	    item->mtime, item->remember, 0};
	enum item_state state = 0;
	struct err err;

	if (ingest->known == NULL || !item->remember || item->on_server ||
	    store_seen(&state, ingest->known, &info, &err) != OK)
		return 0;
	return state;
}

static bool
wants_settling(const struct item *item, const struct ingest_options *options)
{
	return item->on_server || item->maildir_new || (options->settle != SETTLE_LEAVE && !item->in_maildir);
}

static bool
is_standard_input(const struct item *item)
{
	return strcmp(item->folder, "-") == 0;
}

/* What can't be read and may not be kept lies nowhere else: whoever delivers it has to keep it. */
static enum status
settle_item(const struct item *item, enum item_state state, struct err *err)
{
	if (is_standard_input(item) && state == ITEM_CUT)
		return err_stop(err, EXIT_CODE_TEMPORARY,
		    "it can't be read, and its bytes are not kept here: the mail server is to keep it");
	return item_settle(item, fate_of(state), err);
}

static void
settle(struct ingest *ingest, const struct item *item, enum item_state state)
{
	struct err err;

	if (settle_item(item, state, &err) <= SKIP)
		return;
	(void)err_at(&err, "%s", item->path != NULL ? item->path : item->name);
	if (ingest->options->message != NULL)
		ingest->options->message(ingest->options->data, &err);
}

static struct fed *
fed_new(struct item *item, const struct ingest_options *options)
{
	struct opened *opened = mem_zero(1, sizeof *opened);
	struct fed *fed = &opened->fed;

	fed->data = opened;
	opened->item = item;
	opened->fd = -1;
	spool_init(&opened->spool);
	if (item == NULL)
		return fed;
	fed->item.info.folder = str_of(item->folder);
	fed->item.info.name = str_of(item->name);
	fed->item.info.size = item->size;
	fed->item.info.inode = item->inode;
	fed->item.info.mtime = item->mtime;
	fed->item.info.remember = item->remember;
	fed->item.where = str_of(item->path != NULL ? item->path : item->name);
	fed->settle = wants_settling(item, options) || is_standard_input(item);
	return fed;
}

/* A source that failed is told once, in its turn. */
static void
note_failure(struct ingest *ingest, size_t source, const struct err *err)
{
	ingest->failed[source] = true;
	if (err->exit_code > ingest->failure)
		ingest->failure = err->exit_code;
}

static enum status
import_next(void *data, struct fed **out, struct err *err)
{
	struct ingest *ingest = data;
	enum item_state state;
	struct item *item;
	enum status status;

	*out = NULL;
	while (ingest->next < ingest->options->source_count) {
		item = NULL;
		status = source_next(ingest->sources[ingest->next], &item, err);
		if (status == SKIP) {
			ingest->next++;
			continue;
		}
		if (status != OK) {
			if (status >= TEMP)
				note_failure(ingest, ingest->next++, err);
			*out = fed_new(NULL, ingest->options);
			(*out)->err = *err;
			return OK;
		}
		state = known_state(ingest, item);
		if (state == 0) {
			*out = fed_new(item, ingest->options);
			return OK;
		}
		ingest->unchanged++;
		/* An earlier run was killed between commit and settling, or was not asked to settle. */
		if ((state == ITEM_KEPT || state == ITEM_REJECTED) && wants_settling(item, ingest->options))
			settle(ingest, item, state);
		item_free(item);
	}
	return OK;
}

static void
import_open(void *data, struct fed *fed)
{
	struct opened *opened = fed->data;

	(void)data;
	if (opened->item == NULL)
		return;
	if (item_read(opened->item, &opened->spool, &opened->fd, &fed->err) != OK)
		return;
	if (opened->fd >= 0)
		fed->item.stream = stream_file(opened->fd);
	else {
		fed->item.stream = spool_stream(&opened->spool);
		fed->item.info.size = opened->spool.len;
	}
}

static void
import_close(void *data, struct fed *fed)
{
	struct opened *opened = fed->data;

	(void)data;
	stream_close(fed->item.stream);
	fed->item.stream = NULL;
	spool_free(&opened->spool);
	if (opened->fd >= 0)
		(void)close(opened->fd);
	opened->fd = -1;
}

static void
import_settle(void *data, struct fed *fed)
{
	settle(data, ((const struct opened *)fed->data)->item, fed->state);
}

static void
import_release(void *data, struct fed *fed)
{
	struct opened *opened = fed->data;

	import_close(data, fed);
	item_free(opened->item);
	free(opened);
}

/* A database without files needs no look-ups. */
static enum status
open_known(struct ingest *ingest, struct store *store, struct err *err)
{
	int64_t any;
	enum status status = db_number(&any, store_db(store), "SELECT EXISTS (SELECT 1 FROM file)", err);

	if (status != OK || any == 0)
		return status;
	return store_open(&ingest->known, db_path(store_db(store)), STORE_READ, ingest->options->limits, err);
}

/* The caller tells the last one. */
static void
tell_missing(const struct ingest *ingest)
{
	const struct ingest_options *options = ingest->options;
	struct item *none;
	struct err err;
	size_t i;

	for (i = 0; i + 1 < options->source_count && options->message != NULL; i++)
		if (source_next(ingest->sources[i], &none, &err) == BAD)
			options->message(options->data, &err);
}

static struct source *
missing(const struct err *err)
{
	struct err bad = *err;

	bad.status = BAD;
	return source_missing(&bad);
}

enum status
ingest_open(struct ingest **out, const struct ingest_options *options, struct err *err)
{
	struct ingest *ingest = mem_zero(1, sizeof *ingest);
	size_t i, there = 0;

	*out = NULL;
	ingest->options = options;
	ingest->asks = (struct known){ingest, list_known, find_known};
	ingest->source_options = (struct source_options){
	    options->settle, options->move_to, options->limits, NULL, &ingest->asks, options->stop};
	ingest->sources = mem_zero(options->source_count, sizeof(struct source *));
	ingest->failed = mem_zero(options->source_count, sizeof *ingest->failed);
	for (i = 0; i < options->source_count; i++) {
		ingest->source_options.account = options->accounts == NULL ? NULL : options->accounts[i];
		if (source_open(&ingest->sources[i], options->sources[i], &ingest->source_options, err) == OK)
			there++;
		else
			ingest->sources[i] = missing(err);
	}
	if (there == 0) {
		tell_missing(ingest);
		ingest_close(ingest);
		return err->status;
	}
	*out = ingest;
	return OK;
}

void
ingest_close(struct ingest *ingest)
{
	size_t i;

	if (ingest == NULL)
		return;
	for (i = 0; i < ingest->options->source_count; i++)
		source_close(ingest->sources[i]);
	free(ingest->sources);
	free(ingest->failed);
	store_close(ingest->known);
	free(ingest);
}

static uint64_t
import_total(void *data)
{
	const struct ingest *ingest = data;
	uint64_t sum = 0, total;
	size_t i;

	for (i = 0; i < ingest->options->source_count; i++) {
		total = source_total(ingest->sources[i]);
		if (total == 0)
			return 0;
		sum += total;
	}
	return sum;
}

/* What was committed is settled, however the run ended. */
static void
finish_sources(struct ingest *ingest, struct counts *counts)
{
	const struct ingest_options *options = ingest->options;
	struct err err;
	size_t i;

	for (i = 0; i < options->source_count; i++) {
		counts->unchanged += ingest->sources[i]->unchanged;
		if (source_finish(ingest->sources[i], &err) == OK)
			continue;
		if (err.status >= TEMP) {
			counts->failed_sources += ingest->failed[i] ? 0 : 1;
			note_failure(ingest, i, &err);
		}
		if (options->message != NULL)
			options->message(options->data, &err);
	}
}

enum exit_code
ingest_failure(const struct ingest *ingest)
{
	return ingest->failure;
}

static int
by_place(const void *a, const void *b)
{
	const struct source *const *const *left = a, *const *const *right = b;

	return strcmp((**left)->place, (**right)->place);
}

/*
 * Two imports that settle one mailbox at the same moment would have a mail moved twice. All mailboxes are
 * taken before the first is read, because they are settled after the last. One that another import has, has
 * nothing to read before that import is done.
 */
static void
hold_places(struct ingest *ingest, struct store *store)
{
	size_t i, count = 0, all = ingest->options->source_count;
	struct source ***held = mem_zero(all, sizeof *held);
	struct err err;

	for (i = 0; i < all; i++)
		if (ingest->sources[i]->place != NULL)
			held[count++] = &ingest->sources[i];
	qsort(held, count, sizeof *held, by_place);
	for (i = 0; i < count; i++) {
		if (store_hold(store, (*held[i])->place, &err) == OK)
			continue;
		(void)err_at(&err, "%s", (*held[i])->place);
		source_close(*held[i]);
		*held[i] = source_missing(&err);
	}
	free(held);
}

enum status
ingest_run(struct ingest *ingest, struct store *store, struct counts *counts, struct err *err)
{
	const struct ingest_options *options = ingest->options;
	struct feed feed = {
	    ingest, import_next, import_open, import_close, import_settle, import_release, import_total};
	enum status status;
	bool stopped;

	memset(counts, 0, sizeof *counts);
	hold_places(ingest, store);
	status = store_begin(store, options->keep_originals, err);
	if (options->keep_personal)
		store_keep_personal(store);
	if (status == OK)
		status = store_commit(store, counts, err);
	if (status == OK)
		status = open_known(ingest, store, err);
	if (status == OK)
		status = pipeline_run(store, &feed, options, counts, err);
	counts->unchanged = ingest->unchanged;
	finish_sources(ingest, counts);
	/* What was stopped did not finish, and has to be told from what did. */
	stopped = options->stop != NULL && options->stop();
	if (status == OK)
		status = (stopped ? store_commit : store_end)(store, counts, err);
	if (status == OK && stopped)
		status = err_stop(err, EXIT_CODE_TEMPORARY, "stopped by request: what was read is kept");
	return status;
}
