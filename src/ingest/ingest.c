/* ingest: an import run: sources as a feed of items, the pipeline, and the notes of the run. */
#include "ingest/ingest.h"

#include "base/mem.h"
#include "ingest/pipeline.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct importing {
	const struct ingest_options *options;
	struct source_options source_options;
	struct store *known; /* for look-ups of files that were dealt with; NULL when there are none */
	struct source **sources;
	size_t next;
	uint64_t unchanged;
};

/* What belongs to one item while it is read. */
struct opened {
	struct fed fed;
	struct item *item;
	struct spool spool;
	int fd;
};

/* What became of a file that was dealt with before; 0: it is new. */
static enum item_state
known_state(struct importing *importing, const struct item *item)
{
	struct item_info info = {str_of(item->folder), str_of(item->name), item->size, item->inode,
	    item->mtime, item->remember, 0};
	enum item_state state = 0;
	struct err err;

	if (importing->known == NULL || !item->remember ||
	    store_seen(&state, importing->known, &info, &err) != OK)
		return 0;
	return state;
}

static bool
wants_settling(const struct item *item, const struct ingest_options *options)
{
	return item->maildir_new || (options->settle != SETTLE_LEAVE && !item->in_maildir);
}

static void
settle(struct importing *importing, const struct item *item)
{
	struct err err;

	if (item_settle(item, &err) <= SKIP)
		return;
	(void)err_at(&err, "%s", item->path != NULL ? item->path : item->name);
	if (importing->options->message != NULL)
		importing->options->message(importing->options->data, &err);
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
	fed->settle = wants_settling(item, options);
	return fed;
}

static enum status
import_next(void *data, struct fed **out, struct err *err)
{
	struct importing *importing = data;
	enum item_state state;
	struct item *item;
	enum status status;

	*out = NULL;
	while (importing->next < importing->options->source_count) {
		item = NULL;
		status = source_next(importing->sources[importing->next], &item, err);
		if (status == SKIP) {
			importing->next++;
			continue;
		}
		if (status == BAD || status == LIMIT) {
			*out = fed_new(NULL, importing->options);
			(*out)->err = *err;
			return OK;
		}
		if (status != OK)
			return status;
		state = known_state(importing, item);
		if (state == 0) {
			*out = fed_new(item, importing->options);
			return OK;
		}
		importing->unchanged++;
		/* An earlier run was killed between commit and settling, or was not asked to settle. */
		if (state == ITEM_KEPT && wants_settling(item, importing->options))
			settle(importing, item);
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
	settle(data, ((const struct opened *)fed->data)->item);
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
open_known(struct importing *importing, struct store *store, struct err *err)
{
	int64_t any;
	enum status status = db_number(&any, store_db(store), "SELECT EXISTS (SELECT 1 FROM file)", err);

	if (status != OK || any == 0)
		return status;
	return store_open(
	    &importing->known, db_path(store_db(store)), STORE_READ, importing->options->limits, err);
}

static enum status
open_sources(struct importing *importing, struct err *err)
{
	const struct ingest_options *options = importing->options;
	enum status status;
	size_t i;

	importing->sources = mem_zero(options->source_count, sizeof(struct source *));
	for (i = 0; i < options->source_count; i++) {
		status =
		    source_open(&importing->sources[i], options->sources[i], &importing->source_options, err);
		if (status != OK)
			return status;
	}
	return OK;
}

static uint64_t
import_total(void *data)
{
	const struct importing *importing = data;
	uint64_t sum = 0, total;
	size_t i;

	for (i = 0; i < importing->options->source_count; i++) {
		total = source_total(importing->sources[i]);
		if (total == 0)
			return 0;
		sum += total;
	}
	return sum;
}

enum status
ingest_run(struct store *store, const struct ingest_options *options, struct counts *counts, struct err *err)
{
	struct importing importing = {
	    .options = options, .source_options = {options->settle, options->move_to, options->limits}};
	struct feed feed = {
	    &importing, import_next, import_open, import_close, import_settle, import_release, import_total};
	enum status status;
	size_t i;

	memset(counts, 0, sizeof *counts);
	status = open_sources(&importing, err);
	if (status == OK)
		status = store_begin(store, options->keep_originals, err);
	if (status == OK)
		status = store_commit(store, counts, err);
	if (status == OK)
		status = open_known(&importing, store, err);
	if (status == OK)
		status = pipeline_run(store, &feed, options, counts, err);
	counts->unchanged = importing.unchanged;
	if (status == OK)
		status = store_end(store, counts, err);
	if (status == OK && options->stop != NULL && options->stop())
		status = err_stop(err, EXIT_CODE_TEMPORARY, "stopped by request: what was read is kept");
	for (i = 0; i < options->source_count && importing.sources != NULL; i++)
		source_close(importing.sources[i]);
	free(importing.sources);
	store_close(importing.known);
	return status;
}
