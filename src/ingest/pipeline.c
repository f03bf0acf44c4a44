/*
 * pipeline: a ring of lanes. A reader takes the next lane and a handful of items, fills parcels into it, and
 * waits only when its lane holds two of them; the writer empties the lanes in order. So memory is bounded by
 * lanes and parcels, and the lane that the writer works on can always go on.
 */
#include "ingest/pipeline.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	LANES = 16,
	LANE_PARCELS = 2,
	LANE_ITEMS = 16,     /* items that a reader takes at once, so that waking up costs little */
	LANE_BYTES = 131072, /* or fewer, when they are large */
	READERS_MAX = 64,
};

struct lane {
	struct parcel *first, *last;
	size_t parcels;
	struct fed *items; /* read; to be settled and released by the writer */
	uint64_t item_count;
	bool done;
};

struct pipeline {
	struct store *store;
	const struct feed *feed;
	const struct ingest_options *options;
	struct counts *counts;
	pthread_mutex_t feeding; /* one reader at a time asks the feed */
	pthread_mutex_t lock;    /* what follows */
	pthread_cond_t ready;    /* the writer waits for parcels */
	pthread_cond_t space;    /* readers wait for lanes and room in them */
	struct lane lanes[LANES];
	uint64_t head, tail; /* the writer's lane; the next free one */
	bool ended, stopping;
	struct parcel *spare;
	struct err err; /* of the feed */
	bool failed;
	/* The writer's own. */
	struct fed *waiting, **waiting_end; /* written, not yet committed */
	uint64_t items_done;
};

struct reader {
	struct pipeline *pipeline;
	struct lane *lane;
	struct outbox outbox;
	struct walk *walk;
	pthread_t thread;
};

static struct lane *
lane_at(struct pipeline *pipeline, uint64_t number)
{
	return &pipeline->lanes[number % LANES];
}

static struct parcel *
parcel_get(struct pipeline *pipeline)
{
	struct parcel *parcel = pipeline->spare;

	if (parcel == NULL)
		return parcel_new();
	pipeline->spare = parcel->next;
	parcel->next = NULL;
	return parcel;
}

/* Under the lock. */
static void
parcel_put(struct pipeline *pipeline, struct parcel *parcel)
{
	arena_reset(&parcel->arena);
	parcel->first = parcel->last = NULL;
	parcel->next = pipeline->spare;
	pipeline->spare = parcel;
}

static void
lane_add(struct pipeline *pipeline, struct lane *lane, struct parcel *parcel)
{
	parcel->next = NULL;
	if (lane->first == NULL)
		lane->first = parcel;
	else
		lane->last->next = parcel;
	lane->last = parcel;
	lane->parcels++;
	(void)pthread_cond_signal(&pipeline->ready);
}

/* outbox.hand_on: gives a full parcel to the writer, waits for room, brings an empty one. */
static struct parcel *
hand_on(void *data, struct parcel *parcel)
{
	struct reader *reader = data;
	struct pipeline *pipeline = reader->pipeline;
	struct parcel *empty;

	(void)pthread_mutex_lock(&pipeline->lock);
	while (reader->lane->parcels >= LANE_PARCELS && !pipeline->stopping)
		(void)pthread_cond_wait(&pipeline->space, &pipeline->lock);
	if (pipeline->stopping)
		parcel_put(pipeline, parcel);
	else
		lane_add(pipeline, reader->lane, parcel);
	empty = parcel_get(pipeline);
	(void)pthread_mutex_unlock(&pipeline->lock);
	return empty;
}

/* Takes the next lane, in the same order in which items are taken. NULL: there is nothing more to do. */
static struct lane *
lane_take(struct pipeline *pipeline)
{
	struct lane *lane = NULL;

	(void)pthread_mutex_lock(&pipeline->lock);
	while (pipeline->tail - pipeline->head == LANES && !pipeline->stopping)
		(void)pthread_cond_wait(&pipeline->space, &pipeline->lock);
	if (!pipeline->stopping && !pipeline->ended) {
		lane = lane_at(pipeline, pipeline->tail++);
		lane->items = NULL;
		lane->item_count = 0;
		lane->done = false;
	}
	(void)pthread_mutex_unlock(&pipeline->lock);
	return lane;
}

static void
note_end(struct pipeline *pipeline, enum status status, const struct err *err)
{
	(void)pthread_mutex_lock(&pipeline->lock);
	pipeline->ended = true;
	if (status != OK) {
		pipeline->failed = true;
		pipeline->err = *err;
	}
	(void)pthread_mutex_unlock(&pipeline->lock);
}

/* A lane and its items; NULL at the end. */
static struct fed *
take_items(struct reader *reader)
{
	struct pipeline *pipeline = reader->pipeline;
	const struct feed *feed = pipeline->feed;
	struct fed *first = NULL, **end = &first, *fed = NULL;
	enum status status = OK;
	uint64_t bytes = 0;
	struct err err;
	size_t n;

	(void)pthread_mutex_lock(&pipeline->feeding);
	reader->lane = lane_take(pipeline);
	for (n = 0; reader->lane != NULL && n < LANE_ITEMS && bytes < LANE_BYTES; n++) {
		fed = NULL;
		if (pipeline->options->stop == NULL || !pipeline->options->stop())
			status = feed->next(feed->data, &fed, &err);
		if (fed == NULL) {
			note_end(pipeline, status, &err);
			break;
		}
		fed->next = NULL;
		*end = fed;
		end = &fed->next;
		bytes += fed->item.info.size;
	}
	(void)pthread_mutex_unlock(&pipeline->feeding);
	return first;
}

static void
trouble(struct reader *reader, const struct fed *fed)
{
	const struct err *err = &fed->err;
	bool failed = fed->item.where.data == NULL && err->status >= TEMP;
	struct entry *entry = outbox_add(&reader->outbox, failed ? ENTRY_FAILED : ENTRY_TROUBLE);

	entry->u.reject.where =
	    outbox_text(&reader->outbox, err->where[0] != '\0' ? str_of(err->where) : fed->item.where);
	entry->u.reject.reason = outbox_text(&reader->outbox, str_of(err->what));
	entry->u.reject.status = err->status;
}

static void
read_item(struct reader *reader, struct fed *fed)
{
	const struct feed *feed = reader->pipeline->feed;

	feed->open(feed->data, fed);
	if (fed->item.stream == NULL) {
		if (fed->err.status != SKIP) /* the run is stopped, and says so */
			trouble(reader, fed);
		fed->settle = false;
		return;
	}
	fed->state = walk_run(reader->walk, &fed->item);
	fed->settle = fed->settle && fed->state != ITEM_STAYS && fed->state != ITEM_UNREAD;
	feed->close(feed->data, fed);
}

static void
lane_close(struct reader *reader, struct fed *items)
{
	struct pipeline *pipeline = reader->pipeline;
	struct lane *lane = reader->lane;
	struct fed *fed;

	(void)pthread_mutex_lock(&pipeline->lock);
	if (reader->outbox.parcel->first != NULL) {
		lane_add(pipeline, lane, reader->outbox.parcel);
		reader->outbox.parcel = parcel_get(pipeline);
	}
	lane->items = items;
	for (fed = items; fed != NULL; fed = fed->next)
		lane->item_count++;
	lane->done = true;
	(void)pthread_cond_signal(&pipeline->ready);
	(void)pthread_mutex_unlock(&pipeline->lock);
	reader->outbox.begin = NULL;
	reader->outbox.records = NULL;
}

static void *
reader_run(void *data)
{
	struct reader *reader = data;
	struct fed *items, *fed;

	do {
		items = take_items(reader);
		if (reader->lane == NULL)
			break;
		for (fed = items; fed != NULL; fed = fed->next)
			read_item(reader, fed);
		lane_close(reader, items);
	} while (items != NULL);
	return NULL;
}

/* Tells of what was rejected, in the order of writing. */
static void
tell(struct pipeline *pipeline, const struct parcel *parcel)
{
	const struct entry *entry;
	struct err err;

	if (pipeline->options->message == NULL)
		return;
	for (entry = parcel->first; entry != NULL; entry = entry->next) {
		if (entry->type != ENTRY_REJECT && entry->type != ENTRY_TROUBLE &&
		    entry->type != ENTRY_FAILED)
			continue;
		(void)err_set(&err, entry->u.reject.status, "%.*s", (int)entry->u.reject.reason.len,
		    entry->u.reject.reason.data);
		(void)err_at(&err, "%.*s", (int)entry->u.reject.where.len, entry->u.reject.where.data);
		pipeline->options->message(pipeline->options->data, &err);
	}
}

static void
settle_waiting(struct pipeline *pipeline, bool committed)
{
	const struct feed *feed = pipeline->feed;
	struct fed *fed, *next;

	for (fed = pipeline->waiting; fed != NULL; fed = next) {
		next = fed->next;
		if (committed && fed->settle)
			feed->settle(feed->data, fed);
		feed->release(feed->data, fed);
	}
	pipeline->waiting = NULL;
	pipeline->waiting_end = &pipeline->waiting;
}

/* Items with nothing to settle needn't wait for the commit. */
static void
items_written(struct pipeline *pipeline, struct lane *lane)
{
	struct fed *fed, *next;

	for (fed = lane->items; fed != NULL; fed = next) {
		next = fed->next;
		if (fed->settle) {
			fed->next = NULL;
			*pipeline->waiting_end = fed;
			pipeline->waiting_end = &fed->next;
		} else
			pipeline->feed->release(pipeline->feed->data, fed);
	}
	pipeline->items_done += lane->item_count;
	lane->items = NULL;
	if (pipeline->options->progress != NULL)
		pipeline->options->progress(pipeline->options->data, pipeline->counts, pipeline->items_done,
		    pipeline->feed->total(pipeline->feed->data));
}

/* The next parcel of the writer's lane; NULL with *done when the lane is at its end, NULL without when all
 * is. */
static struct parcel *
next_parcel(struct pipeline *pipeline, bool *done)
{
	struct lane *lane = lane_at(pipeline, pipeline->head);
	struct parcel *parcel = NULL;

	(void)pthread_mutex_lock(&pipeline->lock);
	while (!(pipeline->head == pipeline->tail && pipeline->ended) &&
	       (pipeline->head == pipeline->tail || (lane->first == NULL && !lane->done)))
		(void)pthread_cond_wait(&pipeline->ready, &pipeline->lock);
	*done = pipeline->head != pipeline->tail && lane->first == NULL;
	if (pipeline->head != pipeline->tail && lane->first != NULL) {
		parcel = lane->first;
		lane->first = parcel->next;
		lane->parcels--;
		(void)pthread_cond_broadcast(&pipeline->space);
	}
	(void)pthread_mutex_unlock(&pipeline->lock);
	return parcel;
}

static void
lane_give_back(struct pipeline *pipeline)
{
	(void)pthread_mutex_lock(&pipeline->lock);
	pipeline->head++;
	(void)pthread_cond_broadcast(&pipeline->space);
	(void)pthread_mutex_unlock(&pipeline->lock);
}

static enum status
commit_when_due(struct pipeline *pipeline, struct err *err)
{
	enum status status;

	if (!store_due(pipeline->store))
		return OK;
	status = store_commit(pipeline->store, pipeline->counts, err);
	settle_waiting(pipeline, status == OK);
	return status;
}

static enum status
write_all(struct pipeline *pipeline, struct err *err)
{
	enum status status = OK;
	struct parcel *parcel;
	bool done;

	while (status == OK) {
		parcel = next_parcel(pipeline, &done);
		if (parcel == NULL && !done)
			break;
		if (parcel == NULL) {
			items_written(pipeline, lane_at(pipeline, pipeline->head));
			lane_give_back(pipeline);
			status = commit_when_due(pipeline, err);
			continue;
		}
		status = store_apply(pipeline->store, parcel, pipeline->counts, err);
		if (status == OK)
			tell(pipeline, parcel);
		(void)pthread_mutex_lock(&pipeline->lock);
		parcel_put(pipeline, parcel);
		(void)pthread_mutex_unlock(&pipeline->lock);
	}
	return status;
}

static unsigned
readers_wanted(const struct ingest_options *options)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned jobs = options->jobs != 0 ? options->jobs : cores > 0 ? (unsigned)cores : 1;

	return jobs > READERS_MAX ? READERS_MAX : jobs;
}

static unsigned
readers_start(struct pipeline *pipeline, struct reader *readers)
{
	const struct ingest_options *options = pipeline->options;
	const struct walk_keeps keeps = {options->keep_originals, options->keep_personal};
	unsigned wanted = readers_wanted(options), n;

	for (n = 0; n < wanted; n++) {
		readers[n].pipeline = pipeline;
		readers[n].outbox.parcel = parcel_new();
		readers[n].outbox.hand_on = hand_on;
		readers[n].outbox.data = &readers[n];
		readers[n].walk = walk_new(options->limits, &readers[n].outbox, keeps, options->trusted,
		    store_seed(pipeline->store));
		if (pthread_create(&readers[n].thread, NULL, reader_run, &readers[n]) != 0) {
			walk_free(readers[n].walk);
			parcel_free(readers[n].outbox.parcel);
			break;
		}
	}
	return n;
}

static void
readers_join(struct pipeline *pipeline, struct reader *readers, unsigned count)
{
	unsigned n;

	(void)pthread_mutex_lock(&pipeline->lock);
	pipeline->stopping = pipeline->ended = true;
	(void)pthread_cond_broadcast(&pipeline->space);
	(void)pthread_mutex_unlock(&pipeline->lock);
	for (n = 0; n < count; n++) {
		(void)pthread_join(readers[n].thread, NULL);
		walk_free(readers[n].walk);
		parcel_free(readers[n].outbox.parcel);
	}
}

/* What a run that failed left in its lanes. */
static void
sweep(struct pipeline *pipeline)
{
	struct parcel *parcel, *next;
	struct lane *lane;

	for (; pipeline->head < pipeline->tail; pipeline->head++) {
		lane = lane_at(pipeline, pipeline->head);
		for (parcel = lane->first; parcel != NULL; parcel = next) {
			next = parcel->next;
			parcel_free(parcel);
		}
		lane->first = NULL;
		for (struct fed *fed = lane->items, *after; fed != NULL; fed = after) {
			after = fed->next;
			pipeline->feed->release(pipeline->feed->data, fed);
		}
	}
	for (parcel = pipeline->spare; parcel != NULL; parcel = next) {
		next = parcel->next;
		parcel_free(parcel);
	}
}

enum status
pipeline_run(struct store *store, const struct feed *feed, const struct ingest_options *options,
    struct counts *counts, struct err *err)
{
	struct pipeline *pipeline = mem_zero(1, sizeof *pipeline);
	struct reader *readers = mem_zero(READERS_MAX, sizeof *readers);
	enum status status;
	unsigned count;

	pipeline->store = store;
	pipeline->feed = feed;
	pipeline->options = options;
	pipeline->counts = counts;
	pipeline->waiting_end = &pipeline->waiting;
	(void)pthread_mutex_init(&pipeline->feeding, NULL);
	(void)pthread_mutex_init(&pipeline->lock, NULL);
	(void)pthread_cond_init(&pipeline->ready, NULL);
	(void)pthread_cond_init(&pipeline->space, NULL);
	count = readers_start(pipeline, readers);
	status =
	    count == 0 ? err_stop(err, EXIT_CODE_MEMORY, "cannot start a thread") : write_all(pipeline, err);
	readers_join(pipeline, readers, count);
	if (status == OK && pipeline->failed) {
		*err = pipeline->err;
		status = err->status;
	}
	if (status == OK)
		status = store_commit(store, counts, err);
	settle_waiting(pipeline, status == OK);
	sweep(pipeline);
	(void)pthread_mutex_destroy(&pipeline->feeding);
	(void)pthread_mutex_destroy(&pipeline->lock);
	(void)pthread_cond_destroy(&pipeline->ready);
	(void)pthread_cond_destroy(&pipeline->space);
	free(readers);
	free(pipeline);
	return status;
}
