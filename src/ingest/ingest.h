/*
 * ingest: runs the chain source -> message -> unpack -> parse -> store for each item, on several threads,
 * keeps count and decides on errors. Nothing stops a run but a database that can't be written; a source that
 * fails ends, and the run goes on with the next.
 */
#ifndef DMARCQ_INGEST_INGEST_H
#define DMARCQ_INGEST_INGEST_H

#include "source/source.h"
#include "store/store.h"

struct ingest_options {
	const char *const *sources;
	size_t source_count;
	/* For each source its account when it is a mailbox on a server, else NULL. NULL: there are none such.
	 */
	const struct account *const *accounts;
	unsigned jobs; /* reading threads; 0: one per processor */
	bool keep_originals;
	bool keep_personal;  /* bytes and local parts of failure reports too */
	const char *trusted; /* servers whose Authentication-Results are believed: see proof.h */
	enum settle settle;
	const char *move_to;
	const struct limits *limits;
	bool (*stop)(void); /* asked between items; true ends the run after what was begun. May be NULL */
	/* From the writing thread, at most some times a second. May be NULL. items_total 0: not known. */
	void (*progress)(void *data, const struct counts *counts, uint64_t items_done, uint64_t items_total);
	/* From the writing thread, one per reject or trouble that lost nothing. May be NULL. */
	void (*message)(void *data, const struct err *err);
	void *data;
};

/* An import whose sources are open. */
struct ingest;

/*
 * Opens the sources; options must outlive it. A source that can't be opened is a reject of the run when its
 * turn comes. FATAL, with exit code 65 or 77: there is none but such; message was told all but the last.
 */
enum status ingest_open(struct ingest **ingest, const struct ingest_options *options, struct err *err);
void ingest_close(struct ingest *ingest);

/*
 * Imports; once for an ingest. OK: all was dealt with (counts tells what was rejected). TEMP: stopped by
 * request. FATAL: the database can't be written: what was committed stays.
 */
enum status ingest_run(struct ingest *ingest, struct store *store, struct counts *counts, struct err *err);
/*
 * After ingest_run: the exit code of the worst source that failed (its server broke off, the login was
 * refused, mails could not be settled): 75, 77, 78; the largest wins. EXIT_CODE_OK: none did.
 */
enum exit_code ingest_failure(const struct ingest *ingest);

/*
 * Reads the originals of all open rejects again; those that are readable now are imported and closed.
 * counts->rejected: those that are still open, also because not all of their bytes were kept.
 */
enum status ingest_retry(
    struct store *store, const struct limits *limits, struct counts *counts, struct err *err);

/*
 * Makes the derived tables again from the originals, in the order of arrival, in one transaction: the same
 * bytes. BAD, nothing changed: some originals were not kept (err tells how many).
 */
enum status ingest_rebuild(
    struct store *store, const struct limits *limits, struct counts *counts, struct err *err);

#endif
