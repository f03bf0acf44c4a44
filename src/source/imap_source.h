/* imap_source: what the parts of the IMAP source share; private to src/source. */
#ifndef DMARCQ_SOURCE_IMAP_SOURCE_H
#define DMARCQ_SOURCE_IMAP_SOURCE_H

#include "mailbox/imap.h"
#include "source/driver.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
	FETCH_DEPTH = 4,            /* batches on their way: a line of 50 ms stays busy */
	FETCH_SIZED = 4 * IMAP_SET, /* messages whose size is known and that are not asked for yet */
	BROKEN_MAX = 10,            /* messages in the middle of which the dialogue may break */
	SETTLE_AT = IMAP_SET,       /* messages to be settled before fetching makes a pause for them */
	SETTLE_LESS = 5,            /* divides the set, when a server could not settle it in time */
	COPY_SET = 100,             /* messages of one COPY: what has to be done to the end, whoever waits */
};

/* Lists of messages that are committed and to be settled. */
enum due {
	DUE_GOOD,     /* stored */
	DUE_REJECTED, /* rejected, and there is a folder for them */
	DUE_COPIED,   /* copied, by an earlier run or before a connection broke, and still there */
	DUES
};

/* Messages whose bodies or sizes were asked for with one command. */
struct fetch_batch {
	uint32_t tag; /* 0: free */
	size_t count;
	uint32_t uids[IMAP_SET]; /* ascending */
	bool got[IMAP_SET];
};

/* From the sizes over the bodies to the items. Starts anew with each connection. */
struct fetch {
	struct uids todo;
	struct uids_at at; /* how far sizes were asked for */
	bool all_asked;
	struct fetch_batch sizing;
	uint32_t sized[FETCH_SIZED]; /* a ring */
	size_t sized_at, sized_count;
	struct uids alone; /* of a batch that was refused: each is asked for by itself */
	struct uids_at alone_at;
	struct uids unsized; /* whose sizes were asked for, and were not in the answers */
	struct uids missing; /* the same of bodies */
	struct uids lost;    /* of them, what the server still has; to be told */
	struct uids_at lost_at;
	struct fetch_batch bodies[FETCH_DEPTH];
};

/* A list of UIDs that grows. */
struct uid_list {
	uint32_t *uids; /* owned */
	size_t count, cap;
};

struct mailbox {
	struct source source;
	struct source_options options;
	const struct account *account;
	struct imap *imap; /* NULL: not connected */
	struct fetch fetch;
	uint32_t uid_validity;
	uint64_t handed_count;
	struct uids handed; /* in this run, under this UIDVALIDITY: not to be fetched again */
	_Atomic uint64_t total;
	unsigned tries, broken; /* without anything new; messages that broke the dialogue */
	bool begun, ended, failed;
	/* Settling. */
	char archive[IMAP_FOLDER], invalid[IMAP_FOLDER]; /* as the server wants them; "": not asked yet */
	size_t set;                                      /* messages of one command */
	bool copied;           /* those of the last one are; the rest of it failed */
	uint64_t marked;       /* keep \Deleted because nothing else can be done */
	struct err why_marked; /* the first reason */
	uint64_t unsettled;    /* could not be settled */
	struct err why;        /* the first reason */
	pthread_mutex_t lock;  /* what follows: items are settled from another thread */
	char *folder;          /* of the items: "imaps://user@host/INBOX;UIDVALIDITY=5" */
	struct uid_list due[DUES];
};

/* Forgets what was on its way and begins with todo (moved into it). */
void fetch_begin(struct fetch *fetch, struct uids *todo);
void fetch_free(struct fetch *fetch);
/* Whether answers are still to come. */
bool fetch_waits(const struct fetch *fetch);
/* Asks for what there is room for. */
enum status fetch_ask(struct mailbox *mailbox, struct err *err);
/*
 * Reads an answer: an item, or nothing yet (*item NULL). BAD, LIMIT with its place: a message can't be had or
 * is too large; it is not asked for again. TEMP and FATAL: as imap.h says; a broken answer is TEMP.
 */
enum status fetch_step(struct mailbox *mailbox, struct item **item, struct err *err);
/*
 * When nothing is left to ask for: of what was not in the answers, what the server still has is told (BAD):
 * each message without a body by itself, all without a size at once. SKIP: there is none left. TEMP, FATAL as
 * above.
 */
enum status fetch_lost(struct mailbox *mailbox, struct err *err);
/* Puts the message's place before an error. */
enum status mailbox_at(const struct mailbox *mailbox, uint32_t uid, struct err *err);

/* Whether anything is ever done with messages. */
bool settle_changes(const struct account *account);
/* Takes down a message to be settled. Thread-safe. */
void settle_note(struct mailbox *mailbox, const char *folder, uint32_t uid, enum fate fate);
/* Adds what earlier runs left unsettled: of those known, what the server still has. */
enum status settle_pending(
    struct mailbox *mailbox, const struct uids *stored, const struct uids *rejected, struct err *err);
/* On a new connection: what is known to be copied is only to be expunged, and not copied again. */
enum status settle_again(struct mailbox *mailbox, struct err *err);
/* Whether enough has gathered. Thread-safe. */
bool settle_due(struct mailbox *mailbox, size_t at_least);
/* Forgets all that is due: the numbers mean nothing any more. Under the lock. */
void settle_forget(struct mailbox *mailbox);
/*
 * Settles all that was taken down; nothing may be on its way. What the server refuses is noted in unsettled.
 * TEMP, FATAL: the connection is gone, or it was stopped: the rest stays due.
 */
enum status settle_all(struct mailbox *mailbox, struct err *err);

#endif
