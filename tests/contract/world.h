/* world: a fresh database in a folder of its own, and parcels made by hand for it. */
#ifndef DMARCQ_TESTS_CONTRACT_WORLD_H
#define DMARCQ_TESTS_CONTRACT_WORLD_H

#include "ingest/ingest.h"
#include "store/store.h"

#include <check.h>

enum { DAY_ONE = 20454, DAY_ONE_TIME = DAY_ONE * 86400 }; /* 2026-01-01 */

/* One record: everything that a test may want to differ in. NULL: missing. */
struct made_record {
	const char *ip;
	uint64_t messages;
	const char *dkim, *spf, *from, *result; /* result: one SPF result of bulk.example */
};

/* One report. Zeroes mean: org "Receiver", domain example.com, 2026-01-01, complete. */
struct made_report {
	const char *id, *org, *domain, *place;
	int64_t begin, end;
	bool no_period, incomplete;
	uint64_t content;
	const struct made_record *records; /* ends with ip NULL */
	size_t times;                      /* all records so many times; 0 is 1 */
	const char *error;
};

extern struct limits limits;
extern struct store *store;
extern struct counts counts;
extern char db_file[], world_folder[];
extern const struct made_record pass_3, fail_5[], both[];

/* Each test: a folder, limits at their defaults, a store open for import, a run begun. */
void world_set_up(void);
void world_tear_down(void);
/* Closes the store (after a commit) and opens it again. */
void world_reopen(enum store_mode mode);
/* The same with a new database. */
void world_empty(void);

/* Parcels: begin an item with its arrival, put things in, end it with the original's bytes, apply. */
struct parcel *item_begin(const char *folder, const char *name, const char *place);
void item_report(struct parcel *parcel, const struct made_report *made);
/* The parts of a report by themselves, for those that go on in another parcel. */
struct entry *item_report_begin(struct parcel *parcel, const struct made_report *made);
void item_records(struct parcel *parcel, const struct made_report *made);
struct report *item_report_end(struct parcel *parcel, const struct made_report *made);
void item_reject(struct parcel *parcel, const char *place, const char *reason);
/* Ends the arrival with its bytes, the item, or both. */
void arrival_end(struct parcel *parcel, const char *bytes, size_t len, bool keep);
void item_close(struct parcel *parcel);
void item_end(struct parcel *parcel, const char *bytes, size_t len, bool keep);
void apply(struct parcel *parcel);
void commit(void);
/* One file with one report whose bytes are text, applied and committed. */
void import_one(const char *name, const struct made_report *made, const char *text);

/*
 * Files in a folder of their own, and an import of it: world_set_up and that folder; then the options may be
 * changed, files put there, and all of it imported, whose counts are new ones.
 */
extern char in[200];
extern struct ingest_options options;
extern struct err failure;
void files_set_up(void);
void put(const char *name, const void *bytes, size_t len);
void put_text(const char *name, const char *text);
void import(void);

/* The rows of a statement, "a|b\n" each; NULL is "-". Borrowed until the next call. */
const char *rows(const char *sql);
void exec(const char *sql);
/* The findings of store_check, a line each. */
const char *findings(void);
/* Runs a suite as a program: the exit status for main. */
int world_run(Suite *suite);

#endif
