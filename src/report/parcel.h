/*
 * parcel: what reading hands over to storing: a list of entries in reading order, bounded in bytes. A report
 * whose records don't fit one parcel goes on in the next.
 *
 *   arrival-begin { report-begin records* (report-end | report-abort) | tls | failure | reject }*
 *   arrival-end data*      one original
 *   item-begin { mail | skip | lost | arrival }* item-end      one file or mail
 */
#ifndef DMARCQ_REPORT_PARCEL_H
#define DMARCQ_REPORT_PARCEL_H

#include "base/arena.h"
#include "base/digest.h"
#include "report/authentic.h"
#include "report/failure.h"
#include "report/letter.h"
#include "report/report.h"
#include "report/tls.h"

#include <stdbool.h>
#include <stdint.h>

enum entry_type {
	ENTRY_ITEM_BEGIN,
	ENTRY_MAIL,          /* from here on, arrivals came in this mail */
	ENTRY_ARRIVAL_BEGIN, /* an original: a file, or an attachment as it arrived */
	ENTRY_REPORT_BEGIN,
	ENTRY_RECORDS,
	ENTRY_REPORT_END,
	ENTRY_REPORT_ABORT, /* what came since report-begin never happened */
	ENTRY_TLS,          /* a whole TLS report */
	ENTRY_FAILURE,      /* a failure report, or another in its format */
	ENTRY_REJECT,
	ENTRY_ARRIVAL_END,   /* its digest; nothing is stored of an arrival without report or reject */
	ENTRY_ORIGINAL_DATA, /* bytes of the original that just ended; several for a large one */
	ENTRY_SKIP,          /* a thing that is no report */
	ENTRY_LOST,          /* behind a skip: the mail tells of a report that was lost */
	ENTRY_TROUBLE,       /* an item that could not even be read; nothing of it is kept or remembered */
	ENTRY_FAILED,        /* a source that failed: what else is in it was not read */
	ENTRY_ITEM_END,
};

struct item_info {
	struct str folder, name; /* name is unique in folder; folder "-" for standard input */
	uint64_t size, inode;
	int64_t mtime;   /* nanoseconds since 1970 */
	bool remember;   /* skip it when it comes again unchanged */
	int64_t arrival; /* it is the original of this arrival, read again; 0: it is new */
};

/* What became of an item; the numbers are stored. */
enum item_state {
	ITEM_KEPT = 1,   /* all that matters is on its way to the store: it may be settled */
	ITEM_STAYS = 2,  /* no report in it; before schema version 3 also what is ITEM_CUT now */
	ITEM_UNREAD = 3, /* it could not be read to its end */
	ITEM_REJECTED =
	    4, /* as ITEM_KEPT, and something in it was rejected; before version 3 that was ITEM_KEPT */
	ITEM_CUT =
	    5, /* something in it was rejected, and not all its bytes are kept: it is the only whole copy */
};

struct mail_info {
	struct str message_id, from, date, subject; /* raw header values, bounded; missing: NULL */
	struct str place;                           /* "message 3" in an mbox; missing for a single mail */
	struct proof proof;
	bool personal; /* a failure report is in it, so its local parts may not be stored; no subject then */
};

struct entry {
	struct entry *next;
	enum entry_type type;
	union {
		struct item_info item;
		struct mail_info mail;
		struct {
			struct str
			    place; /* where in the item: "part 2: x.xml.gz"; missing: the item itself */
		} arrival_begin;
		struct {
			struct str
			    place; /* where in the original: "inner.xml", "document 2"; missing: all of it */
			struct entry *end; /* its report-end when that is in the same parcel, else NULL */
		} report_begin;
		struct {
			struct record *first;
		} records;
		struct report *report;
		struct {
			struct str place; /* as in report_begin */
			struct tls_report *report;
		} tls;
		struct {
			struct str place; /* where in the original; missing: all of it */
			struct failure *failure;
		} failure;
		struct {
			struct str place,
			    reason;         /* place inside the original; reason in words with the position */
			struct str where;   /* the whole way to it, for messages */
			enum status status; /* BAD or LIMIT; failed: TEMP or FATAL */
			bool personal;      /* of a failure report, so names in place tell of people */
		} reject;                   /* and trouble, failed */
		struct {
			struct str bytes;
		} data;
		struct {
			unsigned char sha256[SHA256_BYTES]; /* of all bytes of the original as it arrived */
			uint64_t size, kept; /* bytes; kept: those that follow as data, before deflating */
			bool deflated; /* the data is a zlib stream, because the original is not compressed */
			bool used;     /* a report or reject came out of it */
			bool personal; /* a failure report is in it */
		} arrival_end;
		struct {
			bool mail; /* a mail without any report */
			enum letter_kind kind;
		} skip;
		struct lost lost;
		struct {
			enum item_state state;
		} item_end;
	} u;
};

struct parcel {
	struct arena arena;
	struct entry *first, *last;
	struct parcel *next; /* for whoever queues parcels */
};

struct parcel *parcel_new(void);
/* Adds an entry of a type, the rest cleared. */
struct entry *parcel_add(struct parcel *parcel, enum entry_type type);
void parcel_free(struct parcel *parcel);

#endif
