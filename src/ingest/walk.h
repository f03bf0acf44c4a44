/* walk: everything in one item: containers inside containers down to reports. Runs on one thread. */
#ifndef DMARCQ_INGEST_WALK_H
#define DMARCQ_INGEST_WALK_H

#include "base/stream.h"
#include "ingest/outbox.h"

struct walk;

/* Whose bytes are kept. */
struct walk_keeps {
	bool originals;
	bool personal; /* those of failure reports, and what they say of people, too */
};

/* trusted: see proof.h. seed: the store's. outbox outlives the walk. */
struct walk *walk_new(const struct limits *limits, struct outbox *outbox, struct walk_keeps keeps,
    const char *trusted, uint64_t seed);
void walk_free(struct walk *walk);

/* Of an item. */
struct walk_item {
	struct item_info info; /* texts borrowed */
	struct str where;      /* for messages: path or name */
	struct stream *stream; /* its bytes, can be rewound */
	bool claims;           /* whatever is JSON in it was said to be a report when it came */
};

/* Reads an item into the outbox, from item-begin to item-end. Returns what became of it. */
enum item_state walk_run(struct walk *walk, const struct walk_item *item);

#endif
