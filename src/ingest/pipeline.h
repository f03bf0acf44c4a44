/*
 * pipeline: reading threads and one writing thread. Items are dealt to readers in the order of the source,
 * and what they read is written in that order too, whoever is faster, so that the same input gives the same
 * database.
 */
#ifndef DMARCQ_INGEST_PIPELINE_H
#define DMARCQ_INGEST_PIPELINE_H

#include "ingest/ingest.h"
#include "ingest/walk.h"

/* One item as a feed gives it. */
struct fed {
	struct walk_item item; /* stream: NULL when it can't be read */
	struct err err;        /* why; TEMP or FATAL: there is no item, its source failed */
	bool settle; /* to be settled after commit, unless there was nothing in it or it is unread */
	enum item_state state; /* when it was read: what became of it */
	void *data;            /* the feed's */
	struct fed *next;
};

/* Where items come from. Only next is called under a lock. */
struct feed {
	void *data;
	/* The next item without opening it; NULL at the end. FATAL stops the run. */
	enum status (*next)(void *data, struct fed **fed, struct err *err);
	/* On a reading thread: opens it; sets stream or err. */
	void (*open)(void *data, struct fed *fed);
	/* On the reading thread, when it was read: lets go of the stream. */
	void (*close)(void *data, struct fed *fed);
	/* On the writing thread, when it is committed. */
	void (*settle)(void *data, struct fed *fed);
	void (*release)(void *data, struct fed *fed);
	/* How many items there are as far as is known by now, else 0. From the writing thread. */
	uint64_t (*total)(void *data);
};

/* Runs until the feed ends. See ingest_run for the statuses. */
enum status pipeline_run(struct store *store, const struct feed *feed, const struct ingest_options *options,
    struct counts *counts, struct err *err);

#endif
