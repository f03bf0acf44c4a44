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

struct account;

struct source_options {
	enum settle settle;
	const char *move_to; /* folder for SETTLE_MOVE, must exist */
	const struct limits *limits;
	const struct account *account; /* a mailbox on a server: where it is; else NULL */
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
	struct source *source;
};
void item_free(struct item *item);

struct source;
struct source_class {
	const char *name;
	/* Whether a source text is of this kind; asked in the order of source.c. */
	bool (*takes)(const char *text);
	enum status (*open)(
	    struct source **source, const char *text, const struct source_options *options, struct err *err);
	/*
	 * The next item, owned by the caller; SKIP at the end. BAD: a name or a subfolder can't be read (err
	 * names it), go on. Not thread-safe.
	 */
	enum status (*next)(struct source *source, struct item **item, struct err *err);
	/* Reads an item's bytes into an empty spool or leaves a descriptor: see item_read. Thread-safe. */
	enum status (*read)(
	    struct source *source, const struct item *item, struct spool *spool, int *fd, struct err *err);
	/* After commit: see item_settle. Thread-safe. Never touches what was not handed out. */
	enum status (*settle)(struct source *source, const struct item *item, struct err *err);
	/* How many items there are if that is known by now, else 0; for the progress bar. Thread-safe. */
	uint64_t (*total)(const struct source *source);
	void (*close)(struct source *source);
};
/* Implementations hold this as their first member. */
struct source {
	const struct source_class *class;
};

/*
 * Opens a source text: "-" is standard input, else a file, a folder (recursive; one with new/ and cur/ is a
 * Maildir). FATAL and the text as its place when it isn't there (exit code 65) or may not be read (77).
 */
enum status source_open(
    struct source **source, const char *text, const struct source_options *options, struct err *err);
/* A source in place of one that can't be opened: its only item is this error, as BAD. */
struct source *source_missing(const struct err *err);
enum status source_next(struct source *source, struct item **item, struct err *err);
/*
 * The bytes of an item: small ones (up to limits spool_memory) in the spool, for larger ones *fd is an open
 * descriptor that the caller closes, else -1. BAD: it vanished or can't be read; LIMIT: above input_bytes;
 * TEMP, FATAL: standard input broke off, or no temporary file could be written. The caller puts the item's
 * place before the error.
 */
enum status item_read(const struct item *item, struct spool *spool, int *fd, struct err *err);
/*
 * What the options ask for, once the item is committed: a file is moved or deleted, a mail in new/ moved to
 * cur/ with the Seen flag (whatever the options). SKIP: it is no longer what was read and was left alone;
 * BAD: it can't be done. The caller puts the item's place before the error.
 */
enum status item_settle(const struct item *item, struct err *err);
uint64_t source_total(const struct source *source);
void source_close(struct source *source);

#endif
