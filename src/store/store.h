/*
 * store: the database of one installation: facts as they arrived and the tables derived from them
 * (schema/sqlite). One writer applies parcels in the order of reading; questions use a store opened for
 * reading.
 */
#ifndef DMARCQ_STORE_STORE_H
#define DMARCQ_STORE_STORE_H

#include "base/limits.h"
#include "base/stream.h"
#include "report/parcel.h"
#include "store/db.h"

struct store;

/* What one import did; also the summary that people see. Whole numbers, messages where it says messages. */
struct counts {
	uint64_t files, mails, reports, duplicates, conflicts, incomplete, repaired, records, messages,
	    rejected, skipped, unchanged, /* unchanged: dealt with before and not read again */
	    failed_sources,               /* that broke off: what else is in them was not read */
	    letters[LETTER_KINDS],        /* of skipped: mails without any report, by what they are */
	    tls_reports, failures,
	    feedback; /* reports of abuse and the like in the format of failure reports */
};

enum store_mode {
	STORE_READ,  /* questions */
	STORE_WRITE, /* rebuild, retry: must exist */
	STORE_IMPORT /* made when missing, folders too */
};

/* Opens and, for writing, brings the schema up to date. *store is NULL on failure. */
enum status store_open(struct store **store, const char *path, enum store_mode mode,
    const struct limits *limits, struct err *err);
/* The same; stop is asked while another process holds the database, then and later: TEMP. May be NULL. */
enum status store_open_until(struct store **store, const char *path, enum store_mode mode,
    const struct limits *limits, bool (*stop)(void), struct err *err);
void store_close(struct store *store);
/* The connection, for questions. */
struct db *store_db(struct store *store);
/* The seed for record.hash. */
uint64_t store_seed(const struct store *store);

/*
 * What became of this file when it was dealt with before, with the same size, time and inode; 0 when it was
 * not. Reads only; meant for a store of its own, opened for reading.
 */
enum status store_seen(
    enum item_state *state, struct store *store, const struct item_info *item, struct err *err);

/*
 * Hands the remembered items of a folder on a server (their time is 0) to take, in the order of inode; the
 * same one comes again when it was dealt with more than once. Reads only, as store_seen.
 */
enum status store_list(struct store *store, struct str folder,
    void (*take)(void *to, uint64_t inode, enum item_state state), void *to, struct err *err);
/* What became of one of them; 0: it was not dealt with. */
enum status store_find(
    enum item_state *state, struct store *store, const struct item_info *item, struct err *err);

/*
 * Has a place that imports empty (a mailbox, by its name) to itself until store_close: other imports into the
 * same database wait for it. TEMP: another one has had it for wait_seconds since the first call, or stop said
 * so. Outside of transactions; who wants several takes them in the order of their names. The caller puts the
 * name before the error.
 */
enum status store_hold(struct store *store, const char *name, struct err *err);
/* Begins a run; its row counts up with each commit. Originals are kept unless keep_originals is false. */
enum status store_begin(struct store *store, bool keep_originals, struct err *err);
/* What failure reports say of people is kept; else it is taken out of all that is applied. For a run. */
void store_keep_personal(struct store *store);
/*
 * Applies entries; counts goes up. Items whose every part is applied are settled only when store_commit
 * returned OK. FATAL: the transaction is gone, what was committed stays.
 */
enum status store_apply(struct store *store, struct parcel *parcel, struct counts *counts, struct err *err);
/* True when enough has gathered for a commit and no report is half written. */
bool store_due(const struct store *store);
enum status store_commit(struct store *store, const struct counts *counts, struct err *err);
/* The last commit, with the end of the run noted, if one was begun; shortcuts that pay now are made. */
enum status store_end(struct store *store, const struct counts *counts, struct err *err);

/* Originals of the store itself are read again: entries bring no new facts. */
enum replay {
	REPLAY_RETRY,  /* rejects whose original is readable now are closed */
	REPLAY_REBUILD /* one transaction: nothing is committed before the last report */
};
void store_replay(struct store *store, enum replay replay);
/* Empties the derived tables, inside the transaction of a rebuild. */
enum status store_clear_derived(struct store *store, struct err *err);

/*
 * The kept bytes of an original as a stream that can be rewound; size and kept in bytes. BAD: none were kept.
 * The caller closes it before the store.
 */
enum status store_original_open(struct stream **stream, struct store *store, int64_t original, uint64_t *size,
    uint64_t *kept, struct err *err);

/*
 * Hands the bytes of an original to write, piece by piece, as they arrived. BAD: none were kept, or only a
 * part (after that part was written).
 */
enum status store_original(struct store *store, int64_t original,
    enum status (*write)(void *data, const void *bytes, size_t len, struct err *err), void *data,
    struct err *err);

/*
 * Proves the database: SQLite's own integrity check, sums (report = records, roll-up = reports that count),
 * references, digests of originals. finding is called once per problem; *findings counts them.
 */
enum status store_check(uint64_t *findings, struct store *store,
    void (*finding)(void *data, const char *text), void *data, struct err *err);

#endif
