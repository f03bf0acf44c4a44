/*
 * source: where things come from: one const driver per kind of place. A source hands out items in a stable
 * order and settles them when told that they are safely stored.
 */
#ifndef DMARCQ_SOURCE_SOURCE_H
#define DMARCQ_SOURCE_SOURCE_H

#include "base/err.h"
#include "base/limits.h"
#include "base/stream.h"

#include <stdbool.h>
#include <stdint.h>

/* What to do with an item once what is in it is committed. */
enum settle { SETTLE_LEAVE, SETTLE_MOVE, SETTLE_DELETE };

/* What became of an item. */
enum fate {
	FATE_NEW,      /* it was not dealt with */
	FATE_STORED,   /* all that matters in it is stored */
	FATE_NOTHING,  /* there is no report in it */
	FATE_REJECTED, /* something in it was rejected; its bytes are kept */
	FATE_CUT,      /* the same, but not all its bytes are kept: the source has the only whole copy */
};

/*
 * What is known of items that were dealt with in earlier runs, for sources that ask before they fetch (those
 * with item.on_server). May be called whenever source_next is.
 */
struct known {
	void *data;
	/* Hands every remembered item of a folder to take, in the order of its number (item.inode). */
	enum status (*list)(void *data, const char *folder,
	    void (*take)(void *to, uint64_t number, enum fate fate), void *to, struct err *err);
	/* One item by its folder, name and number; FATE_NEW: it is not remembered. */
	enum status (*find)(void *data, enum fate *fate, const char *folder, const char *name,
	    uint64_t number, struct err *err);
};

struct account;

struct source_options {
	enum settle settle;
	const char *move_to; /* folder for SETTLE_MOVE, must exist */
	const struct limits *limits;
	const struct account *account; /* a mailbox on a server: where it is; else NULL */
	const struct known *known;     /* NULL: nothing is known */
	bool (*stop)(void);            /* true: give up waiting for others. May be NULL */
};

/* One thing to read. Texts are owned by the item. */
struct item {
	char *folder,
	    *name;  /* identity: name is unique in folder and stable (a Maildir name without its flags) */
	char *path; /* to open it; NULL for standard input */
	uint64_t size, inode;
	int64_t mtime;    /* nanoseconds since 1970 */
	bool remember;    /* can be skipped when it comes again unchanged; false for standard input */
	bool in_maildir;  /* a mail of a Maildir: never moved elsewhere or deleted */
	bool maildir_new; /* lies in new/: settling moves it to cur/ with the Seen flag */
	/*
	 * A mail on a server: path is only for people, mtime is 0, inode its number in the folder. Its source
	 * asks what is known before it fetches, and does with it what its account says.
	 */
	bool on_server;
	struct spool bytes; /* that came with it, when its source has no read */
	struct source *source;
};
void item_free(struct item *item);

struct source;
struct source_class {
	const char *name;
	/* Whether a source text is of this kind; asked in the order of source.c. */
	bool (*takes)(const char *text, const struct account *account);
	enum status (*open)(
	    struct source **source, const char *text, const struct source_options *options, struct err *err);
	/*
	 * The next item, owned by the caller; SKIP at the end. BAD, LIMIT: a name, a subfolder or a mail
	 * can't be read (err names it), go on. TEMP, FATAL with an exit code: the source failed, there is no
	 * more of it. Not thread-safe.
	 */
	enum status (*next)(struct source *source, struct item **item, struct err *err);
	/*
	 * Reads an item's bytes into an empty spool or leaves a descriptor: see item_read. Thread-safe. NULL:
	 * they came with the item.
	 */
	enum status (*read)(
	    struct source *source, struct item *item, struct spool *spool, int *fd, struct err *err);
	/* After commit: see item_settle. Thread-safe. Never touches what was not handed out. */
	enum status (*settle)(
	    struct source *source, const struct item *item, enum fate fate, struct err *err);
	/* See source_finish; NULL: settling is done at once. */
	enum status (*finish)(struct source *source, struct err *err);
	/* How many items there are if that is known by now, else 0; for the progress bar. Thread-safe. */
	uint64_t (*total)(const struct source *source);
	void (*close)(struct source *source);
};
/* Implementations hold this as their first member. */
struct source {
	const struct source_class *class;
	const char
	    *place; /* a name: one import at a time reads it and settles what is in it. NULL: any number */
	uint64_t unchanged; /* items that the source knows to be dealt with and didn't hand out */
};

/*
 * Opens a source text: "-" is standard input, else a file, a folder (recursive; one with new/ and cur/ is a
 * Maildir). FATAL and the text as its place when it isn't there (exit code 65) or may not be read (77).
 */
enum status source_open(
    struct source **source, const char *text, const struct source_options *options, struct err *err);
/* A source in place of one that can't be read: its only item is this error (BAD, or TEMP: it failed). */
struct source *source_missing(const struct err *err);
enum status source_next(struct source *source, struct item **item, struct err *err);
/*
 * The bytes of an item: small ones (up to limits spool_memory) in the spool, for larger ones *fd is an open
 * descriptor that the caller closes, else -1. BAD: it vanished or can't be read; LIMIT: above input_bytes;
 * TEMP, FATAL: standard input broke off, or no temporary file could be written; SKIP: stop said so before it
 * ended. The caller puts the item's place before the error.
 */
enum status item_read(struct item *item, struct spool *spool, int *fd, struct err *err);
/*
 * What the options ask for, once the item is committed: a file is moved or deleted, a mail in new/ moved to
 * cur/ with the Seen flag (whatever the options), a mail on a server what its account says. A file of which
 * not all is kept (FATE_CUT) stays. SKIP: it is no longer what was read and was left alone; BAD: it can't
 * be done. The caller puts the item's place before the error.
 */
enum status item_settle(const struct item *item, enum fate fate, struct err *err);
/*
 * Once, when everything is committed and settled, also when the run was stopped or the source failed: does
 * what item_settle only took down, and says good-bye to a server. BAD: done, with something that people
 * should know. TEMP, FATAL with an exit code: some of it can't be done (err says how much).
 */
enum status source_finish(struct source *source, struct err *err);
uint64_t source_total(const struct source *source);
void source_close(struct source *source);

#endif
